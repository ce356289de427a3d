"""What a digest says beside its own items: the very numbers of the dashboard, at that minute, for many people at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from tracker.models import AssignmentPeriod, Clause, Document, ProgressReport, Role, Tally, Task
from tracker.permissions import AGENCY_ROLES, OVERSIGHT_ROLES
from tracker.queries import direction, extension, obstacle, report
from tracker.queries.acting import headed
from tracker.queries.calendar import work_calendar
from tracker.queries.message import Addressee, reminders_of
from tracker.queries.period import in_force
from tracker.queries.reminder_item import Item, items, report_items
from tracker.queries.standing import AGENCY, PROVINCE, Counts, counts_of
from tracker.rules.climb import Level
from tracker.rules.ladder import ABOUT_REPORT
from tracker.rules.obstacle import Level as Obstacles
from tracker.rules.timeliness import RUNNING

RETURNED_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """A line of the dashboard: the counts by class, and how many of those in time are due soon (rules.timeliness.is_due_soon)."""

    counts: Counts
    soon: int


@dataclass(frozen=True)
class Returned:
    """A result of the agency that the Office returned and that waits to be given again; `reason` and `on` are the Office's."""

    agency_id: int
    task_id: int
    title: str
    clause_code: str
    document_name: str
    document_number: str | None
    effective_on: date | None
    reason: str | None
    assignment_id: int


@dataclass(frozen=True)
class Waiting:
    """So many wait for the person in a queue, called as in the menu: completion, approval, extension, obstacle, direction."""

    queue: str
    number: int


@dataclass(frozen=True)
class Summary:
    """What is added to one person's digest. `agency`: of whoever works in one; `province`: of whoever oversees."""

    agency: Line | None = None
    province: Line | None = None
    returned: tuple[Returned, ...] = ()
    returned_count: int = 0
    waiting: tuple[Waiting, ...] = ()


def summaries(session: Session, people: Mapping[int, Addressee], day: date) -> dict[int, Summary]:
    """Return the summary of each of the people. A constant number of queries, whatever their number."""
    own = {person.id: person.agency_id for person in people.values() if person.agency_id and _works(person)}
    agencies = {agency_id for agency_id in own.values() if agency_id is not None}
    lines = _lines(session, day, AGENCY, agencies)
    returned, returned_counts = _returned(session, agencies, day)
    waiting = _Queues(session, people, own, agencies, day)
    overseen = any(person.role in OVERSIGHT_ROLES for person in people.values())
    province = _lines(session, day, PROVINCE, {0} if overseen else set()).get(0)
    return {
        person.id: Summary(
            agency=lines.get(own.get(person.id) or 0),
            province=province if person.role in OVERSIGHT_ROLES else None,
            returned=returned.get(own.get(person.id) or 0, ()),
            returned_count=returned_counts.get(own.get(person.id) or 0, 0),
            waiting=waiting.of(person),
        )
        for person in people.values()
    }


def _works(person: Addressee) -> bool:
    """Return whether the person's own agency is what concerns him or her; who oversees looks at the province."""
    return person.role not in OVERSIGHT_ROLES


def _lines(session: Session, day: date, scope: str, ids: Collection[int]) -> dict[int, Line]:
    if not ids:
        return {}
    soon = _soon(session, day, scope, ids)
    return {number: Line(found, soon.get(number, 0)) for number, found in counts_of(session, day, scope, ids).items()}


def _soon(session: Session, day: date, scope: str, ids: Collection[int]) -> dict[int, int]:
    """Return by scope how many are due within three working days: what runs, has not run out, and ends by then."""
    until = work_calendar(session).shift(day, 3)
    query = select(Tally.scope_id, func.sum(Tally.n)).where(
        Tally.scope == scope, Tally.scope_id.in_(ids), Tally.clock == RUNNING, Tally.effective_on.between(day, until)
    )
    return {number: int(n or 0) for number, n in session.execute(query.group_by(Tally.scope_id))}


def _returned(
    session: Session, agencies: Collection[int], day: date
) -> tuple[dict[int, tuple[Returned, ...]], dict[int, int]]:
    """Return by agency the first returned results, by their day, and how many there are: as the overview lists them."""
    if not agencies:
        return {}, {}
    period = AssignmentPeriod
    place = func.row_number().over(partition_by=period.agency_id, order_by=(period.effective_on, period.id))
    numbered = (
        select(
            period.agency_id, period.task_id, period.assignment_id, period.effective_on, place.label("place"),
            func.count().over(partition_by=period.agency_id).label("n"),
        )
        .where(
            in_force(period, day), period.role == "lead", period.state == literal_column("'returned'"),
            period.agency_id.in_(agencies),
        )
        .subquery()
    )  # fmt: skip
    query = (
        select(numbered, Task.short_title, Clause.code, Document.short_name, Document.number, _reason(numbered))
        .join(Task, Task.id == numbered.c.task_id)
        .join(Clause, Clause.id == Task.clause_id)
        .join(Document, Document.id == Task.document_id)
        .where(numbered.c.place <= RETURNED_SHOWN)
        .order_by(numbered.c.agency_id, numbered.c.place)
    )
    found: dict[int, tuple[Returned, ...]] = {}
    numbers: dict[int, int] = {}
    for agency, task, assignment, effective_on, _place, n, title, clause, name, number, reason in session.execute(
        query
    ):
        row = Returned(agency, task, title, clause, name, number, effective_on, reason, assignment)
        found[agency], numbers[agency] = (*found.get(agency, ()), row), n
    return found, numbers


def _reason(numbered: Any) -> Any:
    """Return the Office's reason of the last return of the row's assignment."""
    said = select(ProgressReport.decision_reason).where(
        ProgressReport.assignment_id == numbered.c.assignment_id, ProgressReport.decision == "returned"
    )
    return said.order_by(ProgressReport.id.desc()).limit(1).correlate(numbered).scalar_subquery()


def rows(session: Session, message_id: int, day: date) -> list[Item]:
    """Return everything a digest reminded of that is still open, as it stands on `day`, each at the lowest level it was told."""
    found: dict[tuple[int, bool], Item] = {}
    told = reminders_of(session, [message_id]).get(message_id, [])
    reports = {one.assignment_id: one.effective_on for one in told if one.step.startswith(ABOUT_REPORT)}
    work = items(session, {one.assignment_id for one in told if not one.step.startswith(ABOUT_REPORT)}, day)
    owed = report_items(session, reports, day)
    for one in sorted(told, key=lambda row: -list(Level).index(Level(row.level))):
        of_report = one.step.startswith(ABOUT_REPORT)
        item = (owed if of_report else work).get(one.assignment_id)
        if item is not None:
            found[one.assignment_id, of_report] = replace(item, level=Level(one.level))
    return list(found.values())


class _Queues:
    """How many wait in each queue for whom: the same counts as the tabs of views.queues."""

    def __init__(
        self, session: Session, people: Mapping[int, Addressee], own: Mapping[int, int | None],
        agencies: Collection[int], day: date,
    ) -> None:  # fmt: skip
        roles = {person.role for person in people.values()}
        self.own = {person: agency for person, agency in own.items() if people[person].role in AGENCY_ROLES}
        self.directions = direction.waiting_counts(session, agencies) if self.own else {}
        homes = {person: people[person].agency_id for person in self.own if people[person].role == Role.AGENCY_HEAD}
        self.headed = headed(session, self.own, homes, day) if self.own else {}
        asked = {agency for agencies in self.headed.values() for agency in agencies}
        self.approvals = report.waiting_for_head_counts(session, asked) if asked else {}
        self.completions = report.waiting_count(session) if Role.MONITOR in roles else 0
        self.extensions = extension.waiting_count(session) if roles & {Role.MONITOR, Role.LEADER} else 0
        self.obstacles = obstacle.open_counts(session, day) if roles & OVERSIGHT_ROLES else {}

    def of(self, person: Addressee) -> tuple[Waiting, ...]:
        """Return the queues in which something waits for the person."""
        approvals = sum(self.approvals.get(agency, 0) for agency in self.headed.get(person.id, ()))
        found = {
            "approval": approvals if person.id in self.own else 0,
            "direction": self.directions.get(self.own.get(person.id) or 0, 0),
            "completion": self.completions if person.role == Role.MONITOR else 0,
            "extension": self.extensions if person.role in {Role.MONITOR, Role.LEADER} else 0,
            "obstacle": self._obstacles(person),
        }
        return tuple(Waiting(queue, number) for queue, number in found.items() if number)

    def _obstacles(self, person: Addressee) -> int:
        if person.role not in OVERSIGHT_ROLES:
            return 0
        level = Obstacles.STANDING_BODY if person.role == Role.STANDING_BODY else Obstacles.PROVINCE
        return self.obstacles[level.value].waiting if level.value in self.obstacles else 0
