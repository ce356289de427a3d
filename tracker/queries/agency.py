"""Agencies: the list with its counts, and one agency with its work, people, groups, documents and successors."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    FOREVER,
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    AgencyMention,
    Assignment,
    AssignmentPeriod,
    Clause,
    Document,
    Succession,
    Task,
    User,
)
from tracker.queries.basis import bases
from tracker.queries.calendar import work_calendar
from tracker.queries.period import in_force, is_class
from tracker.queries.standing import AGENCY, Counts, counts_by_scope
from tracker.queries.task_row import timed
from tracker.rules.folding import fold
from tracker.rules.timeliness import Timeliness, WorkState
from tracker.rules.workdays import WorkCalendar

PAGE = 150
WORK_PAGE = 40
ROLES = ("lead", "coordinate")


@dataclass(frozen=True)
class AgencyFilters:
    """What the list is narrowed to; an empty field narrows nothing. `working`: only agencies that lead something."""

    text: str = ""
    kind: str = ""
    working: bool = False


@dataclass(frozen=True)
class ListedAgency:
    """An agency of the list with the counts of its lead assignments (None: it leads nothing)."""

    id: int
    name: str
    short_name: str
    kind: str
    source: str
    valid_to: date | None
    counts: Counts | None


@dataclass(frozen=True)
class Owed:
    """One assignment of the agency on a day; `cursor` is its place in the list."""

    assignment_id: int
    task_id: int
    short_title: str
    document_name: str
    clause_code: str
    kind: str
    role: str
    state: str
    progress: int
    due_on: date | None
    effective_on: date | None
    responsible: str | None
    responsible_basis_kind: str | None
    responsible_basis: str | None
    basis_kind: str
    basis: str | None
    due_basis_kind: str | None
    due_basis: str | None
    slips: int
    original_on: date | None
    inherited_from: str | None
    merged_into: str | None
    timeliness: Timeliness
    soon: bool
    days: int
    cursor: str


def listed(
    session: Session, filters: AgencyFilters, day: date, after: tuple[str, int] | None = None
) -> tuple[list[ListedAgency], str | None]:
    """Return a page of agencies in the order of a Vietnamese dictionary, and the cursor to go on after; two queries."""
    counted = counts_by_scope(session, day, AGENCY)
    query = _narrowed(
        select(Agency.id, Agency.name, Agency.short_name, Agency.kind, Agency.source, Agency.valid_to, Agency.sort_key),
        filters,
    )
    if filters.working:
        query = query.where(Agency.id.in_([agency_id for agency_id, found in counted.items() if any(found.values())]))
    if after is not None:
        query = query.where(tuple_(Agency.sort_key, Agency.id) > tuple_(*after))
    rows = session.execute(query.order_by(Agency.sort_key, Agency.id).limit(PAGE + 1)).all()
    more = f"{rows[PAGE - 1].id}" if len(rows) > PAGE else None
    return [ListedAgency(*(*row[:6], counted.get(row.id))) for row in rows[:PAGE]], more


def place_of(session: Session, agency_id: int) -> tuple[str, int] | None:
    """Return where the agency stands in the list's order, or None when there is none such."""
    row = session.execute(select(Agency.sort_key, Agency.id).where(Agency.id == agency_id)).one_or_none()
    return (row.sort_key, row.id) if row else None


def find(session: Session, agency_id: int) -> Any | None:
    """Return the agency's columns, or None."""
    return session.execute(select(*Agency.__table__.columns).where(Agency.id == agency_id)).one_or_none()


def owed(
    session: Session, agency_id: int, role: str, day: date, timeliness: Timeliness | None = None, after: str = ""
) -> tuple[list[Owed], str | None]:
    """Return a page of the agency's assignments in one role, by the day that counts, and the cursor to go on after.

    Work without a deadline comes last. Raises ValueError for a cursor that is none of this list's.
    """
    last_day = func.coalesce(AssignmentPeriod.effective_on, FOREVER)
    query = _owed_columns(day).where(AssignmentPeriod.agency_id == agency_id, AssignmentPeriod.role == role)
    if timeliness is not None:
        query = query.where(is_class(AssignmentPeriod, day, timeliness))
    if after:
        until, _, assignment_id = after.partition("_")
        query = query.where(
            tuple_(last_day, AssignmentPeriod.assignment_id) > tuple_(date.fromisoformat(until), int(assignment_id))
        )
    rows = session.execute(query.order_by(last_day, AssignmentPeriod.assignment_id).limit(WORK_PAGE + 1)).all()
    calendar = work_calendar(session)
    found = [_owed(row, day, calendar) for row in rows[:WORK_PAGE]]
    return found, found[-1].cursor if len(rows) > WORK_PAGE else None


def people(session: Session, agency_id: int) -> list[Any]:
    """Return the agency's active people: name, position, role, e-mail address, whether reminders go to them."""
    query = select(User.name, User.position, User.role, User.email, User.is_contact)
    return list(session.execute(query.where(User.agency_id == agency_id, User.active).order_by(User.role, User.name)))


def groups(session: Session, agency_id: int) -> list[Any]:
    """Return the collective wordings the agency belongs to, or stands for itself, and how many members each has."""
    as_addressed = (AgencyGroupMember.group_id == AgencyGroup.id) & AgencyGroupMember.inherited_on.is_(None)
    members = select(func.count()).where(as_addressed).scalar_subquery()
    belongs = select(AgencyGroupMember.group_id).where(AgencyGroupMember.agency_id == agency_id)
    query = select(AgencyGroup.id, AgencyGroup.name, AgencyGroup.members_known, members.label("members"))
    query = query.where(or_(AgencyGroup.id.in_(belongs), AgencyGroup.agency_id == agency_id)).order_by(AgencyGroup.name)
    return list(session.execute(query))


def mentions(session: Session, agency_id: int) -> dict[tuple[str, str], list[str | None]]:
    """Return, by (document code, its short name), the clauses that name the agency; None where a letterhead or the like does."""
    query = (
        select(Document.code, Document.short_name, Clause.code)
        .select_from(AgencyMention)
        .join(Document, Document.id == AgencyMention.document_id)
        .outerjoin(Clause, Clause.id == AgencyMention.clause_id)
        .where(AgencyMention.agency_id == agency_id)
        .order_by(Document.in_force_from, Document.id, Clause.position)
    )
    found: dict[tuple[str, str], list[str | None]] = {}
    for code, name, clause_code in session.execute(query):
        found.setdefault((code, name), []).append(clause_code)
    return found


def successions(session: Session, agency_id: int) -> list[Any]:
    """Return who took the work over and from whom it came, oldest first; `outward` when it went from this agency."""
    before, after = aliased(Agency), aliased(Agency)
    outward = case((Succession.agency_id == agency_id, True), else_=False).label("outward")
    query = (
        select(
            outward, before.id.label("before_id"), before.name.label("before"), after.id.label("after_id"),
            after.name.label("after"), Succession.took_effect_on, Succession.scope, Succession.legal_basis,
            Succession.verified, Succession.note,
        )
        .join(before, before.id == Succession.agency_id)
        .join(after, after.id == Succession.successor_id)
        .where(or_(Succession.agency_id == agency_id, Succession.successor_id == agency_id))
        .order_by(Succession.took_effect_on, Succession.id)
    )  # fmt: skip
    return list(session.execute(query))


def _narrowed(query: Any, filters: AgencyFilters) -> Any:
    if filters.text:
        query = query.where(Agency.search_text.contains(fold(filters.text), autoescape=True))
    if filters.kind:
        query = query.where(Agency.kind == filters.kind)
    return query


_NAMED, _INTO, _HEIR = aliased(Agency), aliased(Assignment), aliased(Agency)


def _heir_of(period: type[AssignmentPeriod]) -> Any:
    """Return whose part has taken in the work that was merged, and only since then."""
    heir = select(_HEIR.name).join(_INTO, _INTO.agency_id == _HEIR.id).where(_INTO.id == Assignment.merged_into_id)
    merged = period.state == WorkState.WITHDRAWN.value
    return case((merged, heir.correlate(Assignment).scalar_subquery())).label("merged_into")


def _owed_columns(day: date) -> Any:
    period = AssignmentPeriod
    columns = (
        period.assignment_id, period.task_id, Task.short_title, Document.short_name.label("document_name"),
        Clause.code.label("clause_code"), Task.kind, period.role, period.state, period.progress, period.due_on,
        period.effective_on, User.name.label("responsible"), Assignment.responsible_basis_kind, Assignment.responsible_basis,
        Assignment.basis_kind, Assignment.basis, *bases(period)[2:], period.original_on,
        case((_NAMED.id != period.agency_id, _NAMED.name)).label("inherited_from"), _heir_of(period), period.clock,
        period.result_on,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Assignment, Assignment.id == period.assignment_id)
        .join(_NAMED, _NAMED.id == Assignment.named_agency_id)
        .join(Task, Task.id == period.task_id)
        .join(Document, Document.id == Task.document_id)
        .join(Clause, Clause.id == Task.clause_id)
        .outerjoin(User, and_(User.id == Assignment.responsible_id, User.active))
        .where(in_force(period, day))
    )


def _owed(row: Any, day: date, calendar: WorkCalendar) -> Owed:
    cursor = f"{row.effective_on or FOREVER}_{row.assignment_id}"
    return Owed(*(*row[:22], *timed(row, day, calendar), cursor))
