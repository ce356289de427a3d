"""What the Zalo channel keeps: its pair of tokens, and what Zalo told us."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class ZaloToken(Base):
    """The pair of tokens, encrypted with a key that is not in the database. One row (id 1). The refresh token is used once: the
    new pair is written down before it is used."""

    __tablename__ = "zalo_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    access_token: Mapped[str] = mapped_column(Text)  # encrypted
    refresh_token: Mapped[str] = mapped_column(Text)  # encrypted
    access_expires_at: Mapped[datetime]
    refresh_expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    refreshing_since: Mapped[datetime | None]  # who refreshes holds this; a crash leaves it and it lapses
    refreshing_by: Mapped[str | None]
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)  # characters by parameter, as the template said them
    trouble: Mapped[str | None] = mapped_column(Text)  # why Zalo does not work now, as words.zalo reads it
    trouble_at: Mapped[datetime | None]  # when it was seen last


class ZaloEvent(Base):
    """One event Zalo sent us, once: `key` is of what the event is about, so that a repeat changes nothing. Of two about the same
    `subject` the one that happened later counts, in whatever order they come."""

    __tablename__ = "zalo_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # follow, unfollow, user_received_message, …
    subject: Mapped[str | None] = mapped_column(index=True)  # the Zalo id of a person, a message or a template
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    effect: Mapped[str | None]  # what it changed; None: nothing of ours
