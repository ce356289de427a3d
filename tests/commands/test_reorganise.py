"""`flask reorganise`: says what the register knows and nobody has done; moves what needs no choice."""

from flask import Flask
from sqlalchemy import func, select

from tests.people import Person
from tracker.extensions import db
from tracker.models import Reorganisation, ReorganisationMove


def test_it_only_lists_without_apply(app: Flask) -> None:
    ran = app.test_cli_runner().invoke(args=["reorganise"])
    assert ran.exit_code == 0, ran.output
    assert "Sở Kế hoạch và Đầu tư → Sở Tài chính: sáp nhập, hợp nhất, từ 01/03/2025" in ran.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Reorganisation)) == 0


def test_apply_needs_an_administrator(app: Flask, people: dict[str, Person]) -> None:
    for arguments in (["--apply"], ["--apply", "--by", people["monitor"].email]):
        ran = app.test_cli_runner().invoke(args=["reorganise", *arguments])
        assert (ran.exit_code, "một tài khoản quản trị đang dùng" in ran.output) == (1, True)


def test_apply_moves_what_needs_no_choice_and_leaves_the_rest(app: Flask, people: dict[str, Person]) -> None:
    ran = app.test_cli_runner().invoke(args=["reorganise", "--apply", "--by", people["admin"].email])
    assert ran.exit_code == 0, ran.output
    assert "cần lựa chọn cho" in ran.output
    with app.app_context():
        states = set(db.session.scalars(select(Reorganisation.state)))
        moved = db.session.scalar(select(func.count()).where(ReorganisationMove.outcome == "moved"))
        assert (states, bool(moved)) == ({"applied"}, True)
    again = app.test_cli_runner().invoke(args=["reorganise"])
    assert "Sở Kế hoạch và Đầu tư →" not in again.output
    assert "Sở Thông tin và Truyền thông → Sở Khoa học và Công nghệ" in again.output
