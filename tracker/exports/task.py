"""The list of tasks as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker import words
from tracker.exports.table import csv_text, iso
from tracker.queries.task import TaskFilters, task_page
from tracker.queries.task_row import TaskRow
from tracker.rules.extension import slip_days

ROWS_AT_MOST = 20_000
AT_ONCE = 500


def csv_of_tasks(session: Session, filters: TaskFilters, day: date) -> str:
    """Return the filtered tasks, as they stood on `day`, as CSV in UTF-8 with a byte order mark; ROWS_AT_MOST at most."""
    heading = [
        _("Văn bản"), _("Điều khoản"), _("Nhiệm vụ"), _("Loại"), _("Chủ trì"), _("Phối hợp"),
        _("Hạn tính gốc"), _("Số lần gia hạn"), _("Số ngày gia hạn"), _("Thời hạn"), _("Hạn tính"), _("Kết quả"),
        _("Số ngày quá hạn"), _("Trạng thái"), _("Tính đến ngày"), _("Căn cứ giao chủ trì"), _("Căn cứ giao thời hạn"),
    ]  # fmt: skip
    return csv_text(heading, (_cells(row, day) for row in _rows(session, filters, day)))


def _rows(session: Session, filters: TaskFilters, day: date) -> Iterator[TaskRow]:
    after = ""
    for _turn in range(ROWS_AT_MOST // AT_ONCE):
        page = task_page(session, filters, day, after, limit=AT_ONCE)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


def _cells(row: TaskRow, day: date) -> list[str]:
    return [
        row.document_code, row.clause_label, row.short_title, str(words.TASK_KIND[row.kind]), ", ".join(row.lead_names),
        ", ".join(row.coordinating_names), iso(row.original_on or row.effective_on), str(row.slips or ""),
        str(slip_days(row.original_on, row.effective_on) or ""), iso(row.due_on), iso(row.effective_on),
        str(words.TIMELINESS[row.timeliness]), str(row.days_overdue or ""), str(words.WORK_STATE[row.state]), iso(day),
        words.basis(row.lead_basis_kind, row.lead_basis) if row.lead_names else "",
        words.basis(row.due_basis_kind, row.due_basis) if row.due_on else "",
    ]  # fmt: skip
