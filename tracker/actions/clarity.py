"""Clearing what a document left open: who leads, who answers, by when, with what result. Always on a stated basis.

"Giao nhiệm vụ phải rõ người, rõ việc, rõ thời gian" (kết luận 18/02/2022): what no document assigns stays marked as a
proposal. Everything is one transaction with its event; the document's own words are never changed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.actions.occurrence import open_due, recur, recur_no_more
from tracker.actions.person import name_people_of
from tracker.actions.standing import current_assignment, move_assignment, open_leads, refresh_task
from tracker.errors import Changed, Refused
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Deadline, Document, Task, TaskPeriod, User
from tracker.queries.calendar import work_calendar
from tracker.queries.clarity import Group, deadline_in_force, last_seen
from tracker.queries.person import NAMED, RESPONSIBLE, last_named
from tracker.rules.basis import Basis as Basis
from tracker.rules.folding import fold
from tracker.rules.occurrences import Recurrence
from tracker.rules.timeliness import CLOSED
from tracker.words.days import dmy

LEAD, PERSON, DEADLINE, DELIVERABLE = "clarify_lead", NAMED, "clarify_deadline", "clarify_deliverable"
AUTHORITY = "clarify_authority"


def assign_lead(session: Session, actor: User, task: Task, seen: int, to: Agency | Group, basis: Basis) -> int:
    """Give the task its lead, one agency or every member of a group, and return how many assignments it now has.

    A lead a person gave before may be given again on another basis: a proposal becomes an order. Raises Changed when
    somebody named a lead after event `seen`; Refused when the document names one, or the one given is another.
    """
    _guard(session, task, LEAD, seen)
    wanted = list(to.members) if isinstance(to, Group) else [to.id]
    named = select(Assignment).where(Assignment.task_id == task.id, Assignment.role == "lead")
    leads = session.scalars(named.where(Assignment.merged_into_id.is_(None))).all()
    if leads:
        _restate(task, leads, set(wanted), basis)
    else:
        _open_leads(session, task, wanted, to.id if isinstance(to, Group) else None, basis)
        task.has_lead, task.lead_label = True, _label(to)
        task.search_text = f"{task.search_text} {fold(f'{task.lead_label} {to.name}')}"
    task.lead_basis_kind, task.lead_basis = basis.kind, basis.text
    _log(
        session,
        actor,
        LEAD,
        task,
        basis,
        agency_id=wanted[0] if len(wanted) == 1 else None,
        agencies=wanted,
        to=to.name,
    )
    return len(wanted)


def name_person(
    session: Session, actor: User, task: Task, seen: int, assignment: Assignment, person: User, basis: Basis
) -> None:
    """Name who answers for a lead assignment. Raises Changed as assign_lead does, Refused for a person of another agency."""
    _guard(session, task, PERSON, seen)
    if assignment.task_id != task.id:
        raise Refused(
            _("%(name)s không thuộc cơ quan chủ trì phần việc này; hãy chọn người của cơ quan.", name=person.name)
        )
    latest = last_named(session, [assignment.id])
    name_people_of(session, actor, latest, {RESPONSIBLE: person}, basis)


def set_deadline(
    session: Session, actor: User, task: Task, seen: int, due_on: date, wording: str | None, basis: Basis
) -> Deadline:
    """Give the task a last day and return its new time limit; every open assignment without one of its own follows.

    The document's own wording stays as a closed row, and so does a proposed day that gets its document now. A last day that
    is no working day counts to the next one (Bộ luật Dân sự 2015, Điều 148 khoản 5). Raises Changed as assign_lead does;
    Refused for a standing duty, which has no clock (Quyết định 23/2018/QĐ-TTg), for a task that a document dates, and for a
    day before the order existed.
    """
    _guard(session, task, DEADLINE, seen)
    _check_undated(session, task, due_on)
    _check_day(session, task, due_on)
    effective_on = work_calendar(session).on_or_after(due_on)
    deadline = _new_limit(
        session, task, basis, wording=wording, precision="day", rule="assigned_day", due_on=due_on, effective_on=effective_on
    )  # fmt: skip
    recur_no_more(session, task.id)
    for assignment_id in _follow_the_task(session, task.id):
        period = current_assignment(session, assignment_id)
        if (period.due_on, period.effective_on) != (due_on, effective_on):
            move_assignment(session, period, due_on=due_on, effective_on=effective_on)
    refresh_task(session, task.id, due_on=due_on, effective_on=effective_on)
    _log(session, actor, DEADLINE, task, basis, due_on=due_on.isoformat(), wording=wording)
    return deadline


def set_recurrence(
    session: Session, actor: User, task: Task, seen: int, recurrence: Recurrence, wording: str | None, basis: Basis
) -> Deadline:
    """Let the task come back (every month, on the 20th) and return its new time limit, which has no day of its own.

    Every open lead assignment gets the occurrence today lies in, and its dates; the others have no clock. Raises as
    set_deadline does, but for the day.
    """
    _guard(session, task, DEADLINE, seen)
    _check_undated(session, task, None)
    deadline = _new_limit(
        session, task, basis, wording=wording, precision="recurring", rule=recurrence.rule, recurrence=recurrence.rrule
    )  # fmt: skip
    leads = []
    for assignment_id in _follow_the_task(session, task.id):
        period = current_assignment(session, assignment_id)
        if period.role == "lead":
            leads.append(assignment_id)
        elif period.due_on is not None:
            move_assignment(session, period, due_on=None, effective_on=None)
    recur(session, task.id, leads, recurrence.rrule)
    refresh_task(session, task.id, due_on=None, effective_on=None)
    _log(session, actor, DEADLINE, task, basis, recurrence=recurrence.rrule, wording=wording)
    return deadline


def _new_limit(session: Session, task: Task, basis: Basis, **facts: Any) -> Deadline:
    """Close the task's time limit and write down the one that takes its place today."""
    today = clock.today()
    session.execute(
        update(Deadline)
        .where(Deadline.task_id == task.id, Deadline.assignment_id.is_(None), Deadline.valid_to == FOREVER)
        .values(valid_to=today)
        .execution_options(synchronize_session=False)
    )
    deadline = Deadline(
        task_id=task.id, kind="assigned", basis_kind=basis.kind, basis=basis.text, valid_from=today,
        created_at=clock.now(), **facts,
    )  # fmt: skip
    session.add(deadline)
    task.has_time, task.due_basis_kind, task.due_basis = True, basis.kind, basis.text
    return deadline


def set_deliverable(session: Session, actor: User, task: Task, seen: int, deliverable: str, basis: Basis) -> None:
    """Say with what the task is done. Raises Changed as assign_lead does, Refused when the document names a product."""
    _guard(session, task, DELIVERABLE, seen)
    if task.deliverable and task.deliverable_basis_kind is None:
        raise Refused(_("Văn bản đã nêu sản phẩm của nhiệm vụ này: %(what)s.", what=task.deliverable))
    task.deliverable, task.has_work = deliverable, True
    task.deliverable_basis_kind, task.deliverable_basis = basis.kind, basis.text
    _log(session, actor, DELIVERABLE, task, basis, deliverable=deliverable)


def set_authority(session: Session, actor: User, task: Task, seen: int, authority: str, basis: Basis) -> None:
    """Say who decides what the work needs ("rõ thẩm quyền", Quyết định 2179/QĐ-TTg). Raises Changed as assign_lead does."""
    _guard(session, task, AUTHORITY, seen)
    task.authority, task.has_authority = authority, True
    task.authority_basis_kind, task.authority_basis = basis.kind, basis.text
    _log(session, actor, AUTHORITY, task, basis, authority=authority)


def _guard(session: Session, task: Task, verb: str, seen: int) -> None:
    """Take the task's row as the lock; whoever comes second finds an event not seen and is told so."""
    session.refresh(task, with_for_update=True)
    if last_seen(session, task.id, verb) != seen:
        raise Changed(
            _("Có người vừa làm rõ nội dung này. Nội dung bạn nhập vẫn còn bên dưới; xem thay đổi rồi gửi lại nếu cần.")
        )


def _restate(task: Task, leads: Sequence[Assignment], wanted: set[int], basis: Basis) -> None:
    given = {lead.agency_id for lead in leads if lead.origin == "clarified"}
    if len(given) != len(leads) or given != wanted:
        who = task.lead_label or ""
        raise Refused(
            _("Nhiệm vụ đã có cơ quan chủ trì: %(who)s. Hãy chọn đúng cơ quan này nếu chỉ đổi căn cứ.", who=who)
        )
    for lead in leads:
        lead.basis_kind, lead.basis = basis.kind, basis.text


def _open_leads(session: Session, task: Task, agency_ids: list[int], group_id: int | None, basis: Basis) -> None:
    today = clock.today()
    standing = session.execute(
        select(TaskPeriod.due_on, TaskPeriod.effective_on).where(
            TaskPeriod.task_id == task.id, TaskPeriod.valid_to == FOREVER
        )
    ).one()
    leads = [
        Assignment(
            task_id=task.id, agency_id=agency_id, role="lead", origin="clarified", group_id=group_id,
            basis_kind=basis.kind, basis=basis.text,
        )
        for agency_id in agency_ids
    ]  # fmt: skip
    session.add_all(leads)
    session.flush()
    holders = {lead.id: lead.agency_id for lead in leads}
    open_leads(session, task.id, holders, today, due_on=standing.due_on, effective_on=standing.effective_on)
    recurring = select(Deadline.id).where(
        Deadline.task_id == task.id, Deadline.recurrence.is_not(None), Deadline.valid_to == FOREVER
    )
    if session.execute(recurring.limit(1)).first():
        for lead in leads:
            open_due(session, lead.id)


def _label(to: Agency | Group) -> str:
    if isinstance(to, Agency):
        return to.short_name
    with force_locale("vi"):  # kept in the database, so in the documents' language whoever typed it
        return str(_("%(group)s (%(n)s cơ quan)", group=to.name, n=len(to.members)))


def _check_undated(session: Session, task: Task, due_on: date | None) -> None:
    """A date of the document stays, and one that a document assigned moves by an extension only; a slip of the pen is mended
    on the day it was written."""
    if task.kind == "standing_duty":
        raise Refused(_("Đây là việc thường xuyên: không có thời hạn để tính quá hạn."))
    current = deadline_in_force(session, task.id)
    if current is None or current.due_on is None:
        return
    assigned = current.basis_kind == "document" and current.valid_from < clock.today() and current.due_on != due_on
    if current.kind != "assigned" or assigned:
        day = dmy(current.due_on)
        raise Refused(_("Nhiệm vụ đã có thời hạn %(day)s theo văn bản; thời hạn gốc không thay được.", day=day))


def _check_day(session: Session, task: Task, due_on: date) -> None:
    ordered_on = session.execute(select(Document.in_force_from).where(Document.id == task.document_id)).scalar_one()
    if due_on < ordered_on:
        day, ordered = dmy(due_on), dmy(ordered_on)
        raise Refused(
            _("Thời hạn %(day)s trước ngày giao việc %(ordered)s; hãy kiểm tra lại.", day=day, ordered=ordered)
        )


def _follow_the_task(session: Session, task_id: int) -> list[int]:
    """Return the open assignments of the task that have no time limit of their own in force."""
    own = select(Deadline.assignment_id).where(
        Deadline.task_id == task_id, Deadline.assignment_id.is_not(None), Deadline.valid_to == FOREVER
    )
    query = select(AssignmentPeriod.assignment_id).where(
        AssignmentPeriod.task_id == task_id,
        AssignmentPeriod.valid_to == FOREVER,
        AssignmentPeriod.state.not_in(CLOSED),
        AssignmentPeriod.assignment_id.not_in(own),
    )
    return list(session.scalars(query.order_by(AssignmentPeriod.assignment_id)))


def _log(
    session: Session, actor: User, verb: str, task: Task, basis: Basis, agency_id: int | None = None, **facts: object
) -> None:
    log(
        session, actor, verb, "task", task.id, task_id=task.id, agency_id=agency_id, basis_kind=basis.kind, basis=basis.text,
        **facts,
    )  # fmt: skip
    session.flush()
