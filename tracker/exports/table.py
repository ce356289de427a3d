"""A table for a spreadsheet: CSV that Excel opens with every Vietnamese mark, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import date

FORMULA = frozenset("=+-@＝＋－＠")  # the wide ones too: some spreadsheets take them for the narrow
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


def csv_text(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return the table as CSV in UTF-8 with a byte order mark."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(heading)
    for row in rows:
        table.writerow([harmless(cell) for cell in row])
    return BYTE_ORDER_MARK + written.getvalue()


def harmless(cell: str) -> str:
    """Return the cell so that a spreadsheet takes it for text: what begins like a formula gets an apostrophe."""
    return f"'{cell}" if cell.lstrip()[:1] in FORMULA or cell[:1].isspace() else cell


def iso(day: date | None) -> str:
    """Return the day so that a spreadsheet sorts it; empty for none."""
    return day.isoformat() if day else ""
