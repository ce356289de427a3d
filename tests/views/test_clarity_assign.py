"""/chua-ro/giao: many tasks that lack the same, given it in one go."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.pages import Page, checked, parse
from tracker.actions.clarity_bulk import AT_MOST
from tracker.models import FOREVER, Agency, AgencyGroup, Assignment, AssignmentPeriod, Deadline, Event, Task

pytestmark = pytest.mark.config(REHEARSAL_DAY=date(2023, 11, 15))
BASIS = {"basis_kind": "document", "basis_number": "1234/UBND-VX", "basis_on": "2023-11-10"}
PROPOSAL = {"basis_kind": "proposal", "basis_number": "", "basis_on": ""}


def unled(db: Session, n: int) -> list[int]:
    query = select(Task.id).where(~Task.has_lead, Task.kind == "task").order_by(Task.id)
    return list(db.scalars(query.limit(n)))


def ticks(ids: list[int], seen: int = 0) -> list[str]:
    return [f"{task_id}:{seen}" for task_id in ids]


def agency(db: Session, name: str = "Sở Thông tin và Truyền thông") -> str:
    return f"agency:{db.execute(select(Agency.id).where(Agency.name == name)).scalar_one()}"


def leads(db: Session, ids: list[int]) -> list[tuple[int, str, str | None]]:
    query = select(Assignment.task_id, Assignment.basis_kind, Assignment.basis).where(Assignment.task_id.in_(ids))
    return [tuple(row) for row in db.execute(query.where(Assignment.role == "lead").order_by(Assignment.task_id))]


def send(client: Any, what: str, ids: list[int], step: str = "assign", **said: Any) -> Any:
    return client.post(f"/chua-ro/giao?what={what}", data={"task": ticks(ids), "step": step, **BASIS, **said})


def ticked(page: Page) -> list[str]:
    return [box["value"] for box in page.select("input[type=checkbox][name=task][checked]")]


def test_from_the_list_to_the_last_press(db: Session, as_person: Any, page: Any) -> None:
    client = as_person("monitor")
    listed = page(client, "/chua-ro?lacks=person&document=KH2023&ticked=all")
    boxes = listed.select('input[type=checkbox][form=pick][name="task"]')
    assert len(boxes) == 50 and all(box.has_attr("checked") for box in boxes)
    ids = [int(box["value"]) for box in boxes[:3]]
    asked = page(client, "/chua-ro/giao?what=lead&" + "&".join(f"task={key}" for key in ids))
    values = ticked(asked)
    assert values == ticks(ids)
    answer = client.post("/chua-ro/giao?what=lead", data={"task": values, "to": agency(db), **PROPOSAL})
    assert answer.status_code == 200
    assert leads(db, ids) == []
    review = checked(parse(answer.text), "review")
    excerpts = {db.get_one(Task, key).excerpt[:40] for key in ids}
    assert all(excerpt in review.get_text() for excerpt in excerpts)
    assert "đề xuất, chưa có văn bản giao" in review.dl.get_text()
    form = review.select_one("main form")
    kept = [(field["name"], field.get("value", "")) for field in form.select("input[type=hidden]")]
    sent: dict[str, list[str]] = {}
    for name, value in [*kept, ("step", "assign")]:
        sent.setdefault(name, []).append(value)
    answer = client.post(form["action"], data=sent)
    assert (answer.status_code, answer.location) == (302, "/chua-ro?lacks=person")
    assert leads(db, ids) == [(key, "proposal", None) for key in sorted(ids)]
    assert "Đã giao 3 nhiệm vụ." in page(client, answer.location).get_text()


def test_a_group_for_each_task(db: Session, as_person: Any) -> None:
    ids = unled(db, 4)
    group = db.execute(select(AgencyGroup.id).where(AgencyGroup.code == "all_districts")).scalar_one()
    assert send(as_person("standing"), "lead", ids, to=f"group:{group}").status_code == 302
    count = select(func.count()).select_from(AssignmentPeriod)
    held = count.where(AssignmentPeriod.task_id.in_(ids), AssignmentPeriod.valid_to == FOREVER)
    assert db.execute(held.where(AssignmentPeriod.role == "lead")).scalar_one() == 44


def test_dates_products_and_authority(db: Session, as_person: Any) -> None:
    client = as_person("monitor")
    ids = list(db.scalars(select(Task.id).where(~Task.has_time, ~Task.has_work, Task.kind != "standing_duty").limit(3)))
    assert send(client, "deadline", ids, due_on="2023-12-29", wording="").status_code == 302
    assert send(client, "deliverable", ids, deliverable="Báo cáo kết quả").status_code == 302
    assert send(client, "authority", ids, authority="Chủ tịch UBND tỉnh").status_code == 302
    for key in ids:
        task = db.get_one(Task, key)
        assert (task.has_time, task.has_work, task.has_authority) == (True, True, True)
        assert (task.due_basis, task.deliverable_basis, task.authority_basis) == ("1234/UBND-VX, 10/11/2023",) * 3
    dates = db.scalars(select(Deadline.due_on).where(Deadline.task_id.in_(ids), Deadline.kind == "assigned"))
    assert list(dates) == [date(2023, 12, 29)] * 3
    assert db.scalar(select(func.count()).where(Event.verb == "clarify_authority")) == 3


def test_nothing_is_half_done(db: Session, as_person: Any) -> None:
    ids = unled(db, 3)
    first = db.get_one(Task, ids[1])
    other = f"/chua-ro/{first.id}?what=lead"
    as_person("standing").post(other, data={**PROPOSAL, "seen": "0", "to": agency(db, "Sở Tài chính")})
    client = as_person("monitor")
    answer = send(client, "lead", ids, to=agency(db))
    assert answer.status_code == 409
    read = checked(parse(answer.text), "conflict")
    assert first.short_title in read.select_one("[role=alert] li").get_text()
    assert ticked(read) == ticks([ids[0], ids[2]])
    assert read.select_one("#basis_number")["value"] == "1234/UBND-VX"
    assert read.select_one("#to option[selected]")["value"] == agency(db)
    assert [row[0] for row in leads(db, ids)] == [ids[1]]
    assert db.scalar(select(func.count()).where(Event.verb == "clarify_lead")) == 1
    assert send(client, "lead", [ids[0], ids[2]], to=agency(db)).status_code == 302
    assert len(leads(db, ids)) == 3


def test_what_a_document_says_is_named_as_a_conflict(db: Session, as_person: Any) -> None:
    dated = db.execute(select(Task).where(Task.code == "TB1802:6.b")).scalar_one()
    answer = send(as_person("monitor"), "deadline", [dated.id, *unled(db, 1)], due_on="2024-01-31", wording="")
    assert answer.status_code == 409
    assert "30/04/2022" in checked(parse(answer.text), "conflict").select_one("[role=alert]").get_text()


def test_proposals_get_their_document_together(db: Session, as_person: Any) -> None:
    ids, client = unled(db, 2), as_person("monitor")
    assert send(client, "lead", ids, to=agency(db), **PROPOSAL).status_code == 302
    seen = dict(db.execute(select(Event.task_id, Event.id).where(Event.task_id.in_(ids))).all())
    sent = {"task": [f"{key}:{seen[key]}" for key in ids], "step": "assign", "to": agency(db), **BASIS}
    assert client.post("/chua-ro/giao?what=lead", data=sent).status_code == 302
    assert leads(db, ids) == [(key, "document", "1234/UBND-VX, 10/11/2023") for key in ids]
    assert db.scalar(select(func.count()).where(Event.verb == "clarify_lead")) == 4


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"to": ""}, "Hãy chọn cơ quan"),
        ({"basis_kind": ""}, "Hãy chọn căn cứ"),
        ({"basis_number": " "}, "Hãy ghi số, ký hiệu"),
        ({"task": []}, "Hãy chọn ít nhất một nhiệm vụ"),
    ],
)
def test_bad_input_gets_its_sentence(said: dict[str, Any], sentence: str, db: Session, as_person: Any) -> None:
    ids = unled(db, 2)
    sent = {"task": ticks(ids), "of": ids, "step": "assign", "to": agency(db), **BASIS, **said}
    answer = as_person("monitor").post("/chua-ro/giao?what=lead", data=sent)
    assert answer.status_code == 422
    read = checked(parse(answer.text), "form")
    assert sentence in read.select_one("main [role=alert]").get_text()
    assert len(read.select("li.choice")) == 2
    assert leads(db, ids) == []


def test_back_to_the_form_and_all_ticked(db: Session, as_person: Any) -> None:
    ids = unled(db, 3)
    sent = {"task": ticks(ids[:1]), "of": ids, "to": agency(db), **BASIS}
    client = as_person("monitor")
    for step, expected in (("edit", ids[:1]), ("all", ids)):
        read = checked(parse(client.post("/chua-ro/giao?what=lead", data={**sent, "step": step}).text), step)
        assert (ticked(read), read.select_one("#to option[selected]")["value"]) == (ticks(expected), agency(db))


def test_at_most_a_hundred(db: Session, as_person: Any, page: Any) -> None:
    ids = list(db.scalars(select(Task.id).order_by(Task.id).limit(AT_MOST + 1)))
    read = page(as_person("monitor"), "/chua-ro/giao?what=authority&" + "&".join(f"task={key}" for key in ids))
    assert len(read.select("li.choice")) == AT_MOST
    assert "tối đa 100 nhiệm vụ" in read.get_text()


@pytest.mark.parametrize("address", ["", "?task=", "?task=x&task=99999999999&task=-1&task=٣", "?what=x&task=999999"])
def test_nothing_chosen_leads_back(address: str, as_person: Any, page: Any) -> None:
    client = as_person("monitor")
    answer = client.get(f"/chua-ro/giao{address}")
    assert (answer.status_code, answer.location) == (302, "/chua-ro?lacks=person")
    assert "Hãy chọn ít nhất một nhiệm vụ" in page(client, answer.location).get_text()


def test_many_cost_what_few_do(db: Session, app: Flask, as_person: Any, count_queries: Any) -> None:
    client, needed = as_person("monitor"), set()
    for n in (2, 40):
        address = "/chua-ro/giao?what=lead&" + "&".join(f"task={key}" for key in unled(db, n))
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
