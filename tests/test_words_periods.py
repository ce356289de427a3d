"""Reporting periods and recurring duties as people say them."""

from datetime import date

import pytest
from flask import Flask

from tracker.rules.occurrences import recurrence
from tracker.rules.report_periods import period_of
from tracker.words import periods

pytestmark = [pytest.mark.unseeded, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.mark.parametrize(
    ("every", "said"),
    [("week", "tuần 13/11 – 19/11/2023"), ("month", "tháng 11/2023"), ("quarter", "quý IV/2023")],
)
def test_a_period_has_its_name(app: Flask, every: str, said: str) -> None:
    period = period_of(every, date(2023, 11, 15))
    with app.test_request_context():
        assert periods.period(period.every, period.start, period.end) == said


@pytest.mark.parametrize(
    ("every", "day", "said"),
    [
        ("week", None, "hằng tuần, thứ Sáu"),
        ("week", date(2023, 11, 15), "hằng tuần, thứ Tư"),
        ("month", None, "hằng tháng, ngày cuối kỳ"),
        ("month", date(2023, 11, 20), "hằng tháng, ngày 20"),
        ("month", date(2024, 1, 31), "hằng tháng, ngày 31"),
        ("quarter", None, "hằng quý, ngày cuối kỳ"),
        ("quarter", date(2023, 11, 20), "hằng quý, ngày 20 các tháng 2, 5, 8, 11"),
        ("half_year", None, "6 tháng một lần, ngày cuối kỳ"),
        ("half_year", date(2023, 12, 15), "6 tháng một lần, ngày 15 các tháng 6, 12"),
        ("year", None, "hằng năm, ngày cuối kỳ"),
        ("year", date(2023, 9, 2), "hằng năm, 02/09"),
        ("year", date(2024, 2, 29), "hằng năm, cuối tháng 2"),
    ],
)
def test_a_recurrence_is_said(app: Flask, every: str, day: date | None, said: str) -> None:
    with app.test_request_context():
        assert periods.recurrence(recurrence(every, day).rrule) == said


@pytest.mark.parametrize(
    "rrule", ["FREQ=DAILY", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "FREQ=YEARLY;BYYEARDAY=100,-30"]
)
def test_what_only_documents_write_is_said_in_general(app: Flask, rrule: str) -> None:
    with app.test_request_context():
        assert periods.recurrence(rrule) == "định kỳ"
