"""Work of which somebody was reminded: to be acknowledged, acknowledged already, and with its reminders held."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.messages.links import acknowledge_address
from tracker.models import (
    FOREVER,
    Acknowledgement,
    Assignment,
    AssignmentPeriod,
    Message,
    Reminder,
    ReminderHold,
    User,
)
from tracker.rules.transitions import AT_WORK

WHY = "Chờ Bộ Thông tin và Truyền thông ban hành hướng dẫn về khung kiến trúc, dự kiến trong tháng."


def answers(app: Flask, db: Session) -> dict[str, tuple[str, list[str]]]:
    """Return by endpoint who goes there, and where."""
    db.commit()
    officer, head, office = (
        db.scalars(select(User).where(User.email == email)).one()
        for email in ("chuyenvien.stttt@tinh.gov.vn", "giamdoc.stttt@tinh.gov.vn", "theodoi.vp@tinh.gov.vn")
    )
    works = list(db.scalars(_dated(officer.agency_id).limit(3)))
    first, second, third = works
    message = _told(db, officer, works)
    for work, who in ((first, officer), (second, officer), (third, None)):
        db.get_one(Assignment, work.assignment_id).responsible_id = who.id if who else head.id
    today = clock.today()
    db.add_all(
        [
            Acknowledgement(
                assignment_id=second.assignment_id, effective_on=second.effective_on, person_id=officer.id, day=today,
                at=clock.now(), until_on=today + timedelta(days=7), via="mail", message_id=message.id,
            ),
            ReminderHold(
                assignment_id=first.assignment_id, from_on=today, until_on=today + timedelta(days=30), reason=WHY,
                made_by_id=office.id, made_at=clock.now(),
            ),
        ]
    )  # fmt: skip
    db.commit()
    with app.app_context():
        links = [acknowledge_address(message.id, number) for number in (0, first.assignment_id, second.assignment_id)]
    tasks = [f"/nhiem-vu/{one.task_id}" for one in (first, second)]
    holds = [f"/phan-viec/{one.assignment_id}/tam-ngung-nhac" for one in (first, second)]
    return {
        "acknowledgement.show": ("", [urlsplit(link).path for link in links] + ["/da-nhan/khong-phai"]),
        "reminder_hold.new": ("monitor", [*holds, *tasks]),
        "reminder_hold.index": ("monitor", ["/nhac-viec/tam-ngung"]),
        "task.show acknowledged": ("officer_stttt", tasks),
    }


def _dated(agency_id: int | None) -> Select[AssignmentPeriod]:
    period = AssignmentPeriod
    return (
        select(period)
        .where(period.valid_to == FOREVER, period.role == "lead", period.state.in_([state.value for state in AT_WORK]))
        .where(period.effective_on.is_not(None), period.agency_id == agency_id)
        .order_by(period.effective_on, period.id)
    )


def _told(db: Session, person: User, works: list[AssignmentPeriod]) -> Message:
    now, day = clock.now(), clock.today()
    message = Message(
        kind="reminder_digest",
        recipient_id=person.id,
        day=day,
        key="answers",
        state="sent",
        not_before=now,
        created_at=now,
    )
    db.add(message)
    db.flush()
    for work in works:
        db.add(
            Reminder(
                assignment_id=work.assignment_id, effective_on=work.effective_on, step="overdue_1", day=day,
                recipient_id=person.id, message_id=message.id,
            )
        )  # fmt: skip
    return message
