"""A period played through day by day: what would have been told to whom, kept back or drafted, without writing anything.

Every day is planned by the very function that plans the real one, over the database as it stood on that day. What was told on
the days before is remembered here instead of being looked up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency
from tracker.queries.calendar import work_calendar
from tracker.queries.recipient import Recipients, Responsible, successors_on
from tracker.queries.reminder import Due, Plan, Skip, plan
from tracker.queries.told import Duty, Recorded, StepKey, Told
from tracker.rules.climb import Level
from tracker.rules.ladder import Step

MONITOR, LEADER = 0, 1
HEAD_OF, CONTACT_OF = 2, 3
PLACES = 4


@dataclass(frozen=True)
class Played:
    """One day: what is told to whom, and what is new among what nobody can be told of, is kept back or goes into a letter."""

    day: date
    told: Mapping[int, list[Due]]  # by recipient
    unreachable: list[Due]
    skipped: list[Skip]
    letters: list[Due]


class Positions(Recipients):
    """Every agency is its own recipient, with its head, the Office and the leader of the province above: a story that can be
    read before anybody has an account. Nobody is away, nobody is named, a dissolved agency's part goes to its successor."""

    def at(
        self, level: Level, agency_id: int, responsible: Responsible | None, head: Responsible | None
    ) -> tuple[int, ...]:
        """Return the place that is told at the level."""
        if level is Level.MONITOR:
            return (MONITOR,)
        if level is Level.LEADER:
            return (LEADER,)
        holders = [agency_id] if agency_id not in self.dissolved else self.successors.get(agency_id) or [agency_id]
        return tuple(PLACES * holder + (HEAD_OF if level is Level.HEAD else CONTACT_OF) for holder in holders)


def positions(session: Session, day: date) -> Positions:
    """Return the places of `day`: agencies that had ended by then have given their part on."""
    dissolved = frozenset(session.scalars(select(Agency.id).where(Agency.valid_to <= day)))
    return Positions({}, successors_on(session, day), dissolved)


def place(recipient: int) -> tuple[Level, int]:
    """Return as what, and of which agency (0: of the province), a recipient of Positions is told."""
    if recipient in (MONITOR, LEADER):
        return (Level.MONITOR if recipient == MONITOR else Level.LEADER), 0
    agency_id, kind = divmod(recipient, PLACES)
    return (Level.HEAD if kind == HEAD_OF else Level.RESPONSIBLE), agency_id


class Memory:
    """What was told on the days played so far, and (`before`) what had been told when they began."""

    def __init__(self, before: Told | None) -> None:
        self.before = before
        self._heard: dict[StepKey, set[int]] = defaultdict(set)
        self._overdue: dict[Duty, dict[str, date]] = defaultdict(dict)
        self._levels: dict[tuple[Level, date], set[tuple[Duty, str]]] = defaultdict(set)
        self._kept_back: set[tuple[StepKey, Level, str]] = set()
        self._lettered: set[Duty] = set()

    def of(self, steps: Collection[tuple[date, str]]) -> Mapping[StepKey, Collection[int]]:
        """Return who was told of these steps, by assignment."""
        wanted = set(steps)
        found = {key: set(people) for key, people in self._heard.items() if key[1:] in wanted}
        for key, people in (self.before.of(steps) if self.before else {}).items():
            found[key] = found.get(key, set()) | set(people)
        return found

    def overdue(self, assignment_ids: Collection[int], prefix: str) -> Mapping[Duty, list[Step]]:
        """Return the overdue steps told at the lowest level or to nobody, with the day it was done."""
        wanted, begin = set(assignment_ids), f"{prefix}overdue_"
        found: dict[Duty, list[Step]] = defaultdict(list)
        if self.before:
            found.update({duty: list(steps) for duty, steps in self.before.overdue(assignment_ids, prefix).items()})
        for duty, steps in self._overdue.items():
            if duty[0] in wanted:
                known = {step.code for step in found.get(duty, ())}
                more = [Step(code, on) for code, on in steps.items() if code.startswith(begin) and code not in known]
                if more:
                    found[duty] = sorted([*found.get(duty, ()), *more], key=lambda step: step.on)
        return found

    def at(self, level: Level, prefix: str, since: date, until: date) -> Collection[Duty]:
        """Return of which work the level was told from one day to the other, both included."""
        found = set(self.before.at(level, prefix, since, until)) if self.before else set()
        begin = f"{prefix}overdue_"
        for (own, day), told in self._levels.items():
            if own is level and since <= day <= until:
                found |= {duty for duty, code in told if code.startswith(begin)}
        return found

    def note(self, planned: Plan) -> Played:
        """Remember the day as it was planned, and return what of it is new."""
        unreachable = [due for dues in planned.unreachable.values() for due in dues if not self._is_noted(due)]
        for due in unreachable:
            self._note_overdue(due, planned.day)
        for person, dues in planned.by_recipient.items():
            for due in dues:
                self._heard[due.assignment_id, due.effective_on, due.step.code].add(person)
                self._levels[due.level, planned.day].add(((due.assignment_id, due.effective_on), due.step.code))
                if due.level is Level.RESPONSIBLE:
                    self._note_overdue(due, planned.day)
        skipped = [skip for skip in planned.skipped if self._is_new(skip)]
        letters = [due for dues in planned.letters.values() for due in dues if self._is_first_letter(due)]
        return Played(planned.day, planned.by_recipient, unreachable, skipped, letters)

    def _is_noted(self, due: Due) -> bool:
        return due.step.code in self._overdue.get((due.assignment_id, due.effective_on), {})

    def _note_overdue(self, due: Due, day: date) -> None:
        self._overdue[due.assignment_id, due.effective_on].setdefault(due.step.code, day)

    def _is_new(self, skip: Skip) -> bool:
        key = ((skip.assignment_id, skip.effective_on, skip.step.code), skip.level, skip.reason.value)
        known = key in self._kept_back
        self._kept_back.add(key)
        return not known

    def _is_first_letter(self, due: Due) -> bool:
        duty = due.assignment_id, due.effective_on
        known = duty in self._lettered
        self._lettered.add(duty)
        return not known


def play(session: Session, first: date, last: date, by_position: bool) -> Iterator[Played]:
    """Yield every working day from `first` to `last`, both included. With accounts, what was told before `first` is known; by
    position, the days begin with nobody told of anything."""
    calendar = work_calendar(session)
    memory = Memory(None if by_position else Recorded(session, first))
    day = first
    while day <= last:
        if calendar.is_working(day):
            yield memory.note(plan(session, day, memory, positions(session, day) if by_position else None))
        day += timedelta(days=1)
