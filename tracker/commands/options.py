"""Options several commands share."""

import sys
from datetime import date

import click
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.extensions import db


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” không phải là ngày; cần dạng năm-tháng-ngày, ví dụ 2022-05-05.", param, ctx)


on_day = click.option("--on", "day", type=Day(), default=clock.today, help="Ngày cần xem (mặc định: hôm nay).")
as_json = click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")


def needs_database() -> None:
    """End the command with a sentence when the database does not answer."""
    try:
        with db.engine.connect():
            pass
    except OperationalError:
        sys.exit("Cơ sở dữ liệu không trả lời; hãy xem lại DATABASE_URL và máy chủ cơ sở dữ liệu.")


def needs_documents() -> None:
    """End the command with a sentence when the database does not answer or has no tables yet."""
    needs_database()
    if not inspect(db.engine).has_table("document"):
        sys.exit("Cơ sở dữ liệu chưa được chuẩn bị; hãy chạy flask prepare (hoặc make run).")
