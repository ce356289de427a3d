"""A named part of a task (one system of a list): who builds it by when, on what basis, and how far it is."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.clarity import Basis
from tracker.actions.event import log
from tracker.errors import Changed, Refused
from tracker.models import TaskItem, User
from tracker.queries.calendar import work_calendar
from tracker.rules.timeliness import WorkState

STATES = (WorkState.NOT_STARTED, WorkState.IN_PROGRESS, WorkState.DONE, WorkState.PAUSED, WorkState.WITHDRAWN)


def assign_item(
    session: Session, actor: User, item: TaskItem, seen: int, agency_id: int | None, due_on: date | None, basis: Basis
) -> None:
    """Give the item a lead, a last day or both. Raises Changed when its version is no longer `seen`, Refused for neither.

    A last day that is no working day counts to the next one (Bộ luật Dân sự 2015, Điều 148 khoản 5).
    """
    if agency_id is None and due_on is None:
        raise Refused(_("Hãy chọn cơ quan chủ trì, ghi thời hạn, hoặc cả hai."))
    effective_on = work_calendar(session).on_or_after(due_on) if due_on else None
    _change(
        session,
        item,
        seen,
        agency_id=agency_id,
        due_on=due_on,
        effective_on=effective_on,
        basis_kind=basis.kind,
        basis=basis.text,
    )
    log(
        session, actor, "assign_item", "task_item", item.id, task_id=item.task_id, agency_id=agency_id,
        due_on=due_on.isoformat() if due_on else None, basis_kind=basis.kind, basis=basis.text,
    )  # fmt: skip


def report_item(
    session: Session, actor: User, item: TaskItem, seen: int, state: WorkState, result_on: date | None
) -> None:
    """Say how far the item is; `result_on` is the day of the result, kept only when it is done.

    Raises Changed when its version is no longer `seen`, Refused for a result without a day or with one still to come.
    """
    if state not in STATES:
        raise Refused(_("Tình trạng này không dùng cho hạng mục."))
    if state is WorkState.DONE:
        if result_on is None:
            raise Refused(_("Hạng mục hoàn thành cần có ngày có kết quả."))
        if result_on > clock.today():
            raise Refused(_("Ngày có kết quả chưa tới; hãy ghi ngày trên văn bản kết quả."))
    before = item.state
    _change(session, item, seen, state=state.value, result_on=result_on if state is WorkState.DONE else None)
    log(
        session, actor, "report_item", "task_item", item.id, task_id=item.task_id, agency_id=item.agency_id,
        state=state.value, before=before, result_on=result_on.isoformat() if result_on else None,
    )  # fmt: skip


def _change(session: Session, item: TaskItem, seen: int, **values: Any) -> None:
    changed = session.execute(
        update(TaskItem)
        .where(TaskItem.id == item.id, TaskItem.version == seen)
        .values(**values, version=seen + 1, edited=True)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Changed(
            _(
                "Hạng mục này vừa được người khác cập nhật. Nội dung bạn nhập vẫn còn bên dưới; xem thay đổi rồi gửi lại."
            )
        )
    session.refresh(item)
