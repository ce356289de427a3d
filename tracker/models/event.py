"""Who did what and when: append-only, chained by hash; a trigger refuses every change. Who saw what. What was sent once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
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
    previous_hash: Mapped[str | None]  # of the event before it; tracker.rules.chain says how a hash is made
    hash: Mapped[str | None]  # None: written by a program older than the chain

    __table_args__ = (
        Index("ix_event_task_id", "task_id", "id"),
        Index("ix_event_noun", "noun", "noun_id", "id"),
        Index("ix_event_at", "at", "id"),
        Index("ix_event_actor_id", "actor_id", "at", "id"),
    )


class EventChain(Base):
    """The end of the chain, one row: what the next event continues, and what shows that the last ones were cut off."""

    __tablename__ = "event_chain"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    last_event_id: Mapped[int]
    hash: Mapped[str]


class Sighting(Base):
    """Who has opened a task, first and last: one row for each person and task."""

    __tablename__ = "sighting"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    first_on: Mapped[date]
    last_on: Mapped[date]


class Submission(Base):
    """A form that has been sent: the second click of a double click finds it and is led where the first one went."""

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    location: Mapped[str | None] = mapped_column(Text)
