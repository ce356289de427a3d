"""What an administrator may change without touching the program."""

from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Setting(Base):
    """One number that a province chooses for itself; tracker.queries.setting knows the names and what holds without a row."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
