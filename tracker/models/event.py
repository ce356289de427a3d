"""Who did what and when: append-only, a trigger refuses every change (migration 0001)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Event(Base):
    """`verb` names the action (report, propose_completion, confirm, return, clarify_lead, …); `facts` holds what changed."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: the system itself
    verb: Mapped[str]
    noun: Mapped[str]  # assignment, task, agency, user, calendar_day, …
    noun_id: Mapped[int | None]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (Index("ix_event_task_id", "task_id", "id"), Index("ix_event_noun", "noun", "noun_id", "id"))
