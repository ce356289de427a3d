"""`flask reorganise`: what the register says has been reorganised while the work has not moved; and moving what needs no choice."""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker import clock
from tracker.actions.reorganisation import plan_parts
from tracker.actions.succession import apply
from tracker.commands.options import needs_documents
from tracker.database import begin_writing
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.models import User
from tracker.queries.reorganisation import Ready, unfollowed
from tracker.queries.reorganisation_outcome import outcome
from tracker.words.reorganisation import KIND


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_reorganise)


@click.command(
    "reorganise",
    help="Liệt kê cơ quan đã sắp xếp mà việc chưa chuyển; --apply: chuyển việc không cần lựa chọn.",
)
@click.option("--apply", "carry_out", is_flag=True, help="Thực hiện các phương án chỉ có một cơ quan kế thừa.")
@click.option("--by", "email", metavar="THƯ", help="Thư điện tử của quản trị đứng tên thực hiện; cần khi có --apply.")
@with_appcontext
def _reorganise(carry_out: bool, email: str | None) -> None:
    needs_documents()
    actor = _administrator(email) if carry_out else None
    db.session.rollback()
    found = unfollowed(db.session(), clock.today())
    if not found:
        click.echo("Không có việc nào còn ở cơ quan đã sắp xếp.")
    for ready in found:
        click.echo(_said(ready))
        if actor is not None:
            click.echo(f"  {_carry_out(ready, actor)}")


def _administrator(email: str | None) -> int:
    query = select(User.id).where(User.email == (email or ""), User.active, User.role == "administrator")
    found = db.session.scalars(query).one_or_none()
    if found is None:
        sys.exit("Thêm --by với thư điện tử của một tài khoản quản trị đang dùng; sự kiện ghi tên người đó.")
    return found


def _said(ready: Ready) -> str:
    return (
        f"{', '.join(ready.olds)} → {', '.join(ready.heirs)}: {str(KIND[ready.kind]).lower()}, "
        f"từ {ready.took_effect_on:%d/%m/%Y}, {ready.open_work} phần việc đang mở ({ready.legal_basis})"
    )


def _carry_out(ready: Ready, actor_id: int) -> str:
    """Carry out one group in a transaction of its own; what needs a choice is left to the page."""
    db.session.rollback()
    begin_writing()
    actor = db.session.get_one(User, actor_id)
    try:
        plan = plan_parts(db.session(), actor, ready.kind, ready.took_effect_on, ready.legal_basis, None, ready.parts)
        seen = outcome(db.session(), plan)
        if seen.undecided:
            db.session.rollback()
            return f"cần lựa chọn cho {seen.undecided} phần việc hoặc người: làm ở trang Quản trị, Sắp xếp."
        done = apply(db.session(), actor, plan, seen.seen)
    except TrackerError as error:
        db.session.rollback()
        return error.sentence
    db.session.commit()
    moved, merged = (sum(work.outcome == what for work in done.work) for what in ("moved", "merged"))
    return f"đã chuyển {moved} phần việc, nhập {merged}; {len(done.people)} người."
