"""Calendar files, read back with the icalendar library and against the letter of RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exports.ics import Event, calendar

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from("\n,;\\"))
EVENTS = st.builds(
    Event,
    uid=st.from_regex(r"[a-z0-9-]{1,90}@[a-z.]{1,20}", fullmatch=True),
    day=st.dates(date(1, 1, 1), date(9999, 12, 30)),
    title=TEXT,
    description=TEXT,
    url=st.just("https://baro.tinh.gov.vn/nhiem-vu/12?a=1,2;3"),
    changed_at=st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
    alarm_days=st.none() | st.integers(0, 30),
    cancelled=st.booleans(),
    sequence=st.none() | st.integers(0, 2**31 - 1),
)


def one(**changes: object) -> Event:
    facts = {"uid": "a@b", "day": date(2026, 2, 28), "title": "Hạn: x", "description": "", "url": "", "changed_at": AT}
    return Event(**{**facts, **changes})  # type: ignore[arg-type]


def read(events: list[Event], name: str = "Ba Rõ") -> icalendar.Calendar:
    [parsed] = icalendar.Calendar.from_ical(calendar(name, events, refresh_hours=6), multiple=True)
    assert isinstance(parsed, icalendar.Calendar)
    assert [part.errors for part in parsed.walk()] == [[] for _ in parsed.walk()]
    return parsed


@given(st.lists(EVENTS, max_size=4), TEXT)
def test_what_is_written_is_read(events: list[Event], name: str) -> None:
    parsed = read(events, name)
    for known_as in ("NAME", "X-WR-CALNAME"):  # text too (RFC 7986, RFC 5545 3.8.8.2), which the library leaves escaped
        assert re.sub(r"\\(.)", lambda pair: {"n": "\n"}.get(pair[1], pair[1]), str(parsed[known_as])) == name
    found = parsed.walk("VEVENT")
    assert [str(event["UID"]) for event in found] == [event.uid for event in events]
    for told, event in zip(found, events, strict=True):
        assert (told.decoded("DTSTART"), told.decoded("DTEND")) == (event.day, event.day + timedelta(days=1))
        assert (str(told["SUMMARY"]), str(told.get("DESCRIPTION", ""))) == (event.title, event.description)
        assert told.decoded("DTSTAMP") == told.decoded("LAST-MODIFIED") == event.changed_at
        assert str(told["URL"]) == event.url
        assert str(told["STATUS"]) == ("CANCELLED" if event.cancelled else "CONFIRMED")
        assert event.sequence is None or told["SEQUENCE"] == event.sequence


@given(st.lists(EVENTS, max_size=3), TEXT)
def test_lines_are_short_and_no_character_is_cut(events: list[Event], name: str) -> None:
    written = calendar(name, events)
    assert written.endswith(b"\r\n")
    lines = written[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines)
    assert b"\n" not in written.replace(b"\r\n", b"") and b"\r" not in written.replace(b"\r\n", b"")


def test_the_whole_file() -> None:
    event = one(title="Hạn: a, b; c", description="Dòng 1\r\nDòng \\2", url="https://b/1", alarm_days=3)
    assert calendar("Việc", [event], refresh_hours=6).decode().split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ba Ro//Ba Ro//VI", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "NAME:Việc", "X-WR-CALNAME:Việc", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VEVENT", "UID:a@b", "DTSTAMP:20261122T010000Z", "LAST-MODIFIED:20261122T010000Z", "SEQUENCE:217472400",
        "DTSTART;VALUE=DATE:20260228", "DTEND;VALUE=DATE:20260301", r"SUMMARY:Hạn: a\, b\; c",
        r"DESCRIPTION:Dòng 1\nDòng \\2", "URL:https://b/1", "STATUS:CONFIRMED", "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "BEGIN:VALARM", "ACTION:DISPLAY", r"DESCRIPTION:Hạn: a\, b\; c",
        "TRIGGER:-P2DT16H", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0, 1, 2, 7])
def test_the_alarm_rings_at_eight(days: int) -> None:
    [alarm] = read([one(alarm_days=days)]).walk("VALARM")
    midnight = datetime(2026, 2, 28)
    assert midnight + alarm.decoded("TRIGGER") == midnight - timedelta(days=days) + timedelta(hours=8)


def test_nothing_is_rung_for_what_no_longer_holds() -> None:
    assert read([one(alarm_days=1, cancelled=True)]).walk("VALARM") == []


def test_later_changes_have_higher_numbers() -> None:
    first, second = (read([one(changed_at=at)]).walk("VEVENT")[0] for at in (AT, AT + timedelta(seconds=1)))
    assert first["SEQUENCE"] < second["SEQUENCE"] < 2**31


def test_an_empty_calendar_still_has_a_component() -> None:
    assert [part.name for part in read([]).subcomponents] == ["VTIMEZONE"]


def test_no_words_can_add_a_line() -> None:
    nasty = "x\r\nEND:VEVENT\x00\x85ATTENDEE:y\u2028Z"
    [event] = read([one(uid=nasty, title=nasty, description=nasty, url="https://b/\r\nATTENDEE:z")]).walk("VEVENT")
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]) == "x\nEND:VEVENT\nATTENDEE:y\nZ"
