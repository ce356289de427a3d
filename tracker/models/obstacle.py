"""What stops an agency (vướng mắc), who is to answer it and by when. Each step is a row that stays."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.agency import Agency
from tracker.models.base import Base
from tracker.models.task import Assignment

OPEN = text("state <> 'closed'")


class Obstacle(Base):
    """`level` is who must answer now: standing_body, province (vượt thẩm quyền). `state`: waiting (for that level), answered
    (the agency has the answer and closes it or asks again), closed. `version` goes up with each step."""

    __tablename__ = "obstacle"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    raised_at: Mapped[datetime]
    raised_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    level: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    level_since: Mapped[date]  # the day this level's clock began
    due_on: Mapped[date]  # the working day by which this level is to answer
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    agency: Mapped[Agency] = relationship()
    raised_by: Mapped[Any] = relationship("User", foreign_keys=[raised_by_id])
    steps: Mapped[list["ObstacleStep"]] = relationship(order_by="ObstacleStep.id", back_populates="obstacle")

    __table_args__ = (
        Index("ix_obstacle_open", "level", "state", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )


class ObstacleStep(Base):
    """One step: raise, or a verb of tracker.rules.obstacle. `late` when the level took it after its day.

    `text` of the first step is why it went straight to the province. `due_on` is the day by which the level that waits from this
    step on is to answer: kept here too, so that each level's clock stays known after the next has begun.
    """

    __tablename__ = "obstacle_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    obstacle_id: Mapped[int] = mapped_column(ForeignKey("obstacle.id"), index=True)
    verb: Mapped[str]
    level: Mapped[str]  # the level at which it was taken
    text: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str | None]  # number and date of the paper, where one decides
    late: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    on: Mapped[date]

    obstacle: Mapped[Obstacle] = relationship(back_populates="steps")
    actor: Mapped[Any] = relationship("User")
