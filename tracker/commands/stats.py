"""`flask stats`: what is loaded and how it stands."""

import json
from datetime import date

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker import clock
from tracker.commands.options import as_json, needs_documents, on_day
from tracker.extensions import db
from tracker.queries.stats import stats
from tracker.words import TIMELINESS


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_stats)


@click.command("stats", help="Số liệu: văn bản, nhiệm vụ, chỉ tiêu và bốn loại kết quả.")
@with_appcontext
@on_day
@as_json
def _stats(day: date, as_json: bool) -> None:
    if day > clock.today():
        raise click.UsageError(f"Ngày {day:%d/%m/%Y} chưa tới: số liệu chỉ có đến hôm nay.")
    needs_documents()
    found = stats(db.session(), day)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    tasks, said = (
        found["tasks"],
        "{documents} văn bản, {clauses} điều khoản, {targets} giá trị chỉ tiêu".format(**found),
    )
    click.echo(f"Tính đến {day:%d/%m/%Y}: {said}.")
    said = "{task} nhiệm vụ, {solution} giải pháp, {standing_duty} việc thường xuyên".format(**tasks)
    click.echo(f"{tasks['total']} nhiệm vụ: {said}.")
    for name, n in found["timeliness"].items():
        click.echo(f"  {TIMELINESS[name]}: {n}")
    click.echo("Gia hạn: {extensions} lần ở {assignments} phần việc, tổng cộng {days} ngày.".format(**found["slips"]))
