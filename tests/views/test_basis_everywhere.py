"""Rule 7: what a person named says wherever it shows on what it rests: its document, or "đề xuất, chưa có văn bản giao"."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page
from tracker import clock
from tracker.actions import clarity, person
from tracker.actions.clarity import Basis
from tracker.actions.standing import current_assignment, move_assignment
from tracker.extensions import db as extension
from tracker.jobs import reminders
from tracker.models import Agency, Assignment, Event, InformationSystem, Message, SystemTask, Task, User
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.clarity import last_seen
from tracker.queries.person import last_named

TODAY, NEXT, DUE = date(2023, 11, 15), date(2023, 11, 16), date(2023, 11, 20)
pytestmark = pytest.mark.config(REHEARSAL_DAY=TODAY)
CODE = "KH2023:III.5.-2"
PROPOSED, ORDERED = "đề xuất, chưa có văn bản giao", "theo 1234/UBND-VX, 10/11/2023"
BASES = {PROPOSED: Basis("proposal"), ORDERED: Basis("document", "1234/UBND-VX, 10/11/2023")}


def give(app: Flask, basis: Basis) -> int:
    """Name everything a person can name of the task, on the basis; the same again when it is there already."""
    with app.app_context(), clock.on_day(TODAY):
        session = extension.session()
        task = session.scalars(select(Task).where(Task.code == CODE)).one()
        office, officer, head = (
            session.scalars(select(User).where(User.email == f"{name}@tinh.gov.vn")).one()
            for name in ("theodoi.vp", "chuyenvien.stttt", "giamdoc.stttt")
        )
        to = session.get_one(Agency, officer.agency_id)

        def seen(verb: str) -> int:
            return last_seen(session, task.id, verb)

        clarity.assign_lead(session, office, task, seen(clarity.LEAD), to, basis)
        clarity.set_deadline(session, office, task, seen(clarity.DEADLINE), DUE, None, basis)
        clarity.set_deliverable(session, office, task, seen(clarity.DELIVERABLE), "Tám hệ thống", basis)
        clarity.set_authority(session, office, task, seen(clarity.AUTHORITY), "UBND tỉnh", basis)
        lead = session.scalars(select(Assignment).where(Assignment.task_id == task.id)).one()
        person.name_people(
            session, office, lead, last_named(session, [lead.id])[lead.id], responsible=officer, head=head, basis=basis
        )
        system = session.scalars(select(InformationSystem).order_by(InformationSystem.id)).first()
        session.merge(SystemTask(system_id=system.id, task_id=task.id))
        session.commit()
        return task.id


def around(page: Page, task_id: int) -> list[str]:
    """The text of every line of a list that leads to the task."""
    found = []
    for link in page.select(f'main a[href^="/nhiem-vu/{task_id}"]'):
        line = next((up for up in link.parents if _is_line(up)), None)
        if line is not None:
            found.append(line.get_text(" ", strip=True))
    return found


def _is_line(tag: Tag) -> bool:
    return tag.name in ("tr", "li") or "order" in tag.get("class", ())


@pytest.fixture(params=[PROPOSED, ORDERED])
def said(request: pytest.FixtureRequest) -> str:
    """What stands everywhere; an order is a proposal first, which gets its document then."""
    return str(request.param)


@pytest.fixture
def task_id(app: Flask, said: str) -> int:
    if said == ORDERED:
        give(app, BASES[PROPOSED])
    return give(app, BASES[said])


@pytest.fixture
def read(as_person: Any, page: Any) -> Callable[..., Page]:
    return lambda address, who="monitor": page(as_person(who), address)


LISTS = {
    "/nhiem-vu?q=tam+he+thong&document=KH2023": "monitor",
    "/nhiem-vu?document=KH2023&from=2023-11-20&to=2023-11-20": "monitor",
    "/van-ban/KH2023": "viewer",
    "/": "officer_stttt",
    "/?on=2023-11-15": "leader",
    "/chua-ro?lacks=work&document=KH2023": "monitor",
    "/nhac-viec": "monitor",
}


@pytest.mark.parametrize("address", [address for address in LISTS if "q=" not in address and "lacks" not in address])
def test_lines_of_lists(address: str, task_id: int, said: str, read: Callable[..., Page]) -> None:
    lines = around(read(address, LISTS[address]), task_id)
    assert lines, f"{address} does not show the task"
    assert [line for line in lines if said not in line] == []
    if said == ORDERED:
        assert [line for line in lines if PROPOSED in line] == []


def test_a_lead_and_a_date_are_marked_each(task_id: int, said: str, read: Callable[..., Page]) -> None:
    [row] = read(f"/nhiem-vu?from={DUE}&to={DUE}&document=KH2023").select("table.tasks tbody tr")
    assert [said in row.select_one(cell).get_text() for cell in (".whom", ".when")] == [True, True]
    order = read("/van-ban/KH2023").find(id="dk-III-5--2").select_one(f'.order:has(a[href="/nhiem-vu/{task_id}"])')
    assert order.get_text().count(said) == 2


def test_the_page_of_the_task(task_id: int, said: str, read: Callable[..., Page]) -> None:
    facts = read(f"/nhiem-vu/{task_id}").select_one("aside.facts").get_text(" ")
    assert facts.count(said) == 6, facts  # lead, person, head, product, date, authority
    assert facts.count(PROPOSED) == (6 if said == PROPOSED else 0)
    assert "Sáu rõ: 6/6" in facts


def test_the_page_of_the_agency(db: Session, task_id: int, said: str, read: Callable[..., Page]) -> None:
    agency_id = db.scalars(select(Agency.id).where(Agency.name == "Sở Thông tin và Truyền thông")).one()
    [row] = [line for line in around(read(f"/co-quan/{agency_id}"), task_id) if "20/11/2023" in line]
    assert row.count(said) == 3, row  # lead, person, date


def test_forms_about_the_assignment(db: Session, task_id: int, said: str, read: Callable[..., Page]) -> None:
    number = db.scalars(select(Assignment.id).where(Assignment.task_id == task_id)).one()
    text = read(f"/phan-viec/{number}/tien-do", "officer_stttt").main.get_text(" ")
    assert text.count(said) == 2, text


def test_the_form_that_clears(task_id: int, said: str, read: Callable[..., Page]) -> None:
    shown = read(f"/chua-ro/{task_id}?what=lead")
    assert shown.select_one("aside.facts").get_text(" ").count(said) == 5  # lead, person, date, product, authority
    assert shown.select_one("#to option[selected]").get_text() == "Sở Thông tin và Truyền thông"
    assert read(f"/chua-ro/{task_id}?what=deadline").select_one("#due_on")["value"] == DUE.isoformat()


def test_the_table_for_spreadsheets(task_id: int, said: str, as_person: Any) -> None:
    answer = as_person("viewer").get(f"/nhiem-vu.csv?from={DUE}&to={DUE}&document=KH2023")
    heading, row = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
    told = dict(zip(heading, row, strict=True))
    assert (told["Căn cứ giao chủ trì"], told["Căn cứ giao thời hạn"]) == (said, said)


def test_the_system_the_task_builds(db: Session, task_id: int, said: str, read: Callable[..., Page]) -> None:
    system_id = db.scalars(select(SystemTask.system_id).where(SystemTask.task_id == task_id)).first()
    shown = read(f"/he-thong/{system_id}")
    lines = [line for line in around(shown, task_id) if "hạn 20/11/2023" in line]
    assert lines and all(said in line for line in lines)


def test_reminders_and_their_log(app: Flask, db: Session, task_id: int, said: str, read: Callable[..., Page]) -> None:
    runner = app.test_cli_runner()
    told = runner.invoke(args=["remind", "--dry-run", "--on", NEXT.isoformat()]).output
    letter = told[told.index("chuyenvien.stttt@tinh.gov.vn") :]
    assert f"Sở Thông tin và Truyền thông chủ trì ({said});" in letter
    assert f"Hạn: 20/11/2023 ({said})." in letter
    entries = json.loads(runner.invoke(args=["remind", "--dry-run", "--on", NEXT.isoformat(), "--json"]).stdout)
    [item] = [item for entry in entries for item in entry["items"] if item["task"] == CODE]
    assert (item["lead_basis"], item["due_basis"]) == (said, said)
    with app.app_context():
        plan = reminder.plan(extension.session(), TODAY)
        reminders.queue(plan, work_calendar(extension.session()))
    officer = db.scalars(select(User.id).where(User.email == "chuyenvien.stttt@tinh.gov.vn")).one()
    letter_id = db.scalars(
        select(Message.id).where(Message.recipient_id == officer, Message.kind == "reminder_digest")
    ).one()
    assert read(f"/nhac-viec/tin/{letter_id}").select_one(".letter").get_text().count(said) == 2


def test_what_is_handed_over(app: Flask, db: Session, task_id: int, said: str, read: Callable[..., Page]) -> None:
    officer = db.scalars(select(User.id).where(User.email == "chuyenvien.stttt@tinh.gov.vn")).one()
    [line] = around(read(f"/ban-giao/{officer}", "head_stttt"), task_id)
    assert f"hạn 20/11/2023 {said}" in " ".join(line.split())
    with app.app_context():
        named = db.scalars(
            select(Message.id).where(Message.recipient_id == officer, Message.kind == "person_named")
        ).all()
    letter = read(f"/nhac-viec/tin/{named[-1]}").select_one(".letter").get_text(" ")
    assert f"Hạn: 20/11/2023 ({said})" in letter


def test_the_history_keeps_the_proposal(app: Flask, db: Session, read: Callable[..., Page]) -> None:
    give(app, BASES[PROPOSED])
    task_id = give(app, BASES[ORDERED])
    kept = db.execute(select(Event.verb, Event.facts).where(Event.task_id == task_id).order_by(Event.id)).all()
    verbs = {verb for verb, _facts in kept}
    assert {clarity.LEAD, clarity.DEADLINE, clarity.DELIVERABLE, clarity.AUTHORITY} <= verbs
    for verb in (clarity.LEAD, clarity.DEADLINE, clarity.DELIVERABLE, clarity.AUTHORITY):
        assert [facts["basis_kind"] for said, facts in kept if said == verb] == ["proposal", "document"]
    told = read(f"/nhiem-vu/{task_id}").select_one("ol.time").get_text(" ")
    assert PROPOSED in told and "1234/UBND-VX, 10/11/2023" in told


def test_an_extended_date_is_no_proposal_but_the_first_one_was(app: Flask, read: Callable[..., Page]) -> None:
    task_id = give(app, BASES[PROPOSED])
    with app.app_context(), clock.on_day(TODAY):
        session = extension.session()
        number = session.scalars(select(Assignment.id).where(Assignment.task_id == task_id)).one()
        later = date(2023, 12, 1)
        move_assignment(
            session, current_assignment(session, number), due_on=later, effective_on=later, original_on=DUE, slips=1
        )
        session.commit()
    [row] = read("/nhiem-vu?from=2023-12-01&to=2023-12-01&document=KH2023").select("table.tasks tbody tr")
    assert " ".join(row.select_one(".when").get_text(" ").split()) == f"01/12/2023 gốc 20/11/2023 {PROPOSED}"
    order = read("/van-ban/KH2023").find(id="dk-III-5--2").select_one(f'.order:has(a[href="/nhiem-vu/{task_id}"])')
    assert order.get_text().count(PROPOSED) == 1
    [line] = around(read("/?on=2023-11-15", "leader"), task_id)
    assert line.count(PROPOSED) == 1 and "Chủ trì:" in line


def test_yesterday_nothing_was_named(app: Flask, read: Callable[..., Page]) -> None:
    task_id = give(app, BASES[PROPOSED])
    for address in ("/nhiem-vu?document=KH2023&on=2023-11-14&sort=document", f"/nhiem-vu/{task_id}?on=2023-11-14"):
        assert PROPOSED not in read(address).select_one("main").get_text(), address
