"""What a reorganisation will do to every assignment, person and item: the dry run, and what applying it then writes."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    AssignmentPeriod,
    Reorganisation,
    Succession,
)
from tracker.queries import predecessor
from tracker.rules import reorganisation as rules
from tracker.rules.reorganisation import LEFT, MERGED, MOVED, TRANSFER, Body, Fault, Owed, Part
from tracker.rules.timeliness import WorkState

CHOSEN = "chosen"


class Choices(NamedTuple):
    """Who takes what, as people chose: by assignment and by person the id of the agency, None to leave it."""

    work: dict[int, int | None]
    people: dict[int, int | None]


@dataclass(frozen=True)
class Work:
    """One open assignment of a predecessor. `into_id`: the successor's own assignment it becomes one with.

    `decided` is false while its successor is only suggested.
    """

    assignment_id: int
    period_id: int
    task_id: int
    role: str
    state: str
    due_on: date | None
    short_title: str
    document_name: str
    clause_code: str
    from_id: int
    to_id: int | None
    outcome: str
    into_id: int | None
    decided: bool


@dataclass(frozen=True)
class Person:
    """An active account of a predecessor and where it goes (None: it stays)."""

    user_id: int
    name: str
    position: str | None
    role: str
    from_id: int
    to_id: int | None
    decided: bool


@dataclass(frozen=True)
class Item:
    """A named part of a task that is not finished yet."""

    item_id: int
    task_id: int
    title: str
    from_id: int
    to_id: int | None


@dataclass(frozen=True)
class Outcome:
    """All of it. `seen` changes with anything that would change the outcome; `undecided` counts what nobody chose yet."""

    work: list[Work]
    people: list[Person]
    items: list[Item]
    finished: dict[int, int]
    options: dict[int, list[Part]]
    names: dict[int, str]
    faults: list[Fault]
    seen: str
    goes_on: bool  # the old agency keeps existing, and what nobody takes
    undecided: int = 0
    by_pair: dict[tuple[int, int | None], Counter[str]] = field(default_factory=dict)


def outcome(session: Session, plan: Reorganisation, choices: Choices | None = None) -> Outcome:
    """Return what the plan does, as things stand now, with the choices saved with it or those given. Writes nothing."""
    parts = [Part(part.agency_id, part.successor_id, part.scope) for part in plan.parts]
    options = options_of(parts)
    wanted = choices or saved(plan)
    stays = plan.kind == TRANSFER
    rows = predecessor.open_work(session, list(options))
    heirs = {part.successor_id for part in parts if part.successor_id is not None}
    twins = predecessor.twins(session, list(options), heirs)
    work = _decided(rows, options, stays, wanted.work, twins, predecessor.pending(session, list(options)))
    people = [_person(row, options, stays, wanted.people) for row in predecessor.accounts(session, list(options))]
    items = [_item(row, options, stays) for row in predecessor.open_items(session, list(options))]
    pairs: dict[tuple[int, int | None], Counter[str]] = {}
    for each in work:
        pairs.setdefault((each.from_id, each.to_id), Counter())[each.outcome] += 1
    return Outcome(
        work, people, items, predecessor.finished(session, list(options)), options, predecessor.names(session, {*options, *heirs}),
        faults_of(session, plan.kind, parts, plan.took_effect_on),
        _mark(plan, rows, twins.values(), people, items),
        stays,
        sum(not each.decided for each in work) + sum(not each.decided for each in people),
        pairs,
    )  # fmt: skip


def options_of(parts: Iterable[Part]) -> dict[int, list[Part]]:
    """Return by predecessor its parts that have a successor, in the order of the plan; an empty list where nobody follows."""
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.agency_id, []).extend([part] if part.successor_id is not None else [])
    return found


def saved(plan: Reorganisation) -> Choices:
    """Return what people have chosen for the plan so far."""
    rows = [move for move in plan.moves if move.outcome == CHOSEN]
    return Choices(
        {row.assignment_id: row.to_agency_id for row in rows if row.assignment_id is not None},
        {row.user_id: row.to_agency_id for row in rows if row.user_id is not None},
    )


def faults_of(session: Session, kind: str, parts: Sequence[Part], day: date) -> list[Fault]:
    """Return what keeps such a plan from standing, as the register and the work are now."""
    concerned = {part.agency_id for part in parts} | {part.successor_id for part in parts if part.successor_id}
    return rules.faults(kind, parts, bodies(session, concerned), day, _known(session))


def bodies(session: Session, agency_ids: Iterable[int]) -> dict[int, Body]:
    """Return by agency the dates it exists between and whether open work is with it."""
    ids = list(agency_ids)
    holding = set(session.scalars(predecessor.still_open(select(AssignmentPeriod.agency_id), ids).distinct()))
    rows = session.execute(select(Agency.id, Agency.valid_from, Agency.valid_to).where(Agency.id.in_(ids)))
    return {row.id: Body(row.valid_from, row.valid_to, row.id in holding) for row in rows}


def _known(session: Session) -> set[tuple[int, int]]:
    rows = session.execute(select(Succession.agency_id, Succession.successor_id))
    return {(predecessor, successor) for predecessor, successor in rows}


def _decided(
    rows: Sequence[Any], options: Mapping[int, list[Part]], stays: bool, wanted: Mapping[int, int | None],
    twins: dict[tuple[int, str, int], Any], pending: set[int],
) -> list[Work]:  # fmt: skip
    """Go through the work in the order it was given; what has moved is what the next one of the same task may join."""
    found = {}
    there = dict(twins)
    for row in sorted(rows, key=lambda row: row.assignment_id):
        to_id, decided = _goes_to(row, options[row.agency_id], stays, wanted)
        twin = there.get((row.task_id, row.role, to_id)) if to_id is not None else None
        mine = _owed(row, row.assignment_id in pending)  # predecessor.open_work names done work only when it comes back
        what = rules.outcome(mine, to_id is not None, _owed(twin) if twin else None)
        if what == MOVED and to_id is not None:
            there.setdefault((row.task_id, row.role, to_id), row)
        found[row.assignment_id] = Work(
            row.assignment_id, row.period_id, row.task_id, row.role, row.state, row.due_on, row.short_title,
            row.document_name, row.clause_code, row.agency_id, to_id if what != LEFT else None, what,
            twin.assignment_id if twin and what == MERGED else None, decided,
        )  # fmt: skip
    return [found[row.assignment_id] for row in rows]


def _goes_to(row: Any, parts: list[Part], stays: bool, wanted: Mapping[int, int | None]) -> tuple[int | None, bool]:
    if not parts:
        return None, True
    if len(parts) == 1 and not stays:
        return parts[0].successor_id, True
    if row.assignment_id in wanted and _possible(wanted[row.assignment_id], parts, stays):
        return wanted[row.assignment_id], True
    return rules.suggested(f"{row.short_title} {row.excerpt}", parts, stays), False


def _possible(to_id: int | None, parts: list[Part], stays: bool) -> bool:
    return (to_id is None and stays) or to_id in {part.successor_id for part in parts}


def _person(row: Any, options: Mapping[int, list[Part]], stays: bool, wanted: Mapping[int, int | None]) -> Person:
    """Whoever has one place to go goes there unless somebody says no; of several places somebody says which."""
    parts = options[row.agency_id]
    usual = parts[0].successor_id if parts and not stays else None
    chosen = row.id in wanted and _possible(wanted[row.id], parts, stays=True)
    decided = chosen or len(parts) + stays < 2
    return Person(row.id, row.name, row.position, row.role, row.agency_id, wanted[row.id] if chosen else usual, decided)


def _item(row: Any, options: Mapping[int, list[Part]], stays: bool) -> Item:
    to_id = rules.suggested(row.title, options[row.agency_id], stays)
    return Item(row.id, row.task_id, row.title, row.agency_id, to_id)


def _owed(row: Any, pending: bool = False) -> Owed:
    return Owed(row.state, row.due_on, row.effective_on, pending, comes_back=row.state == WorkState.DONE)


def _mark(
    plan: Reorganisation, rows: Iterable[Any], twins: Iterable[Any], people: Iterable[Person], items: Iterable[Any]
) -> str:
    told = [
        plan.id, plan.version, sorted(row.period_id for row in rows), sorted(twin.period_id for twin in twins),
        sorted((person.user_id, person.from_id) for person in people), sorted(item.item_id for item in items),
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
