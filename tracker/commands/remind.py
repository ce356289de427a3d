"""`flask remind`: draw up today's reminders, or say, for any day and without writing, who would be told what, and why not."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from tracker import clock, words
from tracker.commands.options import as_json, needs_documents, on_day
from tracker.extensions import db
from tracker.jobs import reminders
from tracker.messages import channels, render
from tracker.messages.transport import Words
from tracker.models import Role
from tracker.queries import reminder
from tracker.queries.calendar import work_calendar
from tracker.queries.digest import summaries
from tracker.queries.message import Addressee, addressees
from tracker.queries.reminder import Due, Plan, Skip
from tracker.queries.reminder_item import Item, items, report_items
from tracker.queries.reminder_policy import policies
from tracker.queries.reminder_why import Why, explained
from tracker.queries.zalo import chosen
from tracker.rules.climb import Level
from tracker.rules.inhibition import Reason
from tracker.rules.ladder import ABOUT_REPORT
from tracker.rules.office_hours import may_plan
from tracker.rules.reminder_policy import EMAIL, ZALO
from tracker.words import urging
from tracker.words.days import dmy


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
    calendar, hours = work_calendar(db.session()), policies(db.session(), day).province.hours
    if not dry_run and not may_plan(clock.local(clock.now()), calendar, hours):
        click.echo(f"Chưa lập bản nhắc: chỉ lập từ {hours.digest_at:%H:%M} ngày làm việc.", err=True)
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


@dataclass(frozen=True)
class Facts:
    """What the lines of a plan need to be told: the people, by which channel, the work, and how often it was told before."""

    people: Mapping[int, Addressee]
    by_zalo: Mapping[int, Any]
    items: Mapping[tuple[int, bool], Item]  # by assignment, and whether it is about a report
    why: Mapping[int, Why]  # by the identity of a line of the plan

    def channel(self, person: int) -> str:
        return ZALO if person in self.by_zalo else EMAIL

    def item(self, due: Due) -> Item:
        """Return what the mail says of the line."""
        found = self.items[due.assignment_id, _of_report(due)]
        more = due.level is Level.RESPONSIBLE and "overdue_" in due.step.code
        return replace(found, level=due.level, told=self.why[id(due)].told + more)


def _facts(plan: Plan) -> Facts:
    session, dues = db.session(), list(plan.due())
    deadlines = items(session, {due.assignment_id for due in dues if not _of_report(due)}, plan.day)
    owed = {due.assignment_id: due.effective_on for due in dues if _of_report(due)}
    found = {(number, False): item for number, item in deadlines.items()}
    found |= {(number, True): item for number, item in report_items(session, owed, plan.day).items()}
    lines: list[Due | Skip] = [*dues, *plan.skipped]
    by_zalo = chosen(session, plan.wants_zalo, plan.by_recipient, channels.is_configured(ZALO, current_app.config))
    why = {id(one.line): one for one in explained(session, plan.day, lines)}
    return Facts(addressees(session, plan.by_recipient), by_zalo, found, why)


def _of_report(line: Due | Skip) -> bool:
    return line.step.code.startswith(ABOUT_REPORT)


def _listed(plan: Plan) -> list[dict[str, Any]]:
    """Return one entry a person, then one an agency of which nobody can be told (recipient null), then what is kept back, one
    entry an agency and reason."""
    facts = _facts(plan)
    told = [
        {"recipient": facts.people[person].email, "agency": facts.people[person].agency_name, "channel": facts.channel(person),
         "items": [_told(due, facts) for due in dues]}
        for person, dues in plan.by_recipient.items()
    ]  # fmt: skip
    untold = [
        _untold(Reason.NOBODY.value, dues, facts) | {"items": [_told(due, facts) for due in dues]}
        for dues in plan.unreachable.values()
    ]
    kept: dict[tuple[int, str], list[Skip]] = defaultdict(list)
    for skip in plan.skipped:
        kept[skip.agency_id, skip.reason.value].append(skip)
    return told + untold + [_untold(reason, skips, facts) for (_agency, reason), skips in kept.items()]


def _untold(reason: str, lines: Sequence[Due | Skip], facts: Facts) -> dict[str, Any]:
    agency = facts.why[id(lines[0])].work.agency
    found = [_line(line, facts) for line in lines]
    return {"recipient": None, "agency": agency, "channel": None, "reason": reason, "items": found}


def _told(due: Due, facts: Facts) -> dict[str, Any]:
    item = facts.item(due)
    return {**_line(due, facts), "due_on": item.due_on.isoformat(), "days_overdue": item.days_overdue, **_bases(item)}


def _line(line: Due | Skip, facts: Facts) -> dict[str, Any]:
    work = facts.why[id(line)].work
    until = {"until": line.until.isoformat()} if isinstance(line, Skip) and line.until else {}
    return {
        "task": work.code, "clause": work.clause_code, "last_day": line.effective_on.isoformat(),
        "step": line.step.code, "level": line.level.value, **until,
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
        click.echo(f"{dmy(plan.day)} không phải ngày làm việc: không có tin nào đi.")
        return
    facts, names = _facts(plan), render.days_off(db.session())
    opens = policies(db.session(), plan.day).province.hours.digest_at
    at = clock.day_start(plan.day) + timedelta(hours=opens.hour, minutes=opens.minute)
    untold = sum(map(len, plan.unreachable.values()))
    click.echo(
        f"Ngày {dmy(plan.day)}: {len(facts.people)} người được nhắc, {untold} việc không có người nhận, "
        f"{len(plan.skipped)} mốc không nhắc."
    )
    figures = summaries(db.session(), facts.people, plan.day)
    for person, dues in plan.by_recipient.items():
        who = facts.people[person]
        for_office = untold if who.role == Role.MONITOR else 0
        found = [facts.item(due) for due in dues]
        letter = render.reminder_digest(who, found, plan.day, names, figures.get(person), for_office, at)
        where = f"{who.agency_name or 'không thuộc cơ quan nào'}; kênh: {urging.channel(facts.channel(person))}"
        _letter(f"{who.name} <{who.email}>, {where}", letter)
    _print_untold(plan, facts, names, at)


def _print_untold(plan: Plan, facts: Facts, names: Mapping[date, str], at: Any) -> None:
    by_agency: dict[str, list[Item]] = defaultdict(list)
    for dues in plan.unreachable.values():
        by_agency[facts.why[id(dues[0])].work.agency] += [facts.item(due) for due in dues]
    for agency, group in by_agency.items():
        nobody = Addressee(0, agency, "", None, "", True, "vi", None, agency)
        letter = render.reminder_digest(nobody, group, plan.day, names, None, 0, at)
        _letter(f"Không có người nhận: {agency}", letter)
    if plan.skipped:
        click.echo(f"\n{'=' * 72}\nKhông nhắc:")
    for skip in plan.skipped:
        work = facts.why[id(skip)].work
        until = f", đến hết {dmy(skip.until)}" if skip.until else ""
        said = f"{urging.level(skip.level.value)} của {work.agency} ({urging.step(skip.step.code)})"
        click.echo(f"  {work.code} {work.title}: {said}; {urging.skip_reason(skip.reason.value)}{until}")


def _letter(heading: str, letter: Words) -> None:
    click.echo(f"\n{'=' * 72}\n{heading}\n{letter.subject}\n{'-' * 72}\n{letter.text}")
