"""One function per message: who gets it, and the row that makes it happen once. Queued in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_into
from tracker.messages.kinds import OPTIONAL
from tracker.models import (
    Assignment,
    AssignmentPeriod,
    Direction,
    Extension,
    Message,
    Obstacle,
    ObstacleStep,
    ProgressReport,
    UrgeLetter,
    User,
)
from tracker.queries.acting import stand_ins
from tracker.queries.mute import muted
from tracker.queries.recipient import Responsible, monitors, recipients, standing_bodies
from tracker.rules.acting import present
from tracker.rules.obstacle import Level
from tracker.rules.reminder_policy import EMAIL

REMINDER_DIGEST = "reminder_digest"
RESULT_RETURNED = "result_returned"
RESULT_CONFIRMED = "result_confirmed"
RESULT_PROPOSED = "result_proposed"
APPROVAL_ASKED = "approval_asked"
APPROVAL_DECLINED = "approval_declined"
STATE_CHANGED = "state_changed"
OBSTACLE_RAISED = "obstacle_raised"
OBSTACLE_ESCALATED = "obstacle_escalated"
OBSTACLE_ANSWERED = "obstacle_answered"
DIRECTION_GIVEN = "direction_given"
EXTENSION_ASKED = "extension_asked"
EXTENSION_DECIDED = "extension_decided"
EXTENSION_GRANTED = "extension_granted"
PERSON_NAMED = "person_named"
WORK_RECEIVED = "work_received"
ACTING_APPOINTED = "acting_appointed"
LETTER_DRAFTED = "letter_drafted"
CONTACT_UNWELL = "contact_unwell"
CALENDAR_MISSING = "calendar_missing"
SECONDS = 3600  # of the hour whose dead addresses one message tells
ABSENT = "absent"  # in the facts of a message to a stand-in: for whom


def result_returned(session: Session, report: ProgressReport) -> None:
    """Tell the agency that the Office returned its result, with the reason; never the person who returned it."""
    tell(session, RESULT_RETURNED, "report", report.id, _people_of_report(session, report), report.decided_by_id)


def result_confirmed(session: Session, report: ProgressReport) -> None:
    """Tell the agency that the Office confirmed its result; never the person who confirmed it."""
    tell(session, RESULT_CONFIRMED, "report", report.id, _people_of_report(session, report), report.decided_by_id)


def result_proposed(session: Session, report: ProgressReport) -> None:
    """Tell the Office's monitors that a result waits for their decision; never the person who proposed it."""
    tell(session, RESULT_PROPOSED, "report", report.id, monitors(session), report.author_id)


def approval_asked(session: Session, report: ProgressReport, heads: Collection[int]) -> None:
    """Tell the heads of the agency that a result waits for their approval; never the person who proposed it."""
    tell(session, APPROVAL_ASKED, "report", report.id, heads, report.author_id)


def approval_declined(session: Session, report: ProgressReport) -> None:
    """Tell who proposed the result that the agency's head did not approve it, with the reason."""
    tell(session, APPROVAL_DECLINED, "report", report.id, (report.author_id,), report.decided_by_id)


def state_changed(session: Session, period: AssignmentPeriod, actor_id: int) -> None:
    """Tell the agency that the Office holds its work, lets it go on, drops it, takes it up or opens it again, and why."""
    people = people_of(session, period.assignment_id, period.agency_id)
    tell(session, STATE_CHANGED, "period", period.id, people, actor_id)


def direction_given(session: Session, direction: Direction) -> None:
    """Tell each agency the direction is addressed to, with a message of its own; never the leader who gave it."""
    for receipt in direction.receipts:
        people = people_of(session, receipt.assignment_id, receipt.agency_id)
        tell(session, DIRECTION_GIVEN, "receipt", receipt.id, people, direction.given_by_id)


def obstacle_raised(session: Session, obstacle: Obstacle, step: ObstacleStep) -> None:
    """Tell those at the level that an obstacle waits for their answer, the first time or again; never who raised it."""
    people = standing_bodies(session) if obstacle.level == Level.STANDING_BODY else monitors(session)
    tell(session, OBSTACLE_RAISED, "obstacle_step", step.id, people, step.actor_id)


def obstacle_escalated(session: Session, step: ObstacleStep) -> None:
    """Tell the Office's monitors that the standing body handed an obstacle up to the province."""
    tell(session, OBSTACLE_ESCALATED, "obstacle_step", step.id, monitors(session), step.actor_id)


def obstacle_answered(session: Session, obstacle: Obstacle, step: ObstacleStep) -> None:
    """Tell whoever holds the work that its obstacle is answered or decided; never who answered."""
    holder = session.execute(select(Assignment.agency_id).where(Assignment.id == obstacle.assignment_id)).scalar_one()
    people = people_of(session, obstacle.assignment_id, holder, otherwise=obstacle.raised_by_id)
    tell(session, OBSTACLE_ANSWERED, "obstacle_step", step.id, people, step.actor_id)


def extension_asked(session: Session, extension: Extension) -> None:
    """Tell the Office's monitors that an agency asks for more time; never the person who asked."""
    tell(session, EXTENSION_ASKED, "extension", extension.id, monitors(session), extension.asked_by_id)


def extension_decided(session: Session, extension: Extension) -> None:
    """Tell whoever holds the work now what was decided on its request for more time; never the person who decided."""
    holder = session.execute(select(Assignment.agency_id).where(Assignment.id == extension.assignment_id)).scalar_one()
    people = people_of(session, extension.assignment_id, holder, otherwise=extension.asked_by_id)
    kind = EXTENSION_GRANTED if extension.state == "granted" else EXTENSION_DECIDED
    tell(session, kind, "extension", extension.id, people, extension.decided_by_id)


def _people_of_report(session: Session, report: ProgressReport) -> Collection[int]:
    return people_of(session, report.assignment_id, report.agency_id, otherwise=report.author_id)


def people_of(session: Session, assignment_id: int, agency_id: int, otherwise: int | None = None) -> Collection[int]:
    """Return whose business an assignment is: the responsible person, else the contacts, else `otherwise` (who wrote).

    Whoever of them is away is among them: tell() finds the stand-in, and keeps on whose behalf the message is.
    """
    query = (
        select(User.id, User.active, User.agency_id)
        .join(Assignment, Assignment.responsible_id == User.id)
        .where(Assignment.id == assignment_id)
    )
    row = session.execute(query).one_or_none()
    people = recipients(session, clock.today(), [agency_id])
    return people.named(agency_id, Responsible(*row) if row else None) or ((otherwise,) if otherwise else ())


def tell(session: Session, kind: str, noun: str, row_id: int, people: Iterable[int], actor_id: int | None) -> None:
    """Queue a notice about one row (tracker.messages.notices) to each of the people, once, and never to who caused it.

    Whoever is away is told through the one who stands in, once for all of them. Whoever does without an optional kind is not
    told of it, neither in person nor through somebody else.
    """
    facts = {f"{noun}_id": row_id}
    wanted = _wanting(session, kind, set(people) - {actor_id})
    there = {person: absent for person, absent in _there(session, wanted).items() if person != actor_id}
    rows = [
        _row(kind, f"{row_id}:{person}", person, {**facts, ABSENT: there[person]} if there[person] else facts)
        for person in sorted(_wanting(session, kind, set(there)))
    ]
    _queue(session, rows)


def _wanting(session: Session, kind: str, people: set[int]) -> set[int]:
    """Return those of the people who have not given the kind up."""
    return people - {person for person, _kind in muted(session, people, {kind} & set(OPTIONAL))}


def pass_on(session: Session, kind: str, facts: Mapping[str, Any], people: Iterable[int]) -> None:
    """Queue the notice of a message that does not leave, because its recipient is away or gone, to those it belongs to now."""
    noun, row_id = next((name.removesuffix("_id"), number) for name, number in facts.items() if name.endswith("_id"))
    tell(session, kind, noun, row_id, people, None)


def person_named(session: Session, person_id: int, assignment_ids: Collection[int], actor_id: int) -> None:
    """Tell a person, never of what he or she did alone, for which assignments he or she is named: one message for all, which
    takes along what an earlier one that has not left would have said."""
    for told, absent in _there(session, {person_id} - {actor_id}).items():
        query = select(Message).where(
            Message.kind == PERSON_NAMED, Message.recipient_id == told, Message.state == "queued"
        )
        waiting = [row for row in session.scalars(query.with_for_update()) if row.facts.get(ABSENT, []) == absent]
        if waiting:
            numbers = {*waiting[0].facts["assignment_ids"], *assignment_ids}
            waiting[0].facts = {**waiting[0].facts, "assignment_ids": sorted(numbers)}
        else:
            facts = {"assignment_ids": sorted(assignment_ids), **({ABSENT: absent} if absent else {})}
            _queue(session, [_row(PERSON_NAMED, uuid4().hex, told, facts)])


def work_received(session: Session, handover_id: int, people: Iterable[int], actor_id: int) -> None:
    """Tell everybody who receives something of a hand-over, once each; never who made it."""
    tell(session, WORK_RECEIVED, "handover", handover_id, people, actor_id)


def acting_appointed(session: Session, acting_id: int, stand_in_id: int, actor_id: int) -> None:
    """Tell the person who is to stand in for whom and when; never who appointed."""
    tell(session, ACTING_APPOINTED, "acting", acting_id, [stand_in_id], actor_id)


def letter_drafted(session: Session, letter: UrgeLetter) -> None:
    """Tell the Office's monitors, once a letter, that the ladder's end has drafted one that urges an agency."""
    tell(session, LETTER_DRAFTED, "letter", letter.id, monitors(session), None)


def contact_unwell(session: Session, people: Iterable[int]) -> None:
    """Tell the administrators, each in one message when the hour is over, which addresses it found to take nothing: a mail
    server's bad day must not fill their own."""
    hour = int(clock.now().timestamp()) // SECONDS
    over = datetime.fromtimestamp((hour + 1) * SECONDS, UTC)
    rows = [_row(CONTACT_UNWELL, f"{hour}:{person}", person, {"unwell_hour_id": hour}) for person in sorted(people)]
    _queue(session, [{**row, "not_before": over} for row in rows])


def calendar_missing(session: Session, people: Iterable[int]) -> None:
    """Tell the administrators, once a month, that the days off of a year are not entered."""
    today = clock.today()
    tell(session, CALENDAR_MISSING, "calendar_month", today.year * 100 + today.month, people, None)


def _there(session: Session, people: Iterable[int]) -> dict[int, list[int]]:
    """Return who is there, and for which absent people each is told; none when told in his or her own right."""
    wanted, away = sorted(people), stand_ins(session, clock.today())
    found: dict[int, list[int]] = {}
    for person in wanted:
        found.setdefault(present(away, person), []).append(person)
    return {person: [] if person in named else named for person, named in sorted(found.items())}


def _queue(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows; what was queued is not queued again, what was cancelled meanwhile is wanted again."""
    if not rows:
        return
    adding = insert_into(session)(Message.__table__)
    again = {name: adding.excluded[name] for name in ("facts", "state", "reason", "attempts", "not_before")}
    session.execute(
        adding.on_conflict_do_update(index_elements=["key"], set_=again, where=Message.state == "cancelled"), list(rows)
    )


def _row(kind: str, key: str, person: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    now = clock.now()
    return {
        "kind": kind, "channel": EMAIL, "recipient_id": person, "day": clock.today(), "key": f"{kind}:{key}:{EMAIL}",
        "facts": dict(facts), "state": "queued", "reason": None, "attempts": 0, "not_before": now, "created_at": now,
    }  # fmt: skip
