"""Changes of the working calendar as people write them: a table of days, each off, worked instead, or ordinary again.

A Saturday or Sunday is worked for one particular weekday off; its name says for which, and the two stand or fall together
(hoán đổi ngày làm việc, as the yearly announcements arrange it).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.rules.folding import fold
from tracker.rules.workdays import WorkCalendar

YEARS = range(2000, 2101)
LONGEST_NAME, LONGEST_SOURCE = 120, 300
MOST_ROWS = 400
MOST_FAULTS = 50

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_KINDS = {"nghi": False, "lam bu": True, "bo": None}
_SPELT: dict[bool | None, str] = {False: "nghỉ", True: "làm bù", None: "bỏ"}
_HEADING = {"ngay", "day", "date"}
WORKED_FOR = "Làm bù cho ngày"
OFF_FOR = "Nghỉ hoán đổi (làm bù ngày"


@dataclass(frozen=True, order=True)
class Change:
    """What a day shall be: off (`working` False), worked though a weekend (True), or what its weekday says (None)."""

    day: date
    working: bool | None
    name: str = ""
    source: str = ""


class What(StrEnum):
    """What is wrong with a row."""

    COLUMNS = "columns"
    DAY = "day"
    YEAR = "year"
    KIND = "kind"
    NAME = "name"
    SOURCE = "source"
    LONG = "long"
    WEEKDAY = "weekday"  # worked anyway
    TWICE = "twice"
    FOR_NONE = "for_none"  # worked instead of which day?
    FOR_WORKED = "for_worked"  # instead of a day that is not off
    MANY = "many"


@dataclass(frozen=True, order=True)
class Fault:
    """A row that cannot be taken: its line, why, and what was written there (for `TWICE` the line of the first)."""

    line: int
    what: What
    text: str = ""


def read_table(text: str) -> tuple[list[tuple[int, Change]], list[Fault]]:
    """Return the rows with their lines, and the faults, of a table pasted or uploaded: day; kind; name; source.

    Columns are parted by tabs, semicolons or commas. Blank lines and a heading are passed over. Never raises.
    """
    rows: list[tuple[int, Change]] = []
    faults: list[Fault] = []
    first: dict[date, int] = {}
    for line, cells in _cells(text):
        if len(rows) + len(faults) >= MOST_ROWS:
            return rows, [*faults, Fault(line, What.MANY)]
        found = _row(line, cells)
        if isinstance(found, Change) and found.day in first:
            found = Fault(line, What.TWICE, str(first[found.day]))
        if isinstance(found, Fault):
            faults.append(found)
        else:
            first[found.day] = line
            rows.append((line, found))
    return rows, faults


def as_table(changes: Iterable[Change]) -> str:
    """Return the changes as text that read_table reads back."""
    written = io.StringIO()  # a name may hold quotation marks: spelt as read_table takes them
    table = csv.writer(written, delimiter="\t", lineterminator="\n")
    table.writerows((one.day.isoformat(), _SPELT[one.working], one.name, one.source) for one in changes)
    return written.getvalue().removesuffix("\n")


def after(calendar: WorkCalendar, changes: Iterable[Change]) -> WorkCalendar:
    """Return the calendar as it would be with the changes made."""
    exceptions = dict(calendar.exceptions)
    for change in changes:
        if change.working is None:
            exceptions.pop(change.day, None)
        else:
            exceptions[change.day] = change.working
    return WorkCalendar(exceptions)


def swap_faults(rows: Sequence[tuple[int, Change]], calendar: WorkCalendar) -> list[Fault]:
    """Return the rows that have a weekend worked for no day, or for a day that would be worked too."""
    then = after(calendar, (change for _, change in rows))
    faults = []
    for line, change in rows:
        if not change.working:
            continue
        instead = replaced_day(change.name)
        if instead is None:
            faults.append(Fault(line, What.FOR_NONE, change.name))
        elif instead.weekday() >= 5 or then.is_working(instead):
            faults.append(Fault(line, What.FOR_WORKED, f"{instead:%d/%m/%Y}"))
    return faults


def swapped(weekend: date, weekday: date, source: str, name: str = "") -> list[Change]:
    """Return both halves of an exchange: the weekend worked, the weekday off; `name` is what people call the day off."""
    return [
        Change(weekend, True, f"{WORKED_FOR} {weekday:%d/%m/%Y}", source),
        Change(weekday, False, name or f"{OFF_FOR} {weekend:%d/%m/%Y})", source),
    ]


def replaced_day(name: str) -> date | None:
    """Return the day that a name like "Làm bù cho ngày 02/01/2026" speaks of, None when it names none that exists."""
    written = _DAY.search(name)
    return _date(written[3], written[2], written[1]) if written else None


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells without blanks around them) of the lines that say something."""
    for line, written in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not written.strip():
            continue
        parting = "\t" if "\t" in written else ";" if ";" in written else ","
        try:
            cells = [" ".join(cell.split()) for cell in next(csv.reader([written], delimiter=parting))]
        except (csv.Error, StopIteration):
            cells = [written]
        if any(cells) and fold(cells[0]) not in _HEADING:
            yield line, cells


def _row(line: int, cells: list[str]) -> Change | Fault:
    if len(cells) < 2:
        return Fault(line, What.COLUMNS, cells[0])
    day, kind = day_of(cells[0]), fold(cells[1])
    name, source = [*cells[2:4], "", ""][:2]
    if day is None:
        return Fault(line, What.DAY, cells[0])
    if day.year not in YEARS:
        return Fault(line, What.YEAR, cells[0])
    if kind not in _KINDS:
        return Fault(line, What.KIND, cells[1])
    return _checked(line, Change(day, _KINDS[kind], name, source))


def _checked(line: int, change: Change) -> Change | Fault:
    if change.working is None:
        return replace(change, name="", source="")
    if change.working and change.day.weekday() < 5:
        return Fault(line, What.WEEKDAY, f"{change.day:%d/%m/%Y}")
    if not change.name:
        return Fault(line, What.NAME)
    if not change.source:
        return Fault(line, What.SOURCE)
    if len(change.name) > LONGEST_NAME or len(change.source) > LONGEST_SOURCE:
        return Fault(line, What.LONG)
    return change


def day_of(text: str) -> date | None:
    """Return the day written as 02/01/2026, 2.1.2026, 02-01-2026 or 2026-01-02; None when it is none."""
    if (written := _ISO.fullmatch(text)) is not None:
        return _date(*written.groups())
    if (written := _DAY.fullmatch(text)) is not None:
        return _date(written[3], written[2], written[1])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
