"""/dang-xuat and /ngon-ngu."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.pages import parse
from tests.people import Person
from tracker.models import User

AsPerson = Callable[[str], FlaskClient]


def test_sign_out_ends_the_session(as_person: AsPerson) -> None:
    client = as_person("viewer")
    assert client.post("/dang-xuat").headers["Location"] == "/dang-nhap"
    assert client.get("/mat-khau").headers["Location"] == "/dang-nhap?next=/mat-khau"


def test_a_copy_of_the_session_ends_too(as_person: AsPerson) -> None:
    client, copy = as_person("viewer"), as_person("viewer")
    assert copy.get("/mat-khau").status_code == 200
    client.post("/dang-xuat")
    assert copy.get("/mat-khau").headers["Location"] == "/dang-nhap?next=/mat-khau"


def test_sign_out_by_link_is_refused(as_person: AsPerson) -> None:
    client = as_person("viewer")
    assert client.get("/dang-xuat").status_code == 405
    assert client.get("/mat-khau").status_code == 200


def test_language_is_kept_in_session_and_account(as_person: AsPerson, people: dict[str, Person], db: Session) -> None:
    client = as_person("viewer")
    answer = client.post("/ngon-ngu", data={"language": "en"}, headers={"Referer": "http://localhost/mat-khau?x=1"})
    assert answer.headers["Location"] == "/mat-khau?x=1"
    assert db.get_one(User, people["viewer"].id).language == "en"
    assert parse(client.get("/mat-khau").text).html["lang"] == "en"


def test_language_of_a_stranger_is_kept_in_the_session(client: FlaskClient) -> None:
    assert client.post("/ngon-ngu", data={"language": "en"}).headers["Location"] == "/"
    assert parse(client.get("/dang-nhap").text).html["lang"] == "en"


def test_language_leads_to_no_other_site(client: FlaskClient) -> None:
    for referrer in ("http://ke-xau.example/mat-khau", "http://localhost//ke-xau.example"):
        answer = client.post("/ngon-ngu", data={"language": "en"}, headers={"Referer": referrer})
        assert answer.headers["Location"] == "/"


def test_a_referrer_that_is_no_address_leads_home(client: FlaskClient) -> None:
    answer = client.post("/ngon-ngu", data={"language": "en"}, headers={"Referer": "http://[::1"})
    assert answer.headers["Location"] == "/"


def test_unknown_language_has_its_sentence(as_person: AsPerson) -> None:
    client = as_person("viewer")
    client.post("/ngon-ngu", data={"language": "xx"})
    notices = [p.get_text() for p in parse(client.get("/mat-khau").text).select(".notice")]
    assert notices == ["Ba Rõ chưa có ngôn ngữ này; xin chọn Tiếng Việt hoặc English."]
