"""The people every test file knows: one per role, two agencies, so that "another agency" is never invented twice."""

from dataclasses import dataclass

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Role, User

PASSWORD = "mat-khau-thu-nghiem-2023"
OFFICE = "Văn phòng UBND tỉnh"
STANDING = "Sở Thông tin và Truyền thông"
OTHER = "Sở Công Thương"


@dataclass(frozen=True)
class Person:
    key: str
    email: str
    name: str
    role: Role
    agency: str | None
    password: str = PASSWORD
    id: int = 0
    login: str = ""  # what Flask-Login keeps in the session


EVERYBODY = (
    Person("officer_vp", "chuyenvien.vp@tinh.gov.vn", "Trần Thị Vân", Role.OFFICER, OFFICE),
    Person("officer_stttt", "chuyenvien.stttt@tinh.gov.vn", "Nguyễn Văn Tin", Role.OFFICER, STANDING),
    Person("head_stttt", "giamdoc.stttt@tinh.gov.vn", "Lê Thị Thông", Role.AGENCY_HEAD, STANDING),
    Person("officer_sct", "chuyenvien.sct@tinh.gov.vn", "Phạm Văn Công", Role.OFFICER, OTHER),
    Person("monitor", "theodoi.vp@tinh.gov.vn", "Đỗ Thị Theo", Role.MONITOR, OFFICE),
    Person("standing", "thuongtruc@tinh.gov.vn", "Võ Văn Trực", Role.STANDING_BODY, STANDING),
    Person("leader", "lanhdao@tinh.gov.vn", "Bùi Thị Lãnh", Role.LEADER, None),
    Person("viewer", "nguoixem@tinh.gov.vn", "Hồ Văn Xem", Role.VIEWER, None),
    Person("admin", "quantri@tinh.gov.vn", "Đặng Thị Quản", Role.ADMINISTRATOR, None),
)


def add_all() -> None:
    """Add everybody to the database of the current application; the caller commits."""
    secret = PasswordHasher().hash(PASSWORD)
    for person in EVERYBODY:
        agency_id = None
        if person.agency is not None:
            agency_id = db.session.scalars(sa.select(Agency.id).where(Agency.name == person.agency)).one()
        db.session.add(
            User(email=person.email, name=person.name, position=None, role=person.role, agency_id=agency_id,
                 password_hash=secret, session_key=f"key-{person.key}", created_at=clock.now(), signed_in_at=None)
        )  # fmt: skip


def read_all(app: Flask) -> dict[str, Person]:
    """Return everybody as they are in the application's database, by key."""
    with app.app_context():
        users = {user.email: user for user in db.session.scalars(sa.select(User))}
        return {
            person.key: Person(person.key, person.email, person.name, person.role, person.agency,
                               id=users[person.email].id, login=users[person.email].get_id())
            for person in EVERYBODY
        }  # fmt: skip


def session_of(person: Person) -> dict[str, object]:
    """Return what the session of the signed-in person holds."""
    return {"_user_id": person.login, "_fresh": True}


def sign_in_as(client: FlaskClient, person: Person) -> FlaskClient:
    """Make the client the person, without the slow password check; the sign-in page has tests of its own."""
    with client.session_transaction() as session:
        session.clear()
        session.update(session_of(person))
    return client


def session_cookie(app: Flask, person: Person) -> str:
    """Return the signed session cookie of the person, for a browser."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(session_of(person)))
