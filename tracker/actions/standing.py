"""Closing one period and opening the next, and the tally that follows every such step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_into
from tracker.errors import Changed, Refused
from tracker.models import FOREVER, Assignment, AssignmentPeriod, Tally, Task, TaskPeriod
from tracker.queries.standing import AGENCY, COORDINATION, DOCUMENT, PROVINCE
from tracker.rules.timeliness import RUNNING, Lead, WorkState, aggregate, binding, tally_bucket
from tracker.rules.transitions import allowed, transition
from tracker.words import WORK_STATE

TallyKey = tuple[str, int, str, date]
LOST_RACE = _l(
    "Phần việc này vừa được người khác cập nhật. Nội dung bạn nhập vẫn còn bên dưới; xem thay đổi rồi gửi lại."
)


AT_ONCE = 500


class Step(NamedTuple):
    """One of many moves: the period in force, what changes, and the verb of rules.transitions when the state does."""

    period_id: int
    changes: dict[str, Any]
    verb: str | None = None


def current_assignment(session: Session, assignment_id: int) -> AssignmentPeriod:
    """Return the period in force of an assignment. Raises sqlalchemy.exc.NoResultFound when there is none."""
    query = select(AssignmentPeriod).where(
        AssignmentPeriod.assignment_id == assignment_id, AssignmentPeriod.valid_to == FOREVER
    )
    return session.scalars(query.execution_options(populate_existing=True)).one()


def move_assignment(session: Session, period: AssignmentPeriod, **changes: Any) -> AssignmentPeriod:
    """Close the period today, open the next with `changes`, and carry task and tally along.

    The close is guarded: whoever lost the race gets Changed and nothing is written.
    """
    follower: AssignmentPeriod = _follow(session, AssignmentPeriod, period, changes)
    moves: Counter[TallyKey] = Counter({_agency_key(period): -1})
    moves[_agency_key(follower)] += 1
    _tally(session, moves)
    if period.role == "lead":
        refresh_task(session, period.task_id)
    return follower


def change_state(session: Session, period: AssignmentPeriod, verb: str, **changes: Any) -> AssignmentPeriod:
    """Do what the verb of rules.transitions does, and carry `changes` along. Raises Refused when the table does not allow it,
    Changed as move_assignment does."""
    if not allowed(verb, period.state):
        raise Refused(
            _("Phần việc đang ở trạng thái “%(state)s” nên không làm được việc này.", state=WORK_STATE[period.state])
        )
    return move_assignment(session, period, state=transition(verb).target.value, **changes)


def move_many(session: Session, steps: Sequence[Step]) -> None:
    """Do move_assignment, or change_state where there is a verb, for thousands at once; all or nothing, raising as they do.

    Their tasks are locked then, and left as they are: whoever changed more than the agency calls refresh_task for them.
    """
    today, moves, followers = clock.today(), Counter[TallyKey](), []
    held = _close(session, [step.period_id for step in steps], today)
    for step in steps:
        row = held[step.period_id]
        if step.verb and not allowed(step.verb, row["state"]):
            raise Refused(str(LOST_RACE))
        state = {"state": transition(step.verb).target.value} if step.verb else {}
        follower = {**row, **step.changes, **state, "valid_from": max(today, row["valid_from"]), "valid_to": FOREVER}
        follower["clock"] = tally_bucket(WorkState(follower["state"]), follower["effective_on"], follower["result_on"])[
            0
        ]
        for each, n in ((row, -1), (follower, +1)):
            scope = AGENCY if each["role"] == "lead" else COORDINATION
            moves[_key(scope, each["agency_id"], each["clock"], each["effective_on"])] += n
        followers.append({name: value for name, value in follower.items() if name != "id"})
    if followers:
        session.execute(insert(AssignmentPeriod), followers)
    _tally(session, moves)
    tasks = sorted({row["task_id"] for row in held.values()})
    for start in range(0, len(tasks), AT_ONCE):
        some = select(Task.id).where(Task.id.in_(tasks[start : start + AT_ONCE])).order_by(Task.id)
        session.execute(some.with_for_update())


def _close(session: Session, period_ids: list[int], today: date) -> dict[int, dict[str, Any]]:
    """Close the periods if all are still in force, and return them by id as they were."""
    period, held, closed = AssignmentPeriod, dict[int, dict[str, Any]](), 0
    for start in range(0, len(period_ids), AT_ONCE):
        here = (period.id.in_(sorted(period_ids)[start : start + AT_ONCE]), period.valid_to == FOREVER)
        ending = update(period).where(*here).execution_options(synchronize_session=False)
        rows = session.execute(select(*period.__table__.columns).where(*here)).mappings()
        held |= {row["id"]: dict(row) for row in rows}
        last_day = case((period.valid_from > today, period.valid_from), else_=today)
        done: Any = session.execute(ending.values(valid_to=last_day))
        closed += done.rowcount
    if closed != len(period_ids) or len(held) != closed:
        raise Changed(str(LOST_RACE))
    return held


def refresh_task(session: Session, task_id: int, **changes: Any) -> None:
    """Bring the task's period in line with its lead assignments; `changes` are the dates of a task that none of them gives."""
    # The task's own row is the lock: the period in force may be closed while we wait for it, the task is always there.
    session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
    current = select(TaskPeriod).where(TaskPeriod.task_id == task_id, TaskPeriod.valid_to == FOREVER)
    period = session.execute(current.execution_options(populate_existing=True)).scalar_one()
    wanted = {**changes, **_aggregated(session, task_id)}
    if all(getattr(period, name) == value for name, value in wanted.items()):
        return
    follower = _follow(session, TaskPeriod, period, wanted)
    moves: Counter[TallyKey] = Counter()
    for row, step in ((period, -1), (follower, +1)):
        for scope, scope_id in ((DOCUMENT, row.document_id), (PROVINCE, 0)):
            moves[_key(scope, scope_id, row.clock, row.effective_on)] += step
    _tally(session, moves)


def open_leads(session: Session, task_id: int, agencies: Mapping[int, int], day: date, **facts: Any) -> None:
    """Open the first period of each new lead assignment of the task from `day` on, not started, with the deadline in `facts`.

    `agencies` gives by assignment whose it is.
    """
    bucket = tally_bucket(WorkState.NOT_STARTED, facts.get("effective_on"), None)[0]
    periods = [
        AssignmentPeriod(
            assignment_id=assignment_id, task_id=task_id, agency_id=agency_id, role="lead", progress=0, clock=bucket,
            state=WorkState.NOT_STARTED.value, valid_from=day, valid_to=FOREVER, **facts,
        )
        for assignment_id, agency_id in agencies.items()
    ]  # fmt: skip
    session.add_all(periods)
    session.flush()
    _tally(session, Counter(_agency_key(period) for period in periods))
    refresh_task(session, task_id)


def rebuild_tally(session: Session) -> None:
    """Count everything anew from the periods in force: after loading the seeds, and when `flask check` finds a difference."""
    session.flush()
    session.execute(delete(Tally))
    running = case((TaskPeriod.clock == RUNNING, TaskPeriod.effective_on), else_=literal(FOREVER))
    for scope, column in ((PROVINCE, literal(0)), (DOCUMENT, TaskPeriod.document_id)):
        rows = select(literal(scope), column, TaskPeriod.clock, running, func.count()).where(
            TaskPeriod.valid_to == FOREVER
        )
        _insert_tally(
            session,
            rows.group_by(column, TaskPeriod.clock, running)
            if scope == DOCUMENT
            else rows.group_by(TaskPeriod.clock, running),
        )
    scope_of = case((AssignmentPeriod.role == "lead", literal(AGENCY)), else_=literal(COORDINATION))
    running = case((AssignmentPeriod.clock == RUNNING, AssignmentPeriod.effective_on), else_=literal(FOREVER))
    keys = (scope_of, AssignmentPeriod.agency_id, AssignmentPeriod.clock, running)
    _insert_tally(
        session,
        select(*keys, func.count())
        .where(AssignmentPeriod.valid_to == FOREVER)
        .group_by(AssignmentPeriod.role, *keys[1:]),
    )


def _insert_tally(session: Session, rows: Any) -> None:
    counted = [
        dict(zip(("scope", "scope_id", "clock", "effective_on", "n"), row, strict=True))
        for row in session.execute(rows)
    ]
    if counted:
        session.execute(insert(Tally), counted)


def _follow(session: Session, model: Any, period: Any, changes: dict[str, Any]) -> Any:
    """Close `period` if it is still the one in force and open its follower from today."""
    today = max(clock.today(), period.valid_from)
    closed: Any = session.execute(
        update(model)
        .where(model.id == period.id, model.valid_to == FOREVER)
        .values(valid_to=today)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:
        raise Changed(str(LOST_RACE))
    kept = {
        c.name: getattr(period, c.name)
        for c in model.__table__.columns
        if c.name not in {"id", "valid_from", "valid_to"}
    }
    kept.update(changes, valid_from=today, valid_to=FOREVER)
    kept["clock"] = tally_bucket(WorkState(kept["state"]), kept["effective_on"], kept["result_on"])[0]
    follower = model(**kept)
    session.add(follower)
    session.flush()
    session.refresh(period)
    return follower


def _aggregated(session: Session, task_id: int) -> dict[str, Any]:
    period = AssignmentPeriod
    query = select(
        period.state, period.result_on, period.due_on, period.effective_on, period.original_on, period.slips
    ).where(period.task_id == task_id, period.role == "lead", period.valid_to == FOREVER)
    # What was merged into the same order of a successor is answered for there.
    query = query.join(Assignment, Assignment.id == period.assignment_id).where(Assignment.merged_into_id.is_(None))
    rows = session.execute(query).all()
    leads = [Lead(WorkState(row[0]), row[1], row[2], row[3], row[4], row[5]) for row in rows]
    state, result_on = aggregate([(lead.state, lead.result_on) for lead in leads])
    done = sum(lead.state is WorkState.DONE for lead in leads)
    facts = {"state": state.value, "result_on": result_on, "leads": len(leads), "leads_done": done}
    bound = binding(leads)
    if bound is not None:
        facts |= {name: getattr(bound, name) for name in ("due_on", "effective_on", "original_on", "slips")}
        facts["result_on"] = bound.result_on if result_on else None
    return facts


def _agency_key(period: AssignmentPeriod) -> TallyKey:
    return _key(AGENCY if period.role == "lead" else COORDINATION, period.agency_id, period.clock, period.effective_on)


def _key(scope: str, scope_id: int, bucket: str, effective_on: date | None) -> TallyKey:
    return scope, scope_id, bucket, (effective_on or FOREVER) if bucket == RUNNING else FOREVER


def _tally(session: Session, moves: dict[TallyKey, int]) -> None:
    """Add the moves to the tally, in key order so that two writers on PostgreSQL never wait for each other crosswise."""
    build = insert_into(session)
    for key in sorted(moves):
        if not moves[key]:
            continue
        row = dict(zip(("scope", "scope_id", "clock", "effective_on"), key, strict=True), n=moves[key])
        adding = build(Tally).values(row)
        session.execute(
            adding.on_conflict_do_update(index_elements=list(row)[:4], set_={"n": Tally.n + adding.excluded.n})
        )
