"""/cho-xac-nhan: what waits for the Office, filtered, and many confirmed with one press."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import Page, parse
from tests.views.test_report_new import current
from tracker import clock
from tracker.actions import completion
from tracker.actions.standing import current_assignment
from tracker.extensions import db as extension
from tracker.models import FOREVER, Assignment, AssignmentPeriod, ProgressReport, User

URL = "/cho-xac-nhan"


@pytest.fixture
def waiting(app: Flask, db: Session) -> list[int]:
    """Three results of three agencies: two in time, one late."""
    with app.app_context():
        session = extension.session()
        owed = _one_of_each_agency(session)[:3]
        actor = session.scalars(select(User).where(User.email == "chuyenvien.vp@tinh.gov.vn")).one()
        made = []
        for number, one in enumerate(owed):
            effective_on = current_assignment(session, one.id).effective_on
            assert effective_on is not None and effective_on < clock.today()
            day = effective_on if number else clock.today()
            seen = current_assignment(session, one.id).id
            made.append(completion.propose_completion(session, actor, one, seen, day, f"{number}/BC", "Xong").id)
        session.commit()
        return made


def _one_of_each_agency(session: Session) -> list[Assignment]:
    """Return lead assignments that were due, of different agencies."""
    due = (AssignmentPeriod.effective_on < clock.today(), AssignmentPeriod.valid_to == FOREVER)
    query = select(Assignment).join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id).where(*due)
    found = session.scalars(query.where(Assignment.role == "lead").order_by(Assignment.id))
    return list({one.agency_id: one for one in found}.values())


@pytest.fixture
def monitor(client: FlaskClient, sign_in: Any) -> FlaskClient:
    sign_in(client, "monitor")
    return client


def listed(page: Page) -> list[int]:
    return [int(box["value"]) for box in page.select("input[name=report]")]


def state(db: Session, report_id: int) -> str:
    db.rollback()
    return current(db, db.get_one(ProgressReport, report_id).assignment).state


def test_one_press_confirms_those_ticked(monitor: FlaskClient, waiting: list[int], db: Session, page: Any) -> None:
    assert listed(page(monitor, URL)) == waiting
    shown = parse(monitor.post(URL, data={"report": waiting[:2]}).text)
    assert shown.find(class_="good").get_text() == "Đã xác nhận 2 kết quả."
    assert listed(shown) == waiting[2:]
    assert [state(db, one) for one in waiting] == ["done", "done", "awaiting_confirmation"]


def test_what_was_decided_meanwhile_is_named_and_the_rest_goes_through(
    monitor: FlaskClient, waiting: list[int], db: Session
) -> None:
    returned = monitor.post(f"/bao-cao/{waiting[0]}/tra-lai", data={"reason": "Thiếu biên bản."})
    assert returned.status_code == 302
    shown = parse(monitor.post(URL, data={"report": [*waiting, 999999]}).text)
    assert shown.find_all(class_="good")[-1].get_text() == "Đã xác nhận 2 kết quả."
    told = [line.get_text() for line in shown.select(".notice.bad li")]
    first = db.get_one(ProgressReport, waiting[0]).assignment
    assert told[0].startswith(f"{first.task.short_title} ({first.agency.short_name}): Kết quả này đã có người xử lý")
    assert told[1] == "Kết quả không tồn tại: Hãy tải lại trang rồi chọn lại."
    assert [state(db, one) for one in waiting] == ["returned", "done", "done"]


def test_nothing_ticked_is_a_sentence(monitor: FlaskClient, waiting: list[int]) -> None:
    for sent in ({}, {"report": ["x", "99999999999999"]}):
        answer = monitor.post(URL, data=sent)
        assert answer.status_code == 422
        assert parse(answer.text).find(role="alert").get_text() == "Hãy chọn ít nhất một kết quả để xác nhận."


def test_filters(monitor: FlaskClient, waiting: list[int], db: Session, page: Any) -> None:
    agency = db.get_one(ProgressReport, waiting[1]).agency_id
    documents = [db.get_one(ProgressReport, one).assignment.task.document_id for one in waiting]
    of_it = [one for one, document in zip(waiting, documents, strict=True) if document == documents[0]]
    for query, found in (
        ("timeliness=late", waiting[:1]), ("timeliness=in_time", waiting[1:]), ("timeliness=no_deadline", []),
        (f"agency={agency}", waiting[1:2]), (f"document={documents[0]}", of_it), ("document=0", waiting), ("document=999999", []),
        ("timeliness=gi", waiting), ("agency=99999999999", waiting),
    ):  # fmt: skip
        shown = page(monitor, f"{URL}?{query}")
        assert (query, listed(shown)) == (query, found)
        assert f"{len(found)} kết quả đang chờ" in shown.get_text()


def test_all_are_ticked_without_scripts_too(monitor: FlaskClient, waiting: list[int], page: Any) -> None:
    shown = page(monitor, f"{URL}?timeliness=in_time")
    assert shown.select("input[name=report][checked]") == []
    everything = shown.select_one('a[data-tick="all"]')["href"]
    assert len(page(monitor, everything).select("input[name=report][checked]")) == 2


def test_a_form_sent_twice_says_so(monitor: FlaskClient, waiting: list[int], db: Session) -> None:
    sent = {"report": waiting[:1], "once": "y" * 22}
    assert monitor.post(URL, data=sent).status_code == 200
    again = monitor.post(URL, data=sent)
    assert (again.status_code, again.location) == (302, URL)
    assert state(db, waiting[0]) == "done"


def test_a_row_says_how_much_evidence_and_how_often_returned(
    monitor: FlaskClient, waiting: list[int], db: Session, page: Any, app: Flask
) -> None:
    monitor.post(f"/bao-cao/{waiting[0]}/tra-lai", data={"reason": "Thiếu biên bản."})
    with app.app_context():
        session = extension.session()
        before = session.get_one(ProgressReport, waiting[0])
        again = completion.propose_completion(
            session, before.author, before.assignment, current_assignment(session, before.assignment_id).id,
            clock.today(), "9/BC", "Đã bổ sung",
        )  # fmt: skip
        session.commit()
        number = again.id
    row = page(monitor, URL).select("tbody tr")[-1].get_text(" ", strip=True)
    assert "9/BC 1 minh chứng · đã trả lại 1 lần" in row
    decision = " ".join(page(monitor, f"/bao-cao/{number}/quyet-dinh").get_text().split())
    assert "1 lần trước đây" in decision and "Thiếu biên bản." in decision


def test_the_number_of_queries_does_not_grow(
    app: Flask, monitor: FlaskClient, waiting: list[int], count_queries: Any
) -> None:
    with count_queries(app) as three:
        monitor.get(URL)
    monitor.post(URL, data={"report": waiting[:2]})
    with count_queries(app) as one:
        monitor.get(URL)
    assert len(one) == len(three)
