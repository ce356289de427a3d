"""The head's approval and taking back: what the clock does, who is told, who wins a race."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.actions.test_progress import monitor, user
from tests.people import STANDING
from tracker import clock
from tracker.actions import completion
from tracker.actions import report as reporting
from tracker.actions.evidence import KeptFile, Proof
from tracker.actions.standing import current_assignment
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Evidence, Message, ProgressReport, User
from tracker.queries import report as reports

DAY = date(2022, 4, 28)


@pytest.fixture(autouse=True)
def in_2022(app: Flask) -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def officer(session: Session) -> User:
    return user(session, "chuyenvien.stttt@tinh.gov.vn")


def head(session: Session) -> User:
    return user(session, "giamdoc.stttt@tinh.gov.vn")


def the_assignment(session: Session) -> Assignment:
    """A lead assignment with a clock, of an agency whose head wants to approve first."""
    agency = session.scalars(select(Agency).where(Agency.name == STANDING)).one()
    agency.needs_head_approval = True
    query = (
        select(Assignment)
        .join(AssignmentPeriod, AssignmentPeriod.assignment_id == Assignment.id)
        .where(Assignment.agency_id == agency.id, Assignment.role == "lead", AssignmentPeriod.effective_on.is_not(None))
    )
    return session.scalars(query.order_by(Assignment.id).limit(1)).one()


def propose(
    session: Session, actor: User | None = None, proof: Proof | None = None, number: str = "1/BC"
) -> ProgressReport:
    owed = the_assignment(session)
    seen = current_assignment(session, owed.id).id
    return completion.propose_completion(session, actor or officer(session), owed, seen, DAY, number, "Xong.", proof)


def stands(session: Session, report: ProgressReport) -> tuple[str, int, date | None, str]:
    period = current_assignment(session, report.assignment_id)
    return period.state, period.progress, period.result_on, period.clock


def told(session: Session) -> list[tuple[str, int]]:
    return [tuple(row) for row in session.execute(select(Message.kind, Message.recipient_id).order_by(Message.id))]


def test_until_the_head_approves_the_clock_runs_and_the_office_sees_nothing(context: Session) -> None:
    report = propose(context)
    assert (report.approval, stands(context, report)) == ("waiting", ("in_progress", 0, None, "running"))
    assert told(context) == [("approval_asked", head(context).id)]
    assert (reports.waiting(context), reports.waiting_count(context)) == ([], 0)
    assert [row.report_id for row in reports.waiting_for_head(context, {report.agency_id})] == [report.id]
    with clock.on_day(date(2022, 5, 2)):
        completion.approve(context, head(context), report)
    assert (report.approval, report.approved_by_id) == ("approved", head(context).id)
    state, progress, result_on, _clock = stands(context, report)
    assert (state, progress, result_on) == ("awaiting_confirmation", 100, DAY)
    assert told(context)[1:] == [("result_proposed", monitor(context).id)]
    assert [row.report_id for row in reports.waiting(context)] == [report.id]
    assert reports.waiting_for_head(context, {report.agency_id}) == []
    completion.confirm(context, monitor(context), report)
    assert stands(context, report)[0] == "done"


def test_what_the_head_declines_never_reaches_the_office(context: Session) -> None:
    report = propose(context)
    completion.decline(context, head(context), report, "Thiếu phụ lục.")
    assert (report.approval, report.decision, report.decision_reason) == ("declined", "declined", "Thiếu phụ lục.")
    assert stands(context, report)[0] == "in_progress"
    assert told(context)[1:] == [("approval_declined", officer(context).id)]
    for late in (
        lambda: completion.approve(context, head(context), report),
        lambda: completion.confirm(context, monitor(context), report),
    ):
        with pytest.raises(Changed):
            late()
    assert propose(context, number="2/BC").approval == "waiting"


def test_a_head_needs_nobodys_approval(context: Session) -> None:
    report = propose(context, head(context))
    assert (report.approval, stands(context, report)[0]) == (None, "awaiting_confirmation")


def test_without_a_head_nobody_waits_for_ever(context: Session) -> None:
    head(context).active = False
    with pytest.raises(Refused) as refusal:
        propose(context)
    assert "chưa có tài khoản lãnh đạo nào" in refusal.value.sentence


def test_a_second_proposal_waits_for_the_first_to_be_taken_back(context: Session) -> None:
    first = propose(context)
    with pytest.raises(Refused) as refusal:
        propose(context, number="2/BC")
    assert "hãy rút lại kết quả ấy trước" in refusal.value.sentence
    completion.recall(context, officer(context), first)
    assert (first.decision, stands(context, first)[0]) == ("recalled", "in_progress")
    assert propose(context, number="2/BC").approval == "waiting"


def test_taken_back_from_the_office_the_work_goes_on_from_where_it_was(context: Session) -> None:
    owed = the_assignment(context)
    seen = current_assignment(context, owed.id).id
    reporting.report_progress(context, officer(context), owed, seen, 60, "Sáu phần.", None)
    report = propose(context, head(context))
    completion.recall(context, officer(context), report)
    assert stands(context, report) == ("in_progress", 60, None, "running")
    with pytest.raises(Changed):
        completion.confirm(context, monitor(context), report)
    confirmed = propose(context, head(context), number="2/BC")
    completion.confirm(context, monitor(context), confirmed)
    with pytest.raises(Changed):
        completion.recall(context, officer(context), confirmed)


def test_the_office_does_not_confirm_what_the_head_has_not_approved(context: Session) -> None:
    report = propose(context)
    with pytest.raises(Refused):
        completion.confirm(context, monitor(context), report)


def test_a_result_needs_evidence_and_a_secret_one_its_number_only(context: Session) -> None:
    file = KeptFile("a" * 64, "a.pdf", "application/pdf", 9)
    for number, proof, sentence in (
        ("", Proof(), "Hãy ghi số, ký hiệu văn bản kết quả hoặc kèm ít nhất một tập tin minh chứng."),
        ("1/BC", Proof(secret=True, files=[file]), "Văn bản mật chỉ ghi số, ký hiệu; không ghi trích yếu, không gửi tập tin."),
        ("1/BC", Proof(secret=True, title="Về"), "Văn bản mật chỉ ghi số, ký hiệu; không ghi trích yếu, không gửi tập tin."),
        ("", Proof(secret=True, files=[file]), "Văn bản mật chỉ ghi số, ký hiệu; không ghi trích yếu, không gửi tập tin."),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            propose(context, proof=proof, number=number)
        assert refusal.value.sentence == sentence
    propose(context, proof=Proof(secret=True), number="1/BC")
    piece = context.scalars(select(Evidence)).one()
    assert (piece.kind, piece.number, piece.issued_on, piece.issuer, piece.secret) == (
        "document",
        "1/BC",
        DAY,
        STANDING,
        True,
    )


def test_two_heads_at_once(app: Flask) -> None:
    """One approves while the other declines: one wins, the other is told, and nothing of the loser stays."""
    with app.app_context():
        report_id = propose(db.session).id
        db.session.commit()
    together, outcomes = Barrier(2), []

    def run(act: str) -> None:
        with app.app_context(), clock.on_day(DAY):
            together.wait()
            begin_writing()
            report = db.session.get_one(ProgressReport, report_id)
            try:
                if act == "approve":
                    completion.approve(db.session, head(db.session), report)
                else:
                    completion.decline(db.session, head(db.session), report, "Chưa đủ.")
                db.session.commit()
                outcomes.append(act)
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [Thread(target=run, args=(act,)) for act in ("approve", "decline")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("told") == 1
    with app.app_context():
        report = db.session.get_one(ProgressReport, report_id)
        won = "approve" if report.approval == "approved" else "decline"
        assert won in outcomes
        assert current_assignment(db.session, report.assignment_id).state == (
            "awaiting_confirmation" if won == "approve" else "in_progress"
        )
        current = select(func.count()).where(
            AssignmentPeriod.assignment_id == report.assignment_id, AssignmentPeriod.valid_to == FOREVER
        )
        assert db.session.execute(current).scalar_one() == 1
