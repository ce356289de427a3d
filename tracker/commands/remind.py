"""`flask remind`: draw up today's reminders, or say, for any day and without writing, who would be told what."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker import clock, words
from tracker.commands.options import as_json, needs_documents, on_day
from tracker.extensions import db
from tracker.jobs import reminders
from tracker.messages import outbox, render
from tracker.messages.transport import Words
from tracker.models import Role
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.digest import summaries
from tracker.queries.message import Addressee, addressees
from tracker.queries.reminder import Due, Plan
from tracker.queries.reminder_item import Item, items
from tracker.rules.office_hours import REMIND_FROM, may_plan

OPENS = timedelta(hours=REMIND_FROM.hour, minutes=REMIND_FROM.minute)


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_remind)


@click.command("remind", help="Lập bản nhắc việc hôm nay; --dry-run --on NGÀY: chỉ xem ai sẽ được nhắc việc gì.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem, không ghi và không gửi gì.")
@on_day
@as_json
@with_appcontext
def _remind(dry_run: bool, day: date, as_json: bool) -> None:
    if not dry_run and day != clock.today():
        raise click.UsageError("Chỉ lập bản nhắc cho hôm nay. Để xem một ngày khác, thêm --dry-run.")
    needs_documents()
    calendar = work_calendar(db.session())
    if not dry_run and not may_plan(clock.local(clock.now()), calendar):
        click.echo("Chưa lập bản nhắc: chỉ lập từ 08:00 ngày làm việc.", err=True)
        click.echo("[]" if as_json else "Không có ai được nhắc.")
        return
    plan = reminder.plan(db.session(), day)
    if as_json:
        click.echo(json.dumps(_listed(plan), ensure_ascii=False, indent=2))
    else:
        _print(plan, calendar.is_working(day))
    if not dry_run:
        told = reminders.queue(plan, calendar)
        click.echo(f"Đã đưa {told} lời nhắc vào hàng chờ gửi.", err=as_json)


def _facts(plan: Plan) -> tuple[dict[int, Item], dict[int, Addressee]]:
    found = items(db.session(), {due.assignment_id for due in plan.due()}, plan.day)
    return found, addressees(db.session(), plan.by_recipient)


def _listed(plan: Plan) -> list[dict[str, Any]]:
    """Return one entry a person, then one an agency of which nobody can be told (recipient null)."""
    items, people = _facts(plan)
    told = [_entry(people[person].agency_name, people[person].email, dues, items)
            for person, dues in plan.by_recipient.items()]  # fmt: skip
    untold = [_entry(items[dues[0].assignment_id].agency_name, None, dues, items)
              for dues in plan.unreachable.values()]  # fmt: skip
    return told + untold


def _entry(agency: str | None, email: str | None, dues: list[Due], items: Mapping[int, Item]) -> dict[str, Any]:
    found = [items[due.assignment_id] for due in dues]
    return {
        "recipient": email,
        "agency": agency,
        "channel": outbox.EMAIL,
        "items": [
            {"task": item.task_code, "clause": item.clause_code, "due_on": item.due_on.isoformat(),
             "days_overdue": item.days_overdue, "step": item.step, **_bases(item)}
            for item in found
        ],
    }  # fmt: skip


def _bases(item: Item) -> dict[str, str]:
    """Return on what the lead and the date rest, where a person gave them."""
    said = {
        "lead_basis": words.basis(item.lead_basis_kind, item.lead_basis),
        "due_basis": words.basis(item.deadline_basis_kind, item.deadline_basis),
    }
    return {name: text for name, text in said.items() if text}


def _print(plan: Plan, working: bool) -> None:
    if not working:
        click.echo(f"{plan.day:%d/%m/%Y} không phải ngày làm việc: không có tin nào đi.")
        return
    items, people = _facts(plan)
    names = render.days_off(db.session())
    figures = summaries(db.session(), people, plan.day)
    at_eight = clock.day_start(plan.day) + OPENS
    untold = sum(map(len, plan.unreachable.values()))
    click.echo(f"Ngày {plan.day:%d/%m/%Y}: {len(people)} người được nhắc, {untold} việc không có người nhận.")
    for person, dues in plan.by_recipient.items():
        who = people[person]
        found = [items[due.assignment_id] for due in dues]
        for_office = untold if who.role == Role.MONITOR else 0
        letter = render.reminder_digest(who, found, plan.day, names, figures[person], for_office, at_eight)
        _letter(f"{who.name} <{who.email}>, {who.agency_name or 'không thuộc cơ quan nào'}; kênh: thư điện tử", letter)
    for group in _by_agency(plan, items).values():
        nobody = Addressee(0, group[0].agency_name, "", None, "", True, "vi", None, group[0].agency_name)
        letter = render.reminder_digest(nobody, group, plan.day, names, None, 0, at_eight)
        _letter(f"Không có người nhận: {group[0].agency_name}", letter)


def _by_agency(plan: Plan, items: Mapping[int, Item]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = defaultdict(list)
    for agency_id, dues in plan.unreachable.items():
        found[agency_id] += [items[due.assignment_id] for due in dues]
    return found


def _letter(heading: str, letter: Words) -> None:
    click.echo(f"\n{'=' * 72}\n{heading}\n{letter.subject}\n{'-' * 72}\n{letter.text}")
