"""`flask start`: everything one command has to do: migrate, load, first accounts, then the web server with the clock beside it."""

import secrets
import signal
import socket
import subprocess
import sys
from types import FrameType

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker.actions.account import create_account
from tracker.commands import rehearsal
from tracker.commands.options import needs_database
from tracker.commands.seed import load_seeds
from tracker.config import ROOT
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.models import Agency, Role, User

FIRST_ACCOUNTS = (
    # e-mail, name, role, agency, receives the agency's reminders
    ("quan-tri@baro.example", "Quản trị hệ thống", Role.ADMINISTRATOR, None, False),
    ("van-phong@baro.example", "Văn phòng UBND tỉnh, bộ phận theo dõi", Role.MONITOR, "vp-ubnd-tinh", False),
    ("chuyen-vien@baro.example", "Chuyên viên Văn phòng UBND tỉnh", Role.OFFICER, "vp-ubnd-tinh", True),
    ("thuong-truc@baro.example", "Cơ quan thường trực chuyển đổi số", Role.STANDING_BODY, "so-tttt", True),
    ("lanh-dao@baro.example", "Lãnh đạo UBND tỉnh", Role.LEADER, None, False),
)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(_start)
    app.cli.add_command(_prepare)


@click.command("prepare", help="Chuẩn bị cơ sở dữ liệu: cấu trúc, năm văn bản, tài khoản đầu tiên.")
@with_appcontext
def _prepare() -> None:
    prepare()


@click.command("start", help="Chuẩn bị rồi chạy máy chủ web và bộ nhắc việc; Ctrl+C để dừng.")
@with_appcontext
def _start() -> None:
    _refuse_taken_port(current_app.config["LISTEN"])
    prepare()
    serve()


def prepare() -> None:
    """Bring the database to the present version with the documents loaded; create and print the first accounts once."""
    needs_database()
    flask_migrate.upgrade()
    click.echo(load_seeds())
    if current_app.config["DEMO"]:
        click.echo(rehearsal.build())
        return
    created = create_first_accounts()
    if created:
        click.echo("\nTài khoản đầu tiên (mật khẩu chỉ hiện một lần, phải đổi ở lần đăng nhập đầu):")
        for email, name, password in created:
            click.echo(f"  {email:<28} {password}   {name}")


def create_first_accounts() -> list[tuple[str, str, str]]:
    """Create one account per role on an empty database; return (e-mail, name, password), or nothing when people exist."""
    if db.session.execute(select(User.id).limit(1)).first():
        db.session.rollback()
        return []
    db.session.rollback()
    made = [(account, secrets.token_urlsafe(15)) for account in FIRST_ACCOUNTS]
    begin_writing()
    agencies = dict(db.session.execute(select(Agency.code, Agency.id)).tuples().all())
    for (email, name, role, agency, contact), password in made:
        create_account(
            db.session(), None, email=email, name=name, role=role, agency_id=agencies[agency] if agency else None,
            is_contact=contact, password=password, must_change_password=True,
        )  # fmt: skip
    db.session.commit()
    return [(account[0], account[1], password) for account, password in made]


def serve() -> None:
    """Run gunicorn and the worker as two processes until one ends or we are told to stop; then stop both."""
    listen = current_app.config["LISTEN"]
    click.echo(f"\nBa Rõ: {current_app.config['BASE_URL']} (nghe tại {listen}). Ctrl+C để dừng.\n")
    gunicorn = gunicorn_command(listen, current_app.config["WEB_WORKERS"])
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    db.engine.dispose()
    running = [subprocess.Popen(command, cwd=ROOT) for command in (gunicorn, worker)]
    signal.signal(signal.SIGTERM, _stop)
    try:
        while all(process.poll() is None for process in running):
            try:
                running[0].wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
    except KeyboardInterrupt:
        click.echo("Đang dừng…")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(
                number, signal.SIG_IGN
            )  # told once is enough: a second signal must not cut the stopping short
        for process in running:
            process.terminate()
        codes = [process.wait(timeout=40) for process in running]
    if any(code not in {0, -signal.SIGTERM, -signal.SIGINT} for code in codes):
        sys.exit("Máy chủ web hoặc bộ nhắc việc đã dừng bất thường; xem dòng lỗi phía trên.")


def gunicorn_command(listen: str, workers: int, application: str = "wsgi:app") -> list[str]:
    """Return the command that serves the pages: what `make bench` measures is what people get."""
    return [
        sys.executable, "-m", "gunicorn", application, "--bind", listen, "--worker-class", "gthread", "--threads", "4",
        "--workers", str(workers), "--preload", "--no-control-socket", "--limit-request-line", "8190", "--log-level", "warning",
    ]  # fmt: skip


def _refuse_taken_port(listen: str) -> None:
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), int(port)))
        except OSError as error:
            sys.exit(
                f"Không mở được {listen} ({error.strerror}); hãy chọn cổng khác, ví dụ BARO_LISTEN=127.0.0.1:8001."
            )


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
