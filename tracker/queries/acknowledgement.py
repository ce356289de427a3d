"""Who may say "đã nhận, đang xử lý", of what, and who has said so."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.models import (
    Acknowledgement,
    Agency,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Message,
    Reminder,
    Task,
    User,
)
from tracker.queries.acting import heads_of
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force_now
from tracker.queries.recipient import Responsible, heirs, recipients, successors_on
from tracker.queries.task_row import timed
from tracker.rules.ladder import ABOUT_REPORT
from tracker.rules.timeliness import Timeliness

ABOUT_THE_WORK = ~Reminder.step.startswith(ABOUT_REPORT, autoescape=True)
"""Of a report that is not there the report itself is the answer."""
FALLBACKS = 5


@dataclass(frozen=True)
class Told:
    """What one assignment, of which somebody was reminded, is now; `told_of` is the last day the reminder spoke of."""

    assignment_id: int
    task_id: int
    title: str
    clause_code: str
    clause_text: str
    document_name: str
    agency: str
    state: str
    due_on: date | None
    effective_on: date | None
    told_of: date
    timeliness: Timeliness
    soon: bool
    days: int


@dataclass(frozen=True)
class Said:
    """One acknowledgement as it stands in a list; `until_on` None: noted, while the climb goes on."""

    assignment_id: int
    effective_on: date
    person: str
    day: date
    at: datetime
    until_on: date | None


def told_by(session: Session, message: Message, assignment_id: int, day: date) -> list[Told]:
    """Return what the message reminded of (all of it for assignment 0) as it stands on `day`, today: the latest last first.

    A message that went instead of another (e-mail instead of Zalo) speaks of what that one reminded of.
    """
    of = _days_told(session, _meant(session, message))
    wanted = [number for number in of if assignment_id in (0, number)]
    calendar = work_calendar(session)
    found = []
    for row in session.execute(_subjects().where(AssignmentPeriod.assignment_id.in_(wanted))):
        timeliness, soon, days = timed(row, day, calendar)
        facts = {name: value for name, value in row._mapping.items() if name not in ("clock", "result_on")}
        found.append(Told(**facts, told_of=of[row.assignment_id], timeliness=timeliness, soon=soon, days=days))
    return sorted(found, key=lambda one: (one.effective_on or date.max, one.assignment_id))


def _meant(session: Session, message: Message) -> list[int]:
    """Return the message and those it went instead of."""
    found, earlier = [message.id], message.instead_of_id
    while earlier is not None and len(found) <= FALLBACKS:
        found.append(earlier)
        earlier = session.execute(select(Message.instead_of_id).where(Message.id == earlier)).scalar_one_or_none()
    return found


def _days_told(session: Session, message_ids: Collection[int]) -> dict[int, date]:
    query = select(Reminder.assignment_id, func.max(Reminder.effective_on)).where(
        Reminder.message_id.in_(message_ids), ABOUT_THE_WORK
    )
    return dict(session.execute(query.group_by(Reminder.assignment_id)).all())


def _subjects() -> Any:
    period = AssignmentPeriod
    return (
        select(
            period.assignment_id, period.task_id, Task.short_title.label("title"), Clause.code.label("clause_code"),
            Clause.text.label("clause_text"), Document.short_name.label("document_name"), Agency.name.label("agency"),
            period.state, period.due_on, period.effective_on, period.clock, period.result_on,
        )
        .join(Task, Task.id == period.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .join(Agency, Agency.id == period.agency_id)
        .where(in_force_now(period))
    )  # fmt: skip


def answerers(session: Session, agency_id: int, responsible: User | None, day: date) -> set[int]:
    """Return the ids of who may say that the agency's work is being done: the person responsible, else the contacts; the
    heads; and whoever stands in for one of them on `day`. Of an agency that is no more its successors' count. Who is named and
    cannot be mailed is not told, and may still sign in and answer."""
    people = recipients(session, day, [agency_id])
    who = Responsible(responsible.id, responsible.active, responsible.agency_id) if responsible else None
    found = {*people.named(agency_id, who), *people.of(agency_id, who)}
    holders = heirs(agency_id, people.successors)
    if who and who.active and who.agency_id in holders:
        found.add(who.id)
    for heir in holders:
        found |= heads_of(session, heir, day)
    return found


def was_told(session: Session, assignment_id: int, effective_on: date) -> bool:
    """Return whether somebody was ever reminded of that last day."""
    told = exists().where(
        Reminder.assignment_id == assignment_id, Reminder.effective_on == effective_on,
        ABOUT_THE_WORK,
    )  # fmt: skip
    return bool(session.execute(select(told)).scalar_one())


def given(
    session: Session, assignment_id: int, effective_on: date, person_id: int, day: date
) -> Acknowledgement | None:
    """Return what the person said on `day` of the assignment's last day, None when nothing."""
    query = select(Acknowledgement).where(
        Acknowledgement.assignment_id == assignment_id, Acknowledgement.effective_on == effective_on,
        Acknowledgement.person_id == person_id, Acknowledgement.day == day,
    )  # fmt: skip
    return session.execute(query).scalar_one_or_none()


def rested(session: Session, assignment_id: int, effective_on: date, day: date) -> int:
    """Return on how many days other than `day` the climb of that last day was laid to rest."""
    said = Acknowledgement
    query = select(func.count(said.day.distinct())).where(
        said.assignment_id == assignment_id, said.effective_on == effective_on, said.until_on.is_not(None), said.day != day
    )  # fmt: skip
    return session.execute(query).scalar_one()


def said_of_task(session: Session, task_id: int, day: date) -> dict[int, list[Said]]:
    """Return by assignment who had said so by the end of `day`, the last one first."""
    said = Acknowledgement
    query = (
        select(said.assignment_id, said.effective_on, User.name, said.day, said.at, said.until_on)
        .join(Assignment, Assignment.id == said.assignment_id)
        .join(User, User.id == said.person_id)
        .where(Assignment.task_id == task_id, said.day <= day)
        .order_by(said.id.desc())
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for row in session.execute(query):
        found[row.assignment_id].append(Said(*row))
    return dict(found)


def may_be_ours(session: Session, agency_ids: Sequence[int], own: int, day: date) -> set[int]:
    """Return those of the agencies whose work the agency `own` does on `day`: itself, and those it took over."""
    successors = successors_on(session, day) if set(agency_ids) - {own} else {}
    return {agency_id for agency_id in agency_ids if own in heirs(agency_id, successors)}
