"""Every route × every role: who gets in, who is refused, who is not even told that the thing exists."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, current_app, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.people import Person
from tracker import clock
from tracker.actions import completion
from tracker.actions import direction as directing
from tracker.actions import report as reporting
from tracker.actions.account import create_account
from tracker.actions.evidence import keep_file
from tracker.actions.obstacle import raise_obstacle
from tracker.actions.reorganisation import plan_parts
from tracker.actions.standing import current_assignment
from tracker.extensions import db
from tracker.messages import links
from tracker.messages.kinds import unsubscribe_address
from tracker.models import (
    Acting,
    Agency,
    Assignment,
    Contact,
    Evidence,
    Extension,
    Handover,
    InformationSystem,
    Message,
    Obstacle,
    Occurrence,
    ProgressReport,
    Reminder,
    ReminderHold,
    Reorganisation,
    Role,
    TaskItem,
    UrgeLetter,
    User,
)
from tracker.rules.file_types import PDF
from tracker.rules.reorganisation import Part

COLUMNS = ("officer_stttt", "head_stttt", "officer_sct", "monitor", "standing", "leader", "viewer", "admin", None)
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
# The objects asked for belong to the first agency: own officer and head are of it, "other" is an officer of another.
# 200 a page, 302 done, 422 the right but an empty form, 403 seen but not one's own to do, 404 not even seen, in: to sign in.
TABLE = """
                             own head other monitor standing leader viewer admin stranger
GET  overview.index          200  200  200    200     200     200    200    200   in
GET  task.index              200  200  200    200     200     200    200    200   in
GET  task.export             200  200  200    200     200     200    200    200   in
GET  task.show               200  200  200    200     200     200    200    200   in
GET  history.index           200  200  200    200     200     200    200    200   in
POST star.star               403  403  403    403     403     302    403    403   in
POST star.unstar             403  403  403    403     403     302    403    403   in
GET  direction.index         200  200  200    200     200     200    200    200   in
GET  direction.give          403  403  403    403     403     200    403    403   in
POST direction.give          403  403  403    403     403     422    403    403   in
GET  direction.show          200  200  200    200     200     200    200    200   in
POST direction.acknowledge   302  409  403    403     403     403    403    403   in
GET  document.index          200  200  200    200     200     200    200    200   in
GET  document.show           200  200  200    200     200     200    200    200   in
GET  indicator.index         200  200  200    200     200     200    200    200   in
GET  system.index            200  200  200    200     200     200    200    200   in
GET  system.show             200  200  200    200     200     200    200    200   in
GET  system.assign           403  403  403    200     200     403    403    403   in
POST system.assign           403  403  403    422     422     403    403    403   in
GET  system.report           200  200  403    200     200     403    403    403   in
POST system.report           422  422  403    422     422     403    403    403   in
GET  agency.index            200  200  200    200     200     200    200    200   in
GET  agency.show             200  200  200    200     200     200    200    200   in
GET  person.name             403  200  403    200     200     403    403    403   in
POST person.name             403  422  403    422     422     403    403    403   in
GET  person.assign           403  200  403    200     200     403    403    403   in
POST person.assign           403  422  403    422     422     403    403    403   in
GET  acting.index            200  200  403    403     200     403    403    200   in
POST acting.index            422  422  403    403     422     403    403    422   in
POST acting.end              403  302  403    403     403     403    403    409   in
GET  handover.show           403  403  403    403     403     403    403    200   in
POST handover.show           403  403  403    403     403     403    403    422   in
GET  handover.record         200  200  404    404     404     404    404    200   in
GET  clarity.index           200  200  200    200     200     200    200    200   in
GET  clarity.show            403  403  403    200     200     403    403    403   in
POST clarity.show            403  403  403    422     422     403    403    403   in
GET  clarity.assign          403  403  403    302     302     403    403    403   in
POST clarity.assign          403  403  403    302     302     403    403    403   in
GET  report.new           200  200  403    403     403     403    403    403   in
POST report.new           422  422  403    403     403     403    403    403   in
GET  completion.propose         200  200  403    403     403     403    403    403   in
POST completion.propose         422  422  403    403     403     403    403    403   in
GET  completion.queue            403  403  403    200     403     403    403    403   in
GET  completion.decide           403  403  404    200     403     403    404    404   in
POST completion.return_          403  403  404    422     403     403    404    404   in
POST completion.confirm          403  403  404    302     403     403    404    404   in
POST completion.queue            403  403  403    422     403     403    403    403   in
POST completion.recall           409  409  404    403     403     403    404    404   in
GET  approval.queue              403  200  403    403     403     403    403    403   in
GET  approval.decide             403  200  404    403     403     403    404    404   in
POST approval.decline            403  422  404    403     403     403    404    404   in
POST approval.approve            403  302  404    403     403     403    404    404   in
POST approval.require            403  302  403    403     403     403    403    403   in
GET  evidence.show               200  200  404    200     200     200    404    404   in
GET  suspension.new              403  403  403    200     403     403    403    403   in
POST suspension.new              403  403  403    422     403     403    403    403   in
GET  extension.ask           200  200  403    403     403     403    403    403   in
POST extension.ask           422  422  403    403     403     403    403    403   in
GET  extension.queue         200  200  200    200     200     200    403    403   in
POST extension.grant_together 403 403  403    422     403     422    403    403   in
GET  extension.show          200  200  404    200     200     200    404    404   in
POST extension.grant         403  403  404    422     403     422    404    404   in
POST extension.refuse        403  403  404    422     403     422    404    404   in
POST extension.withdraw      302  409  404    403     403     403    404    404   in
GET  obstacle.index          200  200  200    200     200     200    403    403   in
GET  obstacle.gathered       403  403  403    200     200     200    403    403   in
GET  obstacle.new            200  200  403    403     403     403    403    403   in
POST obstacle.new            422  422  403    403     403     403    403    403   in
GET  obstacle.show           200  200  404    200     200     200    404    404   in
POST obstacle.answer         403  403  404    403     422     403    404    404   in
POST obstacle.escalate       403  403  404    403     422     403    404    404   in
POST obstacle.decide         403  403  404    422     403     422    404    404   in
POST obstacle.ask_again      422  422  404    403     403     403    404    404   in
POST obstacle.close          422  422  404    403     422     403    404    404   in
GET  reporting.index         200  200  200    200     200     200    200    200   in
GET  reporting.rule          403  403  403    200     200     403    403    403   in
POST reporting.rule          403  403  403    422     422     403    403    403   in
GET  occurrence.skip         403  403  403    200     403     403    403    403   in
POST occurrence.skip         403  403  403    422     403     403    403    403   in
GET  letter.index            200  200  200    200     200     200    403    403   in
POST letter.draft            403  403  403    302     403     403    403    403   in
GET  letter.show             404  404  404    200     200     200    404    404   in
POST letter.edit             404  404  404    422     403     403    404    404   in
POST letter.send             404  404  404    422     403     403    404    404   in
POST letter.drop             404  404  404    422     403     403    404    404   in
GET  letter.download         404  404  404    200     200     200    404    404   in
GET  reminder.index          403  403  403    200     200     200    403    200   in
GET  reminder.planned        403  403  403    200     200     200    403    200   in
GET  reminder.today          403  403  403    200     200     200    403    200   in
GET  reminder.log            403  403  403    200     200     200    403    200   in
GET  reminder.log_file       403  403  403    200     200     200    403    200   in
GET  reminder.troubled       403  403  403    200     200     200    403    200   in
POST reminder.troubled       403  403  403    422     403     403    403    422   in
GET  reminder.of_task        200  200  403    200     200     200    403    200   in
GET  reminder.of_task_file   200  200  403    200     200     200    403    200   in
GET  reminder.of_person      403  403  403    200     200     200    403    200   in
GET  reminder.of_person_file 403  403  403    200     200     200    403    200   in
GET  reminder.show           200  403  403    200     200     200    403    200   in
GET  reminder.letter         200  403  403    200     200     200    403    200   in
POST reminder.arrived        403  403  403    302     403     403    403    302   in
GET  reminder_hold.index     403  403  403    200     200     200    403    200   in
GET  reminder_hold.new       403  403  403    200     403     403    403    403   in
POST reminder_hold.new       403  403  403    422     403     403    403    403   in
POST reminder_hold.end       403  403  403    302     403     403    403    403   in
GET  acknowledgement.show    200  200  200    200     200     200    200    200   200
POST acknowledgement.press   409  409  409    409     409     409    409    409   409
POST acknowledgement.note    403  409  403    403     403     403    403    403   in
POST reminder.resend         403  403  403    302     403     403    403    302   in
GET  admin.index             403  403  403    403     403     403    403    200   in
GET  admin.accounts          403  403  403    403     403     403    403    200   in
GET  admin.new_account       403  403  403    403     403     403    403    200   in
POST admin.new_account       403  403  403    403     403     403    403    422   in
GET  admin.account           403  403  403    403     403     403    403    200   in
POST admin.account           403  403  403    403     403     403    403    422   in
POST admin.reset_password    403  403  403    403     403     403    403    200   in
GET  admin.deactivate        403  403  403    403     403     403    403    200   in
POST admin.deactivate        403  403  403    403     403     403    403    302   in
POST admin.reactivate        403  403  403    403     403     403    403    302   in
GET  admin.agency_list       403  403  403    403     403     403    403    200   in
GET  admin.new_agency        403  403  403    403     403     403    403    200   in
POST admin.new_agency        403  403  403    403     403     403    403    422   in
GET  admin.agency            403  403  403    403     403     403    403    200   in
POST admin.agency            403  403  403    403     403     403    403    422   in
GET  admin.calendar          403  403  403    403     403     403    403    200   in
POST admin.add_day           403  403  403    403     403     403    403    422   in
POST admin.recount           403  403  403    403     403     403    403    302   in
GET  admin.edit_day          403  403  403    403     403     403    403    200   in
POST admin.edit_day          403  403  403    403     403     403    403    422   in
POST admin.clear_day         403  403  403    403     403     403    403    200   in
POST admin.save_calendar     403  403  403    403     403     403    403    302   in
GET  admin.import_calendar   403  403  403    403     403     403    403    200   in
POST admin.import_calendar   403  403  403    403     403     403    403    422   in
GET  admin.propose_calendar  403  403  403    403     403     403    403    200   in
POST admin.propose_calendar  403  403  403    403     403     403    403    422   in
GET  admin.reorganisations_list    403  403  403    403     403     403    403    200   in
GET  admin.new_reorganisation      403  403  403    403     403     403    403    200   in
POST admin.new_reorganisation      403  403  403    403     403     403    403    422   in
POST admin.prepare_reorganisation  403  403  403    403     403     403    403    302   in
GET  admin.reorganisation          403  403  403    403     403     403    403    200   in
POST admin.reorganisation          403  403  403    403     403     403    403    422   in
POST admin.cancel_reorganisation   403  403  403    403     403     403    403    302   in
GET  admin.reminder_policy   403  403  403    403     403     403    403    200   in
POST admin.reminder_policy   403  403  403    403     403     403    403    422   in
GET  admin.document_policy   403  403  403    403     403     403    403    200   in
POST admin.document_policy   403  403  403    403     403     403    403    422   in
POST admin.give_up_policy    403  403  403    403     403     403    403    302   in
GET  admin.leaders           403  403  403    403     403     403    403    200   in
POST admin.leaders           403  403  403    403     403     403    403    422   in
GET  contact.index           403  403  403    200     200     200    403    200   in
POST contact.retry           403  403  403    403     403     403    403    302   in
GET  admin.events            403  403  403    403     403     403    403    200   in
GET  admin.settings          403  403  403    403     403     403    403    200   in
POST admin.settings          403  403  403    403     403     403    403    422   in
GET  admin.zalo              403  403  403    403     403     403    403    200   in
POST admin.link_zalo         403  403  403    403     403     403    403    422   in
POST admin.unlink_zalo       403  403  403    403     403     403    403    302   in
POST admin.settle_zalo       403  403  403    403     403     403    403    302   in
POST admin.test_zalo         403  403  403    403     403     403    403    302   in
POST admin.identify_zalo     403  403  403    403     403     403    403    302   in
GET  admin.zalo_template     403  403  403    403     403     403    403    200   in
GET  zalo_consent.show       200  200  200    200     200     200    200    200   in
POST zalo_consent.agree      409  409  409    409     409     409    409    409   in
POST zalo_consent.withdraw   409  409  409    409     409     409    409    409   in
POST zalo.event              404  404  404    404     404     404    404    404   404
GET  account.password        200  200  200    200     200     200    200    200   in
POST account.password        422  422  422    422     422     422    422    422   in
GET  account.sign_in         302  302  302    302     302     302    302    302   200
POST account.sign_in         302  302  302    302     302     302    302    302   422
POST account.language        302  302  302    302     302     302    302    302   302
GET  feed.index              200  200  200    200     200     200    200    200   in
POST feed.make               201  201  201    201     201     201    403    403   in
POST feed.revoke             302  302  302    302     302     302    302    302   in
GET  feed.read               404  404  404    404     404     404    404    404   404
GET  digest.show             200  404  404    404     404     404    404    404   in
GET  mute.index              200  200  200    200     200     200    200    200   in
POST mute.index              302  302  302    302     302     302    302    302   in
GET  mute.unsubscribe        200  200  200    200     200     200    200    200   200
POST mute.give_up            200  200  200    200     200     200    200    200   200
GET  health.index            200  200  200    200     200     200    200    200   200
GET  static                  200  200  200    200     200     200    200    200   200
POST account.sign_out        302  302  302    302     302     302    302    302   in
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & METHODS
    }


@pytest.fixture
def world(app: Flask, people: dict[str, Person]) -> dict[str, Any]:
    """Something of every kind, of the first agency; what the addresses of all routes need."""
    with app.app_context():
        officer = db.session.get_one(User, people["officer_stttt"].id)
        agency = db.session.get_one(Agency, officer.agency_id)
        waiting, open_, held = _assignments(agency.id, people["officer_sct"])
        day = clock.today()
        report = completion.propose_completion(
            db.session(), officer, waiting, current_assignment(db.session(), waiting.id).id, day, "1/BC", "Đã xong"
        )
        item = db.session.scalars(select(TaskItem).order_by(TaskItem.id)).first()
        assert item is not None
        item.agency_id = agency.id
        system = db.session.scalars(select(InformationSystem).order_by(InformationSystem.id)).first()
        message = Message(kind="reminder_digest", recipient_id=officer.id, day=day, key="k", state="failed",
                          not_before=clock.now(), created_at=clock.now(), body="Như đã gửi.",
                          body_html="<p>Như đã gửi.")  # fmt: skip
        victim = create_account(
            db.session(), None, email="a@b.vn", name="A B", role=Role.VIEWER, agency_id=None, password_hash="x"
        )
        db.session.add(message)
        asked = _request(open_, officer, day)
        proposal = _for_the_head(held, officer)
        db.session.commit()
        return {
            "letter_id": _letter(agency.id, day),
            **_direction(open_, people["leader"].id, day), **_reminded(message, open_, people["monitor"]),
            "kind_token": (unsubscribe_address("result_confirmed", officer.id) or "").rpartition("/")[2],
            **_standing_in(officer, people["head_stttt"].id, day), "occurrence_id": _occurrence(open_, day).id,
            "proposal_id": proposal.id, "evidence_id": _file_of(report, officer).id,
            "plan_id": _plan(people["admin"]).id, "extension_id": asked.id, "obstacle_id": _obstacle(open_, officer).id,
            "task_id": waiting.task_id, "assignment_id": open_.id, "report_id": report.id, "item_id": item.id,
            "system_id": system.id if system else 0, "message_id": message.id, "user_id": victim.id,
            "channel": _dead_mail(victim), "agency_id": agency.id,
            "code": waiting.task.document.code, "document_id": waiting.task.document_id, "day": date(2022, 5,
            2).isoformat(), "filename": "icon.svg",
            "scope": "person", "secret": "khong-co",
        }  # fmt: skip


def _dead_mail(person: User) -> str:
    """Return the channel by which the person cannot be reached."""
    now = clock.now()
    db.session.add(
        Contact(user_id=person.id, channel="email", address=person.email, state="refused", failures=1, since=now)
    )
    db.session.commit()
    return "email"


def _letter(agency_id: int, day: date) -> int:
    """A draft to the agency, as the ladder's end begins one."""
    letter = UrgeLetter(agency_id=agency_id, drafted_on=day, drafted_at=clock.now())
    db.session.add(letter)
    db.session.commit()
    return letter.id


def _direction(owed: Assignment, leader_id: int, day: date) -> dict[str, int]:
    """What the leader directs about the task, as it waits for the agency."""
    given = directing.give(db.session(), db.session.get_one(User, leader_id), owed.task, "Xong ngay", day, None, None)
    db.session.commit()
    [own] = [receipt for receipt in given.receipts if receipt.assignment_id == owed.id]
    return {"direction_id": given.id, "receipt_id": own.id}


def _reminded(message: Message, owed: Assignment, office: Person) -> dict[str, Any]:
    """The message spoke of a last day that is no longer the assignment's; its reminders are held."""
    today = clock.today()
    old = Reminder(
        assignment_id=owed.id, effective_on=date(2022, 1, 5), step="due", recipient_id=message.recipient_id,
        message_id=message.id, day=today,
    )  # fmt: skip
    hold = ReminderHold(
        assignment_id=owed.id, from_on=today, until_on=today, reason="r", made_by_id=office.id, made_at=clock.now()
    )
    db.session.add_all([old, hold])
    db.session.commit()
    return {"receipt": links.acknowledge_address(message.id).rpartition("/")[2], "hold_id": hold.id}


def _plan(admin: Person) -> Reorganisation:
    olds = [
        db.session.scalars(select(Agency.id).where(Agency.code == code)).one() for code in ("so-ngoai-vu", "so-tu-phap")
    ]
    plan = plan_parts(
        db.session(), db.session.get_one(User, admin.id), "merge", date(2023, 1, 1), "NQ 1", None, [Part(*olds)]
    )
    db.session.commit()
    return plan


def _standing_in(officer: User, head_id: int, day: date) -> dict[str, int]:
    """The officer stands in for the head, and gave something over."""
    acting = Acting(
        person_id=head_id, acting_id=officer.id, from_on=day, until_on=day, made_by_id=head_id, made_at=clock.now()
    )
    record = Handover(
        person_id=officer.id,
        agency_id=officer.agency_id,
        on=day,
        reason="nghỉ hưu",
        made_by_id=head_id,
        made_at=clock.now(),
    )
    db.session.add_all([acting, record])
    db.session.commit()
    return {"acting_id": acting.id, "handover_id": record.id}


def _occurrence(owed: Assignment, day: date) -> Occurrence:
    found = Occurrence(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, starts_on=day, due_on=day, effective_on=day,
        opened_on=day,
    )  # fmt: skip
    db.session.add(found)
    db.session.commit()
    return found


def _request(owed: Assignment, officer: User, day: date) -> Extension:
    """Return a request for more time that waits."""
    asked = Extension(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, asked_by_id=officer.id, asked_at=clock.now(),
        asked_on=day, reason="Chờ thẩm định", proposed_on=day, due_on=day, effective_on=day, late=True,
    )  # fmt: skip
    db.session.add(asked)
    return asked


def _obstacle(owed: Assignment, officer: User) -> Obstacle:
    """Return an obstacle that waits for the standing body."""
    seen = current_assignment(db.session(), owed.id).id
    raised = raise_obstacle(db.session(), officer, owed, seen, "Thiếu vốn", None, "standing_body")
    db.session.commit()
    return raised


def _for_the_head(owed: Assignment, officer: User) -> ProgressReport:
    """Return a result that waits for the agency's head."""
    owed.agency.needs_head_approval = True
    seen = current_assignment(db.session(), owed.id).id
    report = completion.propose_completion(db.session(), officer, owed, seen, clock.today(), "2/BC", "Đã xong")
    owed.agency.needs_head_approval = False
    return report


def _file_of(report: ProgressReport, officer: User) -> Evidence:
    """Return a file that shows the result of the report."""
    kept = keep_file(current_app.config["EVIDENCE"], BytesIO(b"%PDF-1.7"), "ket-qua.pdf", PDF)
    file = Evidence(
        report_id=report.id, assignment_id=report.assignment_id, task_id=report.task_id, added_by_id=officer.id, kind="file",
        added_at=clock.now(), sha256=kept.sha256, name=kept.name, media_type=kept.media_type, size=kept.size,
    )  # fmt: skip
    db.session.add(file)
    db.session.commit()
    return file


def _assignments(agency_id: int, other: Person) -> list[Assignment]:
    """Return three lead assignments of the agency on tasks in which the other officer's agency has no part."""
    others = select(Assignment.task_id).where(
        Assignment.agency_id == select(User.agency_id).where(User.id == other.id).scalar_subquery()
    )
    query = select(Assignment).where(
        Assignment.agency_id == agency_id, Assignment.role == "lead", Assignment.task_id.not_in(others)
    )
    return list(db.session.scalars(query.order_by(Assignment.id).limit(3)))


def test_every_route_is_in_the_table(app: Flask) -> None:
    written = {(method, endpoint) for method, endpoint, *_ in ROWS}
    missing = sorted(routes(app) - written)
    gone = sorted(written - routes(app))
    assert not missing, f"Decide who may, and write a line in TABLE for: {missing}"
    assert not gone, f"These routes no longer exist; take their lines out of TABLE: {gone}"


def test_every_role_gets_what_the_table_says(
    app: Flask, as_person: Callable[[str], FlaskClient], world: dict[str, Any]
) -> None:
    wrong = []
    for method, endpoint, *expected in ROWS:
        with app.test_request_context():
            needed = next(iter(app.url_map.iter_rules(endpoint))).arguments
            address = url_for(endpoint, **{name: world[name] for name in needed})
        found = [_answer(as_person(who) if who else app.test_client(), method, address) for who in COLUMNS]
        if found != expected:
            wrong.append(f"{method} {endpoint}: {' '.join(found)}, the table says {' '.join(expected)}")
    assert wrong == []


def _answer(client: FlaskClient, method: str, address: str) -> str:
    answer = client.open(address, method=method, data={"short_name": ""} if method != "GET" else None)
    # Signing out leads to the same door, but that is no refusal.
    refused = answer.headers.get("Location", "").startswith("/dang-nhap") and "Set-Cookie" not in answer.headers
    return "in" if refused else str(answer.status_code)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("officer_stttt", True), ("head_stttt", True), ("officer_sct", False), ("monitor", True), ("standing", True),
        ("leader", True), ("viewer", False), ("admin", False),
    ],
)  # fmt: skip
def test_difficulties_are_read_by_those_concerned(
    app: Flask, as_person: Callable[[str], FlaskClient], people: dict[str, Person], who: str, reads: bool
) -> None:
    with app.app_context():
        officer = db.session.get_one(User, people["officer_stttt"].id)
        mine = _assignments(officer.agency_id or 0, people["officer_sct"])[0]
        seen = current_assignment(db.session(), mine.id).id
        reporting.report_progress(db.session(), officer, mine, seen, 40, "đã làm nửa việc", "thiếu kinh phí trầm trọng")
        task_id = mine.task_id
        db.session.commit()
    shown = as_person(who).get(f"/nhiem-vu/{task_id}")
    assert shown.status_code == 200
    assert ("thiếu kinh phí trầm trọng" in shown.text, "đã làm nửa việc" in shown.text) == (reads, reads)
