"""Collective orders become one assignment per member; nothing is invented where the documents name nobody."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tracker.models import (
    FOREVER,
    Agency,
    AgencyGroup,
    Assignment,
    AssignmentPeriod,
    Deadline,
    InformationSystem,
    Task,
    TaskItem,
    TaskPeriod,
)

SO_NGANH = {
    "so-tttt", "so-khdt", "so-tai-chinh", "so-gtvt", "so-xay-dung", "so-nnptnt", "so-tnmt", "so-ldtbxh", "so-noi-vu",
    "ban-dan-toc", "so-cong-thuong", "so-y-te", "so-gddt", "so-tu-phap", "thanh-tra-tinh", "vp-ubnd-tinh", "so-khcn",
    "so-vhtt", "so-du-lich", "so-ngoai-vu",
}  # fmt: skip
HUYEN = {
    "ubnd-tp-quy-nhon": "540", "ubnd-an-lao": "542", "ubnd-tx-hoai-nhon": "543", "ubnd-hoai-an": "544", "ubnd-phu-my": "545",
    "ubnd-vinh-thanh": "546", "ubnd-tay-son": "547", "ubnd-phu-cat": "548", "ubnd-tx-an-nhon": "549", "ubnd-tuy-phuoc": "550",
    "ubnd-van-canh": "551",
}  # fmt: skip


def owing(session: Any, task: str, role: str = "lead") -> dict[str, str]:
    rows = session.execute(
        sa.select(Agency.code, Assignment.origin)
        .join(Assignment, Assignment.agency_id == Agency.id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.code == task, Assignment.role == role)
    )
    return dict(rows.all())


def test_a_named_lead(context: Any) -> None:
    assert owing(context, "TB1802:6.b") == {"vp-ubnd-tinh": "named"}
    assert owing(context, "TB1802:6.b", "coordinate") == {}


def test_an_order_to_all_goes_to_each_of_31(context: Any) -> None:
    assert owing(context, "TB1802:7#1") == dict.fromkeys(SO_NGANH | HUYEN.keys(), "collective")
    label = context.scalar(sa.select(Task.lead_label).where(Task.code == "TB1802:7#1"))
    assert label == "các sở, ban, ngành (20 cơ quan), UBND các huyện, thị xã, thành phố (11 cơ quan)"


def test_heads_and_bodies_of_the_same_agencies_count_once(context: Any) -> None:
    assert owing(context, "NQ05:III.5.-2") == dict.fromkeys(SO_NGANH | HUYEN.keys(), "collective")


def test_members_unknown_leave_the_work_with_the_collective_body(context: Any) -> None:
    assert owing(context, "CT:IV.5#1") == {
        "cac-doanh-nghiep-buu-chinh-vien-thong": "collective", "cac-doanh-nghiep-thuc-hien-chuyen-doi-so": "collective",
    }  # fmt: skip


def test_coordinators_named_and_collective(context: Any) -> None:
    assert owing(context, "TB1802:4", "coordinate") == {
        "so-nnptnt": "named",
        "cac-co-quan-don-vi-dia-phuong": "collective",
    }


def test_a_lead_is_not_told_to_help_itself(context: Any) -> None:
    assert owing(context, "TB1802:2.b") == {"so-tttt": "named"}
    assert set(owing(context, "TB1802:2.b", "coordinate")) == (SO_NGANH - {"so-tttt"}) | HUYEN.keys()


def test_nobody_is_invented(context: Any) -> None:
    assert owing(context, "KH2023:III.5.-2") == {}
    assert owing(context, "CT:III.2") == {}


def test_the_districts_carry_their_codes_and_why_they_are_here(context: Any) -> None:
    rows = context.execute(
        sa.select(Agency.code, Agency.official_code, Agency.source, Agency.valid_to).where(Agency.code.in_(HUYEN))
    )
    assert {tuple(row) for row in rows} == {(code, gso, "collective", date(2025, 7, 1)) for code, gso in HUYEN.items()}
    assert (
        context.scalar(sa.select(sa.func.count()).where(Agency.source != "document", Agency.source_basis.is_(None)))
        == 0
    )


@pytest.mark.parametrize(
    ("group", "n"), [("all_agencies", 20), ("heads_of_agencies", 20), ("all_districts", 11), ("all_localities", 11)]
)
def test_groups_whose_members_are_known(context: Any, group: str, n: int) -> None:
    found = context.scalars(sa.select(AgencyGroup).where(AgencyGroup.code == group)).one()
    assert (found.members_known, len(found.members)) == (True, n)


def test_every_assignment_begins_with_its_task(context: Any) -> None:
    different = (
        sa.select(sa.func.count())
        .select_from(AssignmentPeriod)
        .join(TaskPeriod, TaskPeriod.task_id == AssignmentPeriod.task_id)
        .where(
            sa.or_(
                AssignmentPeriod.valid_from != TaskPeriod.valid_from, AssignmentPeriod.valid_to != FOREVER,
                AssignmentPeriod.state != "not_started", AssignmentPeriod.clock != TaskPeriod.clock,
                AssignmentPeriod.effective_on.is_distinct_from(TaskPeriod.effective_on),
            )
        )
    )  # fmt: skip
    assert context.scalar(different) == 0
    leads = (
        sa.select(sa.func.count())
        .where(Assignment.task_id == TaskPeriod.task_id, Assignment.role == "lead")
        .scalar_subquery()
    )
    assert context.scalar(sa.select(sa.func.count()).where(TaskPeriod.leads != leads)) == 0


def test_e_cabinet_counts_to_the_first_working_day_after_the_holidays(context: Any) -> None:
    row = context.execute(
        sa.select(
            Deadline.wording,
            Deadline.due_on,
            Deadline.effective_on,
            Deadline.precision,
            Deadline.rule,
            Deadline.valid_from,
        )
        .join(Task, Task.id == Deadline.task_id)
        .where(Task.code == "TB1802:6.b")
    ).one()
    assert tuple(row) == (
        "hoàn thành chậm nhất trong tháng 04/2022", date(2022, 4, 30), date(2022, 5, 4), "month", "month_last_day",
        date(2022, 2, 18),
    )  # fmt: skip


def test_a_relative_wording_beside_the_inherited_date(context: Any) -> None:
    task = context.scalars(sa.select(Task).where(Task.code == "CT:IV.1.-3")).one()
    assert [(d.kind, d.wording, d.precision, d.due_on) for d in task.deadlines] == [
        ("original", "Kết thúc đợt thi đua", "relative", None),
        ("inherited", "Trong Quý I năm 2026", "quarter", date(2026, 3, 31)),
    ]
    period = context.scalars(sa.select(TaskPeriod).where(TaskPeriod.task_id == task.id)).one()
    assert (period.due_on, period.effective_on, period.leads) == (
        date(2026, 3, 31),
        date(2026, 3, 31),
        len(task.assignments),
    )


@pytest.mark.parametrize(("task", "n"), [("KH2023:III.5.-2", 8), ("KH2023:III.5.-3", 9)])
def test_every_listed_system_is_a_part_tied_to_the_register(context: Any, task: str, n: int) -> None:
    rows = context.execute(
        sa.select(TaskItem.title, InformationSystem.name, TaskItem.state)
        .join(Task, Task.id == TaskItem.task_id)
        .outerjoin(InformationSystem, InformationSystem.id == TaskItem.system_id)
        .where(Task.code == task)
        .order_by(TaskItem.position)
    ).all()
    assert len(rows) == n
    for title, system, state in rows:
        assert state == "not_started"
        assert system.split(" (")[0].removesuffix(" của tỉnh") in title or title in system, (title, system)
