"""Clearing what a document left open: what is written, what is refused, and who wins when two try at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import clarity, task_item
from tracker.actions.clarity import Basis
from tracker.actions.standing import rebuild_tally
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Deadline,
    Event,
    Tally,
    Task,
    TaskItem,
    TaskPeriod,
    User,
)
from tracker.queries.clarity import known_groups, last_seen
from tracker.rules.timeliness import WorkState

TODAY = date(2023, 11, 15)
LIST_OF_SYSTEMS = "KH2023:III.5.-2"  # neither person nor date: the annex that assigned it is missing (D23)
BY_DOCUMENT = Basis("document", "1234/UBND-VX, 10/11/2023")
PROPOSAL = Basis("proposal")


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:  # after the application, which sets the clock when it is made
    with clock.on_day(TODAY):
        yield


def task(session: Session, code: str = LIST_OF_SYSTEMS) -> Task:
    return session.execute(select(Task).where(Task.code == code)).scalar_one()


def agency(session: Session, name: str = "Sở Thông tin và Truyền thông") -> Agency:
    return session.execute(select(Agency).where(Agency.name == name)).scalar_one()


def monitor(session: Session) -> User:
    return session.execute(select(User).where(User.email == "theodoi.vp@tinh.gov.vn")).scalar_one()


def standing(session: Session, found: Task) -> TaskPeriod:
    query = select(TaskPeriod).where(TaskPeriod.task_id == found.id, TaskPeriod.valid_to == FOREVER)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def open_periods(session: Session, found: Task) -> list[AssignmentPeriod]:
    query = select(AssignmentPeriod).where(AssignmentPeriod.task_id == found.id, AssignmentPeriod.valid_to == FOREVER)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def tallied(session: Session) -> dict[Any, int]:
    rows = session.execute(
        select(Tally.scope, Tally.scope_id, Tally.clock, Tally.effective_on, Tally.n).where(Tally.n != 0)
    )
    return {tuple(row[:4]): row.n for row in rows}


def test_a_lead_on_a_document(context: Session) -> None:
    found = task(context)
    assert clarity.assign_lead(context, monitor(context), found, 0, agency(context), BY_DOCUMENT) == 1
    lead = context.execute(select(Assignment).where(Assignment.task_id == found.id)).scalar_one()
    assert (lead.role, lead.origin, lead.basis_kind, lead.basis) == (
        "lead",
        "clarified",
        "document",
        "1234/UBND-VX, 10/11/2023",
    )
    assert (found.has_lead, found.lead_label) == (True, agency(context).short_name)
    period = standing(context, found)
    assert (period.leads, period.valid_from) == (1, TODAY)
    context.commit()  # the log is written with the commit
    event = context.execute(select(Event).where(Event.verb == "clarify_lead")).scalar_one()
    assert (event.task_id, event.agency_id, event.facts["basis"]) == (found.id, agency(context).id, BY_DOCUMENT.text)


def test_yesterday_nobody_led(context: Session) -> None:
    found = task(context)
    clarity.assign_lead(context, monitor(context), found, 0, agency(context), BY_DOCUMENT)
    yesterday = TODAY - timedelta(days=1)
    query = select(TaskPeriod.leads).where(
        TaskPeriod.task_id == found.id, TaskPeriod.valid_from <= yesterday, TaskPeriod.valid_to > yesterday
    )
    assert context.execute(query).scalar_one() == 0


def test_a_group_fans_out(context: Session) -> None:
    found = task(context)
    group = next(g for g in known_groups(context, TODAY) if len(g.members) == 20)
    assert clarity.assign_lead(context, monitor(context), found, 0, group, PROPOSAL) == 20
    assert standing(context, found).leads == 20
    assert {period.agency_id for period in open_periods(context, found)} == set(group.members)
    assert found.lead_label == f"{group.name} (20 cơ quan)"
    kept = tallied(context)
    rebuild_tally(context)
    assert tallied(context) == kept


def test_a_proposal_becomes_an_order(context: Session) -> None:
    found = task(context)
    clarity.assign_lead(context, monitor(context), found, 0, agency(context), PROPOSAL)
    seen = last_seen(context, found.id, clarity.LEAD)
    clarity.assign_lead(context, monitor(context), found, seen, agency(context), BY_DOCUMENT)
    lead = context.execute(select(Assignment).where(Assignment.task_id == found.id)).scalar_one()
    assert (lead.basis_kind, lead.basis) == ("document", BY_DOCUMENT.text)


def test_another_lead_than_the_one_there_is_refused(context: Session) -> None:
    found = task(context, "TB1802:6.b")
    with pytest.raises(Refused) as refusal:
        clarity.assign_lead(context, monitor(context), found, 0, agency(context), BY_DOCUMENT)
    assert "VP UBND tỉnh" in refusal.value.sentence


def test_whoever_has_not_seen_the_last_change_is_told(context: Session) -> None:
    found = task(context)
    clarity.set_deliverable(context, monitor(context), found, 0, "Báo cáo", PROPOSAL)
    context.commit()
    with pytest.raises(Changed):
        clarity.set_deliverable(context, monitor(context), found, 0, "Quyết định", PROPOSAL)
    assert found.deliverable == "Báo cáo"


def test_a_date_moves_every_open_assignment(context: Session) -> None:
    found = task(context, "TB1802:7#1")
    original = context.scalar(select(func.count()).select_from(Deadline))
    done = open_periods(context, found)[0]
    done.state, done.result_on = WorkState.DONE.value, date(2022, 3, 1)
    context.flush()
    clarity.set_deadline(context, monitor(context), found, 0, date(2023, 12, 31), None, BY_DOCUMENT)
    periods = {period.assignment_id: period for period in open_periods(context, found)}
    moved = {p.effective_on for key, p in periods.items() if key != done.assignment_id and p.role == "lead"}
    assert moved == {date(2024, 1, 2)}  # 31/12/2023 is a Sunday, 01/01/2024 a holiday
    assert periods[done.assignment_id].effective_on is None
    task_period = standing(context, found)
    assert (task_period.due_on, task_period.effective_on, task_period.clock) == (
        date(2023, 12, 31),
        date(2024, 1, 2),
        "running",
    )
    row = context.execute(
        select(Deadline).where(Deadline.task_id == found.id, Deadline.kind == "assigned")
    ).scalar_one()
    assert (row.basis, row.valid_from, row.rule) == (BY_DOCUMENT.text, TODAY, "assigned_day")
    assert context.scalar(select(func.count()).select_from(Deadline)) == original + 1
    assert found.has_time


def test_the_documents_own_words_stay(context: Session) -> None:
    found = task(context, "NQ05:IV.4#2")  # "định kỳ sơ kết, tổng kết": a wording without an interval (D31)
    words = context.execute(select(Deadline.wording, Deadline.due_on).where(Deadline.task_id == found.id)).all()
    assert words
    if found.kind == "standing_duty":
        with pytest.raises(Refused):
            clarity.set_deadline(context, monitor(context), found, 0, date(2023, 12, 20), None, PROPOSAL)
        return
    clarity.set_deadline(context, monitor(context), found, 0, date(2023, 12, 20), "trước 20/12", PROPOSAL)
    kept = context.execute(
        select(Deadline.wording, Deadline.due_on).where(Deadline.task_id == found.id, Deadline.kind != "assigned")
    ).all()
    assert kept == words


def test_what_a_document_dates_stays_dated(context: Session) -> None:
    found = task(context, "TB1802:6.b")
    with pytest.raises(Refused) as refusal:
        clarity.set_deadline(context, monitor(context), found, 0, date(2024, 1, 31), None, BY_DOCUMENT)
    assert "30/04/2022" in refusal.value.sentence


def test_a_proposed_date_gets_its_document_and_moves_no_more(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        found, office = task(session), monitor(session)
        clarity.set_deadline(session, office, found, 0, date(2023, 12, 15), None, PROPOSAL)
        session.commit()
        assert (found.due_basis_kind, found.due_basis) == ("proposal", None)
        clarity.set_deadline(
            session,
            office,
            found,
            last_seen(session, found.id, clarity.DEADLINE),
            date(2023, 12, 20),
            None,
            BY_DOCUMENT,
        )
        session.commit()
        assert (found.due_basis_kind, found.due_basis) == ("document", BY_DOCUMENT.text)
        kept = session.execute(
            select(Deadline.due_on, Deadline.basis_kind).where(Deadline.task_id == found.id).order_by(Deadline.id)
        ).all()
        assert [tuple(row) for row in kept] == [(date(2023, 12, 15), "proposal"), (date(2023, 12, 20), "document")]
    with app.app_context(), clock.on_day(TODAY + timedelta(days=1)):
        session = db.session()
        found, office = task(session), monitor(session)
        seen = last_seen(session, found.id, clarity.DEADLINE)
        with pytest.raises(Refused) as refusal:
            clarity.set_deadline(session, office, found, seen, date(2024, 3, 1), None, BY_DOCUMENT)
        assert "20/12/2023" in refusal.value.sentence
        clarity.set_deadline(session, office, found, seen, date(2023, 12, 20), None, Basis("document", "2/QĐ"))
        assert found.due_basis == "2/QĐ"


def test_a_standing_duty_gets_no_date(context: Session) -> None:
    duty = context.scalars(select(Task).where(Task.kind == "standing_duty").limit(1)).one()
    with pytest.raises(Refused):
        clarity.set_deadline(context, monitor(context), duty, 0, date(2024, 1, 31), None, BY_DOCUMENT)


def test_a_date_before_the_order_is_refused(context: Session) -> None:
    with pytest.raises(Refused):
        clarity.set_deadline(context, monitor(context), task(context), 0, date(2020, 1, 31), None, BY_DOCUMENT)


def test_the_person_is_of_the_agency(context: Session) -> None:
    found = task(context, "TB1802:6.b")
    lead = context.execute(
        select(Assignment).where(Assignment.task_id == found.id, Assignment.role == "lead")
    ).scalar_one()
    stranger = context.execute(select(User).where(User.email == "chuyenvien.sct@tinh.gov.vn")).scalar_one()
    with pytest.raises(Refused):
        clarity.name_person(context, monitor(context), found, 0, lead, stranger, BY_DOCUMENT)
    officer = context.execute(select(User).where(User.email == "chuyenvien.vp@tinh.gov.vn")).scalar_one()
    clarity.name_person(context, monitor(context), found, 0, lead, officer, PROPOSAL)
    assert (lead.responsible_id, lead.responsible_basis_kind) == (officer.id, "proposal")


def test_a_product_the_document_names_stays(context: Session) -> None:
    found = task(context, "TB1802:6.b")
    with pytest.raises(Refused):
        clarity.set_deliverable(context, monitor(context), found, 0, "khác", BY_DOCUMENT)


def test_two_at_once_name_one_lead(app: Flask) -> None:
    barrier, outcomes = Barrier(2), []

    def race(name: str) -> None:
        with app.app_context():
            session = db.session()
            found_id = session.scalar(select(Task.id).where(Task.code == LIST_OF_SYSTEMS))
            session.rollback()
            barrier.wait()
            begin_writing()
            try:
                found = session.get_one(Task, found_id)
                clarity.assign_lead(session, monitor(session), found, 0, agency(session, name), PROPOSAL)
                session.commit()
                outcomes.append("won")
            except Changed:
                session.rollback()
                outcomes.append("told")

    racers = [Thread(target=race, args=(name,)) for name in ("Sở Tài chính", "Sở Nội vụ")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(outcomes) == ["told", "won"]
    with app.app_context():
        assert standing(db.session(), task(db.session())).leads == 1


def item(session: Session) -> TaskItem:
    return session.scalars(select(TaskItem).join(Task).where(Task.code == LIST_OF_SYSTEMS).limit(1)).one()


def test_an_item_gets_lead_and_date(context: Session) -> None:
    found = item(context)
    task_item.assign_item(context, monitor(context), found, 1, agency(context).id, date(2023, 12, 31), BY_DOCUMENT)
    assert (found.effective_on, found.version, found.edited, found.basis) == (
        date(2024, 1, 2),
        2,
        True,
        BY_DOCUMENT.text,
    )
    with pytest.raises(Changed):
        task_item.assign_item(context, monitor(context), found, 1, None, date(2024, 1, 31), PROPOSAL)
    context.commit()  # the log is written with the commit
    assert context.scalar(select(func.count()).where(Event.verb == "assign_item")) == 1


def test_a_finished_item_has_a_day(context: Session) -> None:
    found = item(context)
    for day in (None, TODAY + timedelta(days=1)):
        with pytest.raises(Refused):
            task_item.report_item(context, monitor(context), found, 1, WorkState.DONE, day)
    task_item.report_item(context, monitor(context), found, 1, WorkState.DONE, TODAY)
    assert (found.state, found.result_on) == ("done", TODAY)
    task_item.report_item(context, monitor(context), found, 2, WorkState.IN_PROGRESS, TODAY)
    assert (found.state, found.result_on) == ("in_progress", None)


def test_an_item_is_given_something(context: Session) -> None:
    with pytest.raises(Refused):
        task_item.assign_item(context, monitor(context), item(context), 1, None, None, PROPOSAL)
