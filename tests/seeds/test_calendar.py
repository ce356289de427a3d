from datetime import date, timedelta
from typing import Any

import pytest

from tracker.queries.calendar import work_calendar

OFF = {
    2022: "01-01 01-03 01-31 02-01 02-02 02-03 02-04 04-11 05-02 05-03 09-01 09-02",
    2023: "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04",
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24",
}
WORKED = {date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}


@pytest.mark.parametrize("year", OFF)
def test_weekdays_off(context: Any, year: int) -> None:
    calendar = work_calendar(context)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2024))]
    found = {day for day in days if day.weekday() < 5 and not calendar.is_working(day)}
    wanted = {date.fromisoformat(f"{year}-{day}") for day in OFF[year].split()}
    assert found == {day for day in wanted if day.weekday() < 5}


def test_weekends_worked_instead(context: Any) -> None:
    assert {day for day, working in work_calendar(context).exceptions.items() if working} == WORKED
