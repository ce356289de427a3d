"""The run of one day while it goes on: what was drawn up, and how far the messages have come by each channel."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import JobRun, Message, ReminderRun
from tracker.rules.reminder_policy import EMAIL

STATES = ("queued", "claimed", "sent", "failed", "uncertain", "cancelled")
OPEN = ("queued", "claimed")


@dataclass(frozen=True)
class Today:
    """`run` None: nothing drawn up yet. `messages` counts by channel and state what belongs to the day; `older` what waits from
    days before; `next_at` is when the next waiting message may leave, `last_sent` when one last did."""

    run: ReminderRun | None
    messages: Mapping[tuple[str, str], int]
    older: int
    next_at: datetime | None
    last_sent: datetime | None
    beats: Mapping[str, JobRun]

    @property
    def channels(self) -> list[str]:
        """Return the channels of which there is a message, e-mail always among them and first."""
        return [EMAIL, *sorted({channel for channel, _state in self.messages} - {EMAIL})]

    def total(self, state: str) -> int:
        """Return how many messages of the day are in the state."""
        return sum(count for (_channel, own), count in self.messages.items() if own == state)


def today(session: Session, day: date) -> Today:
    """Return how the day's run stands: five statements, whatever the numbers."""
    found = Counter[tuple[str, str]]()
    of_day = (
        select(Message.channel, Message.state, func.count(), func.max(Message.sent_at))
        .where(Message.day == day)
        .group_by(Message.channel, Message.state)
    )
    last_sent: list[datetime] = []
    for channel, state, count, sent_at in session.execute(of_day):
        found[channel, state] += count
        last_sent += [sent_at] if sent_at else []
    waits = Message.state.in_(OPEN)
    older, next_at = session.execute(
        select(
            func.count().filter(Message.day < day),
            func.min(Message.not_before).filter(Message.state == "queued"),
        ).where(waits)
    ).one()
    beats = {run.name: run for run in session.scalars(select(JobRun))}
    run = session.get(ReminderRun, day)
    return Today(run, found, older, next_at, max(last_sent, default=None), beats)


def trouble_count(session: Session) -> int:
    """Return how many messages failed or may not have arrived, and wait for a person: from the index over these."""
    return session.scalar(select(func.count()).where(Message.state.in_(("failed", "uncertain")))) or 0
