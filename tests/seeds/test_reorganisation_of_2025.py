"""The real case: what the register says of 2025 is carried out on the five documents, from March to the end of the districts."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from seeds import loader
from tracker import clock
from tracker.actions.reorganisation import plan_parts
from tracker.actions.succession import apply
from tracker.extensions import db
from tracker.models import FOREVER, Agency, Assignment, AssignmentPeriod, Role, Succession, Task, User
from tracker.queries.health import full_check
from tracker.queries.reorganisation import Ready, unfollowed
from tracker.queries.reorganisation_outcome import Choices, outcome
from tracker.queries.standing import AGENCY, counts, counts_by_scope
from tracker.rules.reorganisation import Part
from tracker.rules.timeliness import CLOSED

BEFORE, JULY = date(2024, 12, 31), date(2025, 7, 1)
EXPECTED = {
    ("Sở Kế hoạch và Đầu tư",): ("merge", ("Sở Tài chính",)),
    ("Sở Nông nghiệp và Phát triển nông thôn", "Sở Tài nguyên và Môi trường"): (
        "merge", ("Sở Nông nghiệp và Môi trường",),
    ),
    ("Sở Thông tin và Truyền thông",): ("split", ("Sở Khoa học và Công nghệ", "Sở Văn hóa, Thể thao và Du lịch")),
    ("Sở Giao thông vận tải",): ("merge", ("Sở Xây dựng",)),
    ("Sở Nội vụ",): ("transfer", ("Sở Dân tộc và Tôn giáo",)),
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_july(app: Flask) -> Iterator[None]:
    with clock.on_day(JULY):
        yield


def still_open(session: Any) -> int:
    period = AssignmentPeriod
    query = select(func.count()).where(period.valid_to == FOREVER, period.state.not_in(CLOSED))
    return int(session.execute(query).scalar_one())


def carry_out(session: Any, ready: Ready, actor: User) -> Counter[str]:
    plan = plan_parts(session, actor, ready.kind, ready.took_effect_on, ready.legal_basis, None, ready.parts)
    found = outcome(session, plan)
    chosen = Choices(
        {work.assignment_id: work.to_id for work in found.work}, {one.user_id: one.to_id for one in found.people}
    )
    return Counter(work.outcome for work in apply(session, actor, plan, found.seen, chosen).work)


def carry_out_all(session: Any) -> Counter[str]:
    actor = session.execute(select(User).where(User.role == Role.ADMINISTRATOR.value)).scalar_one()
    done: Counter[str] = Counter()
    for ready in unfollowed(session, JULY):
        done += carry_out(session, ready, actor)
    session.commit()
    return done


def test_the_register_is_drawn_up_as_plans(context: Any) -> None:
    found = {ready.olds: (ready.kind, ready.heirs) for ready in unfollowed(context, JULY)}
    assert {olds: found.get(olds) for olds in EXPECTED} == EXPECTED
    districts = next(ready for ready in unfollowed(context, JULY) if len(ready.olds) == 11)
    assert districts.kind == "dissolve" and set(districts.heirs) == {
        "UBND các xã, phường (từ 01/7/2025)", "UBND tỉnh Gia Lai",
    }  # fmt: skip


def test_nothing_is_lost(context: Any) -> None:
    obligations, province = still_open(context), counts(context, JULY)
    by_agency = counts_by_scope(context, BEFORE, AGENCY)
    olds = {row.agency_id for row in context.execute(select(Succession.agency_id))}
    done = carry_out_all(context)
    assert still_open(context) == obligations - done["merged"]
    assert done["moved"] > 0 and done["merged"] > 0
    assert counts(context, JULY) == province
    assert counts_by_scope(context, BEFORE, AGENCY) == by_agency
    ended = set(context.scalars(select(Agency.id).where(Agency.id.in_(olds), Agency.valid_to <= JULY)))
    holding = set(
        context.scalars(
            select(AssignmentPeriod.agency_id).where(
                AssignmentPeriod.valid_to == FOREVER, AssignmentPeriod.state.not_in(CLOSED)
            )
        )
    )
    assert (ended & holding, unfollowed(context, JULY)) == (set(), [])
    assert {each.code: each.ok for each in full_check(context)}["tally"]
    assert {each.code: each.ok for each in full_check(context)}["events"]


def test_every_piece_is_counted_once_more_or_less(context: Any) -> None:
    before = set(context.scalars(select(AssignmentPeriod.assignment_id).where(AssignmentPeriod.valid_to == FOREVER)))
    carry_out_all(context)
    period = AssignmentPeriod
    rows = context.execute(
        select(period.assignment_id, period.agency_id, Assignment.agency_id, period.state, Assignment.merged_into_id)
        .join(Assignment, Assignment.id == period.assignment_id)
        .where(period.valid_to == FOREVER)
    ).all()
    assert {row[0] for row in rows} == before
    assert [row for row in rows if row[1] != row[2]] == []
    assert {row[3] for row in rows if row[4] is not None} == {"withdrawn"}
    answering = {row[0] for row in rows if row[3] not in CLOSED}
    assert {row[4] for row in rows if row[4] is not None} <= answering


def test_binh_dinh_becomes_gia_lai(context: Any) -> None:
    """UBND tỉnh owes nothing open itself; its people and what later orders give it go to the new name all the same."""
    old, new = (
        context.execute(select(Agency.id).where(Agency.code == code)).scalar_one()
        for code in ("ubnd-tinh", "ubnd-tinh-gia-lai")
    )
    actor = context.execute(select(User).where(User.role == Role.ADMINISTRATOR.value)).scalar_one()
    leader = context.execute(select(User).where(User.role == Role.LEADER.value)).scalar_one()
    leader.agency_id = old
    context.flush()
    assert plan_of(context, actor, old, new) == Counter()
    assert (leader.agency_id, context.get_one(Agency, old).name) == (new, "UBND tỉnh Bình Định")


def plan_of(session: Any, actor: User, old: int, new: int) -> Counter[str]:
    plan = plan_parts(session, actor, "rename", JULY, "Nghị quyết 202/2025/QH15", None, [Part(old, new)])
    return Counter(work.outcome for work in apply(session, actor, plan, outcome(session, plan).seen).work)


def test_seeding_again_changes_nothing(context: Any) -> None:
    carry_out_all(context)
    assert str(loader.load(context)) == "Nạp dữ liệu: dữ liệu đã đủ, không có gì thay đổi."


def test_a_seed_that_changes_leaves_what_has_moved(
    context: Any, folder: Path, spoil: Callable[[str, str, str], int]
) -> None:
    task = context.execute(select(Task).where(Task.code == "TB1802:2.a")).scalar_one()
    carry_out_all(context)
    held = _held(context, task.id)
    spoil("documents/TB1802.yaml", f"short_title: {task.short_title}", "short_title: Tên khác")
    report = loader.load(context, folder)
    assert (dict(report.added), dict(report.updated), dict(report.removed)) == ({}, {"task": 1}, {})
    context.expire_all()
    assert (task.short_title, task.lead_label, _held(context, task.id)) == ("Tên khác", "Sở KH&CN", held)
    assert {each.code: each.ok for each in full_check(context)}["tally"]


def _held(session: Any, task_id: int) -> list[tuple[int, int, int]]:
    rows = session.execute(
        select(Assignment.id, Assignment.agency_id, Assignment.named_agency_id)
        .where(Assignment.task_id == task_id)
        .order_by(Assignment.id)
    )
    return [tuple(row) for row in rows]


def test_pages_of_a_past_day_keep_the_old_names(
    app: Flask, as_person: Callable[[str], FlaskClient], page: Callable[..., BeautifulSoup]
) -> None:
    with app.app_context():
        task = db.session.execute(select(Task.id).where(Task.code == "TB1802:2.a")).scalar_one()
        new = db.session.execute(select(Agency.id).where(Agency.code == "so-khcn")).scalar_one()
    client = as_person("monitor")
    listed = [client.get(f"{address}?on={BEFORE}").text for address in _past(task)]
    with app.app_context():
        carry_out_all(db.session())
    again = [client.get(f"{address}?on={BEFORE}").text for address in _past(task)]
    assert [_words(text) for text in again] == [_words(text) for text in listed]
    today = page(client, f"/nhiem-vu/{task}").select_one("aside.facts")
    assert today is not None
    said = " ".join(today.get_text(" ").split())
    assert "Sở Khoa học và Công nghệ (kế thừa Sở Thông tin và Truyền thông)" in said
    assert "Sở Thông tin và Truyền thông" in page(client, f"/co-quan/{new}").get_text()


def _past(task: int) -> list[str]:
    return [f"/nhiem-vu/{task}", "/nhiem-vu", "/co-quan", "/", "/van-ban/TB1802"]


def _words(html: str) -> str:
    """What a reader sees of the page, without the tokens and the moment."""
    main = BeautifulSoup(html, "html.parser").main
    assert main is not None
    for tag in main.select("form, script, .asof"):
        tag.decompose()
    return " ".join(main.get_text(" ").split())
