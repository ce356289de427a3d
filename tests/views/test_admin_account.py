"""/quan-tri/tai-khoan: making, changing, closing accounts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.pages import checked, parse
from tests.people import OFFICE, OTHER, PASSWORD, Person
from tracker import extensions
from tracker.actions import password
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Event, Role, User

URL = "/quan-tri/tai-khoan"
AsPerson = Callable[[str], FlaskClient]
Read = Callable[..., BeautifulSoup]


def fields(page: BeautifulSoup) -> dict[str, str]:
    """Return what the page's main form would send."""
    form = page.select_one("main form.form")
    assert form is not None
    found = {tag["name"]: tag.get("value", "") for tag in form.select("input[name]") if tag.get("type") != "checkbox"}
    found |= {tag["name"]: "y" for tag in form.select("input[type=checkbox][checked]")}
    for select_tag in form.select("select"):
        chosen = select_tag.select_one("option[selected]") or select_tag.select_one("option")
        found[select_tag["name"]] = chosen["value"]
    return found


def sentences(html: str, url: str = URL) -> list[str]:
    page = checked(parse(html), url)
    return [tag.get_text(" ", strip=True) for tag in page.select("p.error, p.notice.bad")]


def verbs(db: Session, noun_id: int) -> list[str]:
    query = select(Event.verb).where(Event.noun == "user", Event.noun_id == noun_id).order_by(Event.id)
    return list(db.scalars(query))


def agency_id(db: Session, name: str) -> int:
    return db.scalars(select(Agency.id).where(Agency.name == name)).one()


def assignment_of(db: Session, person: Person) -> Assignment:
    """Return an open lead assignment of the person's agency, given to the person."""
    query = (
        select(Assignment)
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .where(Assignment.agency_id == db.get_one(User, person.id).agency_id, Assignment.role == "lead")
        .where(AssignmentPeriod.valid_to == FOREVER, AssignmentPeriod.state == "not_started")
    )
    found = db.scalars(query.order_by(Assignment.id)).first()
    assert found is not None
    found.responsible_id = person.id
    return found


def test_list_shows_everybody(as_person: AsPerson, people: dict[str, Person], page: Read) -> None:
    shown = page(as_person("admin"), URL)
    assert len(shown.select("tbody tr")) == len(people)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=do+thi+theo", ["Đỗ Thị Theo"]),
        ("q=cong+thuong", ["Phạm Văn Công"]),
        ("q=lanhdao@", ["Bùi Thị Lãnh"]),
        ("role=administrator", ["Đặng Thị Quản"]),
        ("role=nonsense&q=theo", ["Đỗ Thị Theo"]),
        ("q=khong+co+ai", []),
    ],
)
def test_list_is_searched_without_marks(as_person: AsPerson, page: Read, query: str, found: list[str]) -> None:
    shown = page(as_person("admin"), f"{URL}?{query}")
    assert [link.get_text() for link in shown.select("tbody td:first-child a")] == found
    assert bool(shown.select(".empty")) == (not found)


def test_list_goes_on_by_page_with_the_same_queries(
    app: Flask, as_person: AsPerson, db: Session, people: dict[str, Person], page: Read, count_queries: Callable
) -> None:
    client = as_person("admin")
    with count_queries(app) as few:
        page(client, URL)
    viewer = db.get_one(User, people["viewer"].id)
    for n in range(60):
        db.add(User(email=f"z{n:02}@tinh.gov.vn", name=f"Người {n}", role="viewer", password_hash="x", session_key="x",
                    created_at=viewer.created_at))  # fmt: skip
    db.commit()
    with count_queries(app) as many:
        first = page(client, URL)
    assert len(many) == len(few)
    second = page(client, first.select_one("a[rel=next]")["href"])
    assert (len(first.select("tbody tr")), len(second.select("tbody tr"))) == (50, len(people) + 10)
    assert second.select_one("a[rel=next]") is None


def test_new_account_gets_a_password_shown_once(app: Flask, as_person: AsPerson, db: Session) -> None:
    admin = as_person("admin")
    wanted = {"email": " Moi@Tinh.gov.vn", "name": "Ngô  Văn Mới", "role": "officer", "agency_id": str(agency_id(db, OTHER)),
              "position": "", "is_contact": "y"}  # fmt: skip
    answer = admin.post(f"{URL}/moi", data=wanted)
    assert answer.status_code == 201
    shown = checked(parse(answer.text), URL).select_one("#password").get_text()
    user = db.scalars(select(User).where(User.email == "moi@tinh.gov.vn")).one()
    assert (user.name, user.role, user.position, user.is_contact) == ("Ngô Văn Mới", "officer", None, True)
    assert user.must_change_password and password.matches(user.password_hash, shown)
    assert verbs(db, user.id) == ["create_account"]
    assert shown not in str(db.scalars(select(Event.facts)).all())
    came = app.test_client().post("/dang-nhap", data={"email": user.email, "password": shown})
    assert came.headers["Location"] == "/mat-khau"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, ["Hãy nhập thư điện tử công vụ."]),
        ({"email": "khong-phai-thu"}, ["“khong-phai-thu” không phải địa chỉ thư; ví dụ đúng: ten@tinh.gov.vn."]),
        ({"name": " "}, ["Hãy nhập họ và tên."]),
        ({"name": "a" * 121}, ["Tối đa 120 ký tự."]),
        ({"role": "king"}, ["Lựa chọn này không có trong danh sách; hãy chọn lại."]),
        ({"role": "officer"}, ["Chuyên viên và lãnh đạo cơ quan phải thuộc một cơ quan; hãy chọn cơ quan."]),
        ({"agency_id": "999999"}, ["Lựa chọn này không có trong danh sách; hãy chọn lại."]),
        ({"is_contact": "y"}, ["Đầu mối phải thuộc một cơ quan; hãy chọn cơ quan hoặc bỏ dấu chọn này."]),
    ],
)
def test_bad_input_has_its_sentence(as_person: AsPerson, db: Session, changes: dict[str, str], said: list[str]) -> None:
    wanted = {"email": "moi@tinh.gov.vn", "name": "Ngô Văn Mới", "role": "viewer", "agency_id": "0", **changes}
    answer = as_person("admin").post(f"{URL}/moi", data=wanted)
    assert (answer.status_code, sentences(answer.text)) == (422, said)
    assert db.scalars(select(User).where(User.email == "moi@tinh.gov.vn")).first() is None


def test_taken_address_has_its_sentence(as_person: AsPerson, people: dict[str, Person]) -> None:
    wanted = {"email": people["viewer"].email.upper(), "name": "Ngô Văn Mới", "role": "viewer", "agency_id": "0"}
    answer = as_person("admin").post(f"{URL}/moi", data=wanted)
    assert answer.status_code == 409
    said = f"Thư điện tử {people['viewer'].email} đã có tài khoản; hãy mở tài khoản đó để sửa."
    assert sentences(answer.text) == [said]


def test_edit_writes_what_changed(as_person: AsPerson, people: dict[str, Person], db: Session, page: Read) -> None:
    admin, viewer = as_person("admin"), people["viewer"]
    sent = fields(page(admin, f"{URL}/{viewer.id}"))
    answer = admin.post(f"{URL}/{viewer.id}", data={**sent, "role": "leader", "position": "Chủ tịch"})
    assert answer.headers["Location"] == URL
    user = db.get_one(User, viewer.id)
    assert (user.role, user.position, user.name) == ("leader", "Chủ tịch", viewer.name)
    event = db.scalars(select(Event).where(Event.noun == "user", Event.noun_id == viewer.id)).one()
    assert event.facts == {"changes": {"position": [None, "Chủ tịch"], "role": ["viewer", "leader"]}}


def test_edit_of_what_another_changed_is_refused(
    as_person: AsPerson, people: dict[str, Person], db: Session, page: Read
) -> None:
    admin, viewer = as_person("admin"), people["viewer"]
    sent = fields(page(admin, f"{URL}/{viewer.id}"))
    db.get_one(User, viewer.id).position = "Phó Chủ tịch"
    answer = admin.post(f"{URL}/{viewer.id}", data={**sent, "position": "Chủ tịch"})
    said = "Tài khoản này vừa được người khác sửa. Nội dung bạn nhập còn ở bên dưới; kiểm tra rồi lưu lại."
    assert (answer.status_code, sentences(answer.text)) == (409, [said])
    again = fields(parse(answer.text))
    assert again["position"] == "Chủ tịch"
    assert admin.post(f"{URL}/{viewer.id}", data=again).status_code == 302


def test_leaving_the_agency_releases_the_work(
    as_person: AsPerson, people: dict[str, Person], db: Session, page: Read
) -> None:
    admin, officer = as_person("admin"), people["officer_vp"]
    assignment = assignment_of(db, officer)
    sent = fields(page(admin, f"{URL}/{officer.id}"))
    admin.post(f"{URL}/{officer.id}", data={**sent, "agency_id": str(agency_id(db, OTHER))})
    db.refresh(assignment)
    assert assignment.responsible_id is None
    events = db.scalars(select(Event).where(Event.verb == "release_person")).all()
    assert [(e.noun_id, e.task_id, e.facts["person"]) for e in events] == [
        (assignment.id, assignment.task_id, officer.name)
    ]
    assert (events[0].facts["before"]["responsible"]["id"], events[0].facts["after"]) == (
        officer.id,
        {"responsible": None},
    )
    assert "1 phần việc không còn người phụ trách" in page(admin, URL).select_one(".notice").get_text()


def test_closing_says_what_is_left_without_a_person(
    as_person: AsPerson, people: dict[str, Person], db: Session, page: Read
) -> None:
    admin, officer, theirs = as_person("admin"), people["officer_vp"], as_person("officer_vp")
    assignment = assignment_of(db, officer)
    shown = page(admin, f"{URL}/{officer.id}/ngung")
    links = [a["href"] for a in shown.select(".notice.warn a")]
    assert links == [f"/nhiem-vu/{assignment.task_id}", f"/ban-giao/{officer.id}"]
    assert theirs.get("/mat-khau").status_code == 200
    assert admin.post(f"{URL}/{officer.id}/ngung").status_code == 302
    assert theirs.get("/mat-khau").status_code == 302
    db.refresh(assignment)
    user = db.get_one(User, officer.id, populate_existing=True)
    assert (user.active, assignment.responsible_id) == (False, None)
    assert verbs(db, officer.id) == ["deactivate_account"]


def test_closed_twice_has_its_sentence(as_person: AsPerson, people: dict[str, Person]) -> None:
    admin, viewer = as_person("admin"), people["viewer"]
    admin.post(f"{URL}/{viewer.id}/ngung")
    answer = admin.post(f"{URL}/{viewer.id}/ngung")
    assert (answer.status_code, sentences(answer.text)) == (409, ["Tài khoản này đã ngừng dùng trước đó."])


def test_opening_again(as_person: AsPerson, people: dict[str, Person], db: Session) -> None:
    admin, viewer = as_person("admin"), people["viewer"]
    admin.post(f"{URL}/{viewer.id}/ngung")
    assert admin.post(f"{URL}/{viewer.id}/cap-mat-khau").status_code == 409
    assert admin.post(f"{URL}/{viewer.id}/mo-lai").status_code == 302
    assert admin.post(f"{URL}/{viewer.id}/mo-lai").status_code == 409
    assert db.get_one(User, viewer.id).active
    assert verbs(db, viewer.id) == ["deactivate_account", "reactivate_account"]


def test_new_password_ends_the_sessions_and_is_shown_once(
    app: Flask, as_person: AsPerson, people: dict[str, Person], db: Session
) -> None:
    admin, viewer, theirs = as_person("admin"), people["viewer"], as_person("viewer")
    for _ in range(6):
        app.test_client().post("/dang-nhap", data={"email": viewer.email, "password": "sai-mat-khau"})
    answer = admin.post(f"{URL}/{viewer.id}/cap-mat-khau")
    shown = checked(parse(answer.text), URL).select_one("#password").get_text()
    assert answer.status_code == 200 and shown not in admin.get(f"{URL}/{viewer.id}").text
    assert theirs.get("/mat-khau").status_code == 302
    for typed, status in ((PASSWORD, 422), (shown, 302)):
        came = app.test_client().post("/dang-nhap", data={"email": viewer.email, "password": typed})
        assert came.status_code == status
    assert db.get_one(User, viewer.id).must_change_password


def test_nobody_closes_or_demotes_oneself(
    as_person: AsPerson, people: dict[str, Person], db: Session, page: Read
) -> None:
    admin, own = as_person("admin"), f"{URL}/{people['admin'].id}"
    said = ["Không thể tự ngừng hoặc tự đổi vai trò của mình; hãy nhờ một quản trị khác."]
    answer = admin.post(f"{own}/ngung")
    assert (answer.status_code, sentences(answer.text)) == (409, said)
    answer = admin.post(own, data={**fields(page(admin, own)), "role": "viewer"})
    assert (answer.status_code, sentences(answer.text)) == (409, said)
    user = db.get_one(User, people["admin"].id)
    assert (user.active, user.role) == (True, "administrator")


def test_two_administrators_cannot_close_each_other(app: Flask, as_person: AsPerson, people: dict[str, Person]) -> None:
    with app.app_context():
        extensions.db.session.get_one(User, people["monitor"].id).role = Role.ADMINISTRATOR.value
        extensions.db.session.commit()
    clients = [(as_person("admin"), people["monitor"].id), (as_person("monitor"), people["admin"].id)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(f"{URL}/{pair[1]}/ngung").status_code, clients))
    with app.app_context():
        query = select(func.count()).where(User.role == Role.ADMINISTRATOR.value, User.active)
        assert extensions.db.session.scalar(query) == 1
    assert answers.count(302) >= 1


def test_unknown_account_is_not_found(as_person: AsPerson) -> None:
    assert as_person("admin").get(f"{URL}/999999").status_code == 404


def test_officers_of_no_agency_cannot_exist(context: Session) -> None:
    from tracker.actions.account import create_account
    from tracker.errors import Refused

    with pytest.raises(Refused, match="phải thuộc một cơ quan"):
        create_account(context, None, email="a@b.vn", name="A", role=Role.OFFICER, agency_id=None, password_hash="x")
    assert agency_id(context, OFFICE)
