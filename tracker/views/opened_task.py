"""What every part of a task's page is given: the task, the day it is looked at, each agency's share, who reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.queries.task_facts import Share
from tracker.rules.workdays import WorkCalendar
from tracker.views.as_of import past


@dataclass(frozen=True)
class Opened:
    """A task as it is looked at; `reads_reports` is whether the person may read what agencies report."""

    task_id: int
    day: date
    work: WorkCalendar
    shares: Sequence[Share]
    reads_reports: bool

    @property
    def is_today(self) -> bool:
        """Whether anything can be done: a past day is only looked at."""
        return not past(self.day)
