"""Days off and swapped working days: the exceptions to Monday–Friday, seeded and then edited by people."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class CalendarDay(Base):
    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]  # False: day off; True: a Saturday or Sunday worked instead ("làm bù")
    name: Mapped[str]
    source: Mapped[str | None] = mapped_column(Text)
    edited: Mapped[bool] = mapped_column(default=False)
