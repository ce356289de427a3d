"""The table of days: what is written is read, and no text is too strange."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.rules.strategies import calendars
from tracker.rules.calendar_table import (
    MOST_ROWS,
    Change,
    Fault,
    What,
    after,
    as_table,
    day_of,
    read_table,
    replaced_day,
    swap_faults,
    swapped,
)
from tracker.rules.workdays import WorkCalendar

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
WORDS = (
    st.from_regex(r"[A-Za-zÀ-ỹ0-9/().;,\"“ -]{1,60}", fullmatch=True)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    day = draw(DAYS)
    working = draw(st.sampled_from([False, None, *([True] if day.weekday() >= 5 else [])]))
    return Change(day, None) if working is None else Change(day, working, draw(WORDS), draw(WORDS))


TABLES = st.lists(changes(), max_size=8, unique_by=lambda change: change.day)


@example([Change(date(2031, 6, 11), False, '"Tết" sớm', '"Thông báo')])
@given(TABLES)
def test_what_is_written_is_read(table: list[Change]) -> None:
    assert read_table(as_table(table)) == (list(enumerate(table, 1)), [])


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    rows, faults = read_table(text)
    assert all(change.day.year in range(2000, 2101) for _line, change in rows)
    assert len({change.day for _line, change in rows}) == len(rows)
    lines = [line for line, _change in rows] + [fault.line for fault in faults]
    assert len(set(lines)) == len(lines)


@given(calendars, TABLES, DAYS)
def test_after_is_what_each_day_says(calendar: WorkCalendar, table: list[Change], other: date) -> None:
    then = after(calendar, table)
    told = {change.day: change.working for change in table}
    for day in [*told, other]:
        if day in told:
            assert then.is_working(day) is (day.weekday() < 5 if told[day] is None else told[day])
        else:
            assert then.is_working(day) is calendar.is_working(day)


@given(DAYS, st.integers(1, 60))
def test_both_halves_of_an_exchange_stand(day: date, apart: int) -> None:
    weekend = day + timedelta(days=5 - day.weekday())
    weekday = weekend + timedelta(days=7 * apart + 2)
    both = swapped(weekend, weekday, "TB")
    assert swap_faults(list(enumerate(both)), WorkCalendar()) == []
    assert swap_faults([(1, both[0])], WorkCalendar()) == [Fault(1, What.FOR_WORKED, f"{weekday:%d/%m/%Y}")]
    assert replaced_day(both[0].name) == weekday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("02/09/2027", date(2027, 9, 2)),
        ("2-9-2027", date(2027, 9, 2)),
        ("2.9.2027", date(2027, 9, 2)),
        ("2027-9-2", date(2027, 9, 2)),
        ("29/02/2027", None),
        ("2/9/27", None),
        ("02/09/2027 ", None),
        ("٠٢/٠٩/٢٠٢٧", date(2027, 9, 2)),
        ("", None),
    ],
)
def test_days_as_they_are_written(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_columns_however_they_are_parted() -> None:
    wanted = [(1, Change(date(2027, 9, 2), False, "Quốc khánh, lễ", "TB 1"))]
    for line in ("2/9/2027\tNGHỈ\tQuốc  khánh, lễ\tTB 1", "2/9/2027;nghi;Quốc khánh, lễ;TB 1",
                 '2/9/2027,nghỉ,"Quốc khánh, lễ",TB 1', "\ufeff2/9/2027;nghỉ;Quốc khánh, lễ;TB 1;thừa"):  # fmt: skip
        assert read_table(line) == (wanted, [])


def test_no_table_is_endless() -> None:
    first = date(2020, 1, 1)
    text = "\n".join(f"{first + timedelta(days=n)};nghỉ;x;y" for n in range(MOST_ROWS + 5))
    rows, faults = read_table(text)
    assert (len(rows), faults) == (MOST_ROWS, [Fault(MOST_ROWS + 1, What.MANY)])
