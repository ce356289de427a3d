"""An agency with overdue work, and the Office that writes to it: what every test of letters begins with."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tracker.actions import letter as writing
from tracker.models import Assignment, Message, Reminder, Role, UrgeLetter, UrgeLetterItem, User

MAY = date(2022, 5, 16)


@dataclass(frozen=True)
class Reached:
    """What the ladder says of work that has come to its end."""

    assignment_id: int
    effective_on: date


@dataclass
class Office:
    """The small province with three overdue tasks of the department of trade (two due on 31 March, one on 29 April)."""

    world: World
    monitor: User
    owed: list[Assignment]

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def numbers(self) -> list[int]:
        return [owed.id for owed in self.owed]

    def draft(self, *places: int) -> UrgeLetter:
        """Draft a letter about the tasks in these places; about all without any."""
        chosen = [self.numbers[place] for place in places] or self.numbers
        return writing.draft(self.session, self.world.trade.id, chosen, self.monitor)

    def due(self, *places: int) -> dict[int, Any]:
        """Return what the ladder hands over about these tasks."""
        dates = (date(2022, 3, 31), date(2022, 3, 31), date(2022, 4, 29))
        return {self.world.trade.id: [Reached(self.numbers[place], dates[place]) for place in places]}

    def remind(self, place: int, *steps: str, state: str = "sent") -> None:
        """Write down that these steps went out for the task."""
        for number, step in enumerate(steps):
            message = Message(
                kind="reminder_digest", recipient_id=self.monitor.id, day=date(2022, 5, 2 + number), facts={}, state=state,
                key=f"{place}{step}{state}", not_before=self.monitor.created_at, created_at=self.monitor.created_at,
            )  # fmt: skip
            self.session.add(message)
            self.session.flush()
            self.session.add(
                Reminder(assignment_id=self.numbers[place], effective_on=date(2022, 3, 31), step=step,
                         recipient_id=self.monitor.id, message_id=message.id, day=message.day)
            )  # fmt: skip
        self.session.commit()


def office(session: Session) -> Office:
    """Build the world and commit it."""
    world = World(session)
    world.trade.kind = "sở/ban/ngành"
    person = world.person("An Văn", world.trade, email="an@tinh.gov.vn", position="Trưởng phòng")
    owed = [
        world.task(world.trade, day, title=title, responsible=who)
        for day, title, who in (
            (date(2022, 3, 31), "Sàn thương mại điện tử", person),
            (date(2022, 3, 31), "Ký số hồ sơ", None),
            (date(2022, 4, 29), "Đào tạo cán bộ", None),
        )
    ]
    world.task(world.trade, date(2022, 6, 30), title="Chưa đến hạn")
    world.task(world.office, date(2022, 3, 31), title="Của cơ quan khác")
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    world.ready()
    return Office(world, monitor, owed)


def named(session: Session, letter: UrgeLetter) -> dict[int, bool]:
    """Return by assignment whether the letter leaves it out."""
    query = select(UrgeLetterItem.assignment_id, UrgeLetterItem.left_out).where(UrgeLetterItem.letter_id == letter.id)
    return dict(session.execute(query).all())
