"""Whom a day's reminders go to: found by set, never by the clock, the same for a dry run, a day played through and for real."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker.queries import reminder_scope as scopes
from tracker.queries.answer import answers, rests_of, select_holds
from tracker.queries.calendar import work_calendar
from tracker.queries.extension import all_waiting_on
from tracker.queries.letter_work import spoken_for
from tracker.queries.recipient import Recipients, recipients
from tracker.queries.reminder_item import named
from tracker.queries.reminder_policy import policies
from tracker.queries.reminder_scope import Scope
from tracker.queries.report_owing import asking
from tracker.queries.told import Duty, Recorded, StepKey, Told
from tracker.rules.climb import Level, climbed, overdue_steps, resting, unanswered
from tracker.rules.inhibition import Reason, inhibited
from tracker.rules.ladder import Step, reached
from tracker.rules.reminder_policy import ZALO
from tracker.rules.timeliness import WorkState
from tracker.rules.workdays import WorkCalendar

Known = Mapping[StepKey, Collection[int]]


@dataclass(frozen=True, slots=True)
class Due:
    """One assignment that has reached a step of the ladder of which somebody has not been told at a level."""

    assignment_id: int
    agency_id: int
    effective_on: date
    step: Step
    level: Level = Level.RESPONSIBLE


@dataclass(frozen=True, slots=True)
class Skip:
    """A step that came and of which a level is not told, and why; `until` is the last day of what keeps it back, if known."""

    assignment_id: int
    agency_id: int
    effective_on: date
    step: Step
    level: Level
    reason: Reason
    until: date | None = None


@dataclass
class Plan:
    """What a day's reminders are: by recipient; by agency what nobody can be told about; what is kept back; by agency what the
    ladder's end asks a letter for. `wants_zalo`: whom the policy wants told there first."""

    day: date
    by_recipient: dict[int, list[Due]] = field(default_factory=dict)
    unreachable: dict[int, list[Due]] = field(default_factory=dict)
    skipped: list[Skip] = field(default_factory=list)
    letters: dict[int, list[Due]] = field(default_factory=dict)
    wants_zalo: set[int] = field(default_factory=set)
    examined: int = 0

    def due(self) -> Iterable[Due]:
        """Return every assignment of the plan, once per person told."""
        for group in (*self.by_recipient.values(), *self.unreachable.values()):
            yield from group


def plan(session: Session, day: date, told: Told | None = None, people: Recipients | None = None) -> Plan:
    """Return whom to tell what on `day`: nobody on a day off.

    For today and the days to come, what anybody has ever been told is left out; for a past day, what was told before it.
    `told` remembers instead when days are played through, and `people` are told instead of the accounts there are.
    """
    calendar = work_calendar(session)
    if not calendar.is_working(day):
        return Plan(day)
    rules, people = policies(session, day), people or recipients(session, day, levels=True)
    run = _Run(session, day, calendar, told or Recorded(session, day), people)
    for policy, condition in scopes.parts(rules):
        for scope in scopes.deadlines(session, day, calendar, policy, condition):
            run.tell(scope)
        run.note(scopes.stopped(session, day, calendar, policy, condition))
    for document_id, asked in asking(session, day):
        run.tell(scopes.reports(session, day, rules.of(document_id), document_id, asked))
    run.plan.by_recipient = dict(sorted(run.plan.by_recipient.items()))
    if told is None:
        _leave_out(
            run.plan,
            spoken_for(session, [due.assignment_id for dues in run.plan.letters.values() for due in dues], day),
        )
    return run.plan


def _leave_out(plan: Plan, spoken: Collection[int]) -> None:
    """Let the plan ask for no letter about what one speaks of already."""
    fresh = {agency: [due for due in dues if due.assignment_id not in spoken] for agency, dues in plan.letters.items()}
    plan.letters = {agency: dues for agency, dues in fresh.items() if dues}


class _Run:
    """One day looked at: every row is told, kept back or nobody's."""

    def __init__(
        self, session: Session, day: date, calendar: WorkCalendar, told: Told, people: Recipients
    ) -> None:  # fmt: skip
        self.session, self.day, self.calendar, self.told, self.people = session, day, calendar, told, people
        self.plan = Plan(day)
        self.wanted: dict[tuple[Level, int, int | None, int | None], tuple[int, ...]] = {}
        self.asked = all_waiting_on(session, day)
        self.held = {hold.assignment_id: hold.until_on for hold in session.execute(select_holds(day))}

    def tell(self, scope: Scope) -> None:
        """Put every row of the scope where it belongs."""
        steps, levels = self._steps(scope), self._levels(scope)
        known = self.told.of(_keys(steps, levels))
        lettered = self._lettered(scope)
        climbing: list[tuple[Any, Step]] = []
        for row in scope.rows:
            self.plan.examined += 1
            step = steps.get(row.effective_on)
            if step is None:
                continue
            reason = inhibited(
                WorkState(row.state), not scope.prefix and row.assignment_id in self.asked, self._hold(row)
            )
            if reason is not None:
                if (row.assignment_id, row.effective_on, step.code) not in known:
                    self._skip(row, step, Level.RESPONSIBLE, reason, self._hold(row) if reason is Reason.HELD else None)
                continue
            self._tell(scope, row, step, Level.RESPONSIBLE, known)
            possible = levels.get(row.effective_on, {})
            if self._may_climb(row, possible, known) or _duty(row) in lettered or self._ends(scope, row, possible):
                climbing.append((row, step))
        self._climb(scope, climbing, known, lettered)

    def note(self, stopped: Iterable[Any]) -> None:
        """Write down why work that would have reached a step is not told of."""
        for row, step in stopped:
            self._skip(row, step, Level.RESPONSIBLE, inhibited(WorkState(row.state), False, None) or Reason.FINISHED)

    def _steps(self, scope: Scope) -> dict[date, Step]:
        """Return the step reached for every last day that has one: worked out once a date, not once a row."""
        found = {on: reached(on, self.day, self.calendar, scope.ladder) for on in scope.last_days}
        return {on: Step(scope.prefix + step.code, step.on) for on, step in found.items() if step is not None}

    def _levels(self, scope: Scope) -> dict[date, dict[Level, Step]]:
        """Return by last day what each level could be told if nobody had ever answered: the most that is possible."""
        found = {}
        for on in scope.last_days:
            steps = overdue_steps(on, self.day, self.calendar, scope.ladder)
            possible = climbed(steps, self.day, self.calendar, scope.rungs, scope.policy.grace)
            if possible:
                found[on] = {level: Step(scope.prefix + step.code, step.on) for level, step in possible.items()}
        return found

    def _hold(self, row: Any) -> date | None:
        return self.held.get(row.assignment_id)

    def _tell(self, scope: Scope, row: Any, step: Step, level: Level, known: Known) -> None:
        unheard, nobody = self._unheard(row, level, step, known), not self._wanted(row, level)
        if not (unheard or nobody):
            return
        due = Due(row.assignment_id, row.agency_id, row.effective_on, step, level)
        if level is Level.RESPONSIBLE and nobody:
            self.plan.unreachable.setdefault(row.agency_id, []).append(due)
        for person in unheard:
            self.plan.by_recipient.setdefault(person, []).append(due)
            if scope.policy.channels.get(level) == ZALO:
                self.plan.wants_zalo.add(person)

    def _wanted(self, row: Any, level: Level) -> tuple[int, ...]:
        key = level, row.agency_id, row.responsible_id, row.head_id
        found = self.wanted.get(key)
        if found is None:
            found = self.people.of(row.agency_id, named(row, "responsible"), named(row, "head"), level)
            self.wanted[key] = found
        return found

    def _skip(self, row: Any, step: Step, level: Level, reason: Reason, until: date | None = None) -> None:
        self.plan.skipped.append(
            Skip(row.assignment_id, row.agency_id, row.effective_on, step, level, reason, until)
        )  # fmt: skip

    def _may_climb(self, row: Any, levels: Mapping[Level, Step], known: Known) -> bool:
        """Return whether some level could be told of something it has not heard: only then is the history looked up."""
        return any(self._unheard(row, level, step, known) for level, step in levels.items())

    def _unheard(self, row: Any, level: Level, step: Step, known: Known) -> list[int]:
        heard = known.get((row.assignment_id, row.effective_on, step.code), ())
        return [person for person in self._wanted(row, level) if person not in heard]

    def _climb(
        self, scope: Scope, climbing: list[tuple[Any, Step]], known: Known,
        lettered: Collection[Duty],
    ) -> None:  # fmt: skip
        ids = [row.assignment_id for row, _step in climbing]
        history = self.told.overdue(ids, scope.prefix) if ids else {}
        said = answers(self.session, ids, self.day) if ids else {}
        for row, step in climbing:
            rests = rests_of(said.get(row.assignment_id, ()), row.effective_on, self.calendar, scope.policy)
            steps = _with_todays(history.get(_duty(row), []), step, self.day)
            going_up = climbed(unanswered(steps, rests), self.day, self.calendar, scope.rungs, scope.policy.grace)
            quiet = resting(rests, self.day)
            for level, higher in going_up.items():
                if quiet is None:
                    self._tell(scope, row, higher, level, known)
                elif self._unheard(row, level, higher, known):
                    self._skip(row, higher, level, Reason.ANSWERED, quiet)
            if quiet is None and (_duty(row) in lettered or self._ends(scope, row, going_up)):
                self.plan.letters.setdefault(row.agency_id, []).append(
                    Due(row.assignment_id, row.agency_id, row.effective_on, step)
                )  # fmt: skip

    def _ends(self, scope: Scope, row: Any, levels: Mapping[Level, Step]) -> bool:
        """Return whether the ladder ends today although nobody holds its last level: the letter must not wait for one."""
        top = levels.get(scope.rungs[-1].level) if scope.rungs and scope.policy.letter and not scope.prefix else None
        if top is None or self._wanted(row, scope.rungs[-1].level):
            return False
        ends = self.calendar.shift(top.on, scope.policy.grace) if scope.policy.grace else top.on
        return self.calendar.shift(self.day, -1) < ends <= self.day

    def _lettered(self, scope: Scope) -> Collection[Duty]:
        """Return the work of which the highest level was told, and had its days to answer, in the last week."""
        if scope.prefix or not scope.policy.letter or not scope.rungs:
            return ()
        until = self.calendar.shift(self.day, -scope.policy.grace) if scope.policy.grace else self.day
        return self.told.at(scope.rungs[-1].level, scope.prefix, until - timedelta(days=7), until)


def _duty(row: Any) -> Duty:
    return row.assignment_id, row.effective_on


def _keys(steps: Mapping[date, Step], levels: Mapping[date, Mapping[Level, Step]]) -> set[tuple[date, str]]:
    """Return every step that may be told today; of a level's the one before too, should it have been told late."""
    wanted = {(on, step.code) for on, step in steps.items()}
    for on, by_level in levels.items():
        for step in by_level.values():
            name, _, number = step.code.rpartition("_")
            wanted |= {(on, step.code), (on, f"{name}_{int(number) - 1}")}
    return wanted


def _with_todays(steps: list[Step], step: Step, day: date) -> list[Step]:
    """Return what was told and what is told with this very plan, when it is of overdue work."""
    name = step.code.rpartition("_")[0]
    if not name.endswith("overdue") or any(told.code == step.code for told in steps):
        return steps
    return [*steps, Step(step.code, day)]
