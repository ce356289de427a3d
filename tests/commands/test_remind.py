"""flask remind: exactly who would be told what, on any day."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.jobs.world import World, at
from tracker.models import Message, Reminder, ReminderHold, Role, User

OFFICE = "Văn phòng UBND tỉnh"


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["remind", *arguments])


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


def test_e_cabinet_is_overdue_on_5_may_2022(app: Flask, db: Session) -> None:
    answer = run(app, "--dry-run", "--on", "2022-05-05", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert {entry["agency"] for entry in found} == {OFFICE}
    assert found[0]["items"] == [
        {
            "task": "TB1802:6.b",
            "clause": "6.b",
            "due_on": "2022-04-30",
            "last_day": "2022-05-04",
            "days_overdue": 1,
            "step": "overdue_1",
            "level": "responsible",
        }
    ]
    assert db.scalar(select(func.count()).select_from(Reminder)) == 0
    assert db.scalar(select(func.count()).select_from(Message)) == 0


def test_the_contact_of_the_office_is_told_and_why(app: Flask, db: Session) -> None:
    contact = db.scalars(select(User).where(User.email == "chuyenvien.vp@tinh.gov.vn")).one()
    contact.is_contact = True
    db.commit()
    overdue = run(app, "--dry-run", "--on", "2022-05-05").output
    assert "Trần Thị Vân <chuyenvien.vp@tinh.gov.vn>, Văn phòng UBND tỉnh; kênh: thư điện tử" in overdue
    assert "Quá hạn 1 ngày: Văn phòng UBND tỉnh triển khai, nhân rộng phòng họp không giấy E-Cabinet" in overdue
    assert (
        "“Đẩy nhanh quá trình triển khai, nhân rộng và vận hành hiệu quả phòng họp không giấy (E-Cabinet), hoàn"
        in overdue
    )
    assert "Hạn: 30/04/2022 (văn bản viết “hoàn thành chậm nhất trong tháng 04/2022”)." in overdue
    assert (
        "30/04/2022 là thứ Bảy" in overdue and "02/05/2022 là thứ Hai" in overdue and "03/05/2022 là thứ Ba" in overdue
    )
    assert "kế tiếp, là 04/05/2022" in overdue
    on_the_day = run(app, "--dry-run", "--on", "2022-05-04").output
    assert "Đến hạn hôm nay: Văn phòng UBND tỉnh triển khai" in on_the_day
    [entry] = json.loads(run(app, "--dry-run", "--on", "2022-05-04", "--json").stdout)
    assert (entry["recipient"], entry["channel"]) == ("chuyenvien.vp@tinh.gov.vn", "email")
    assert (entry["items"][0]["step"], entry["items"][0]["days_overdue"]) == ("due", 0)


@pytest.mark.unseeded
def test_without_contacts_the_items_are_there_and_the_recipient_is_not(app: Flask, world: World) -> None:
    world.task(world.office, date(2022, 4, 30), title="Vận hành E-Cabinet")
    world.ready()
    [entry] = json.loads(run(app, "--dry-run", "--on", "2022-05-05", "--json").stdout)
    assert (entry["recipient"], entry["agency"], entry["channel"]) == (None, OFFICE, None)
    assert entry["reason"] == "nobody"
    assert entry["items"][0]["days_overdue"] == 1
    assert "Không có người nhận: Văn phòng UBND tỉnh" in run(app, "--dry-run", "--on", "2022-05-05").output


@pytest.mark.unseeded
def test_nothing_on_a_day_off(app: Flask, world: World) -> None:
    world.task(world.office, date(2022, 4, 29))
    world.ready()
    assert json.loads(run(app, "--dry-run", "--on", "2022-05-02", "--json").stdout) == []
    assert (
        run(app, "--dry-run", "--on", "2022-05-02").output
        == "02/05/2022 không phải ngày làm việc: không có tin nào đi.\n"
    )


@pytest.mark.unseeded
@pytest.mark.parametrize("day", ["hom-nay", "2022-13-45", "05/05/2022", "2022-02-30", ""])
def test_a_malformed_day_is_a_sentence_and_exit_2(app: Flask, world: World, day: str) -> None:
    answer = run(app, "--dry-run", "--on", day)
    assert answer.exit_code == 2
    assert "không phải là ngày; cần dạng năm-tháng-ngày, ví dụ 2022-05-05." in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.unseeded
def test_another_day_is_only_looked_at(app: Flask, world: World) -> None:
    answer = run(app, "--on", "2022-05-05")
    assert answer.exit_code == 2 and "thêm --dry-run" in answer.output


@pytest.mark.unseeded
def test_without_dry_run_todays_are_queued_once(app: Flask, db: Session, world: World) -> None:
    world.person("lan", world.office)
    world.task(world.office, date(2022, 4, 30))
    world.ready()
    with at("2022-05-05 07:00"):
        early = run(app, "--json")
        assert json.loads(early.stdout) == [] and early.exit_code == 0
    with at("2022-05-05 08:00"):
        [entry] = json.loads(run(app, "--json").stdout)
        assert entry["recipient"] == "lan@tinh.gov.vn"
        assert json.loads(run(app, "--json").stdout) == []
    assert db.scalar(select(func.count()).select_from(Reminder)) == 1


@pytest.mark.unseeded
def test_what_is_kept_back_is_listed_with_the_reason(app: Flask, db: Session, world: World) -> None:
    monitor = world.person("theo", world.office, contact=False, role=Role.MONITOR)
    world.person("lan", world.office)
    owed = world.task(world.office, date(2022, 4, 29), title="Vận hành E-Cabinet")
    db.add(
        ReminderHold(assignment_id=owed.id, from_on=date(2022, 5, 4), until_on=date(2022, 5, 9), reason="chờ thiết bị",
                     made_by_id=monitor.id, made_at=datetime(2022, 5, 4, 2, tzinfo=UTC))
    )  # fmt: skip
    world.ready()
    [entry] = json.loads(run(app, "--dry-run", "--on", "2022-05-05", "--json").stdout)
    assert (entry["recipient"], entry["agency"], entry["reason"]) == (None, OFFICE, "held")
    assert [(item["step"], item["level"], item["until"]) for item in entry["items"]] == [
        ("overdue_1", "responsible", "2022-05-09")
    ]
    said = run(app, "--dry-run", "--on", "2022-05-05").output
    assert "0 người được nhắc, 0 việc không có người nhận, 1 mốc không nhắc." in said
    assert (
        "TB1802:6.1 Vận hành E-Cabinet: người phụ trách của Văn phòng UBND tỉnh (quá hạn, mốc thứ 1); "
        "Văn phòng UBND tỉnh tạm ngừng nhắc, đến hết 09/05/2022" in said
    )
