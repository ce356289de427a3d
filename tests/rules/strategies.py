"""What the property tests of the rules draw from: days of our time, and calendars with holidays and worked weekends."""

from datetime import date, time

from hypothesis import strategies as st

from tracker.rules.climb import Level, Rung
from tracker.rules.ladder import LadderPolicy
from tracker.rules.reminder_policy import CHANNELS, Hours, Policy
from tracker.rules.timeliness import WorkState
from tracker.rules.workdays import WorkCalendar

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
near_days = st.dates(date(2022, 3, 1), date(2022, 6, 30))
calendars = st.dictionaries(near_days, st.booleans(), max_size=30).map(WorkCalendar)
states = st.sampled_from(WorkState)

# 2022: Reunification Day and Labour Day fell on a weekend, so 2 and 3 May were off.
MAY_2022 = WorkCalendar({date(2022, 5, 2): False, date(2022, 5, 3): False})


@st.composite
def _climbs(draw: st.DrawFn) -> tuple[Rung, ...]:
    """Some of the levels above, in order, none after fewer reminders than the one below it."""
    levels = [level for level in Level if level is not Level.RESPONSIBLE and draw(st.booleans())]
    afters = sorted(draw(st.lists(st.integers(1, 8), min_size=len(levels), max_size=len(levels))))
    return tuple(Rung(level, after) for level, after in zip(levels, afters, strict=True))


@st.composite
def _hours(draw: st.DrawFn) -> Hours:
    """Three different minutes between 06:00 and 21:59, in order."""
    first, second, third = sorted(draw(st.lists(st.integers(360, 1319), min_size=3, max_size=3, unique=True)))
    return Hours(*(time(*divmod(minute, 60)) for minute in (second, first, third)))


climbs = _climbs()
days_of_grace = st.integers(0, 6)
ladders = st.builds(
    LadderPolicy,
    before=st.lists(st.integers(1, 60), max_size=6, unique=True).map(tuple),
    on_the_day=st.booleans(),
    overdue_every_days=st.integers(0, 15),
)
policies = st.builds(
    Policy, ladder=ladders, climb=climbs, grace=days_of_grace, rest=st.integers(1, 60), rests=st.integers(0, 20),
    letter=st.booleans(), reports=ladders, reports_climb=climbs,
    channels=st.fixed_dictionaries({level: st.sampled_from(CHANNELS) for level in Level}), hours=_hours(),
)  # fmt: skip
