"""Carrying a reorganisation out: work, people and what waits go to the successor; nothing is lost; a lost race is told."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from seeds import loader
from tracker import clock
from tracker.actions import reorganisation as planning
from tracker.actions import report as reporting
from tracker.actions.account import create_account
from tracker.actions.reorganisation import Heir
from tracker.actions.standing import current_assignment
from tracker.actions.succession import apply
from tracker.database import begin_writing
from tracker.errors import Changed, Refused
from tracker.extensions import db
from tracker.jobs import reorganisation as job
from tracker.models import (
    FOREVER,
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    Assignment,
    AssignmentPeriod,
    Event,
    Obstacle,
    Reorganisation,
    ReorganisationMove,
    Role,
    Succession,
    Task,
    TaskPeriod,
    User,
)
from tracker.queries.clarity import known_groups
from tracker.queries.health import full_check
from tracker.queries.recipient import Responsible, recipients
from tracker.queries.reorganisation_outcome import Choices, Outcome, outcome
from tracker.queries.standing import counts
from tracker.rules.reorganisation import Part
from tracker.rules.timeliness import CLOSED

DAY = date(2025, 3, 1)
BASIS = "Nghị quyết 190/2025/QH15"


@pytest.fixture(autouse=True)
def on_the_day(app: Flask) -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def agency(session: Any, code: str) -> int:
    return int(session.execute(select(Agency.id).where(Agency.code == code)).scalar_one())


def admin(session: Any) -> User:
    found: User = session.execute(select(User).where(User.role == Role.ADMINISTRATOR.value)).scalar_one()
    return found


def planned(session: Any, kind: str, *pairs: tuple[str, str | None], day: date = DAY) -> Reorganisation:
    parts = [Part(agency(session, old), agency(session, new) if new else None) for old, new in pairs]
    return planning.plan_parts(session, admin(session), kind, day, BASIS, None, parts)


def carried_out(session: Any, plan: Reorganisation, choices: Choices | None = None) -> Outcome:
    done = apply(session, admin(session), plan, outcome(session, plan).seen, choices)
    session.commit()
    return done


def as_suggested(found: Outcome) -> Choices:
    return Choices(
        {work.assignment_id: work.to_id for work in found.work},
        {person.user_id: person.to_id for person in found.people},
    )


def open_with(session: Any, agency_id: int) -> int:
    period = AssignmentPeriod
    query = select(func.count()).where(
        period.agency_id == agency_id, period.valid_to == FOREVER, period.state.not_in(CLOSED)
    )
    return int(session.execute(query).scalar_one())


def tally_agrees(session: Any) -> bool:
    return {finding.code: finding.ok for finding in full_check(session)}["tally"]


def lead_of(session: Any, task: str) -> Assignment:
    query = (
        select(Assignment).join(Task, Task.id == Assignment.task_id).where(Task.code == task, Assignment.role == "lead")
    )
    found: Assignment = session.execute(query).scalar_one()
    return found


def test_a_merger_moves_everything_and_the_same_order_becomes_one(context: Session) -> None:
    old, other, new = (agency(context, code) for code in ("so-nnptnt", "so-tnmt", "so-nnmt"))
    before = open_with(context, old) + open_with(context, other)
    province = counts(context, DAY)
    done = carried_out(context, planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt")))
    said = Counter(work.outcome for work in done.work)
    assert (sum(said.values()), said["left"]) == (before, 0)
    assert (open_with(context, old), open_with(context, other), open_with(context, new)) == (0, 0, said["moved"])
    assert said["merged"] > 0
    assert (counts(context, DAY), tally_agrees(context)) == (province, True)


def test_what_was_merged_is_answered_for_by_the_successor(context: Session) -> None:
    done = carried_out(context, planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt")))
    work = next(each for each in done.work if each.outcome == "merged" and each.role == "lead")
    merged = context.get_one(Assignment, work.assignment_id)
    assert merged.merged_into_id == work.into_id
    assert current_assignment(context, merged.id).state == "withdrawn"
    task = context.execute(
        select(TaskPeriod).where(TaskPeriod.task_id == work.task_id, TaskPeriod.valid_to == FOREVER)
    ).scalar_one()
    owing = select(func.count()).where(
        Assignment.task_id == work.task_id, Assignment.role == "lead", Assignment.merged_into_id.is_(None)
    )
    assert task.leads == context.execute(owing).scalar_one()
    told = context.scalars(select(Event).where(Event.noun_id == merged.id, Event.verb == "merge_assignment")).one()
    assert (told.task_id, told.facts["after"]) == (merged.task_id, "Sở Nông nghiệp và Môi trường")


def test_the_name_of_the_order_stays_and_so_do_past_days(context: Session) -> None:
    owed = lead_of(context, "TB1802:2.a")
    old = owed.agency_id
    plan = planned(context, "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
    carried_out(context, plan, as_suggested(outcome(context, plan)))
    context.refresh(owed)
    assert (owed.named_agency_id, owed.agency_id) == (old, agency(context, "so-khcn"))
    rows = context.scalars(select(AssignmentPeriod).where(AssignmentPeriod.assignment_id == owed.id)).all()
    assert [(row.agency_id, row.valid_to) for row in rows] == [(old, DAY), (owed.agency_id, FOREVER)]
    assert context.get_one(Task, owed.task_id).lead_label == "Sở KH&CN"


def test_finished_work_stays_where_it_was_done(context: Session) -> None:
    owed = lead_of(context, "TB1802:2.a")
    current_assignment(context, owed.id).state = "done"
    context.flush()
    plan = planned(context, "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
    found = outcome(context, plan)
    assert owed.id not in {work.assignment_id for work in found.work}
    assert found.finished == {owed.agency_id: 1}


def test_a_split_goes_by_the_choices_and_waits_for_all_of_them(context: Session) -> None:
    plan = planned(context, "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
    found = outcome(context, plan)
    assert found.undecided == len(found.work) + len(found.people) > 0
    with pytest.raises(Refused) as refusal:
        apply(context, admin(context), plan, found.seen)
    assert (
        refusal.value.sentence == f"Còn {found.undecided} phần việc hoặc người chưa chọn cơ quan kế thừa; hãy chọn đủ."
    )
    press = agency(context, "so-vhttdl")
    wanted = as_suggested(found)
    first = found.work[0].assignment_id
    wanted.work[first] = press
    done = carried_out(context, plan, wanted)
    assert {work.assignment_id for work in done.work if work.to_id == press} >= {first}


def test_people_go_along_and_who_does_not_is_released(context: Session) -> None:
    home, there = agency(context, "so-tttt"), agency(context, "so-khcn")
    stays, goes = [
        create_account(
            context, None, email=f"{name}@b.vn", name=name, role=Role.OFFICER, agency_id=home, password_hash="x"
        )
        for name in ("stays", "goes")
    ]
    held = lead_of(context, "TB1802:2.a")
    held.responsible_id, held.head_id = stays.id, goes.id
    context.flush()
    plan = planned(context, "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
    wanted = as_suggested(outcome(context, plan))
    wanted.people[stays.id], wanted.people[goes.id] = None, there
    carried_out(context, plan, wanted)
    held = lead_of(context, "TB1802:2.a")
    assert (context.get_one(User, stays.id).agency_id, context.get_one(User, goes.id).agency_id) == (home, there)
    assert (held.responsible_id, held.head_id) == (None, goes.id)
    verbs = context.scalars(select(Event.verb).where(Event.noun_id == held.id, Event.noun == "assignment"))
    assert {"succeed", "release_person"} <= set(verbs)


def test_what_waits_for_an_answer_follows_and_is_not_merged(context: Session) -> None:
    plan = planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt"))
    work = next(each for each in outcome(context, plan).work if each.outcome == "merged")
    obstacle = Obstacle(
        assignment_id=work.assignment_id, task_id=work.task_id, agency_id=work.from_id, raised_by_id=admin(context).id,
        raised_at=clock.now(), raised_on=DAY, text="Thiếu kinh phí.", level="standing_body", level_since=DAY, due_on=DAY,
    )  # fmt: skip
    context.add(obstacle)
    context.flush()
    done = carried_out(context, plan)
    assert next(each for each in done.work if each.assignment_id == work.assignment_id).outcome == "moved"
    assert context.get_one(Obstacle, obstacle.id).agency_id == agency(context, "so-nnmt")


def test_the_successor_reports_and_gets_the_reminders(context: Session) -> None:
    owed, heir = lead_of(context, "TB1802:2.a"), agency(context, "so-khcn")
    officer = context.execute(select(User).where(User.email == "chuyenvien.stttt@tinh.gov.vn")).scalar_one()
    officer.is_contact = True
    plan = planned(context, "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
    carried_out(context, plan, as_suggested(outcome(context, plan)))
    assert officer.agency_id == heir
    assert recipients(context, DAY).of(heir, Responsible(officer.id, True, heir)) == (officer.id,)
    assert recipients(context, DAY).of(heir) == (officer.id,)
    context.refresh(owed)
    report = reporting.report_progress(
        context, officer, owed, current_assignment(context, owed.id).id, 40, "Tiếp nhận và làm tiếp.", None
    )
    assert report.agency_id == heir


def test_a_transfer_leaves_the_agency_and_what_nobody_takes(context: Session) -> None:
    old = agency(context, "so-noi-vu")
    plan = planned(context, "transfer", ("so-noi-vu", "so-dan-toc-va-ton-giao"))
    found = outcome(context, plan)
    wanted = as_suggested(found)
    taken = next(each for each in found.work if each.outcome == "left")
    wanted.work[taken.assignment_id] = agency(context, "so-dan-toc-va-ton-giao")
    done = carried_out(context, plan, wanted)
    assert Counter(work.outcome for work in done.work)["left"] == open_with(context, old) == len(found.work) - 1
    assert context.get_one(Agency, old).valid_to is None


def test_a_body_that_ends_without_a_successor_keeps_its_work_in_sight(context: Session) -> None:
    old = agency(context, "so-ngoai-vu")
    before = open_with(context, old)
    done = carried_out(context, planned(context, "dissolve", ("so-ngoai-vu", None)))
    assert [work.outcome for work in done.work] == ["left"] * before
    assert (open_with(context, old), context.get_one(Agency, old).valid_to) == (before, DAY)


def test_groups_address_the_successor_from_its_day_on(context: Session) -> None:
    new = agency(context, "so-nnmt")
    carried_out(context, planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt")))
    group = context.execute(select(AgencyGroup.id).where(AgencyGroup.code == "all_agencies")).scalar_one()
    assert context.get_one(AgencyGroupMember, (group, new)).inherited_on == DAY

    def members(day: date) -> set[int]:
        return {member for known in known_groups(context, day) if known.id == group for member in known.members}

    olds = {agency(context, "so-nnptnt"), agency(context, "so-tnmt")}
    assert (members(DAY) & {*olds, new}, members(DAY - timedelta(days=1)) & {*olds, new}) == ({new}, olds)


def test_loading_the_seeds_again_changes_nothing(context: Session) -> None:
    carried_out(context, planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt")))
    labels = {row.id: row.lead_label for row in context.execute(select(Task.id, Task.lead_label))}
    report = loader.load(context)
    assert str(report) == "Nạp dữ liệu: dữ liệu đã đủ, không có gì thay đổi."
    context.expire_all()
    assert {row.id: row.lead_label for row in context.execute(select(Task.id, Task.lead_label))} == labels


def test_a_new_successor_is_added_with_the_plan(context: Session) -> None:
    plan = planning.plan(
        context, admin(context), kind="rename", took_effect_on=DAY, legal_basis=BASIS, note=None,
        olds=[agency(context, "so-ngoai-vu")],
        heirs=[Heir(None, "Sở Ngoại vụ và Hội nhập", "Sở NV&HN", "sở/ban/ngành")],
    )  # fmt: skip
    made = context.get_one(Agency, plan.parts[0].successor_id)
    assert (made.code, made.valid_from, made.level) == ("so-ngoai-vu-va-hoi-nhap", DAY, "tỉnh")
    carried_out(context, plan)
    row = context.execute(select(Succession).where(Succession.successor_id == made.id)).scalar_one()
    assert (row.took_effect_on, row.legal_basis, row.verified) == (DAY, BASIS, True)


def test_an_agency_stands_in_one_plan_at_a_time(context: Session) -> None:
    planned(context, "merge", ("so-khdt", "so-tai-chinh"))
    with pytest.raises(Refused) as refusal:
        planned(context, "merge", ("so-khdt", "so-xay-dung"))
    assert refusal.value.sentence == (
        "Sở Kế hoạch và Đầu tư đã nằm trong một phương án đang chờ; hãy thực hiện hoặc bỏ phương án đó trước."
    )


def test_a_plan_is_carried_out_or_given_up_once(context: Session) -> None:
    plan = planned(context, "merge", ("so-khdt", "so-tai-chinh"))
    seen = outcome(context, plan).seen
    carried_out(context, plan)
    for again in (
        lambda: apply(context, admin(context), plan, seen),
        lambda: planning.cancel(context, admin(context), plan),
    ):
        with pytest.raises(Changed):
            again()
    assert context.execute(select(func.count()).where(Succession.agency_id == agency(context, "so-khdt"))).scalar() == 1


def test_nothing_moves_when_the_work_is_no_longer_as_seen(context: Session) -> None:
    plan = planned(context, "merge", ("so-khdt", "so-tai-chinh"))
    found = outcome(context, plan)
    owed = context.get_one(Assignment, found.work[0].assignment_id)
    reporting.report_progress(context, admin(context), owed, found.work[0].period_id, 10, "Bắt đầu.", None)
    with pytest.raises(Changed):
        apply(context, admin(context), plan, found.seen)
    assert open_with(context, agency(context, "so-khdt")) == len(found.work)


def test_a_plan_made_ahead_is_carried_out_on_its_day(app: Flask) -> None:
    with app.app_context():
        with clock.on_day(DAY - timedelta(days=20)):
            plan = planned(db.session(), "merge", ("so-khdt", "so-tai-chinh"))
            split = planned(db.session(), "split", ("so-tttt", "so-khcn"), ("so-tttt", "so-vhttdl"))
            with pytest.raises(Refused) as refusal:
                apply(db.session(), admin(db.session()), plan, outcome(db.session(), plan).seen)
            assert refusal.value.sentence == "Phương án có hiệu lực từ 01/03/2025; đến ngày đó mới thực hiện được."
            db.session.commit()
            assert job.carry_out() == "carried out 0, waiting 0"
        assert job.carry_out() == "carried out 1, waiting 1"  # the split still lacks its choices
        states = dict(db.session.execute(select(Reorganisation.id, Reorganisation.state)).all())
        assert states == {plan.id: "applied", split.id: "planned"}
        finding = {each.code: each for each in full_check(db.session())}["reorganisations"]
        assert (finding.ok, "1 phương án" in finding.sentence) == (False, True)


def test_a_plan_for_a_day_gone_by_waits_for_somebody(app: Flask) -> None:
    with app.app_context():
        planned(db.session(), "merge", ("so-khdt", "so-tai-chinh"), day=DAY)
        db.session.commit()
        with clock.on_day(DAY + timedelta(days=9)):
            assert job.carry_out() == "carried out 0, waiting 0"


def test_the_record_says_what_became_of_each(context: Session) -> None:
    plan = planned(context, "merge", ("so-nnptnt", "so-nnmt"), ("so-tnmt", "so-nnmt"))
    done = carried_out(context, plan)
    rows = context.scalars(select(ReorganisationMove).where(ReorganisationMove.reorganisation_id == plan.id)).all()
    assert {(row.assignment_id, row.outcome) for row in rows} == {
        (work.assignment_id, work.outcome) for work in done.work
    }


def test_a_report_meanwhile_and_one_of_them_is_told(app: Flask) -> None:
    """Both see the same state, both write: one wins, the other is told, and no report and no move is half done."""
    with app.app_context():
        plan_id = planned(db.session(), "merge", ("so-khdt", "so-tai-chinh")).id
        db.session.commit()
        found = outcome(db.session(), db.session.get_one(Reorganisation, plan_id))
        actor = admin(db.session()).id
    work = next(each for each in found.work if each.outcome == "moved")
    together, outcomes = Barrier(2), []

    def attempt(write: Any) -> None:
        with app.app_context():
            together.wait()
            begin_writing()
            try:
                write(db.session(), db.session.get_one(User, actor))
                db.session.commit()
                outcomes.append("written")
            except Changed:
                db.session.rollback()
                outcomes.append("told")

    def report(session: Any, who: User) -> None:
        owed = session.get_one(Assignment, work.assignment_id)
        reporting.report_progress(session, who, owed, work.period_id, 40, "Đang làm.", None)

    def move(session: Any, who: User) -> None:
        apply(session, who, session.get_one(Reorganisation, plan_id), found.seen)

    threads = [Thread(target=attempt, args=(write,)) for write in (report, move)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["told", "written"]
    with app.app_context():
        assert tally_agrees(db.session())
        old = agency(db.session, "so-khdt")
        assert open_with(db.session, old) in {0, len(found.work)}
