"""/don-doc and /don-doc/<id>: the Office writes, overseers read, an agency reads what was sent to it."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.views.test_task_show import lines, period_of
from tracker import clock
from tracker.actions.standing import rebuild_tally
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Event, Task, UrgeLetter, UrgeLetterItem

DAY = date(2023, 11, 15)
SENT = {"number": "152/UBND-KSTT", "sent_on": "2023-11-15", "signer": "Võ Gia Nghĩa, Phó Chánh Văn phòng"}


@pytest.fixture(autouse=True)
def in_november(app: Flask, db: Session) -> Iterator[None]:
    """Two more parts of the Office's are overdue than the documents' dates make so."""
    period = AssignmentPeriod
    timeless = select(period).where(
        period.agency_id == office(db).id,
        period.role == "lead",
        period.clock == "no_deadline",
        period.valid_to == FOREVER,
    )
    for place, part in enumerate(db.scalars(timeless.order_by(period.id).limit(2))):
        part.due_on = part.effective_on = date(2023, 6, 29 + place)
        part.clock = "running"
    rebuild_tally(db)
    db.commit()
    with clock.on_day(DAY):
        yield


def office(db: Session) -> Agency:
    return db.execute(select(Agency).where(Agency.name == "Văn phòng UBND tỉnh")).scalar_one()


def overdue(db: Session) -> list[int]:
    """Return the lead assignments of the Office (an agency as any other here) that are overdue, the longest first."""
    period = AssignmentPeriod
    query = select(period.assignment_id).where(
        period.agency_id == office(db).id, period.role == "lead", period.clock == "running", period.effective_on < DAY,
        period.valid_to == FOREVER,
    )  # fmt: skip
    return list(db.scalars(query.order_by(period.effective_on, period.assignment_id)))


@pytest.fixture
def draft(db: Session, as_person: Callable[[str], FlaskClient]) -> Callable[[], UrgeLetter]:
    """draft(): the letter to the Office's own agency that the monitor has just begun."""

    def begin() -> UrgeLetter:
        answer = as_person("monitor").post(f"/co-quan/{office(db).id}/don-doc")
        letter = db.scalars(select(UrgeLetter).order_by(UrgeLetter.id.desc()).limit(1)).one()
        assert (answer.status_code, answer.location) == (302, f"/don-doc/{letter.id}")
        return letter

    return begin


def ticked(page: Any) -> dict[int, bool]:
    return {int(box["value"]): box.has_attr("checked") for box in page.select("input[name=chosen]")}


def saved(page: Any, **changed: Any) -> dict[str, Any]:
    """Return what the form of the tasks would send."""
    form = {field["name"]: field.get("value", "") for field in page.select("#nhiem-vu input:not([name=chosen])")}
    return {**form, "chosen": [number for number, on in ticked(page).items() if on], **changed}


def written(answer: Any) -> Any:
    return docx.Document(BytesIO(answer.data))


def test_the_office_drafts_from_the_page_of_the_agency(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    agency, late, client = office(db), overdue(db), as_person("monitor")
    assert len(late) > 1
    before = page(client, f"/co-quan/{agency.id}")
    assert [button.get_text() for button in before.select("form[action$='/don-doc'] button")] == [
        "Soạn công văn đôn đốc"
    ]
    letter = draft()
    shown = page(client, f"/don-doc/{letter.id}")
    assert shown.h1.get_text() == "Công văn đôn đốc Văn phòng UBND tỉnh"
    assert ticked(shown) == dict.fromkeys(late, True)
    assert f"còn {len(late):02d} nhiệm vụ chủ trì đã quá thời hạn" in shown.select_one("#noi-dung").get_text()
    after = page(client, f"/co-quan/{agency.id}")
    assert after.select_one(f"a[href='/don-doc/{letter.id}']").get_text() == "Mở dự thảo công văn đôn đốc"
    assert draft().id == letter.id


def test_days_overdue_are_those_of_the_agencys_page(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    own = page(client, f"/co-quan/{office(db).id}?timeliness=open_overdue").select("#viec tbody tr")
    there = {row.select_one("a")["href"]: row.td.get_text(" ", strip=True) for row in own}
    rows = page(client, f"/don-doc/{letter.id}").select("#nhiem-vu tbody tr")
    here = {row.select_one("td.what a")["href"]: row.select_one("td.n .chip").get_text(" ", strip=True) for row in rows}
    assert len(here) == 3 and here == there


def test_tasks_are_taken_out_and_put_back(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    url, (first, *rest) = f"/don-doc/{letter.id}", overdue(db)
    answer = client.post(url, data=saved(page(client, url), chosen=rest, answer_by="2023-11-30"))
    assert (answer.status_code, answer.location) == (302, url)
    assert ticked(page(client, url)) == {first: False, **dict.fromkeys(rest, True)}
    db.expire_all()
    assert letter.answer_by == date(2023, 11, 30)
    client.post(url, data=saved(page(client, url), chosen=[first]))
    assert ticked(page(client, url)) == {first: True, **dict.fromkeys(rest, False)}


def test_finished_work_is_said_to_have_left_the_letter(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    [number, *rest] = overdue(db)
    period = period_of(db, db.get_one(Assignment, number))
    period.effective_on = period.due_on = date(2023, 12, 29)
    shown = page(client, f"/don-doc/{letter.id}")
    assert "đã gia hạn đến 29/12/2023, bỏ khỏi công văn" in shown.select_one("#da-xong").get_text()
    assert list(ticked(shown)) == rest
    paper = written(client.get(f"/don-doc/{letter.id}/cong-van.docx"))
    assert len(paper.tables[1].rows) == len(rest) + 1


def test_sending_is_recorded_once_and_stands_in_the_history(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    assert client.post(f"/don-doc/{letter.id}/gui", data=SENT).location == f"/don-doc/{letter.id}"
    shown = page(client, f"/don-doc/{letter.id}")
    assert (
        "Công văn số 152/UBND-KSTT ngày 15/11/2023, người ký: Võ Gia Nghĩa"
        in shown.select("main .notice.good")[-1].get_text()
    )
    assert shown.select("main form") == []
    task = db.scalars(select(Task).join(Assignment).where(Assignment.id == overdue(db)[0])).one()
    [line, *_older] = lines(page(as_person("viewer"), f"/nhiem-vu/{task.id}"))
    assert line.startswith(
        "15/11/2023 Đã đôn đốc Văn phòng UBND tỉnh bằng Công văn số 152/UBND-KSTT ngày 15/11/2023, khi quá hạn "
    )
    again = client.post(f"/don-doc/{letter.id}/gui", data={**SENT, "number": "153/UBND-KSTT"})
    assert again.status_code == 409 and "đã được người khác" in parse(again.text).find(role="alert").get_text()
    assert db.scalars(select(Event.verb).where(Event.verb == "send_letter")).all() == ["send_letter"]


def test_a_draft_is_given_up_with_a_reason(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    empty = client.post(f"/don-doc/{letter.id}/bo", data={"reason": " "})
    assert empty.status_code == 422
    assert parse(empty.text).find(id="reason-error").get_text() == "Hãy ghi vì sao không gửi công văn này."
    assert client.post(f"/don-doc/{letter.id}/bo", data={"reason": "Đã báo cáo trực tiếp."}).status_code == 302
    assert "Lý do: Đã báo cáo trực tiếp." in page(client, f"/don-doc/{letter.id}").select_one(".notice.info").get_text()
    assert "Đã báo cáo trực tiếp." in page(client, "/don-doc?state=dropped").get_text()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"number": ""}, "number", "Hãy ghi số, ký hiệu, ví dụ 1234/UBND-KSTT."),
        (
            {"number": "1234"},
            "number",
            "Số, ký hiệu có dạng 1234/UBND-KSTT: số, gạch chéo, ký hiệu, không có dấu cách.",
        ),
        (
            {"number": "１2/UBND"},
            "number",
            "Số, ký hiệu có dạng 1234/UBND-KSTT: số, gạch chéo, ký hiệu, không có dấu cách.",
        ),
        ({"number": f"1/{'A' * 60}"}, "number", "Tối đa 60 ký tự."),
        ({"sent_on": "31/02"}, "sent_on", "Hãy ghi ngày công văn, dạng ngày/tháng/năm."),
        ({"signer": ""}, "signer", "Hãy ghi họ tên, chức vụ người ký."),
        ({"signer": "x" * 201}, "signer", "Tối đa 200 ký tự."),
    ],
    ids=["no number", "no symbol", "wide digit", "long number", "no day", "no signer", "long signer"],
)
def test_bad_input_gets_its_sentence_and_comes_back(
    draft: Any, as_person: Any, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = as_person("monitor").post(f"/don-doc/{draft().id}/gui", data={**SENT, **typed})
    shown = parse(answer.text)
    assert (answer.status_code, shown.find(id=f"{field}-error").get_text()) == (422, sentence)
    kept = next(name for name in ("number", "signer") if name not in typed)
    assert shown.find(id=kept)["value"] == SENT[kept]


def test_a_sending_that_comes_back_leaves_the_draft_as_it_is(draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    before = saved(page(client, f"/don-doc/{letter.id}"))
    after = saved(parse(client.post(f"/don-doc/{letter.id}/gui", data={**SENT, "signer": ""}).text))
    assert before["chosen"] and (after["chosen"], after["answer_by"]) == (before["chosen"], before["answer_by"])


def test_a_day_that_is_over_cannot_be_asked_for(draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    url = f"/don-doc/{letter.id}"
    late = client.post(url, data=saved(page(client, url), chosen=[], answer_by="2023-11-15"))
    assert late.status_code == 409
    assert "15/11/2023 đã tới hoặc đã qua" in parse(late.text).find(role="alert").get_text()
    assert client.post(url, data={"answer_by": "", "shown": "x,99999999999999999999", "chosen": "y"}).status_code == 422
    assert any(ticked(page(client, url)).values()) is not False


def test_who_reads(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter = draft()
    url, file = f"/don-doc/{letter.id}", f"/don-doc/{letter.id}/cong-van.docx"
    for key in ("standing", "leader"):
        assert page(as_person(key), url).select("main form") == []
        assert as_person(key).get(file).status_code == 200
    for key in ("officer_vp", "officer_sct", "viewer", "admin"):
        assert [as_person(key).get(address).status_code for address in (url, file)] == [404, 404]
    as_person("monitor").post(f"{url}/gui", data=SENT)
    assert as_person("officer_vp").get(file).status_code == 200
    assert "152/UBND-KSTT" in page(as_person("officer_vp"), "/don-doc").get_text()
    assert page(as_person("officer_vp"), f"/co-quan/{office(db).id}").select("a[href^='/don-doc']")
    assert "Cơ quan chưa nhận công văn đôn đốc nào." in page(as_person("officer_sct"), "/don-doc").get_text()
    assert as_person("officer_sct").get(url).status_code == 404
    assert [as_person(key).get("/don-doc").status_code for key in ("viewer", "admin")] == [403, 403]


def test_an_agency_without_overdue_work_needs_no_letter(db: Session, as_person: Any, page: Any) -> None:
    with clock.on_day(date(2022, 3, 1)):
        client = as_person("monitor")
        assert page(client, f"/co-quan/{office(db).id}").select("form[action$='/don-doc']") == []
        answer = client.post(f"/co-quan/{office(db).id}/don-doc")
        assert answer.location == f"/co-quan/{office(db).id}"
        assert "chưa cần công văn đôn đốc" in page(client, answer.location).select_one(".notice.bad").get_text()
    assert db.scalars(select(UrgeLetter)).all() == []


def test_the_list_counts_what_the_page_of_the_letter_shows(db: Session, draft: Any, as_person: Any, page: Any) -> None:
    letter, client = draft(), as_person("monitor")
    period = period_of(db, db.get_one(Assignment, overdue(db)[0]))
    period.effective_on = date(2023, 12, 29)
    late = overdue(db)
    [row] = page(client, "/don-doc").select("table.rows tbody tr")
    longest = (DAY - period_of(db, db.get_one(Assignment, late[0])).effective_on).days
    assert " ".join(row.select("td")[-1].get_text(" ").split()) == f"{len(late)} lâu nhất {longest} ngày"
    assert len(db.scalars(select(UrgeLetterItem).where(UrgeLetterItem.letter_id == letter.id)).all()) == len(late) + 1


def test_as_many_queries_for_three_as_for_one(
    app: Flask, db: Session, draft: Any, as_person: Any, count_queries: Any
) -> None:
    letter, client = draft(), as_person("monitor")
    seen = []
    for left in (1, 2):
        items = db.scalars(select(UrgeLetterItem).where(UrgeLetterItem.letter_id == letter.id)).all()
        for place, item in enumerate(items):
            item.left_out = place >= left
        for url in (f"/don-doc/{letter.id}", "/don-doc"):
            client.get(url)
            with count_queries(app) as statements:
                assert client.get(url).status_code == 200
            seen.append(len(statements))
    assert seen[:2] == seen[2:]
