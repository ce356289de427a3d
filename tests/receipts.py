"""What the tests of a reminder's link share: somebody was reminded, and has the address of the mail."""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World
from tests.pages import parse
from tracker import clock
from tracker.messages.links import acknowledge_address
from tracker.models import Acknowledgement, Assignment, AssignmentPeriod, Base, Message, Reminder, User

NOW = "2022-05-10 08:15"
DUE = date(2022, 5, 5)


def work(world: World, responsible: User, **facts: Any) -> Assignment:
    """Return work of the trade department that is five days late."""
    found = world.task(world.trade, DUE, responsible, **facts)
    world.ready()
    return found


def remind(world: World, person: User, *works: Assignment, step: str = "overdue_1") -> Message:
    """Return a message that told the person of the works."""
    key = f"{person.id}:{step}:{[work.id for work in works]}"
    message = Message(
        kind="reminder_digest", recipient_id=person.id, day=date(2022, 5, 9), key=key, state="sent", not_before=clock.now(),
        created_at=clock.now(),
    )  # fmt: skip
    world.session.add(message)
    world.session.flush()
    for work in works:
        world.session.add(
            Reminder(
                assignment_id=work.id, effective_on=DUE, step=step, recipient_id=person.id, message_id=message.id,
                day=message.day,
            )
        )  # fmt: skip
    world.session.commit()
    return message


def link(app: Flask, message: Message, assignment: Assignment | None = None) -> str:
    """Return the path of the link, made now; without an assignment that of all the message told of."""
    with app.app_context():
        whole = acknowledge_address(message.id, assignment.id if assignment else 0)
    return "/da-nhan/" + whole.rpartition("/")[2]


def text(html: str) -> str:
    """Return the words of the page's main part."""
    page: Any = parse(html)
    return " ".join(page.main.get_text(" ", strip=True).split())


def noted(db: Session) -> int:
    """Return how many acknowledgements there are."""
    db.commit()
    return db.execute(select(func.count()).select_from(Acknowledgement)).scalar_one()


def stand(db: Session, owed: Assignment, **facts: object) -> None:
    """Let the assignment stand like that."""
    period = db.scalars(select(AssignmentPeriod).where(AssignmentPeriod.assignment_id == owed.id)).one()
    for name, value in facts.items():
        setattr(period, name, value)
    db.commit()


def everything(db: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    db.commit()
    return {table.name: [tuple(row) for row in db.execute(select(table))] for table in Base.metadata.sorted_tables}
