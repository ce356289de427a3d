"""What shows that a result exists: a file kept under the hash of its content, or the number of a document."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Evidence(Base):
    """One piece of evidence of a report. `kind`: file, document. A secret document has its number only, never a file."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(index=True)  # where the file is kept
    name: Mapped[str | None]  # as the person's computer called it, made safe
    media_type: Mapped[str | None]  # as read from the content
    size: Mapped[int | None]  # bytes
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]
    title: Mapped[str | None] = mapped_column(Text)
    secret: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]

    added_by: Mapped[Any] = relationship("User")
