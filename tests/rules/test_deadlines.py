import unicodedata
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import MAY_2022, calendars, days
from tracker.rules.deadlines import RULES, DeadlineReading, Precision, read_deadline
from tracker.rules.workdays import WorkCalendar


def read(wording: str, **setting: object) -> DeadlineReading:
    return read_deadline(wording, MAY_2022, **setting)  # type: ignore[arg-type]


# Every wording of a deadline in the five documents, with the day and the precision a person read in it.
FIVE_DOCUMENTS = [
    ("hoàn thành chậm nhất trong tháng 04/2022", "2022-04-30", "month", "month_last_day"),
    ("hoàn thành chậm nhất trong tháng 06/2022", "2022-06-30", "month", "month_last_day"),
    ("trong năm 2022", "2022-12-31", "year", "year_last_day"),
    ("năm 2023", "2023-12-31", "year", "year_last_day"),
    ("trong năm 2023", "2023-12-31", "year", "year_last_day"),
    ("vào năm 2025", "2025-12-31", "year", "year_last_day"),
    ("đến năm 2025", "2025-12-31", "year", "year_last_day"),
    ("Trong Quý I năm 2026", "2026-03-31", "quarter", "quarter_last_day"),
    ("đến hết tháng 12 năm 2025", "2025-12-31", "month", "month_last_day"),
    ("hàng năm", None, "recurring", "recurring_period"),
    ("định kỳ", None, "recurring", "recurring_without_interval"),
    ("Định kỳ, đột xuất", None, "recurring", "recurring_without_interval"),
    ("Kết thúc đợt thi đua", None, "relative", "after_event"),
]
ONE_DAY = [
    ("trước ngày 15/12/2023", "2023-12-14", "day", "before_day_exclusive"),
    ("Trước ngày 05 của tháng 12 năm 2025", "2025-12-04", "day", "before_day_exclusive"),
    ("trước 30/11/2024", "2024-11-29", "day", "before_day_exclusive"),
    ("hoàn thành trước 20/12/25", "2025-12-19", "day", "before_day_exclusive"),
    ("trước ngày 01/6/2025 và 15/11/2025", "2025-11-14", "day", "before_day_exclusive"),
    ("trước 17 giờ 00 ngày 30/11/2025", "2025-11-30", "day", "named_day"),
    ("chậm nhất là ngày 15/12/2023", "2023-12-15", "day", "no_later_than_day"),
    ("chậm nhất ngày 15 tháng 12 năm 2023", "2023-12-15", "day", "no_later_than_day"),
    ("đến hết ngày 30/6/2023", "2023-06-30", "day", "until_day_inclusive"),
    ("đến ngày 30-6-2023", "2023-06-30", "day", "until_day_inclusive"),
    ("Từ ngày 01/3/2025 đến ngày 30/6/2025", "2025-06-30", "day", "until_day_inclusive"),
    ("30.4.2022", "2022-04-30", "day", "named_day"),
    ("theo Kế hoạch số 59/KH-UBND ngày 25/4/2022, xong trước ngày 30/11/2025", "2025-11-29", "day",
     "before_day_exclusive"),
]  # fmt: skip
LONGER = [
    ("trong tháng 4/2022", "2022-04-30", "month", "month_last_day"),
    ("Tháng 10-12/2025", "2025-12-31", "month", "month_last_day"),
    ("tháng năm năm 2025", "2025-05-31", "month", "month_last_day"),
    ("cuối tháng 2/2024", "2024-02-29", "month", "month_last_day"),
    ("giữa tháng 6 năm 2026", "2026-06-15", "day", "month_middle"),
    ("đầu tháng 6/2026", "2026-06-01", "day", "month_first_day"),
    ("trước tháng 6/2025", "2025-05-31", "month", "before_period_exclusive"),
    ("trong quý I/2026", "2026-03-31", "quarter", "quarter_last_day"),
    ("Quí IV-2025", "2025-12-31", "quarter", "quarter_last_day"),
    ("quý 4/năm 2025", "2025-12-31", "quarter", "quarter_last_day"),
    ("Quý I, II/2025", "2025-06-30", "quarter", "quarter_last_day"),
    ("quý II và quý III năm 2025", "2025-09-30", "quarter", "quarter_last_day"),
    ("trong vòng 06 tháng đầu năm 2025", "2025-06-30", "half_year", "half_year_last_day"),
    ("6 tháng cuối năm 2024", "2024-12-31", "half_year", "half_year_last_day"),
    ("giữa năm 2024", "2024-06-30", "half_year", "year_middle"),
    ("cuối năm 2024", "2024-12-31", "year", "year_last_day"),
    ("đầu năm 2026", "2026-01-01", "day", "year_first_day"),
    ("đến năm 2025, tầm nhìn đến năm 2030", "2025-12-31", "year", "year_last_day"),
    ("trong năm 2022 theo Kế hoạch số 39/KH-UBND ngày 25/4/2022", "2022-12-31", "year", "year_last_day"),
    ("trong năm 2022 theo kết luận ngày 18/02/2022 của Chủ tịch", "2022-12-31", "year", "year_last_day"),
    ("2025", "2025-12-31", "year", "year_last_day"),
    ("trước năm 2026", "2025-12-31", "year", "before_period_exclusive"),
    ("ngân hàng năm 2025", "2025-12-31", "year", "year_last_day"),
    ("giai đoạn 2023-2025", "2025-12-31", "period", "period_last_day"),
    ("2026 - 2030", "2030-12-31", "period", "period_last_day"),
    ("Năm 2025–2030", "2030-12-31", "period", "period_last_day"),
    ("từ năm 2023 đến năm 2025", "2025-12-31", "period", "period_last_day"),
    ("2021-2025, định hướng đến năm 2030", "2025-12-31", "period", "period_last_day"),
]
NO_DAY = [
    ("Thường xuyên", None, "standing", "standing_duty"),
    ("Thường xuyên, theo yêu cầu nhiệm vụ", None, "standing", "standing_duty"),
    ("Năm 2025 và các năm tiếp theo", None, "standing", "open_ended"),
    ("Từ 01/7/2025", None, "standing", "open_ended"),
    ("Sau khi có Quy chế của TW", None, "relative", "after_event"),
    ("Theo Kế hoạch số 59/KH-UBND ngày 25/4/2022", None, "relative", "according_to_plan"),
    ("đột xuất", None, "relative", "on_request"),
    ("trong vòng 10 ngày", None, "relative", "counted_from_event"),
    ("02 tháng kể từ ngày ký", None, "relative", "counted_from_event"),
    ("trong thời hạn 10 ngày kể từ ngày nhận", None, "relative", "counted_from_event"),
    ("hằng tháng, 05 ngày sau khi kết thúc tháng", None, "relative", "counted_from_event"),
    ("khẩn trương", None, "none", "urgency_only"),
    ("", None, "none", "no_wording"),
    ("trực 24/7", None, "none", "unreadable"),
    ("trước ngày 30/11", None, "none", "year_missing"),
    ("trong quý IV", None, "none", "year_missing"),
]
UNREADABLE = ["31/02/2023", "trước ngày 31/02/2023", "ngày 29 tháng 02 năm 2023", "tháng 13/2025", "00/00/2025",
              "Quý 5/2025", "giai đoạn 2025-2023", "1.2.30"]  # fmt: skip


@pytest.mark.parametrize(("wording", "due_on", "precision", "rule"), FIVE_DOCUMENTS + ONE_DAY + LONGER + NO_DAY)
def test_a_wording_is_read(wording: str, due_on: str | None, precision: str, rule: str) -> None:
    reading = read(wording)
    assert (reading.due_on, reading.precision, reading.rule) == (
        due_on and date.fromisoformat(due_on), precision, rule,
    )  # fmt: skip
    assert reading.wording == wording


@pytest.mark.parametrize("wording", UNREADABLE)
def test_days_that_do_not_exist_are_unreadable_and_raise_nothing(wording: str) -> None:
    reading = read(wording)
    assert (reading.due_on, reading.effective_on, reading.precision) == (None, None, Precision.NONE)
    assert reading.rule == "unreadable"


def test_the_last_day_moves_past_the_holiday_and_both_are_kept() -> None:
    reading = read("chậm nhất trong tháng 04/2022")
    assert (reading.due_on, reading.effective_on) == (date(2022, 4, 30), date(2022, 5, 4))


def test_no_wording_at_all() -> None:
    assert read_deadline(None, MAY_2022) == DeadlineReading(
        "", None, None, Precision.NONE, "no_wording", None, None
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wording", "due_on", "rule"),
    [
        ("trước ngày 15/12/2023", date(2023, 12, 15), "before_day_inclusive"),
        ("trước tháng 6/2025", date(2025, 6, 30), "before_period_inclusive"),
    ],
)
def test_an_office_may_count_the_day_named_after_before(wording: str, due_on: date, rule: str) -> None:
    reading = read(wording, before_is_exclusive=False)
    assert (reading.due_on, reading.rule) == (due_on, rule)


@pytest.mark.parametrize(
    ("wording", "due_on"),
    [
        ("trước ngày 30/11", date(2026, 11, 29)),
        ("chậm nhất ngày 15 tháng 8", date(2026, 8, 15)),
        ("trong tháng 3", date(2026, 3, 31)),
        ("trong quý IV", date(2026, 12, 31)),
        ("6 tháng đầu năm", date(2026, 6, 30)),
        ("trong năm", date(2026, 12, 31)),
        ("trong năm 2025", date(2025, 12, 31)),
    ],
)
def test_the_year_left_out_is_the_default_one(wording: str, due_on: date) -> None:
    assert read(wording, default_year=2026).due_on == due_on


@pytest.mark.parametrize(
    ("wording", "due_on", "rule"),
    [
        ("trong thời hạn 10 ngày kể từ ngày nhận", date(2022, 5, 9), "days_from_start"),
        (
            "chậm nhất 05 (năm) ngày làm việc, kể từ ngày nhận được văn bản",
            date(2022, 5, 10),
            "working_days_from_start",
        ),
        ("trong 02 tuần kể từ khi nhận", date(2022, 5, 13), "weeks_from_start"),
        ("trong 10 tháng kể từ ngày tiếp nhận", date(2023, 2, 28), "months_from_start"),
        ("02 năm sau khi nhận", date(2024, 4, 30), "years_from_start"),
        ("trong thời hạn 10 ngày kể từ ngày 01/7/2025", date(2025, 7, 11), "days_from_start"),
    ],
)
def test_a_limit_is_counted_from_the_day_after(wording: str, due_on: date, rule: str) -> None:
    received_on = date(2022, 4, 29) if "tháng" not in wording and "năm sau" not in wording else date(2022, 4, 30)
    reading = read(wording, received_on=received_on)
    assert (reading.due_on, reading.rule) == (due_on, rule)


# The first days from 01/01/2023 on, as a reader of calendars (RFC 5545) counts them.
RECURRENCES = [
    ("định kỳ hằng tháng, trước ngày 20", "FREQ=MONTHLY;BYMONTHDAY=19", ["2023-01-19", "2023-02-19"]),
    ("Trước ngày 01 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=-1", ["2023-01-31", "2023-02-28"]),
    ("ngày 30 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", ["2023-01-30", "2023-02-28"]),
    ("trước 15 giờ ngày 20 mỗi tháng", "FREQ=MONTHLY;BYMONTHDAY=20", ["2023-01-20"]),
    ("hằng tháng, trước ngày 05 tháng sau", "FREQ=MONTHLY;BYMONTHDAY=4", ["2023-01-04"]),
    ("hàng quý", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", ["2023-03-31", "2023-06-30"]),
    ("trước ngày 15 của tháng cuối quý, hằng quý", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=14", ["2023-03-14"]),
    ("hằng quý, ngày 05 tháng đầu quý sau", "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=5", ["2023-01-05"]),
    ("hằng năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", ["2023-12-31", "2024-12-31"]),
    ("hằng năm (trước ngày 15 tháng 11)", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=14", ["2023-11-14"]),
    ("trước ngày 01/3 hằng năm", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", ["2023-02-28", "2024-02-29"]),
    ("định kỳ trước ngày 01/6 và 15/11 hằng năm", "FREQ=YEARLY;BYYEARDAY=-215,-48",
     ["2023-05-31", "2023-11-14", "2024-05-31", "2024-11-14"]),
    ("ngày 10/01 và 10/7 hằng năm", "FREQ=YEARLY;BYYEARDAY=10,-175",
     ["2023-01-10", "2023-07-10", "2024-01-10", "2024-07-10"]),
    ("Tháng 12 hằng năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", ["2023-12-31"]),
    ("Quý I hằng năm", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1", ["2023-03-31"]),
    ("Định kỳ 6 tháng, năm", "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1", ["2023-06-30", "2023-12-31"]),
    ("03 tháng/lần", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", ["2023-03-31"]),
    ("báo cáo định kỳ tháng, quý, năm", "FREQ=MONTHLY;BYMONTHDAY=-1", ["2023-01-31"]),
    ("trước 15 giờ ngày thứ 4 hằng tuần", "FREQ=WEEKLY;BYDAY=WE", ["2023-01-04", "2023-01-11"]),
    ("trước thứ Hai hằng tuần", "FREQ=WEEKLY;BYDAY=SU", ["2023-01-01"]),
    ("hằng quý, trước ngày 01 tháng đầu quý sau", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", ["2023-03-31"]),
    ("ngày 29/02 và 31/8 hằng năm", "FREQ=YEARLY;BYYEARDAY=-307,-123",
     ["2023-02-28", "2023-08-31", "2024-02-29", "2024-08-31"]),
    ("ngày 29/02 hằng năm", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", ["2023-02-28", "2024-02-29"]),
    ("2 tuần một lần", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ["2023-01-13", "2023-01-27"]),
    ("2 tháng/lần", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", ["2023-01-31", "2023-03-31"]),
    ("mỗi tuần một lần", "FREQ=WEEKLY;BYDAY=FR", ["2023-01-06"]),
    ("hằng ngày", "FREQ=DAILY", ["2023-01-01", "2023-01-02"]),
    ("hằng năm, giai đoạn 2021-2023", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;UNTIL=20231231", ["2023-12-31"]),
]  # fmt: skip


@pytest.mark.parametrize(("wording", "rule", "first"), RECURRENCES)
def test_what_comes_back_is_a_rule_calendars_understand(wording: str, rule: str, first: list[str]) -> None:
    reading = read(wording)
    assert (reading.precision, reading.due_on, reading.recurrence) == (Precision.RECURRING, None, rule)
    occurrences = rrulestr(rule, dtstart=datetime.fromisoformat("2023-01-01")).xafter(
        datetime.fromisoformat("2022-12-31"), count=len(first)
    )
    assert [occurrence.date().isoformat() for occurrence in occurrences] == first


def test_an_office_may_count_the_day_of_a_recurrence_too() -> None:
    assert read("trước ngày 20 hằng tháng", before_is_exclusive=False).recurrence == "FREQ=MONTHLY;BYMONTHDAY=20"


@pytest.mark.parametrize(
    "wording", ["ngày 32 hằng tháng", "ngày 0 hằng tháng", "ngày 31/6 hằng năm", "tháng 13 hằng năm", "0 tuần một lần"]
)
def test_a_recurrence_on_days_that_do_not_exist_has_no_rule(wording: str) -> None:
    reading = read(wording)
    assert (reading.due_on, reading.recurrence) == (None, None)


@pytest.mark.parametrize(
    ("wording", "urgency", "due_on"),
    [
        ("Khẩn trương hoàn tất thủ tục trong năm 2022", "khẩn trương", date(2022, 12, 31)),
        ("sớm, kịp thời", "sớm, kịp thời", None),
        ("ngay trong tháng 3/2026", "ngay", date(2026, 3, 31)),
        ("trước ngày 15/12/2023", None, date(2023, 12, 14)),
    ],
)
def test_words_of_haste_are_kept_and_are_no_date(wording: str, urgency: str | None, due_on: date | None) -> None:
    reading = read(wording)
    assert (reading.urgency, reading.due_on) == (urgency, due_on)


ALL = [case[0] for case in FIVE_DOCUMENTS + ONE_DAY + LONGER + NO_DAY + RECURRENCES] + UNREADABLE


@pytest.mark.parametrize("wording", ALL)
def test_letters_composed_or_not_and_capitals_read_the_same(wording: str) -> None:
    usual = read(wording)
    for other in (unicodedata.normalize("NFD", wording), wording.upper(), f"  {wording}\u00a0"):
        reading = read(other)
        assert (reading.due_on, reading.rule, reading.recurrence, reading.urgency) == (
            usual.due_on, usual.rule, usual.recurrence, usual.urgency,
        )  # fmt: skip


def test_every_rule_is_used_and_has_its_place_in_the_table() -> None:
    counted = ["10 ngày kể từ ngày nhận", "10 ngày làm việc kể từ ngày nhận", "2 tuần kể từ ngày nhận",
               "2 tháng kể từ ngày nhận", "2 năm kể từ ngày nhận"]  # fmt: skip
    used = {read(wording, received_on=date(2022, 4, 29)).rule for wording in ALL + counted}
    used |= {read(wording, before_is_exclusive=False).rule for wording in ALL}
    assert used == set(RULES)


@given(days, calendars)
def test_a_day_counts_to_a_working_day_never_before_it(day: date, calendar: WorkCalendar) -> None:
    for wording in (f"đến hết ngày {day:%d/%m/%Y}", f"trước ngày {day:%d/%m/%Y}", f"tháng {day.month}/{day.year}"):
        reading = read_deadline(wording, calendar)
        assert reading.due_on is not None
        assert reading.effective_on is not None
        assert calendar.is_working(reading.effective_on)
        assert reading.effective_on >= reading.due_on


@given(days)
def test_every_way_to_write_a_day_is_that_day(day: date) -> None:
    spelt = f"ngày {day.day} tháng {day.month} năm {day.year}"
    for written in (
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%Y}",
        spelt,
    ):
        assert read(f"chậm nhất {written}").due_on == day
        assert read(f"trước {written}").due_on == day - timedelta(days=1)


@given(days)
def test_the_longer_the_stretch_named_the_later_its_last_day(day: date) -> None:
    quarter = ("I", "II", "III", "IV")[(day.month - 1) // 3]
    wordings = (f"ngày {day:%d/%m/%Y}", f"tháng {day:%m/%Y}", f"quý {quarter}/{day.year}", f"năm {day.year}",
                f"giai đoạn {day.year}-{day.year + 5}")  # fmt: skip
    last = [read(wording).due_on for wording in wordings]
    assert None not in last
    assert last == sorted(last)  # type: ignore[type-var]
    assert last[0] == day


@given(st.integers(1, 60), days, calendars)
def test_working_days_are_counted_by_the_calendar(number: int, received_on: date, calendar: WorkCalendar) -> None:
    reading = read_deadline(f"trong thời hạn {number} ngày làm việc kể từ ngày nhận", calendar, received_on=received_on)
    assert reading.due_on is not None
    assert calendar.count(received_on, reading.due_on) == number
    assert reading.effective_on == reading.due_on


words = st.sampled_from(
    [*" /-.,()", *"0123456789", "31", "12", "2025", "ngày", "tháng", "quý", "năm", "iv", "trước", "đến", "hết", "từ",
     "hằng", "định kỳ", "kể từ", "nhận", "giai đoạn", "thứ", "sau", "lần", "ngay", "6 tháng", "đầu", "tuần"]
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=60), st.lists(words, max_size=14).map(" ".join), st.lists(words, max_size=14).map("".join)
    )
)
def test_nothing_a_person_can_write_raises(wording: str) -> None:
    reading = read(wording, default_year=2024, received_on=date(2024, 2, 29))
    assert reading.wording == wording
    assert reading.rule in RULES
    assert (reading.due_on is None) == (reading.effective_on is None)
    dated = {"day", "month", "quarter", "half_year", "year", "period"}
    assert (reading.due_on is not None) == (reading.precision in dated)
    if reading.recurrence is not None:
        assert reading.precision == Precision.RECURRING
        assert next(iter(rrulestr(reading.recurrence, dtstart=datetime.fromisoformat("1990-01-01"))), None) is not None
