"""What people have been told already: as it is recorded, on any day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import CTE, Date, String, and_, column, func, select, true, union_all, values
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Reminder, ReminderSkip
from tracker.queries.batches import batches
from tracker.rules.climb import Level
from tracker.rules.inhibition import Reason
from tracker.rules.ladder import Step

StepKey = tuple[int, date, str]  # assignment, last day, code of the step
Duty = tuple[int, date]  # assignment, last day


class Told(Protocol):
    """What was told before the day that is planned: recorded, or remembered by whoever plays days through."""

    def of(self, steps: Collection[tuple[date, str]]) -> Mapping[StepKey, Collection[int]]:
        """Return who was told of these steps (last day, code), by assignment."""
        ...

    def overdue(self, assignment_ids: Collection[int], prefix: str) -> Mapping[Duty, list[Step]]:
        """Return the overdue steps told to the responsible level, or told to nobody for want of one, with the day it was done."""
        ...

    def at(self, level: Level, prefix: str, since: date, until: date) -> Collection[Duty]:
        """Return of which work the level was told from one day to the other, both included."""
        ...


@dataclass(frozen=True)
class Recorded:
    """What the tables say was told before `day`; for today and the days to come, everything that was ever told."""

    session: Session
    day: date

    def of(self, steps: Collection[tuple[date, str]]) -> dict[StepKey, set[int]]:
        found: dict[StepKey, set[int]] = defaultdict(set)
        if steps:
            wanted = _as_table(steps)
            same = and_(Reminder.effective_on == wanted.c.effective_on, Reminder.step == wanted.c.code)
            query = select(Reminder.assignment_id, Reminder.effective_on, Reminder.step, Reminder.recipient_id)
            for assignment_id, on, code, recipient in self.session.execute(
                self._known(query.join(wanted, same), Reminder)
            ):
                found[assignment_id, on, code].add(recipient)
        return found

    def overdue(self, assignment_ids: Collection[int], prefix: str) -> dict[Duty, list[Step]]:
        found: dict[Duty, list[Step]] = defaultdict(list)
        for ids in batches(assignment_ids):
            for assignment_id, effective_on, code, on in self.session.execute(self._history(ids, prefix)):
                found[assignment_id, effective_on].append(Step(code, on))
        return {duty: sorted(steps, key=lambda step: step.on) for duty, steps in found.items()}

    def at(self, level: Level, prefix: str, since: date, until: date) -> set[Duty]:
        query = select(Reminder.assignment_id, Reminder.effective_on).where(
            Reminder.level == level.value, Reminder.step.startswith(f"{prefix}overdue_", autoescape=True),
            Reminder.day.between(since, until),
        )  # fmt: skip
        return {(row[0], row[1]) for row in self.session.execute(self._known(query, Reminder).distinct())}

    def _history(self, ids: list[int], prefix: str) -> Any:
        parts = []
        for table, condition in ((Reminder, true()), (ReminderSkip, ReminderSkip.reason == Reason.NOBODY.value)):
            query = select(table.assignment_id, table.effective_on, table.step, table.day).where(
                table.assignment_id.in_(ids), table.level == Level.RESPONSIBLE.value,
                table.step.startswith(f"{prefix}overdue_", autoescape=True), condition,
            )  # fmt: skip
            parts.append(self._known(query, table))
        every = union_all(*parts).subquery()
        first = func.min(every.c.day)
        return select(every.c.assignment_id, every.c.effective_on, every.c.step, first).group_by(
            every.c.assignment_id, every.c.effective_on, every.c.step
        )

    def _known(self, query: Any, table: Any) -> Any:
        return query if self.day >= clock.today() else query.where(table.day < self.day)


def _as_table(steps: Collection[tuple[date, str]]) -> CTE:
    shape = values(column("effective_on", Date), column("code", String), name="step_told")
    return shape.data(sorted(steps)).cte("step")
