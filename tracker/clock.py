"""The only file that asks what time it is.

Moments are aware datetimes in UTC; days are dates in Viet Nam (product rule 11). A rehearsal fixes the day, never the clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Ho_Chi_Minh")
_rehearsal_day: date | None = None


def configure(zone: str, rehearsal_day: date | None) -> None:
    """Set the time zone days are counted in, and the fixed day of a rehearsal (None: the real day)."""
    global _zone, _rehearsal_day
    _zone = ZoneInfo(zone)
    _rehearsal_day = rehearsal_day


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let the block happen on that day: how a rehearsal world gets its past."""
    global _rehearsal_day
    kept, _rehearsal_day = _rehearsal_day, day
    try:
        yield
    finally:
        _rehearsal_day = kept


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    moment = datetime.now(UTC)
    if _rehearsal_day is None:
        return moment
    return datetime.combine(_rehearsal_day, moment.astimezone(_zone).timetz()).astimezone(UTC)


def today() -> date:
    """Return the present day in Viet Nam."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the moment as it reads on a clock in Viet Nam."""
    return moment.astimezone(_zone)


def day_start(day: date) -> datetime:
    """Return the moment, in UTC, at which the day begins in Viet Nam."""
    return datetime.combine(day, time.min, tzinfo=_zone).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Return the moment, in UTC, at which the day is over in Viet Nam and the next begins."""
    return day_start(day + timedelta(days=1))


def zone_name() -> str:
    """Return the name of the time zone days are counted in."""
    return _zone.key
