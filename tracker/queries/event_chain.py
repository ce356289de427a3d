"""Is the log of events as it was written? Each row's hash is made anew; the first that does not fit is named."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Event, EventChain
from tracker.rules import chain

AT_ONCE = 5000
TOLD = ("at", "actor_id", "verb", "noun", "noun_id", "task_id", "agency_id", "facts")


def first_broken(session: Session) -> str | None:
    """Return a sentence that names the first row that is not what was written, None when all are. Reads the whole log."""
    previous, last_id = chain.NOTHING_BEFORE, 0
    columns = (Event.id, Event.previous_hash, Event.hash, *(getattr(Event, name) for name in TOLD))
    rows = session.execute(select(*columns).order_by(Event.id), execution_options={"yield_per": AT_ONCE})
    for row in rows:
        if row.hash is None:
            return _("Nhật ký: sự kiện số %(id)s không có mã băm; nó được ghi ngoài chương trình này.", id=row.id)
        if row.previous_hash != previous:
            return _(
                "Nhật ký đứt ở sự kiện số %(id)s: ngay trước đó có sự kiện bị xoá, chèn thêm hoặc đổi chỗ.", id=row.id
            )
        if chain.link(previous, **{name: getattr(row, name) for name in TOLD}) != row.hash:
            return _("Nhật ký: nội dung sự kiện số %(id)s đã bị sửa sau khi ghi.", id=row.id)
        previous, last_id = row.hash, row.id
    end = session.execute(select(EventChain.last_event_id, EventChain.hash)).one_or_none()
    if end is None or tuple(end) != (last_id, previous):
        return _("Nhật ký thiếu phần cuối: sự kiện còn lại cuối cùng là số %(id)s.", id=last_id)
    return None


def length(session: Session) -> tuple[int, str]:
    """Return how many events there are and the hash of the last: written on paper, it proves the log later."""
    end = session.execute(select(EventChain.hash)).scalar_one_or_none()
    return session.execute(select(func.count()).select_from(Event)).scalar_one(), end or chain.NOTHING_BEFORE


@dataclass(frozen=True)
class ChainEnd:
    """Where the log ends: the last event's number (0: there is none yet) and its hash."""

    number: int
    digest: str


def chain_end(session: Session) -> ChainEnd:
    """Return where the log ends now: written on paper, it proves every line before it. One row, whatever the log's length."""
    row = session.execute(select(EventChain.last_event_id, EventChain.hash)).one_or_none()
    return ChainEnd(*row) if row else ChainEnd(0, chain.NOTHING_BEFORE)
