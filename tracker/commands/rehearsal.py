"""The rehearsal world of `make demo`: the real tasks with invented progress, as of one fixed day, in a database of its own.

Its past is made by the very actions people use, each on its day, so that history, events and counts are what they would be.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import yaml
from sqlalchemy import Engine, inspect, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import clarity, progress
from tracker.actions.account import create_account, unusable_password
from tracker.actions.clarity import Basis
from tracker.actions.standing import current_assignment
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
    ProgressReport,
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
Step = tuple[date, int, Callable[[], None]]


def refuse_wrong_world(engine: Engine, demo: bool) -> None:
    """Raise ConfigError when a rehearsal database is opened as a real one, or the other way round."""
    if not inspect(engine).has_table("job_run"):
        return
    with engine.connect() as connection:
        marked = connection.execute(select(JobRun.name).where(JobRun.name == MARK)).first() is not None
        peopled = connection.execute(select(User.id).limit(1)).first() is not None
    if marked and not demo:
        raise ConfigError("Cơ sở dữ liệu này là dữ liệu diễn tập; chạy thật cần cơ sở dữ liệu khác (DATABASE_URL).")
    if demo and peopled and not marked:
        raise ConfigError("Cơ sở dữ liệu diễn tập chứa tài khoản thật; hãy đổi BARO_INSTANCE.")


def build() -> str:
    """Build the world once and commit it; return a sentence. A second call changes nothing."""
    if db.session.get(JobRun, MARK):
        db.session.rollback()
        return "Thế giới diễn tập đã có sẵn, tính đến 15/11/2023."
    db.session.rollback()
    begin_writing()
    people = _people(db.session)
    script = yaml.safe_load((ROOT / "seeds" / "rehearsal" / "world.yaml").read_text(encoding="utf-8"))
    with clock.on_day(script["clarified_on"]):
        _clarify(db.session, script, people["standing_body"])
    for day, _order, act in sorted(_plan(db.session, script, people), key=lambda step: step[:2]):
        with clock.on_day(day):
            act()
    # What the past would have mailed is not left waiting for a mail server that a rehearsal never has.
    db.session.execute(update(Message).values(state="cancelled", reason=NOT_SENT))
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
    for agency in session.execute(leads).scalars().all():
        if agency.id not in taken:
            people[f"agency:{agency.id}"] = create_account(
                session, None, email=f"{agency.code}@{DOMAIN}", name=f"Chuyên viên {agency.short_name}", role=Role.OFFICER,
                agency_id=agency.id, is_contact=True, password_hash=secret,
            )  # fmt: skip
        else:
            people[f"agency:{agency.id}"] = people["officer"]
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


def _plan(session: Session, script: dict[str, Any], people: dict[str, User]) -> Iterator[Step]:
    """Yield every step of the world's past: the stories written by hand, then an invented course for the rest."""
    told = set()
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
    for story in script["stories"]:
        assignment = found[story["task"], story["agency"]]
        told.add(assignment.id)
        yield from _story(session, people, assignment, story["reports"])
    for assignment, effective_on, _, _, ordered_on in rows:
        officer = people.get(f"agency:{assignment.agency_id}")
        if assignment.id not in told and officer:
            yield from _course(session, people, assignment, officer, effective_on, ordered_on)


def _story(
    session: Session, people: dict[str, User], assignment: Assignment, reports: list[list[Any]]
) -> Iterator[Step]:
    officer = people[f"agency:{assignment.agency_id}"]
    for day, what, done, difficulty in reports:
        if isinstance(what, int):
            yield day, assignment.id, _reporting(session, officer, assignment, what, done, difficulty)
            continue
        result_on, _, number = what.partition(" ")
        yield day, assignment.id, _completing(session, officer, assignment, date.fromisoformat(result_on), number, done)
        yield day + timedelta(days=3), assignment.id, _deciding(session, people["monitor"], assignment, None)


def _course(
    session: Session,
    people: dict[str, User],
    assignment: Assignment,
    officer: User,
    effective_on: date | None,
    ordered_on: date,
) -> Iterator[Step]:
    """Invent how one assignment went: a digest of its id decides, so that every build tells the same."""
    lot = hashlib.sha256(f"{assignment.task_id}/{assignment.agency_id}".encode()).digest()
    due = effective_on or date(2023, 9, 1) + timedelta(days=lot[1] % 70)
    last = clock.today() - timedelta(days=1)
    start = min(max(ordered_on + timedelta(days=20), due - timedelta(days=120)) + timedelta(days=lot[2] % 30), last)
    fate = lot[0] % 100
    if fate < 18 and due > last - timedelta(days=30):
        return  # nothing done yet
    yield (
        start,
        assignment.id,
        _reporting(
            session, officer, assignment, 20 + lot[3] % 30, "Đã lập kế hoạch và phân công bộ phận thực hiện.", None
        ),
    )
    result_on = due - timedelta(days=3 + lot[4] % 25) if fate < 64 else due + timedelta(days=4 + lot[4] % 40)
    if not start < result_on <= last - timedelta(days=6) or fate >= 84:
        if start + timedelta(days=30) < last:
            worse = "Chờ bố trí kinh phí." if lot[5] % 3 == 0 else None
            yield (
                start + timedelta(days=30),
                assignment.id,
                _reporting(session, officer, assignment, 55 + lot[6] % 30, "Đã triển khai phần việc chính.", worse),
            )
        return
    said = result_on + timedelta(days=1)
    number = f"{20 + lot[7]}/BC"
    yield (
        said,
        assignment.id,
        _completing(
            session, officer, assignment, result_on, number, "Đã hoàn thành nội dung được giao, có văn bản kèm theo."
        ),
    )
    if said > last - timedelta(days=20) and lot[8] % 3 == 0:
        return  # still waiting for the Office
    reason = "Văn bản kết quả chưa có phụ lục số liệu; đề nghị bổ sung." if lot[9] % 12 == 0 else None
    yield (
        said + timedelta(days=1 + lot[9] % 4),
        assignment.id,
        _deciding(session, people["monitor"], assignment, reason),
    )


def _reporting(
    session: Session, officer: User, assignment: Assignment, percent: int, done: str, difficulty: str | None
) -> Callable[[], None]:
    def act() -> None:
        seen = current_assignment(session, assignment.id).id
        progress.report_progress(session, officer, assignment, seen, percent, done, difficulty)

    return act


def _completing(
    session: Session, officer: User, assignment: Assignment, result_on: date, number: str, done: str
) -> Callable[[], None]:
    def act() -> None:
        seen = current_assignment(session, assignment.id).id
        progress.propose_completion(session, officer, assignment, seen, result_on, number, done)

    return act


def _deciding(session: Session, monitor: User, assignment: Assignment, reason: str | None) -> Callable[[], None]:
    def act() -> None:
        query = select(ProgressReport).where(
            ProgressReport.assignment_id == assignment.id, ProgressReport.kind == "completion"
        )
        report = session.execute(query.order_by(ProgressReport.id.desc()).limit(1)).scalar_one()
        if reason:
            progress.return_for_rework(session, monitor, report, reason)
        else:
            progress.confirm(session, monitor, report)

    return act
