"""What is sent to people, and the beats of the worker."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base

OPEN = text("state IN ('queued', 'claimed')")
TROUBLED = text("state IN ('failed', 'uncertain')")


def identity_of(kind: str, number: int, created_at: datetime) -> str:
    """Return what makes a message's id with its provider: of its row and nothing else, so that a repeat carries the same one."""
    return f"{kind}.{number}.{created_at:%Y%m%d%H%M%S}"


class Message(Base):
    """One message to one person by one channel. `state`: queued, claimed, sent, failed, cancelled, uncertain (a worker died
    while Zalo was asked: it may have gone out, a person looks).

    A digest's facts are rendered when it is sent; subject and body are then kept as they went out.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # one of messages.outbox
    channel: Mapped[str] = mapped_column(default="email")
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    address: Mapped[str | None]  # filled when sent
    day: Mapped[date]  # the day it belongs to, in Viet Nam
    key: Mapped[str] = mapped_column(unique=True)  # what makes it one: kind, recipient, channel, day …
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="queued")
    reason: Mapped[str | None] = mapped_column(Text)  # why cancelled, or the last error's text
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]  # the provider says it arrived
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))  # what could not go by its channel
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    recipient: Mapped[Any] = relationship("User")

    @property
    def identity(self) -> str:
        """What makes the Message-ID and the tracking_id."""
        return identity_of(self.kind, self.id, self.created_at)

    __table_args__ = (
        Index("ix_message_open", "state", "not_before", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_message_day", "day", "id"),
        Index("ix_message_troubled", "id", sqlite_where=TROUBLED, postgresql_where=TROUBLED),
    )


class JobRun(Base):
    """The last beat of each job of the worker: how `flask check` and /healthz know the clock is alive."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)


class MailPace(Base):
    """How much mail went to a domain in its last minute, up to when turns were given, and until when it rests."""

    __tablename__ = "mail_pace"

    domain: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime]
    sent: Mapped[int]
    ahead_minute: Mapped[datetime | None]
    ahead: Mapped[int]
    rests_until: Mapped[datetime | None]
