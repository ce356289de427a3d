"""What is asked of the web server: four kinds of request, by signed-in people, with the tokens their forms would carry."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from tests.bench.wrk import Asked
from tracker.extensions import db
from tracker.models import FOREVER, AssignmentPeriod, ProgressReport, Role, Task, User

DIFFERENT = 2_000
ENOUGH_UPDATES = 40_000


@dataclass(frozen=True)
class Case:
    """A kind of request; `prepare` makes the list anew, because an update can be sent once only."""

    name: str
    goal: int  # requests a second at 8 connections with 10,000 tasks
    prepare: Callable[[Flask], Sequence[Asked]]


def overdue_list(app: Flask) -> Sequence[Asked]:
    return [Asked("/nhiem-vu?timeliness=open_overdue&sort=due", _cookie(app, _person(app, Role.VIEWER)))]


def one_task(app: Flask) -> Sequence[Asked]:
    cookie = _cookie(app, _person(app, Role.VIEWER))
    with app.app_context():
        last = db.session.execute(sa.select(sa.func.max(Task.id))).scalar_one()
    return [Asked(f"/nhiem-vu/{task_id}", cookie) for task_id in range(1, last + 1, max(last // DIFFERENT, 1))]


def overview(app: Flask) -> Sequence[Asked]:
    return [Asked("/", _cookie(app, _person(app, Role.LEADER)))]


def update(app: Flask) -> Sequence[Asked]:
    """One progress report on each open lead assignment, by a contact of its agency, on the state it is in now."""
    period = AssignmentPeriod
    wanted = sa.select(period.assignment_id, period.id, period.agency_id).where(
        period.valid_to == FOREVER, period.role == "lead", period.state.in_(("not_started", "in_progress", "returned")),
    )  # fmt: skip
    with app.app_context():
        rows = db.session.execute(wanted.order_by(period.id % 97, period.id).limit(ENOUGH_UPDATES)).all()
    cookies = {agency: _cookie(app, _person(app, Role.OFFICER, agency)) for agency in {row.agency_id for row in rows}}
    said = {
        "csrf_token": _token(app),
        "progress": 55,
        "done": "Đã trình dự thảo, đang lấy ý kiến các cơ quan.",
        "difficulty": "",
    }
    return [
        Asked(f"/phan-viec/{assignment}/tien-do", cookies[agency], urlencode({**said, "seen": seen}))
        for assignment, seen, agency in rows
    ]


CASES = (
    Case("overdue list of 50", 335, overdue_list),
    Case("one task", 648, one_task),
    Case("overview", 355, overview),
    Case("one update", 220, update),
)


def reports_kept(app: Flask) -> int:
    """Return how many progress reports the database holds."""
    with app.app_context():
        return db.session.execute(sa.select(sa.func.count()).select_from(ProgressReport)).scalar_one()


def _person(app: Flask, role: Role, agency_id: int | None = None) -> User:
    query = sa.select(User).where(User.role == role.value)
    with app.app_context():
        if agency_id:
            query = query.where(User.agency_id == agency_id, User.is_contact)
        return db.session.scalars(query.order_by(User.id).limit(1)).one()


def _cookie(app: Flask, person: User) -> str:
    kept: dict[str, Any] = {"_user_id": person.get_id(), "_fresh": True, "csrf_token": _secret()}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(kept)}"


def _token(app: Flask) -> str:
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(_secret()))


def _secret() -> str:
    return hashlib.sha1(b"bench").hexdigest()
