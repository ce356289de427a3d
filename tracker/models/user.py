"""People who sign in, and the attempts that failed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class Role(StrEnum):
    OFFICER = "officer"  # chuyên viên
    AGENCY_HEAD = "agency_head"  # lãnh đạo cơ quan
    MONITOR = "monitor"  # Văn phòng UBND tỉnh
    STANDING_BODY = "standing_body"  # cơ quan thường trực
    LEADER = "leader"  # lãnh đạo UBND tỉnh
    VIEWER = "viewer"  # người xem
    ADMINISTRATOR = "administrator"  # quản trị


class User(Base):
    """An account; one person, one account. Flask-Login's four properties are below so that the model needs no mixin."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case; how one signs in and is mailed
    name: Mapped[str]
    position: Mapped[str | None]
    role: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    is_contact: Mapped[bool] = mapped_column(
        default=False
    )  # receives the agency's reminders when nobody is responsible
    language: Mapped[str] = mapped_column(default="vi")
    session_key: Mapped[str]  # changes with the password: every open session ends
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    agency: Mapped[Any] = relationship("Agency")

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return f"{self.id}.{self.session_key}"


class SignInAttempt(Base):
    """A failed sign-in: counted in the database so that every web process sees the same throttle."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sign_in_attempt_email_at", "email", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )
