"""/co-quan/<id>/phan-cong: one person for several parts of an agency's work, in one press."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import Person
from tests.views.test_report_new import the_assignment
from tracker.models import Assignment, Message, User

PROPOSAL = {"basis_kind": "proposal"}


@pytest.fixture
def head(as_person: Any) -> FlaskClient:
    return as_person("head_stttt")


def url(db: Session, people: dict[str, Person]) -> str:
    return f"/co-quan/{db.get_one(User, people['head_stttt'].id).agency_id}/phan-cong"


def boxes(shown: Any) -> list[str]:
    return [box["value"] for box in shown.select("input[name=pick]")]


def test_one_press_for_three(db: Session, people: Any, head: FlaskClient, page: Any) -> None:
    shown = page(head, url(db, people))
    picked = boxes(shown)[:3]
    officer = people["officer_stttt"].id
    answer = head.post(url(db, people), data={**PROPOSAL, "pick": picked, "responsible": officer, "head": "keep"})
    assert answer.status_code == 302
    ids = [int(value.partition(".")[0]) for value in picked]
    assert [db.get_one(Assignment, number).responsible_id for number in ids] == [officer] * 3
    [message] = db.scalars(select(Message)).all()
    assert (message.recipient_id, message.facts) == (officer, {"assignment_ids": sorted(ids)})
    after = page(head, url(db, people))
    assert "Đã phân công 3 phần việc." in after.main.parent.get_text()
    assert set(boxes(after)).isdisjoint(picked), "they have somebody now"
    assert "Nguyễn Văn Tin" in page(head, url(db, people) + "?show=all").select_one("tbody").get_text()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"pick": [], "responsible": "officer"}, "Chưa chọn phần việc nào"),
        ({"pick": ["x.y", "1"], "responsible": "officer"}, "Chưa chọn phần việc nào"),
        ({"responsible": "keep"}, "Chưa chọn ai"),
        ({"responsible": "officer", "basis_kind": ""}, "Hãy chọn căn cứ"),
    ],
)
def test_bad_input_keeps_the_ticks(
    db: Session, people: Any, head: FlaskClient, page: Any, said: dict[str, Any], sentence: str
) -> None:
    picked = boxes(page(head, url(db, people)))[:2]
    who = {"officer": str(people["officer_stttt"].id), "keep": "keep"}[said["responsible"]]
    answer = head.post(url(db, people), data={**PROPOSAL, "pick": picked, "head": "keep", **said, "responsible": who})
    assert answer.status_code == 422
    shown = checked(parse(answer.text), "form")
    assert sentence in shown.select_one("[role=alert]").get_text()
    if "pick" not in said:
        assert [box["value"] for box in shown.select("input[name=pick][checked]")] == picked


def test_the_second_is_told_and_nothing_is_half_done(
    db: Session, people: Any, head: FlaskClient, as_person: Any, page: Any
) -> None:
    picked = boxes(page(head, url(db, people)))[:3]
    mine = {**PROPOSAL, "pick": picked, "responsible": people["officer_stttt"].id, "head": "keep"}
    theirs = {**mine, "pick": picked[2:], "responsible": people["standing"].id}
    assert as_person("monitor").post(url(db, people), data=theirs).status_code == 302
    answer = head.post(url(db, people), data=mine)
    assert (answer.status_code, "vừa được người khác ghi lại" in answer.text) == (409, True)
    kept = [db.get_one(Assignment, int(value.partition(".")[0])).responsible_id for value in picked]
    assert kept == [None, None, people["standing"].id]


def test_another_agencys_work_is_not_named_here(db: Session, people: Any, head: FlaskClient) -> None:
    foreign = the_assignment(db)
    said = {**PROPOSAL, "pick": f"{foreign.id}.0", "responsible": people["officer_stttt"].id, "head": "keep"}
    assert head.post(url(db, people), data=said).status_code == 404
    assert db.get_one(Assignment, foreign.id, populate_existing=True).responsible_id is None


@pytest.mark.parametrize("after", ["abc", "2023-01-01_x"])
def test_a_place_that_is_none(db: Session, people: Any, head: FlaskClient, page: Any, after: str) -> None:
    page(head, f"{url(db, people)}?after={after}", status=404)


def test_pages_follow_each_other(
    app: Flask, db: Session, people: Any, head: FlaskClient, page: Any, count_queries: Any
) -> None:
    address, seen, needed = f"{url(db, people)}?show=all", list[str](), set()
    while address:
        with count_queries(app) as statements:
            shown = page(head, address)
        needed.add(len(statements))
        seen += boxes(shown)
        more = shown.select_one("a[rel=next]")
        address = more["href"] if more else ""
    assert len(seen) == len(set(seen)) > 40
    assert len(needed) == 1, needed
