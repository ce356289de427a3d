"""/vuong-mac: the queue of obstacles; /vuong-mac/tong-hop: what is beyond the standing body's authority."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_report_new import current
from tracker import clock
from tracker.models import Assignment, Obstacle, Task
from tracker.queries import obstacle as queries


@pytest.fixture(autouse=True)
def in_2022(app: Any) -> Iterator[None]:
    with clock.on_day(date(2022, 5, 4)):
        yield


def raise_one(client: FlaskClient, db: Session, owed: Assignment, text: str, level: str = "standing_body") -> int:
    data = {"seen": current(db, owed).id, "text": text, "proposal": "Xin vốn.", "level": level, "why": "Ngoài ngành."}
    assert client.post(f"/phan-viec/{owed.id}/vuong-mac", data=data).status_code == 302
    return db.scalars(select(Obstacle.id).order_by(Obstacle.id.desc())).first() or 0


@pytest.fixture
def three(client: FlaskClient, db: Session, sign_in: Any) -> dict[str, int]:
    """One of each agency before the standing body, the second of them a week younger; one before the province."""
    owed = db.scalars(select(Assignment).join(Task).where(Task.code == "TB1802:6.b", Assignment.role == "lead")).one()
    other = db.scalars(
        select(Assignment).join(Task).where(Task.code == "TB1802:4.a", Assignment.role == "lead")
    ).first()
    other = (
        other
        or db.scalars(
            select(Assignment).where(Assignment.agency.has(name="Sở Công Thương"), Assignment.role == "lead")
        ).first()
    )
    assert other is not None
    sign_in(client, "officer_vp")
    made = {"old": raise_one(client, db, owed, "Thiếu đường truyền."),
            "above": raise_one(client, db, owed, "Thiếu vốn đầu tư.", "province")}  # fmt: skip
    sign_in(client, "officer_sct")
    with clock.on_day(date(2022, 5, 11)):
        made["young"] = raise_one(client, db, other, "Thiếu nhân lực.")
    return made


def listed(page: Any) -> list[int]:
    return [int(link["href"].rsplit("/", 1)[1]) for link in page.select("td.what a")]


def test_each_first_sees_what_waits_for_them(
    client: FlaskClient, sign_in: Any, page: Any, three: dict[str, int]
) -> None:
    wanted = {
        "standing": [three["old"], three["young"]], "monitor": [three["above"]], "leader": [three["above"]],
        "officer_vp": [three["old"], three["above"]], "officer_sct": [three["young"]], "head_stttt": [],
    }  # fmt: skip
    found = {}
    for person in wanted:
        sign_in(client, person)
        found[person] = listed(page(client, "/vuong-mac"))
    assert found == wanted


def test_filters(client: FlaskClient, db: Session, sign_in: Any, page: Any, three: dict[str, int]) -> None:
    sign_in(client, "standing")
    assert len(listed(page(client, "/vuong-mac?level=&state=open"))) == 3
    assert listed(page(client, "/vuong-mac?level=province&state=waiting")) == [three["above"]]
    assert listed(page(client, "/vuong-mac?level=&state=closed")) == []
    holder = db.get_one(Obstacle, three["young"]).agency_id
    assert listed(page(client, f"/vuong-mac?level=&state=open&agency={holder}")) == [three["young"]]
    assert len(listed(page(client, "/vuong-mac?level=x&state=y&agency=z"))) == 3
    sign_in(client, "officer_sct")
    office = db.get_one(Obstacle, three["old"]).agency_id
    assert listed(page(client, f"/vuong-mac?agency={office}&state=open")) == [three["young"]]


def test_late_answers_come_first_and_are_counted(
    client: FlaskClient, sign_in: Any, page: Any, three: dict[str, int]
) -> None:
    sign_in(client, "standing")
    with clock.on_day(date(2022, 5, 12)):
        shown = page(client, "/vuong-mac")
    assert "2 vướng mắc chờ cơ quan thường trực, 1 quá hạn trả lời" in shown.find(class_="asof").get_text()
    assert "Quá hạn trả lời 1 ngày" in shown.select("tbody tr")[0].get_text()
    assert "Quá hạn" not in shown.select("tbody tr")[1].get_text()


def test_pages_follow_by_key_with_the_same_number_of_queries(
    app: Flask, client: FlaskClient, db: Session, sign_in: Any, page: Any, three: dict[str, int], monkeypatch: Any,
    count_queries: Any,
) -> None:  # fmt: skip
    sign_in(client, "standing")
    with count_queries(app) as few:
        page(client, "/vuong-mac?state=open")
    original = db.get_one(Obstacle, three["old"])
    for number in range(60):
        copy = {c.name: getattr(original, c.name) for c in Obstacle.__table__.columns if c.name != "id"}
        db.add(Obstacle(**{**copy, "text": f"Bản {number}"}))
    db.commit()
    with count_queries(app) as many:
        first = page(client, "/vuong-mac?level=standing_body&state=waiting")
    assert len(many) == len(few)
    second = page(client, first.find("a", rel="next")["href"])
    seen = [*listed(first), *listed(second)]
    assert (len(listed(first)), len(seen), len(set(seen))) == (queries.PAGE, 62, 62)
    assert seen[-1] == three["young"] and second.find("a", rel="next") is None
    for after in ("x", "2022-05-04", "2022-05-04_x", "nay_1"):
        assert "đang hiển thị trang đầu" in page(client, f"/vuong-mac?after={after}").get_text()


def test_the_list_for_the_province(
    client: FlaskClient, db: Session, sign_in: Any, page: Any, three: dict[str, int]
) -> None:
    sign_in(client, "standing")
    with clock.on_day(date(2022, 5, 11)):
        data = {"seen": 1, "opinion": "Đề nghị bổ sung biên chế."}
        assert client.post(f"/vuong-mac/{three['young']}/chuyen-len", data=data).status_code == 302
        shown = page(client, "/vuong-mac/tong-hop")
    head = [cell.get_text() for cell in shown.select("thead th")]
    assert head == ["STT", "Nhiệm vụ, điều khoản", "Cơ quan chủ trì", "Vướng mắc", "Kiến nghị",
                    "Ý kiến cơ quan thường trực", "Ngày nêu / hạn trả lời"]  # fmt: skip
    rows = [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in shown.select("tbody tr")]
    assert [row[0] for row in rows] == ["1", "2"]
    assert rows[0][2:6] == [
        "Văn phòng UBND tỉnh", "Thiếu vốn đầu tư. Vượt thẩm quyền vì: Ngoài ngành.", "Xin vốn.",
        "cơ quan gửi thẳng UBND tỉnh",
    ]  # fmt: skip
    assert rows[1][2:] == [
        "Sở Công Thương", "Thiếu nhân lực.", "Xin vốn.", "Đề nghị bổ sung biên chế.", "11/05/2022 / 25/05/2022",
    ]  # fmt: skip
    assert "Vướng mắc đang chờ UBND tỉnh trả lời: 2." in shown.get_text()
    with clock.on_day(date(2022, 5, 12)):
        then = page(client, "/vuong-mac/tong-hop?period=month&on=2022-05-10")
    assert "từ ngày 01/05/2022 đến hết ngày 10/05/2022: 1." in then.get_text() and "tính đến hết" in then.get_text()


def test_who_may_open_them(client: FlaskClient, sign_in: Any) -> None:
    rights = {
        "officer_vp": (200, 403), "head_stttt": (200, 403), "monitor": (200, 200), "standing": (200, 200),
        "leader": (200, 200), "viewer": (403, 403), "admin": (403, 403),
    }  # fmt: skip
    found = {}
    for person in rights:
        sign_in(client, person)
        found[person] = tuple(client.get(url).status_code for url in ("/vuong-mac", "/vuong-mac/tong-hop"))
    assert found == rights
