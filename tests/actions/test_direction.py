"""A direction from the leader to the agencies that owe the work: addressed, acknowledged once, told by mail."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import direction as directing
from tracker.actions.standing import change_state, current_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import Agency, Assignment, Direction, DirectionReceipt, Event, Message, Task, User
from tracker.queries import direction as directions

DAY = date(2022, 4, 28)


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def task(session: Session, code: str = "TB1802:6.b") -> Task:
    return session.execute(select(Task).where(Task.code == code)).scalar_one()


def user(session: Session, name: str) -> User:
    return session.execute(select(User).where(User.email == f"{name}@tinh.gov.vn")).scalar_one()


def given(session: Session, code: str = "TB1802:6.b", **said: Any) -> Direction:
    asked = {"text": "Xong trước kỳ họp.", "given_on": DAY, "answer_by": None, "document": None, **said}
    return directing.give(session, user(session, "lanhdao"), task(session, code), **asked)


def agency_leads(session: Session, code: str) -> list[Assignment]:
    query = select(Assignment).join(Task).where(Task.code == code, Assignment.role == "lead")
    return list(session.scalars(query.order_by(Assignment.id)))


def test_it_goes_to_every_live_lead(context: Session) -> None:
    leads = agency_leads(context, "TB1802:7#1")
    change_state(context, current_assignment(context, leads[0].id), "drop")
    direction = given(context, "TB1802:7#1", answer_by=date(2022, 5, 10), document="152/TB-UBND")
    assert {receipt.assignment_id for receipt in direction.receipts} == {lead.id for lead in leads[1:]}
    context.commit()
    event = context.execute(select(Event).where(Event.verb == "give_direction")).scalar_one()
    assert (event.task_id, event.noun_id, event.facts["agencies"]) == (direction.task_id, direction.id, len(leads) - 1)
    assert (event.facts["said"], event.facts["answer_by"], event.facts["document"]) == (
        "Xong trước kỳ họp.", "2022-05-10", "152/TB-UBND",
    )  # fmt: skip


def test_a_task_without_a_lead_is_assigned_first(context: Session) -> None:
    code = context.scalars(select(Task.code).where(~Task.has_lead)).first()
    with pytest.raises(Refused, match="Hãy giao cơ quan chủ trì trước"):
        given(context, code or "")
    assert context.scalars(select(Direction)).all() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"given_on": date(2022, 4, 29)}, "Ngày chỉ đạo 29/04/2022 chưa tới"),
        ({"given_on": date(2022, 1, 1)}, "Ngày chỉ đạo 01/01/2022 trước ngày giao việc"),
        ({"answer_by": date(2022, 4, 27)}, "Ngày cần xong 27/04/2022 trước ngày chỉ đạo"),
    ],
)
def test_impossible_days(context: Session, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        given(context, **said)


def test_each_agency_acknowledges_once(context: Session) -> None:
    direction = given(context)
    officer = user(context, "chuyenvien.vp")
    receipt = direction.receipts[0]
    directing.acknowledge(context, officer, receipt, "Sẽ xong ngày 30/4.")
    assert (receipt.acknowledged_by_id, receipt.answer, receipt.agency_id) == (
        officer.id, "Sẽ xong ngày 30/4.", officer.agency_id,
    )  # fmt: skip
    with pytest.raises(Changed, match="đã được người khác của cơ quan tiếp nhận"):
        directing.acknowledge(context, officer, receipt, "Lần hai.")
    assert receipt.answer == "Sẽ xong ngày 30/4."
    context.commit()
    told = context.execute(select(Event).where(Event.verb == "acknowledge_direction")).scalar_one()
    assert (told.task_id, told.agency_id, told.facts["answer"]) == (
        direction.task_id, officer.agency_id, "Sẽ xong ngày 30/4.",
    )  # fmt: skip


def test_what_waits_follows_the_work_to_its_new_holder(context: Session) -> None:
    """Moved to a successor, or answered for by the successor's own lead: one press then takes in both."""
    direction = given(context, "TB1802:7#1")
    old, heir, other = direction.receipts[:3]
    context.get_one(Assignment, old.assignment_id).merged_into_id = heir.assignment_id
    context.get_one(Assignment, other.assignment_id).agency_id = heir.agency_id
    context.flush()
    assert directions.addressee(context, old.id) == (direction.task_id, heir.agency_id)
    assert directions.addressee(context, other.id) == (direction.task_id, heir.agency_id)
    assert directions.waiting_count(context, heir.agency_id) == 1
    directing.acknowledge(context, user(context, "chuyenvien.vp"), other, None)
    context.expire_all()
    assert [receipt.agency_id for receipt in (old, heir, other)] == [heir.agency_id] * 3
    assert all(receipt.acknowledged_at for receipt in (old, heir, other))
    assert directions.waiting_count(context, heir.agency_id) == 0
    with pytest.raises(Changed):
        directing.acknowledge(context, user(context, "chuyenvien.vp"), old, None)


def test_only_the_agency_addressed_is_told_and_not_the_leader(context: Session) -> None:
    office = context.execute(select(Agency).where(Agency.name == "Văn phòng UBND tỉnh")).scalar_one()
    officer = user(context, "chuyenvien.vp")
    officer.is_contact = True
    context.flush()
    direction = given(context)
    assert [receipt.agency_id for receipt in direction.receipts] == [office.id]
    rows = context.execute(select(Message.kind, Message.recipient_id, Message.facts)).all()
    assert [tuple(row) for row in rows] == [
        ("direction_given", officer.id, {"receipt_id": direction.receipts[0].id}),
    ]  # fmt: skip


def test_two_of_one_agency_at_once_one_is_told(app: Flask) -> None:
    with app.app_context():
        receipt_id = given(db.session()).receipts[0].id
        db.session.commit()
    together, outcomes = Barrier(2), []

    def run(answer: str) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            receipt = db.session.get_one(DirectionReceipt, receipt_id)
            try:
                directing.acknowledge(db.session(), user(db.session(), "chuyenvien.vp"), receipt, answer)
                db.session.commit()
                outcomes.append("taken in")
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [Thread(target=run, args=(answer,)) for answer in ("một", "hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["taken in", "told"]
    with app.app_context():
        verbs = db.session.scalars(select(Event.verb).where(Event.verb == "acknowledge_direction")).all()
        assert len(verbs) == 1
