"""`flask simulate`: play any period through, day by day: who would have been told what, at which level, and why not."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker import words
from tracker.commands.options import Day, as_json, needs_documents
from tracker.extensions import db
from tracker.models import Agency, Task
from tracker.queries import simulation
from tracker.queries.message import addressees
from tracker.queries.reminder import Due, Skip
from tracker.queries.reminder_why import Work, titles
from tracker.queries.simulation import Played
from tracker.rules.climb import Level
from tracker.words import urging
from tracker.words.days import dmy
from tracker.words.events import capital

LONGEST = timedelta(days=3 * 366)


@dataclass
class Story:
    """The days as they are told; only what concerns `task` and `agency` (codes), when these are given."""

    by_position: bool
    task: str | None
    agency: str | None
    works: dict[int, Work] = field(default_factory=dict)
    agencies: dict[int, tuple[str, str]] = field(default_factory=dict)  # code, name
    people: dict[int, str] = field(default_factory=dict)
    figures: Counter[str] = field(default_factory=Counter)

    def told(self, played: Played) -> dict[str, Any] | None:
        """Return the day as JSON has it, None when nothing of it is asked for."""
        self._learn(played)
        told = [
            {"recipient": self._name(person), **self._line(due, played.day)}
            for person, dues in played.told.items() for due in dues if self._wanted(due)
        ]  # fmt: skip
        found = {
            "told": told,
            "unreachable": [self._line(due, played.day) for due in played.unreachable if self._wanted(due)],
            "skipped": [
                {**self._line(skip, played.day), "reason": skip.reason.value,
                 "until": skip.until.isoformat() if skip.until else None}
                for skip in played.skipped if self._wanted(skip)
            ],
            "letters": [self._line(due, played.day) for due in played.letters if self._wanted(due)],
        }  # fmt: skip
        self._count(found)
        return {"day": played.day.isoformat(), **found} if any(found.values()) else None

    def _learn(self, played: Played) -> None:
        lines: Iterable[Due | Skip] = [
            *(due for dues in played.told.values() for due in dues), *played.unreachable, *played.skipped, *played.letters,
        ]  # fmt: skip
        unknown = {line.assignment_id for line in lines} - self.works.keys()
        self.works |= titles(db.session(), unknown, played.day) if unknown else {}
        if not self.agencies:
            rows = db.session.execute(select(Agency.id, Agency.code, Agency.name))
            self.agencies = {row[0]: (row[1], row[2]) for row in rows}
        strangers = set() if self.by_position else played.told.keys() - self.people.keys()
        for number, person in addressees(db.session(), strangers).items():
            self.people[number] = f"{person.name} <{person.email}>"

    def _wanted(self, line: Due | Skip) -> bool:
        return (self.task is None or self.works[line.assignment_id].code == self.task) and (
            self.agency is None or self.agencies[line.agency_id][0] == self.agency
        )

    def _name(self, recipient: int) -> str:
        if not self.by_position:
            return self.people[recipient]
        level, agency_id = simulation.place(recipient)
        if level is Level.RESPONSIBLE:
            return f"đầu mối của {self.agencies[agency_id][1]}"
        if level is Level.HEAD:
            return f"lãnh đạo {self.agencies[agency_id][1]}"
        return "Văn phòng UBND tỉnh (bộ phận theo dõi)" if level is Level.MONITOR else urging.level(level.value)

    def _line(self, line: Due | Skip, day: date) -> dict[str, Any]:
        return {
            "task": self.works[line.assignment_id].code, "title": self.works[line.assignment_id].title,
            "agency": self.agencies[line.agency_id][1], "level": line.level.value, "step": line.step.code,
            "last_day": line.effective_on.isoformat(), "days_overdue": max(0, (day - line.effective_on).days),
        }  # fmt: skip

    def _count(self, found: dict[str, list[dict[str, Any]]]) -> None:
        self.figures["days"] += 1
        self.figures["days_with"] += any(found.values())
        self.figures.update(f"told:{line['level']}" for line in found["told"])
        self.figures.update(f"skipped:{line['reason']}" for line in found["skipped"])
        self.figures.update({name: len(found[name]) for name in ("unreachable", "letters")})


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_simulate)


@click.command(
    "simulate", help="Chạy lại từng ngày của một giai đoạn: ai được nhắc việc gì, ở cấp nào, vì sao không nhắc."
)
@click.option("--from", "first", type=Day(), required=True, help="Ngày đầu, dạng năm-tháng-ngày.")
@click.option("--to", "last", type=Day(), required=True, help="Ngày cuối, tính cả ngày ấy.")
@click.option("--task", metavar="MÃ", help="Chỉ kể một nhiệm vụ, ví dụ TB1802:6.b.")
@click.option("--agency", metavar="MÃ", help="Chỉ kể việc của một cơ quan, ví dụ so-cong-thuong.")
@click.option("--by-position", is_flag=True, help="Mỗi cơ quan là một người nhận; dùng khi chưa có tài khoản.")
@as_json
@with_appcontext
def _simulate(
    first: date, last: date, task: str | None, agency: str | None, by_position: bool, as_json: bool
) -> None:  # fmt: skip
    if last < first:
        raise click.UsageError("Ngày cuối đang trước ngày đầu.")
    if last - first > LONGEST:
        raise click.UsageError("Mỗi lần chạy lại nhiều nhất ba năm.")
    needs_documents()
    _needs(Task, task, "nhiệm vụ")
    _needs(Agency, agency, "cơ quan")
    story = Story(by_position, task, agency)
    days = (told for played in simulation.play(db.session(), first, last, by_position) if (told := story.told(played)))
    if as_json:
        found = list(days)
        click.echo(
            json.dumps({"days": found, "summary": dict(sorted(story.figures.items()))}, ensure_ascii=False, indent=1)
        )
        return
    for line in _printed(days):
        click.echo(line)
    click.echo("\n".join(_summary(story.figures, first, last)))


def _needs(model: type[Task] | type[Agency], code: str | None, noun: str) -> None:
    if code is not None and db.session.scalar(select(model.id).where(model.code == code)) is None:
        raise click.UsageError(f"Không có {noun} mang mã “{code}”.")


def _printed(days: Iterable[dict[str, Any]]) -> Iterator[str]:
    for told in days:
        day = date.fromisoformat(told["day"])
        yield f"{capital(words.weekday(day))}, {dmy(day)}"
        for line in told["told"]:
            yield f"  {line['recipient']}: {_step(line)} · {_task(line)}"
        for line in told["unreachable"]:
            yield f"  không có người nhận ở {line['agency']}: {_step(line)} · {_task(line)}"
        for line in told["skipped"]:
            until = f" đến hết {dmy(date.fromisoformat(line['until']))}" if line["until"] else ""
            said = f"{urging.skip_reason(line['reason'])}{until}"
            yield f"  không nhắc {urging.level(line['level'])} của {line['agency']} ({said}): {_step(line)} · {_task(line)}"
        for line in told["letters"]:
            yield f"  DỰ THẢO CÔNG VĂN ĐÔN ĐỐC gửi {line['agency']}: {_step(line)} · {_task(line)}"


def _step(line: dict[str, Any]) -> str:
    late = f", quá {line['days_overdue']} ngày" if line["days_overdue"] else ""
    return f"{urging.step(line['step'])}{late}"


def _task(line: dict[str, Any]) -> str:
    return f"{line['task']} {line['title']}, hạn {dmy(date.fromisoformat(line['last_day']))}"


def _summary(figures: Counter[str], first: date, last: date) -> Iterator[str]:
    yield ""
    yield f"Từ {dmy(first)} đến {dmy(last)}: {figures['days']} ngày làm việc, {figures['days_with']} ngày có việc để nói."
    levels = [f"{urging.level(level.value)} {figures[f'told:{level.value}']}" for level in Level]
    yield f"Lời nhắc: {', '.join(levels)}."
    kept = {name: count for name, count in figures.items() if name.startswith("skipped:") and count}
    said = [f"{urging.skip_reason(name.removeprefix('skipped:'))} {count}" for name, count in sorted(kept.items())]
    yield f"Không nhắc: {'; '.join(said) or 'không có'}."
    yield f"Không có người nhận: {figures['unreachable']}. Việc đưa vào công văn đôn đốc: {figures['letters']}."
