"""The numbers of a digest are the numbers of the pages at the same minute, for every role, in a constant number of queries."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.jobs.world import at
from tests.people import Person
from tests.views.test_report_new import current, the_assignment
from tracker import clock
from tracker.actions import direction as directing
from tracker.extensions import db as extension
from tracker.messages import render
from tracker.models import Obstacle, ProgressReport, Task, User
from tracker.queries.digest import Summary, summaries
from tracker.queries.message import addressees
from tracker.rules.timeliness import Timeliness

ROLES = ("officer_vp", "officer_stttt", "head_stttt", "officer_sct", "monitor", "standing", "leader")
MENU = {
    "completion": "/cho-xac-nhan", "approval": "/cho-duyet", "extension": "/gia-han", "obstacle": "/vuong-mac",
    "direction": "/chi-dao",
}  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at("2023-11-15 09:00"):
        yield


@pytest.fixture
def busy(app: Flask, db: Session, people: dict[str, Person], as_person: Any) -> None:
    """Something waits in every queue, and a result was returned."""

    def post(who: str, url: str, **said: Any) -> None:
        assert as_person(who).post(url, data=said).status_code == 302, url

    vp, stttt = the_assignment(db), the_assignment(db, "TB1802:2.a")
    stttt.agency.needs_head_approval = True
    done: dict[str, Any] = {"result_on": "2023-11-14", "result_document": "45/BC", "done": "Đã xong."}
    post("officer_vp", f"/phan-viec/{vp.id}/hoan-thanh", seen=current(db, vp).id, **done)
    returned = db.scalars(select(ProgressReport.id)).one()
    post("monitor", f"/bao-cao/{returned}/tra-lai", reason="Thiếu biên bản.")
    other = the_assignment(db, "TB1802:6.a") if _is_there(db, "TB1802:6.a") else None
    if other is not None and other.agency_id == vp.agency_id:
        post("officer_vp", f"/phan-viec/{other.id}/hoan-thanh", seen=current(db, other).id, **done)
    post("officer_stttt", f"/phan-viec/{stttt.id}/hoan-thanh", seen=current(db, stttt).id, **done)
    second = the_assignment(db, "TB1802:2.d#1")
    for level in ("standing_body", "province"):
        post("officer_stttt", f"/phan-viec/{second.id}/vuong-mac", seen=current(db, second).id, text="Chưa có định mức.",
             why="Ngoài dự toán.", level=level)  # fmt: skip
    third = the_assignment(db, "TB1802:2.d#2")
    post("officer_stttt", f"/phan-viec/{third.id}/gia-han", seen=current(db, third).id, proposed_on="2023-12-30",
         reason="Chờ thẩm định.")  # fmt: skip
    db.commit()
    assert db.scalar(select(Obstacle.id)) is not None
    with app.app_context():
        session = extension.session()
        leader = session.get_one(User, people["leader"].id)
        for task_id in (vp.task_id, second.task_id):
            directing.give(session, leader, session.get_one(Task, task_id), "Xong sớm.", clock.today(), None, None)
        session.commit()


def _is_there(db: Session, code: str) -> bool:
    return db.scalar(select(Task.id).where(Task.code == code)) is not None


def summary_of(app: Flask, people: dict[str, Person], who: str) -> Summary:
    with app.app_context():
        session = extension.session()
        found = summaries(session, addressees(session, {people[who].id}), clock.today())[people[who].id]
        extension.session.rollback()
    return found


def numbers(element: Any) -> list[int]:
    return [int(text) for text in re.findall(r"\d+", element.get_text(" "))]


@pytest.mark.parametrize("who", ROLES)
def test_every_number_is_the_one_on_the_first_page(
    app: Flask, busy: None, people: dict[str, Person], as_person: Any, page: Any, who: str
) -> None:
    shown, said = page(as_person(who), "/"), summary_of(app, people, who)
    line = said.agency or said.province
    assert line is not None and (said.agency is None) == (who in {"monitor", "standing", "leader"})
    for label in Timeliness:
        links = [
            link for link in shown.select("a[href^='/nhiem-vu?']")
            if f"timeliness={label.value}" in link["href"]
            and (said.agency is None) == ("agency=" not in link["href"]) and numbers(link)
        ]  # fmt: skip
        assert not links or numbers(links[0])[0] == line.counts[label], (label, links[0])
    assert any(f"timeliness={Timeliness.OPEN_OVERDUE.value}" in link["href"] for link in shown.select("a[href]"))


@pytest.mark.parametrize("who", ROLES)
def test_what_waits_is_what_the_tabs_count(
    app: Flask, busy: None, people: dict[str, Person], as_person: Any, page: Any, who: str
) -> None:
    said = {waiting.queue: waiting.number for waiting in summary_of(app, people, who).waiting}
    tabs = page(as_person(who), "/chi-dao").select("nav.tabs a, .tabs a")
    counted = {tab["href"]: numbers(tab)[-1] for tab in tabs if numbers(tab)}
    assert tabs
    assert {MENU[queue]: number for queue, number in said.items()} == {url: n for url, n in counted.items() if n}


def test_something_waits_for_everybody_but_the_agency_without_work(
    app: Flask, busy: None, people: dict[str, Person]
) -> None:
    waits = {who: {one.queue for one in summary_of(app, people, who).waiting} for who in ROLES}
    assert waits["head_stttt"] == {"approval", "direction"} and waits["officer_stttt"] == {"direction"}
    assert waits["monitor"] >= {"extension", "obstacle"} and waits["standing"] == {"obstacle"}
    assert waits["leader"] == {"extension", "obstacle"}


def test_what_was_returned_is_said_with_the_reason(
    app: Flask, busy: None, people: dict[str, Person], as_person: Any, page: Any
) -> None:
    said = summary_of(app, people, "officer_vp")
    [row] = said.returned
    assert said.returned_count == 1 and row.reason == "Thiếu biên bản."
    listed = page(as_person("officer_vp"), f"/nhiem-vu?agency={row.agency_id}&role=lead&state=returned")
    assert [link for link in listed.select("main a[href]") if link["href"].split("?")[0] == f"/nhiem-vu/{row.task_id}"]
    assert summary_of(app, people, "officer_sct").returned == ()


def test_due_soon_counts_as_the_chips_of_the_list(
    app: Flask, db: Session, people: dict[str, Person], as_person: Any, page: Any
) -> None:
    found = {}
    for moment in ("2022-04-28 09:00", "2022-12-28 09:00", "2023-06-28 09:00", "2022-06-24 09:00"):
        with at(moment):
            said = summary_of(app, people, "leader").province
            assert said is not None
            rows = page(as_person("leader"), "/nhiem-vu?timeliness=open_in_time")
            soon = rows.select("main .chip.soon")
            found[moment] = (said.soon, len(soon))
    assert all(said == shown for said, shown in found.values()), found
    assert any(said for said, _shown in found.values()), found


def test_a_batch_costs_the_same_few_queries(
    app: Flask, busy: None, people: dict[str, Person], count_queries: Any
) -> None:
    spent = []
    for keys in (("officer_stttt", "head_stttt", "monitor", "leader"), ROLES):
        with app.app_context():
            session = extension.session()
            readers = addressees(session, {people[key].id for key in keys})
            with count_queries(app) as statements:
                summaries(session, readers, clock.today())
            spent.append(len(statements))
            extension.session.rollback()
    assert spent[0] == spent[1] <= 16


def test_the_digest_writes_the_same_numbers(app: Flask, busy: None, people: dict[str, Person]) -> None:
    for who in ROLES:
        said = summary_of(app, people, who)
        line = said.agency or said.province
        assert line is not None
        with app.app_context():
            session = extension.session()
            [person] = addressees(session, {people[who].id}).values()
            mail = render.reminder_digest(person, [], clock.today(), {}, said, 1)
            extension.session.rollback()
        told = (
            f"{line.counts[Timeliness.OPEN_OVERDUE]} quá hạn, {line.counts[Timeliness.OPEN_IN_TIME]} trong hạn "
            f"({line.soon} sắp đến hạn trong 3 ngày làm việc), {line.counts[Timeliness.NO_DEADLINE]} không hạn"
        )
        assert told in mail.text and told in mail.html
        assert "Dữ liệu tính đến 09:00 ngày 15/11/2023" in mail.text and "09:00 ngày 15/11/2023" in mail.html
        for waiting in said.waiting:
            assert (
                f"{waiting.number} " in mail.text
                and MENU[waiting.queue] in mail.text
                and MENU[waiting.queue] in mail.html
            )
