"""The working calendar: Monday to Friday, unless an editable table says otherwise.

The table is data because it changes every year: public holidays (Bộ luật Lao động 2019, Điều 112), the days off the
Prime Minister arranges around them, and the Saturdays worked in exchange ("làm bù").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_LONGEST_REST = 366


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. `exceptions` maps a day to True (worked although a weekend) or False (a day off)."""

    exceptions: Mapping[date, bool] = field(default_factory=dict, hash=False)

    def is_working(self, day: date) -> bool:
        """Return whether offices work on `day`."""
        return self.exceptions.get(day, day.weekday() < 5)

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is worked, else the next day that is (Bộ luật Dân sự 2015, Điều 148 khoản 5).

        Raises ValueError when no day of the following year is worked.
        """
        return self._nearest(day, _ONE_DAY)

    def on_or_before(self, day: date) -> date:
        """Return `day` if it is worked, else the last day before it that is. Raises as `on_or_after` does."""
        return self._nearest(day, -_ONE_DAY)

    def shift(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, before it when n is negative, `on_or_after(day)` when n is 0.

        `day` itself is never counted (Bộ luật Dân sự 2015, Điều 147 khoản 2).
        """
        if n == 0:
            return self.on_or_after(day)
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        for _ in range(abs(n)):
            day = self._nearest(day + step, step)
        return day

    def count(self, after: date, until: date) -> int:
        """Return the number of working days in (after, until], negative when `until` is the earlier day."""
        if until < after:
            return -self.count(until, after)
        corrections = sum(
            int(working) - int(day.weekday() < 5) for day, working in self.exceptions.items() if after < day <= until
        )
        return _weekdays_up_to(until) - _weekdays_up_to(after) + corrections

    def _nearest(self, day: date, step: timedelta) -> date:
        nearest = day
        for _ in range(_LONGEST_REST):
            if self.is_working(nearest):
                return nearest
            nearest += step
        raise ValueError(f"The calendar has no working day within {_LONGEST_REST} days of {day:%d/%m/%Y}.")


def _weekdays_up_to(day: date) -> int:
    """Return how many Mondays to Fridays there have been since 01/01/0001, which was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, 5)
