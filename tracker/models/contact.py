"""How a person is reached: addresses and whether they work, consent to Zalo, kinds of message not wanted, calendar addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base

LIVE = text("revoked_at IS NULL")


class Contact(Base):
    """Whether one address of a person takes messages. `state`: works, refused (said so at once), bounced (came back later),
    blocked (the person refused us). No row: never tried. `address` is the one that was tried: a new one starts afresh."""

    __tablename__ = "contact"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)  # email, zalo
    address: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)  # one after the other
    since: Mapped[datetime]  # of the state
    told_at: Mapped[datetime | None]  # when the administrators were told of it

    user: Mapped[Any] = relationship("User")

    __table_args__ = (
        Index(
            "ix_contact_unwell", "state", "user_id", sqlite_where=text("state != 'works'"),
            postgresql_where=text("state != 'works'"),
        ),
    )  # fmt: skip


class ZaloLink(Base):
    """A person's telephone and Zalo identity, and the consent to be told there. Without `consented_at` nothing is sent."""

    __tablename__ = "zalo_link"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    phone: Mapped[str | None]  # 84987654321
    zalo_id: Mapped[str | None] = mapped_column(unique=True)  # user_id in the scope of the Official Account
    follows: Mapped[bool] = mapped_column(default=False)
    consented_at: Mapped[datetime | None]
    consent_words: Mapped[str | None] = mapped_column(Text)  # what the person agreed to, as it was shown
    withdrawn_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    user: Mapped[Any] = relationship("User")


class Mute(Base):
    """A kind of message that a person does not want. Only optional kinds can be muted (messages.kinds)."""

    __tablename__ = "mute"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class CalendarFeed(Base):
    """A private address from which a calendar program reads due dates: of one person, or of one agency. Only a hash of the
    secret is kept; a new address revokes the old one."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]  # person, agency
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))  # whose address it is, and who answers for its use
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    user: Mapped[Any] = relationship("User")
    agency: Mapped[Any] = relationship("Agency")

    __table_args__ = (
        Index(
            "uq_calendar_feed_live", "user_id", "scope", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
    )  # fmt: skip
