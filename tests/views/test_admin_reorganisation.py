"""/quan-tri/sap-xep: what is ready, drawing up a plan, the dry run with its choices, carrying it out, giving it up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.people import Person
from tests.views.test_admin_account import sentences
from tracker import clock
from tracker.models import Agency, Assignment, Event, Reorganisation, User

URL = "/quan-tri/sap-xep"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]
BASIS = "Nghị quyết 15/NQ-HĐND ngày 20/02/2025"


def agency(db: Session, code: str) -> int:
    return db.scalars(select(Agency.id).where(Agency.code == code)).one()


def typed(
    db: Session, kind: str = "merge", old: str = "so-ngoai-vu", heir: str = "so-tu-phap", **changes: str
) -> dict[str, str]:
    return {
        "kind": kind, "took_effect_on": "2026-03-01", "legal_basis": BASIS, "olds-0": str(agency(db, old)), "olds-1": "0",
        "heirs-0-agency_id": str(agency(db, heir)), "heirs-1-agency_id": "0", **changes,
    }  # fmt: skip


def sent(page: BeautifulSoup) -> dict[str, str]:
    """What the form of the dry run sends when nothing is touched."""
    found = {tag["name"]: tag.get("value", "") for tag in page.select("form.reorganise input[name]")}
    for tag in page.select("form.reorganise select"):
        option = tag.select_one("option[selected]") or tag.select_one("option")
        found[tag["name"]] = option["value"] if option else ""
    return {str(name): str(value) for name, value in found.items()}


def made(client: FlaskClient, db: Session, **changes: str) -> str:
    answer = client.post(f"{URL}/moi", data=typed(db, **changes))
    assert answer.status_code == 302, sentences(answer.text)
    return str(answer.location)


def test_from_the_register_to_what_moved(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    listed = page(admin, URL)
    item = next(li for li in listed.select("li") if "Sở Kế hoạch và Đầu tư →" in li.get_text())
    key = item.select_one("input[name=key]")
    assert key is not None and "Sở Tài chính" in item.get_text()
    answer = admin.post(f"{URL}/lap-san", data={"key": str(key["value"])})
    dry = page(admin, answer.location)
    assert "Chưa có gì thay đổi." in dry.get_text()
    old = agency(db, "so-khdt")
    held = db.scalar(select(func.count()).where(Assignment.agency_id == old))
    assert held and held == db.scalar(select(func.count()).where(Assignment.named_agency_id == old))
    done = admin.post(answer.location, data={**sent(dry), "do": "apply"})
    assert done.status_code == 302
    assert "Đã thực hiện" in page(admin, answer.location).get_text()
    left = select(func.count()).where(Assignment.agency_id == old, Assignment.merged_into_id.is_(None))
    assert db.scalar(left) == 0
    assert "Sở Kế hoạch và Đầu tư →" not in " ".join(
        li.get_text() for li in page(admin, URL).select("ul.plain-list li")
    )


def test_a_key_of_yesterday_has_its_sentence(as_person: AsPerson, page: Read) -> None:
    admin = as_person("admin")
    answer = admin.post(f"{URL}/lap-san", data={"key": "2025-03-01.1.2"})
    assert answer.status_code == 302
    assert (
        "Căn cứ này đã có phương án, hoặc công việc đã chuyển hết; hãy xem lại danh sách."
        in page(admin, URL).get_text()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "Hãy chọn hình thức sắp xếp."),
        ({"took_effect_on": ""}, "Hãy ghi ngày có hiệu lực."),
        ({"took_effect_on": "31/02/2026"}, "Hãy ghi một ngày có thật, dạng ngày/tháng/năm."),
        ({"legal_basis": " "}, "Hãy ghi số, ký hiệu và ngày của văn bản."),
        ({"legal_basis": "x" * 501}, "Tối đa 500 ký tự."),
        ({"olds-0": "0"}, "Hãy chọn ít nhất một cơ quan cũ."),
        ({"olds-0": "999999"}, "Lựa chọn này không có trong danh sách; hãy chọn lại."),
        ({"heirs-1-name": "Sở Mới"}, "Hãy nhập tên ngắn của cơ quan mới."),
        ({"heirs-0-name": "Sở Mới"}, "Hãy chọn một cơ quan đã có, hoặc ghi tên cơ quan mới, không làm cả hai."),
        ({"heirs-1-name": "Sở Mới", "heirs-1-short_name": "SM"}, "Hãy chọn loại của cơ quan mới."),
    ],
)  # fmt: skip
def test_bad_input_has_its_sentence(as_person: AsPerson, db: Session, changes: dict[str, str], said: str) -> None:
    answer = as_person("admin").post(f"{URL}/moi", data=typed(db, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert BASIS in answer.text or "legal_basis" in changes
    assert db.scalar(select(func.count()).select_from(Reorganisation)) == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heir": "so-ngoai-vu"}, "Sở Ngoại vụ không thể kế thừa chính mình."),
        ({"kind": "split"}, "Chia, tách cần đúng một cơ quan cũ và ít nhất hai cơ quan kế thừa."),
        ({"kind": "rename"}, "Sở Tư pháp đã hoạt động trước ngày 01/03/2026; hãy chọn “Sáp nhập, hợp nhất”."),
        ({"heir": "so-gtvt"}, "Sở Giao thông vận tải đã thôi hoạt động vào ngày 01/03/2026 nên không thể nhận việc."),
        ({"heir": "so-nnmt", "took_effect_on": "2024-01-01"},
         "Sở Nông nghiệp và Môi trường chưa hoạt động vào ngày 01/01/2024 nên chưa thể nhận việc."),
    ],
)  # fmt: skip
def test_an_impossible_plan_has_its_sentence(
    as_person: AsPerson, db: Session, changes: dict[str, str], said: str
) -> None:
    answer = as_person("admin").post(f"{URL}/moi", data=typed(db, **changes))
    assert (answer.status_code, said in answer.text) == (409, True)
    assert db.scalar(select(func.count()).select_from(Reorganisation)) == 0


def test_more_rows_keep_what_was_typed(as_person: AsPerson, db: Session) -> None:
    answer = as_person("admin").post(f"{URL}/moi", data={**typed(db), "more": "1"})
    assert answer.status_code == 200
    assert all(part in answer.text for part in ("olds-2", "heirs-2-agency_id", BASIS))


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "x"])
def test_what_numbers_no_row_is_none(as_person: AsPerson, db: Session, number: str) -> None:
    answer = as_person("admin").post(
        f"{URL}/moi", data={**typed(db), f"olds-{number}": "1", f"heirs-{number}-name": "x"}
    )
    assert answer.status_code == 302


def test_a_plan_begins_with_the_agency_one_came_from(as_person: AsPerson, page: Read, db: Session) -> None:
    old = agency(db, "so-ngoai-vu")
    chosen = page(as_person("admin"), f"{URL}/moi?agency={old}").select_one("#olds-0 option[selected]")
    assert chosen is not None and chosen["value"] == str(old)
    assert page(as_person("admin"), f"{URL}/moi?agency=999999").select_one("#olds-1") is not None


def test_a_split_keeps_the_choices_until_it_is_carried_out(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    press = str(agency(db, "so-tu-phap"))
    where = made(admin, db, kind="split", heir="so-noi-vu", **{"heirs-1-agency_id": press, "heirs-1-scope": "hội nhập"})
    dry = page(admin, where)
    form = sent(dry)
    one = next(name for name in form if name.startswith("work-"))
    assert admin.post(where, data={**form, one: press, "do": "save"}).status_code == 302
    kept = sent(page(admin, where))
    assert kept[one] == press
    assert "còn cần lựa chọn" not in page(admin, where).get_text()
    assert admin.post(where, data={**kept, "do": "apply"}).status_code == 302
    event = select(Event).where(Event.noun_id == int(one.removeprefix("work-")), Event.noun == "assignment")
    assert db.scalars(event).one().facts["after"] == "Sở Tư pháp"


def test_what_changed_meanwhile_is_told_and_the_choices_stay(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    where = made(admin, db)
    form = sent(page(admin, where))
    db.add(
        User(email="moi@b.vn", name="Người Mới", role="officer", agency_id=agency(db, "so-ngoai-vu"), password_hash="x",
             session_key="x", created_at=clock.now(), signed_in_at=None)
    )  # fmt: skip
    answer = admin.post(where, data={**form, "do": "apply"})
    assert answer.status_code == 409
    assert "Công việc hoặc nhân sự của cơ quan vừa thay đổi" in answer.text and "Người Mới" in answer.text
    again = admin.post(where, data={**sent(BeautifulSoup(answer.text, "html.parser")), "do": "apply"})
    assert again.status_code == 302
    person = db.scalars(select(User).where(User.email == "moi@b.vn").execution_options(populate_existing=True)).one()
    assert person.agency_id == agency(db, "so-tu-phap")


def test_before_its_day_there_is_no_button(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    day = clock.today() + timedelta(days=30)
    where = made(admin, db, took_effect_on=day.isoformat())
    dry = page(admin, where)
    assert dry.select_one("button[value=apply]") is None
    answer = admin.post(where, data={**sent(dry), "do": "apply"})
    assert answer.status_code == 409
    assert f"Phương án có hiệu lực từ {day:%d/%m/%Y}; đến ngày đó mới thực hiện được." in answer.text


def test_giving_up(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    where = made(admin, db)
    assert admin.post(f"{where}/bo").status_code == 302
    assert "Đã bỏ; không có gì thay đổi." in page(admin, where).get_text()
    assert admin.post(f"{where}/bo").status_code == 302
    assert "Phương án này đã được thực hiện hoặc đã bỏ; hãy xem lại trang." in page(admin, where).get_text()
    assert db.scalar(select(func.count()).where(Assignment.agency_id != Assignment.named_agency_id)) == 0


def test_a_form_without_a_button_does_nothing(as_person: AsPerson, page: Read, db: Session) -> None:
    admin = as_person("admin")
    where = made(admin, db)
    answer = admin.post(where, data=sent(page(admin, where)))
    assert answer.status_code == 422
    assert "Chưa rõ việc cần làm; hãy bấm lại một trong các nút bên dưới." in answer.text


def test_an_officer_of_the_old_agency_works_on_under_the_new_one(
    as_person: AsPerson, page: Read, db: Session, people: dict[str, Person]
) -> None:
    admin = as_person("admin")
    item = next(li for li in page(admin, URL).select("li") if "Sở Thông tin và Truyền thông →" in li.get_text())
    key = item.select_one("input[name=key]")
    assert key is not None
    where = str(admin.post(f"{URL}/lap-san", data={"key": str(key["value"])}).location)
    officer = as_person("officer_stttt")
    assert admin.post(where, data={**sent(page(admin, where)), "do": "apply"}).status_code == 302
    owed = db.scalars(
        select(Assignment).where(
            Assignment.named_agency_id == agency(db, "so-tttt"), Assignment.agency_id == agency(db, "so-khcn"),
            Assignment.role == "lead",
        )
    ).first()  # fmt: skip
    assert owed is not None
    assert "Sở Khoa học và Công nghệ" in page(officer, f"/phan-viec/{owed.id}/tien-do").get_text()
    shown = page(officer, f"/nhiem-vu/{owed.task_id}").get_text(" ")
    assert "Sở Khoa học và Công nghệ kế thừa phần việc của Sở Thông tin và Truyền thông" in " ".join(shown.split())


def test_the_list_asks_the_same_for_one_plan_and_for_three(
    app: object, as_person: AsPerson, db: Session, count_queries: Callable[..., object]
) -> None:
    admin = as_person("admin")
    needed = set()
    for old in ("so-ngoai-vu", "so-y-te", "so-gddt"):
        made(admin, db, old=old)
        with count_queries(app) as statements:  # type: ignore[attr-defined]
            assert admin.get(URL).status_code == 200
        needed.add(len(statements))
    assert len(needed) == 1, needed
