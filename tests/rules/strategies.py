"""What the property tests of the rules draw from: days of our time, and calendars with holidays and worked weekends."""

from datetime import date

from hypothesis import strategies as st

from tracker.rules.timeliness import WorkState
from tracker.rules.workdays import WorkCalendar

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
near_days = st.dates(date(2022, 3, 1), date(2022, 6, 30))
calendars = st.dictionaries(near_days, st.booleans(), max_size=30).map(WorkCalendar)
states = st.sampled_from(WorkState)

# 2022: Reunification Day and Labour Day fell on a weekend, so 2 and 3 May were off.
MAY_2022 = WorkCalendar({date(2022, 5, 2): False, date(2022, 5, 3): False})
