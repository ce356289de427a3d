"""Loading again changes nothing; a changed seed reaches its row; what people changed stays theirs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from seeds import loader
from tracker import clock
from tracker.actions import extension
from tracker.actions.agency import edit_agency, version
from tracker.actions.calendar import clear_day
from tracker.actions.clarity import Basis, assign_lead, set_deadline, set_deliverable
from tracker.actions.standing import current_assignment, move_assignment
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    Base,
    CalendarDay,
    Deadline,
    InformationSystem,
    Tally,
    Task,
    TaskItem,
    TaskPeriod,
    User,
)

Spoil = Callable[[str, str, str], int]
OFFICE_LEADS = """lead: [vp-ubnd-tinh]
    lead_wording: Văn phòng UBND tỉnh
    lead_clause: '6'
    lead_role: giao
    deadline"""
PROPOSED = Basis("proposal")


def everything(session: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    return {
        name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
        for name, table in Base.metadata.tables.items()
    }


def one(session: Any, model: Any, code: str) -> Any:
    return session.scalars(sa.select(model).where(model.code == code)).one()


def actor(session: Any) -> User:
    return session.scalars(sa.select(User).where(User.role == "monitor")).one()


def owing(session: Any, task: str) -> set[tuple[str, str]]:
    rows = session.execute(
        sa.select(Agency.code, Assignment.role)
        .join(Assignment, Assignment.agency_id == Agency.id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.code == task)
    )
    return {(code, role) for code, role in rows}


def current(session: Any, task: str) -> TaskPeriod:
    query = sa.select(TaskPeriod).join(Task, Task.id == TaskPeriod.task_id)
    return session.scalars(query.where(Task.code == task, TaskPeriod.valid_to == FOREVER)).one()


def test_loading_again_changes_nothing(context: Any) -> None:
    before = everything(context)
    report = loader.load(context)
    assert str(report) == "Nạp dữ liệu: dữ liệu đã đủ, không có gì thay đổi."
    assert not report.changed
    assert everything(context) == before


def test_loading_again_after_people_worked_changes_nothing(context: Any) -> None:
    person, task = actor(context), one(context, Task, "KH2023:III.5.-2")
    assign_lead(context, person, task, 0, one(context, Agency, "so-y-te"), PROPOSED)
    set_deadline(context, person, task, 0, date(2023, 12, 15), None, PROPOSED)
    set_deliverable(context, person, task, 0, "Biên bản nghiệm thu", PROPOSED)
    lead = context.scalars(sa.select(Assignment).where(Assignment.task_id == one(context, Task, "TB1802:6.b").id)).one()
    move_assignment(context, current_assignment(context, lead.id), state="in_progress", progress=40)
    before = everything(context)
    assert not loader.load(context).changed
    assert everything(context) == before


def test_loading_again_leaves_an_extended_date_alone(context: Any, folder: Path, spoil: Spoil) -> None:
    task = one(context, Task, "TB1802:6.b")
    lead = context.scalars(sa.select(Assignment).where(Assignment.task_id == task.id)).one()
    with clock.on_day(date(2022, 4, 20)):
        seen = current_assignment(context, lead.id).id
        asked = extension.ask(context, actor(context), lead, seen, "Thiết bị về chậm.", date(2022, 6, 30), None)
        extension.grant(context, actor(context), asked, date(2022, 6, 30), "1234/UBND-VX", None)
    before = everything(context)
    assert not loader.load(context).changed
    assert everything(context) == before
    spoil(
        "documents/TB1802.yaml", "{wording: hoàn thành chậm nhất trong tháng 04", "{wording: chậm nhất trong tháng 04"
    )
    assert loader.load(context, folder).kept == ["thời hạn TB1802:6.b"]
    assert (current(context, "TB1802:6.b").effective_on, current(context, "TB1802:6.b").slips) == (date(2022, 6, 30), 1)


def test_a_changed_task_reaches_its_row(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil(
        "documents/TB1802.yaml",
        "short_title: Văn phòng UBND tỉnh triển khai",
        "short_title: Văn phòng UBND tỉnh mở rộng",
    )
    report = loader.load(context, folder)
    assert (dict(report.added), dict(report.updated), dict(report.removed), report.kept) == ({}, {"task": 1}, {}, [])
    assert one(context, Task, "TB1802:6.b").short_title.startswith("Văn phòng UBND tỉnh mở rộng")
    assert owing(context, "TB1802:6.b") == {("vp-ubnd-tinh", "lead")}


def test_a_changed_lead_moves_the_work_nobody_began(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil("documents/TB1802.yaml", OFFICE_LEADS, "lead: [so-noi-vu, so-tttt]\n    deadline")
    report = loader.load(context, folder)
    assert owing(context, "TB1802:6.b") == {("so-noi-vu", "lead"), ("so-tttt", "lead")}
    assert (report.added["assignment"], report.removed["assignment"], report.kept) == (2, 1, [])
    assert (current(context, "TB1802:6.b").leads, one(context, Task, "TB1802:6.b").lead_label) == (
        2,
        "Sở Nội vụ, Sở TT&TT",
    )
    tally = sa.select(sa.func.sum(Tally.n)).where(Tally.scope == "agency")
    assert context.scalar(tally) == context.scalar(sa.select(sa.func.count()).where(Assignment.role == "lead"))


def test_a_changed_lead_leaves_the_work_somebody_began(context: Any, folder: Path, spoil: Spoil) -> None:
    lead = context.scalars(sa.select(Assignment).where(Assignment.task_id == one(context, Task, "TB1802:6.b").id)).one()
    move_assignment(context, current_assignment(context, lead.id), state="in_progress", progress=40)
    spoil("documents/TB1802.yaml", OFFICE_LEADS, "lead: [so-noi-vu]\n    deadline")
    report = loader.load(context, folder)
    assert owing(context, "TB1802:6.b") == {("so-noi-vu", "lead"), ("vp-ubnd-tinh", "lead")}
    assert report.kept == ["phần việc của TB1802:6.b"]
    assert current_assignment(context, lead.id).progress == 40


def test_a_new_member_of_a_group_gets_its_share(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil("groups.yaml", "members: [ubnd-tp-quy-nhon, ", "members: [bao-binh-dinh, ubnd-tp-quy-nhon, ")
    loader.load(context, folder)
    assert ("bao-binh-dinh", "lead") in owing(context, "TB1802:7#1")
    assert current(context, "TB1802:7#1").leads == 32


def test_a_corrected_wording_moves_the_clock_from_the_start(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil(
        "documents/TB1802.yaml",
        "deadline: {wording: hoàn thành chậm nhất trong tháng 04/2022, precision: month}",
        "note: Đã bỏ hạn.",
    )
    loader.load(context, folder)
    task = one(context, Task, "TB1802:6.b")
    assert (list(task.deadlines), task.has_time) == ([], False)
    for model in (TaskPeriod, AssignmentPeriod):
        rows = context.execute(
            sa.select(model.due_on, model.effective_on, model.clock).where(model.task_id == task.id)
        ).all()
        assert {tuple(row) for row in rows} == {(None, None, "no_deadline")}


def test_what_people_cleared_survives_a_changed_seed(context: Any, folder: Path, spoil: Spoil) -> None:
    person, task = actor(context), one(context, Task, "KH2023:III.5.-2")
    assign_lead(context, person, task, 0, one(context, Agency, "so-y-te"), PROPOSED)
    set_deadline(context, person, task, 0, date(2023, 12, 15), None, PROPOSED)
    set_deliverable(context, person, task, 0, "Biên bản nghiệm thu", PROPOSED)
    context.flush()
    spoil("documents/KH2023.yaml", 'note: Danh sách mở ("..."). Nên theo dõi', "note: Danh sách mở. Nên theo dõi")
    loader.load(context, folder)
    task = one(context, Task, "KH2023:III.5.-2")
    assert task.note.startswith("Danh sách mở. Nên theo dõi")
    assert (task.deliverable, task.has_work, task.has_lead, task.has_time) == ("Biên bản nghiệm thu", True, True, True)
    assert task.lead_label == "Sở Y tế"
    assert owing(context, "KH2023:III.5.-2") == {("so-y-te", "lead")}
    period = current(context, "KH2023:III.5.-2")
    assert (period.leads, period.due_on) == (1, date(2023, 12, 15))
    assert [d.kind for d in task.deadlines] == ["assigned"]


def test_a_deadline_people_gave_survives_a_new_wording(context: Any, folder: Path, spoil: Spoil) -> None:
    task = one(context, Task, "KH2023:V.1.-5")
    set_deadline(context, actor(context), task, 0, date(2023, 12, 29), None, PROPOSED)
    context.flush()
    begins = "  - code: KH2023:V.1.-5\n    clause: V.1.-5\n"
    spoil(
        "documents/KH2023.yaml", begins, f"{begins}    deadline_inherited: {{clause: V.5, wording: trong năm 2023}}\n"
    )
    report = loader.load(context, folder)
    assert report.kept == ["thời hạn KH2023:V.1.-5"]
    kinds = context.scalars(sa.select(Deadline.kind).where(Deadline.task_id == task.id)).all()
    assert (kinds, current(context, "KH2023:V.1.-5").due_on) == (["assigned"], date(2023, 12, 29))


def test_an_agency_people_edited_stays(context: Any, folder: Path, spoil: Spoil) -> None:
    agency = one(context, Agency, "so-cong-thuong")
    edit_agency(
        context, actor(context), agency.id, version(agency), short_name="Sở CT", aliases=["SCT"], official_code="H08.5",
        note=None, valid_from=None, valid_to=None, needs_head_approval=False,
    )  # fmt: skip
    spoil("agencies.yaml", "    short_name: Sở Công Thương", "    short_name: SCT Bình Định")
    report = loader.load(context, folder)
    agency = one(context, Agency, "so-cong-thuong")
    assert (agency.short_name, agency.aliases, agency.official_code) == ("Sở CT", ["SCT"], "H08.5")
    assert report.kept == ["cơ quan so-cong-thuong"]


def test_an_agency_nobody_edited_follows_the_seed(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil("agencies.yaml", "    short_name: Sở Công Thương", "    short_name: SCT Bình Định")
    loader.load(context, folder)
    assert one(context, Agency, "so-cong-thuong").short_name == "SCT Bình Định"


def test_a_day_people_cleared_stays_cleared(context: Any) -> None:
    clear_day(context, actor(context), date(2022, 5, 3))
    context.flush()
    loader.load(context)
    day = context.get_one(CalendarDay, date(2022, 5, 3))
    assert (day.working, day.edited) == (True, True)
    due = sa.select(Deadline.effective_on).join(Task, Task.id == Deadline.task_id).where(Task.code == "TB1802:6.b")
    assert context.scalars(due).all() == [date(2022, 5, 4)]  # saving a day moves no deadline, loading neither


def test_the_state_of_a_system_and_of_a_part_stay(context: Any, folder: Path, spoil: Spoil) -> None:
    system = one(context, InformationSystem, "lgsp")
    system.state, system.state_basis, system.edited = "building", "Báo cáo 12/BC-STTTT", True
    item = context.scalars(sa.select(TaskItem).where(TaskItem.title == "Hệ thống quản lý khoáng sản")).one()
    item.state, item.title, item.edited = "done", "Hệ thống quản lý khoáng sản (mới)", True
    context.flush()
    spoil("systems.yaml", "    name: Nền tảng tích hợp, chia sẻ dữ liệu cấp tỉnh (LGSP)", "    name: Nền tảng LGSP")
    report = loader.load(context, folder)
    system = one(context, InformationSystem, "lgsp")
    assert (system.state, system.state_basis) == ("building", "Báo cáo 12/BC-STTTT")
    assert context.get_one(TaskItem, item.id).state == "done"
    assert len(report.kept) == 2


def test_a_body_added_by_people_stays(context: Any) -> None:
    context.add(
        Agency(code="benh-vien-tinh", name="Bệnh viện đa khoa tỉnh", short_name="BVĐK", kind="đơn vị trực thuộc", level="tỉnh",
               source="person", edited=True, sort_key="b", search_text="benh vien")
    )  # fmt: skip
    context.flush()
    assert not loader.load(context).changed
    assert one(context, Agency, "benh-vien-tinh").name == "Bệnh viện đa khoa tỉnh"


def test_what_the_seeds_wrote_is_told(context: Any, folder: Path, spoil: Spoil) -> None:
    spoil("discrepancies.yaml", "subject: Tỷ trọng kinh tế số trong GRDP", "subject: Kinh tế số trong GRDP")
    report = loader.load(context, folder)
    assert str(report) == "Nạp dữ liệu: cập nhật 1 chỗ khác nhau."
