"""The rehearsal world of `make demo`: the real tasks with invented progress, as of one fixed day, in a database of its own.

Its past is made by the very actions people use, each on its day, so that history, events and counts are what they would be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import clarity
from tracker.actions.account import create_account, unusable_password
from tracker.actions.clarity import Basis
from tracker.commands.rehearsal_reminders import mornings
from tracker.commands.rehearsal_scenes import Scenes
from tracker.commands.rehearsal_stage import Stage, Step
from tracker.config import ROOT
from tracker.database import begin_writing
from tracker.errors import ConfigError
from tracker.extensions import db
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Document,
    JobRun,
    Message,
    Role,
    Task,
    User,
)

MARK = "rehearsal_world"
BASIS = Basis("proposal")
NOT_SENT = "Dữ liệu diễn tập: không gửi thư."
DOMAIN = "dien-tap.example"
ROLE_AGENCY: dict[Role, str | None] = {
    Role.OFFICER: "Sở Thông tin và Truyền thông",
    Role.AGENCY_HEAD: "Sở Thông tin và Truyền thông",
    Role.MONITOR: "Văn phòng UBND tỉnh",
    Role.STANDING_BODY: "Sở Thông tin và Truyền thông",
    Role.LEADER: None,
    Role.VIEWER: None,
    Role.ADMINISTRATOR: None,
}
NAMES: dict[Role, str] = {
    Role.OFFICER: "Nguyễn Thị Diễn", Role.AGENCY_HEAD: "Trần Văn Tập", Role.MONITOR: "Lê Thị Theo Dõi",
    Role.STANDING_BODY: "Phạm Văn Trực", Role.LEADER: "Võ Thị Lãnh", Role.VIEWER: "Đỗ Văn Xem",
    Role.ADMINISTRATOR: "Huỳnh Quản Trị",
}  # fmt: skip


def refuse_wrong_world(app: Flask) -> None:
    """Raise ConfigError when a rehearsal database is opened as a real one, or the other way round.

    A database that does not answer is no reason to refuse: /healthz and `flask check` say so, and it may come back.
    """
    try:
        with app.app_context(), _visiting(db.engine) as connection:
            if not inspect(connection).has_table(JobRun.__tablename__):
                return
            marked = connection.execute(select(JobRun.name).where(JobRun.name == MARK)).first() is not None
            peopled = connection.execute(select(User.id).limit(1)).first() is not None
    except DBAPIError:
        return
    if marked and not app.config["DEMO"]:
        raise ConfigError("Cơ sở dữ liệu này là dữ liệu diễn tập; chạy thật cần cơ sở dữ liệu khác (DATABASE_URL).")
    if app.config["DEMO"] and peopled and not marked:
        raise ConfigError("Cơ sở dữ liệu diễn tập chứa tài khoản thật; hãy đổi BARO_INSTANCE.")


@contextmanager
def _visiting(engine: Engine) -> Iterator[Connection]:
    """Give a connection that is gone afterwards: the web server divides into processes next, and two must not speak on one."""
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def build() -> str:
    """Build the world once and commit it; return a sentence. A second call changes nothing."""
    if db.session.get(JobRun, MARK):
        db.session.rollback()
        return "Thế giới diễn tập đã có sẵn, tính đến 15/11/2023."
    db.session.rollback()
    begin_writing()
    people = _people(db.session())
    script = yaml.safe_load((ROOT / "seeds" / "rehearsal" / "world.yaml").read_text(encoding="utf-8"))
    with clock.on_day(script["clarified_on"]):
        _clarify(db.session(), script, people["standing_body"])
    stage = Stage(db.session(), people)
    for day, _order, act in sorted(_plan(db.session(), script, stage), key=lambda step: step[:2]):
        with clock.on_day(day):
            act()
    # What the past would have mailed is not left waiting for a mail server that a rehearsal never has.
    db.session.execute(update(Message).where(Message.state == "queued").values(state="cancelled", reason=NOT_SENT))
    db.session.add(JobRun(name=MARK, outcome=f"{clock.today():%d/%m/%Y}"))
    db.session.commit()
    return "Đã dựng thế giới diễn tập, tính đến 15/11/2023."


def _people(session: Session) -> dict[str, User]:
    """Create one account per role, and one officer for every agency that leads something."""
    agencies = {name: id for id, name in session.execute(select(Agency.id, Agency.name))}
    secret = unusable_password()
    people: dict[str, User] = {}
    for role, agency in ROLE_AGENCY.items():
        people[role.value] = create_account(
            session, None, email=f"{role}@{DOMAIN}", name=NAMES[role], role=role, agency_id=agencies[agency] if agency else None,
            is_contact=role is Role.OFFICER, password_hash=secret,
        )  # fmt: skip
    taken = {user.agency_id for user in people.values() if user.role == Role.OFFICER}
    leads = select(Agency).where(Agency.collective.is_(False), Agency.level.in_(("tỉnh", "huyện"))).order_by(Agency.id)
    for body in session.execute(leads).scalars().all():
        if body.id not in taken:
            people[f"agency:{body.id}"] = create_account(
                session, None, email=f"{body.code}@{DOMAIN}", name=f"Chuyên viên {body.short_name}", role=Role.OFFICER,
                agency_id=body.id, is_contact=True, password_hash=secret,
            )  # fmt: skip
        else:
            people[f"agency:{body.id}"] = people["officer"]
    return people


def _clarify(session: Session, script: dict[str, Any], actor: User) -> None:
    tasks = {code: id for id, code in session.execute(select(Task.id, Task.code))}
    agencies = {name: id for id, name in session.execute(select(Agency.id, Agency.name))}
    for row in script["clarified"]:
        task = session.get_one(Task, tasks[row["task"]])
        clarity.assign_lead(session, actor, task, 0, session.get_one(Agency, agencies[row["lead"]]), BASIS)
    for row in script["clarified"] + script["dated"]:
        task = session.get_one(Task, tasks[row["task"]])
        clarity.set_deadline(session, actor, task, 0, row["due"], None, BASIS)


def _plan(session: Session, script: dict[str, Any], stage: Stage) -> Iterator[Step]:
    """Yield every step of the world's past: the stories written by hand, then an invented course for the rest."""
    rows = session.execute(
        select(Assignment, AssignmentPeriod.effective_on, Agency.name, Task.code, Document.in_force_from)
        .join(
            AssignmentPeriod, (AssignmentPeriod.assignment_id == Assignment.id) & (AssignmentPeriod.valid_to == FOREVER)
        )
        .join(Agency, Agency.id == Assignment.agency_id)
        .join(Task, Task.id == Assignment.task_id)
        .join(Document, Document.id == Task.document_id)
        .where(Assignment.role == "lead", Task.kind != "standing_duty")
        .order_by(Assignment.id)
    ).all()
    found = {(code, agency): assignment for assignment, _, agency, code, _ in rows}
    told = {(story["task"], story["agency"]): story["reports"] for story in script["stories"]}
    for key, reports in told.items():
        yield from stage.story(found[key], reports)
    yield from Scenes(session, stage.people, found).steps(script["scenes"])
    yield from mornings(session, script["reminded_since"], clock.today() - timedelta(days=1))
    for assignment, effective_on, agency, code, ordered_on in rows:
        if (code, agency) not in told and stage.has_officer(assignment):
            yield from stage.course(assignment, effective_on, ordered_on)
