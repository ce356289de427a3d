"""/vuong-mac/<id>: the thread of one obstacle, and the steps each may take."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.test_report_new import current, said, the_assignment
from tracker import clock
from tracker.models import Obstacle, ObstacleStep

SECRET = "Thiếu đường truyền trầm trọng."
STEPS = ("tra-loi", "chuyen-len", "quyet-dinh", "hoi-lai", "khep-lai")
DECIDED = {"decision": "Cấp vốn năm sau.", "number": "512/UBND-TH", "signed_on": "2022-05-04"}


@pytest.fixture(autouse=True)
def in_2022(app: Any) -> Iterator[None]:
    with clock.on_day(date(2022, 5, 4)):
        yield


def raised(client: FlaskClient, db: Session, sign_in: Any, level: str = "standing_body") -> Obstacle:
    owed = the_assignment(db)
    sign_in(client, "officer_vp")
    data = {
        "seen": current(db, owed).id,
        "text": SECRET,
        "proposal": "Bố trí vốn.",
        "level": level,
        "why": "Ngoài ngành.",
    }
    assert client.post(f"/phan-viec/{owed.id}/vuong-mac", data=data).status_code == 302
    return db.execute(select(Obstacle).order_by(Obstacle.id.desc())).scalars().first()


def take(client: FlaskClient, found: Obstacle, step: str, seen: int, **typed: str) -> int:
    return client.post(f"/vuong-mac/{found.id}/{step}", data={"seen": seen, **typed}).status_code


def offered(client: FlaskClient, page: Any, found: Obstacle) -> set[str]:
    shown = page(client, f"/vuong-mac/{found.id}")
    forms = shown.find("main").find_all("form", method="post")
    return {form["action"].rsplit("/", 1)[1] for form in forms}


def test_from_the_agency_through_both_levels_and_back(
    client: FlaskClient, db: Session, sign_in: Any, page: Any
) -> None:
    found = raised(client, db, sign_in)
    assert offered(client, page, found) == {"khep-lai"}
    sign_in(client, "standing")
    assert offered(client, page, found) == {"tra-loi", "chuyen-len"}
    assert take(client, found, "chuyen-len", 1, opinion="Đề nghị cấp vốn.") == 302
    assert offered(client, page, found) == set()
    sign_in(client, "leader")
    assert offered(client, page, found) == {"tra-loi", "quyet-dinh"}
    assert take(client, found, "quyet-dinh", 2, **DECIDED) == 302
    sign_in(client, "officer_vp")
    assert offered(client, page, found) == {"hoi-lai", "khep-lai"}
    assert take(client, found, "hoi-lai", 3, reason="Cần ngay năm nay.") == 302
    sign_in(client, "monitor")
    assert take(client, found, "tra-loi", 4, answer="Tạm ứng ngân sách.") == 302
    sign_in(client, "officer_vp")
    assert take(client, found, "khep-lai", 5, note="Đã có vốn.") == 302
    assert offered(client, page, found) == set()
    db.refresh(found)
    assert (found.state, found.level, found.version) == ("closed", "province", 6)


def test_the_thread_says_everything_in_sentences(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    found = raised(client, db, sign_in)
    sign_in(client, "standing")
    with clock.on_day(date(2022, 5, 12)):
        take(client, found, "chuyen-len", 1, opinion="Đề nghị cấp vốn.")
    sign_in(client, "leader")
    with clock.on_day(date(2022, 5, 13)):
        take(client, found, "quyet-dinh", 2, **DECIDED)
        shown = page(client, f"/vuong-mac/{found.id}").find("main")
    lines = [" ".join(line.get_text(" ").split()) for line in shown.select("ol.time > li")]
    assert lines[0].startswith("04/05/2022 VP UBND tỉnh nêu vướng mắc, gửi cơ quan thường trực; hạn trả lời 11/05/2022")
    assert "Cơ quan thường trực chuyển UBND tỉnh vướng mắc vượt thẩm quyền của VP UBND tỉnh" in lines[1]
    assert "(sau hạn)" in lines[1] and "Đề nghị cấp vốn. Võ Văn Trực, Cơ quan thường trực" in lines[1]
    assert "UBND tỉnh quyết định về vướng mắc của VP UBND tỉnh Văn bản 512/UBND-TH, 04/05/2022 Cấp vốn" in lines[2]
    assert "(sau hạn)" not in lines[2]
    assert SECRET in shown.get_text() and "UBND tỉnh đã trả lời" in shown.get_text()


def test_late_is_said_while_it_waits(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    found = raised(client, db, sign_in)
    with clock.on_day(date(2022, 5, 14)):
        shown = page(client, f"/vuong-mac/{found.id}").find(class_="asof").get_text(" ")
    assert "Quá hạn trả lời 3 ngày" in shown
    assert "Đang chờ cơ quan thường trực trả lời từ ngày 04/05/2022, hạn 11/05/2022" in " ".join(shown.split())


def test_bad_input_gets_its_sentence_and_keeps_what_was_typed(client: FlaskClient, db: Session, sign_in: Any) -> None:
    found = raised(client, db, sign_in, "province")
    sign_in(client, "monitor")
    at = f"/vuong-mac/{found.id}"
    code, shown = said(client, f"{at}/quyet-dinh", seen=1, decision="Cấp vốn.", number="", signed_on="32/05/2022")
    assert code == 422 and shown.find("textarea", {"name": "decision"}).get_text().strip() == "Cấp vốn."
    assert shown.find(id="number-error").get_text() == "Hãy ghi số, ký hiệu văn bản, ví dụ 512/UBND-KGVX."
    assert shown.find(id="signed_on-error") is not None
    code, shown = said(client, f"{at}/quyet-dinh", seen=1, **{**DECIDED, "signed_on": "2022-05-05"})
    assert code == 409 and "Ngày văn bản 05/05/2022 chưa tới" in shown.find(role="alert").get_text()
    code, shown = said(client, f"{at}/tra-loi", seen=1, answer="x" * 4001)
    assert (code, shown.find(id="answer-error").get_text()) == (422, "Tối đa 4.000 ký tự; hãy rút gọn.")
    assert len(db.execute(select(ObstacleStep)).all()) == 1


def test_the_second_of_two_is_told_what_changed_and_keeps_the_text(
    client: FlaskClient, db: Session, sign_in: Any
) -> None:
    found = raised(client, db, sign_in)
    sign_in(client, "standing")
    assert take(client, found, "chuyen-len", 1, opinion="Đề nghị cấp vốn.") == 302
    code, shown = said(client, f"/vuong-mac/{found.id}/tra-loi", seen=1, answer="Dùng chung hạ tầng.")
    assert code == 409 and "vừa được người khác xử lý" in shown.find(role="alert").get_text()
    assert shown.find("textarea", {"name": "answer"}).get_text().strip() == "Dùng chung hạ tầng."
    assert "Đề nghị cấp vốn." in shown.get_text()
    assert take(client, found, "tra-loi", 2, answer="Vẫn trả lời.") == 403  # it is no longer theirs


def test_the_level_closes_what_was_left_lying(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    found = raised(client, db, sign_in)
    sign_in(client, "standing")
    assert take(client, found, "tra-loi", 1, answer="Dùng chung hạ tầng.") == 302
    assert offered(client, page, found) == set()
    assert take(client, found, "khep-lai", 2, note="Không có ý kiến thêm.") == 409
    with clock.on_day(date(2022, 5, 12)):
        assert offered(client, page, found) == {"khep-lai"}
        assert take(client, found, "khep-lai", 2, note="Không có ý kiến thêm.") == 302
    assert db.scalars(select(ObstacleStep.verb).order_by(ObstacleStep.id.desc())).first() == "settle"


RIGHTS = {  # in the order of STEPS, on an obstacle that waits for the standing body; 422: the right, but an empty form
    "officer_vp": (403, 403, 403, 422, 422), "officer_sct": (404,) * 5, "monitor": (403, 403, 422, 403, 403),
    "standing": (422, 422, 403, 403, 422), "leader": (403, 403, 422, 403, 403), "viewer": (404,) * 5, "admin": (404,) * 5,
}  # fmt: skip


def test_each_does_what_is_theirs(client: FlaskClient, db: Session, sign_in: Any) -> None:
    found = raised(client, db, sign_in)
    answers = {}
    for person in RIGHTS:
        sign_in(client, person)
        answers[person] = tuple(client.post(f"/vuong-mac/{found.id}/{step}").status_code for step in STEPS)
    assert answers == RIGHTS


def test_who_may_read_it(client: FlaskClient, db: Session, sign_in: Any) -> None:
    found = raised(client, db, sign_in)
    for person, code in (("leader", 200), ("standing", 200), ("officer_sct", 404), ("viewer", 404), ("admin", 404)):
        sign_in(client, person)
        assert (person, client.get(f"/vuong-mac/{found.id}").status_code) == (person, code)
    sign_in(client, "leader")
    assert client.get("/vuong-mac/999999").status_code == client.get(f"/vuong-mac/{10**12}").status_code == 404
    assert client.delete(f"/vuong-mac/{found.id}").status_code == 405


def test_the_page_of_the_task_says_who_waits_and_to_whom_it_may_what(
    client: FlaskClient, db: Session, sign_in: Any, page: Any
) -> None:
    found = raised(client, db, sign_in)
    waits = "Đang chờ cơ quan thường trực trả lời vướng mắc từ ngày 04/05/2022 (hạn 11/05/2022)"
    for person, reads in (("officer_vp", True), ("leader", True), ("viewer", False), ("officer_sct", False)):
        sign_in(client, person)
        shown = page(client, f"/nhiem-vu/{found.task_id}").find("main").get_text()
        assert (person, waits in shown, SECRET in shown) == (person, True, reads)
    with clock.on_day(date(2022, 5, 6)):
        assert waits not in page(client, f"/nhiem-vu/{found.task_id}?on=2022-05-03").get_text()
        assert waits in page(client, f"/nhiem-vu/{found.task_id}?on=2022-05-04").get_text()


def test_the_agency_s_list_marks_what_waits(client: FlaskClient, db: Session, sign_in: Any, page: Any) -> None:
    found = raised(client, db, sign_in)
    sign_in(client, "viewer")
    shown = page(client, f"/co-quan/{found.agency_id}").find("main").get_text()
    assert "chờ cơ quan thường trực" in shown and SECRET not in shown
