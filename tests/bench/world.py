"""A province of any size: N tasks over forty agencies, 15 % of them overdue, with what a few years leave behind."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays
from flask import Flask

from tests.bench.bulk import Bulk, analyze, bulk
from tests.bench.sentences import AGENCIES, MORE, ORDERS, Sentence, sentences
from tracker.actions.standing import rebuild_tally
from tracker.extensions import db
from tracker.models import FOREVER, Role
from tracker.rules.folding import fold
from tracker.rules.timeliness import WorkState, tally_bucket
from tracker.rules.workdays import WorkCalendar

TASKS_A_DOCUMENT = 250
TASKS_A_PERSON = 10
MOST_PEOPLE = 30_000
CHUNK = 5_000
CLASSES = {"overdue": 0.15, "ahead": 0.40, "in_time": 0.25, "late": 0.05, "undated": 0.15}
OPEN_STATES = (
    WorkState.NOT_STARTED,
    WorkState.NOT_STARTED,
    WorkState.IN_PROGRESS,
    WorkState.IN_PROGRESS,
    WorkState.RETURNED,
)
REPORTED = (WorkState.IN_PROGRESS, WorkState.RETURNED, WorkState.AWAITING, WorkState.DONE)
END = FOREVER.isoformat()


@dataclass(frozen=True)
class Fate:
    """What became of one task: its state and days, as ISO texts ready to be written."""

    state: WorkState
    due_on: str | None
    effective_on: str | None
    result_on: str | None
    clock: str
    since: str


def build(app: Flask, tasks: int, day: date) -> None:
    """Fill the migrated, empty database of the application with a world as of `day`."""
    with app.app_context():
        with bulk(db.engine) as made:
            _World(made, tasks, day).make()
        rebuild_tally(db.session)
        db.session.commit()
        analyze(db.engine)


class _World:
    def __init__(self, made: Bulk, tasks: int, day: date) -> None:
        self.made, self.tasks, self.day = made, tasks, day
        self.dice = random.Random(2023)
        self.sentences = sentences(self.dice, ORDERS, MORE)
        self.calendar = WorkCalendar()
        self.in_force_from = day

    def make(self) -> None:
        _name_columns(self.made)
        self._calendar()
        self._agencies()
        self._people()
        self._themes()
        self._messages()
        kinds = self.dice.choices(list(CLASSES), list(CLASSES.values()), k=self.tasks)
        for number, kind in enumerate(kinds):
            if number % TASKS_A_DOCUMENT == 0:
                self._document(number // TASKS_A_DOCUMENT)
            self._task(number, kind)
            if number % CHUNK == 0:
                self.made.write()

    def _calendar(self) -> None:
        years = range(self.day.year - 4, self.day.year + 3)
        off = dict(sorted(holidays.country_holidays("VN", years=years).items()))
        for day, name in off.items():
            self.made.link("calendar_day", day.isoformat(), False, name, None, False)
        self.calendar = WorkCalendar(dict.fromkeys(off, False))

    def _agencies(self) -> None:
        for name in AGENCIES:
            self.made.add(
                "agency", fold(name).replace(" ", "-"), name, name.replace("Ủy ban nhân dân", "UBND"), "[]", "sở/ban/ngành",
                "tỉnh", False, "document", self._ago(90), fold(name), fold(name), False,
            )  # fmt: skip

    def _people(self) -> None:
        """Two contacts an agency, an Office that decides, and an officer in charge of every ten tasks."""
        at = self._moment(self._ago(900))
        for agency_id in range(1, len(AGENCIES) + 1):
            for role in (Role.OFFICER, Role.AGENCY_HEAD):
                self._person(f"{role.value}.{agency_id}", role, agency_id, at, contact=True)
        for role in (Role.MONITOR, Role.STANDING_BODY, Role.LEADER, Role.VIEWER, Role.ADMINISTRATOR):
            self._person(role.value, role, 1 if role is Role.MONITOR else None, at)
        self.officers: dict[int, list[int]] = {agency_id: [] for agency_id in range(1, len(AGENCIES) + 1)}
        for number in range(min(self.tasks // TASKS_A_PERSON, MOST_PEOPLE)):
            agency_id = 1 + number % len(AGENCIES)
            self.officers[agency_id].append(self._person(f"can-bo.{number}", Role.OFFICER, agency_id, at))

    def _person(self, name: str, role: Role, agency_id: int | None, at: str, contact: bool = False) -> int:
        email = f"{name}@tinh.example"
        return self.made.add(
            "user", email, f"Nguyễn Văn {name}", role.value, agency_id, "", False, True, contact, "vi", f"key-{name}", at,
        )  # fmt: skip

    def _themes(self) -> None:
        for number in range(1, 13):
            self.made.add("theme", f"linh-vuc-{number}", f"Lĩnh vực số {number}", number)

    def _messages(self) -> None:
        """Digests that went out on past days; reminders of the tasks point to them."""
        for number in range(1, 601):
            day = self._ago(7 + number // len(AGENCIES))
            at, person = self._moment(day), 1 + 2 * (number % len(AGENCIES))
            self.made.add(
                "message", "reminder_digest", "email", person, day, f"old-{number}", "{}", "sent", 1, at, at, at
            )

    def _document(self, number: int) -> None:
        self.in_force_from = self.day - timedelta(days=self.dice.randrange(240, 900))
        code = f"KH{number + 1}"
        issued_on = self.in_force_from.isoformat()
        self.document_id = self.made.add(
            "document", code, "Kế hoạch", f"KH {number + 1}", f"Kế hoạch chuyển đổi số, đợt {number + 1}",
            f"{number + 1}/KH-UBND", issued_on, "UBND tỉnh", issued_on, "ngày ký", "{}",
        )  # fmt: skip
        self.document_code = code

    def _task(self, number: int, kind: str) -> None:
        """A clause and all that follows from it."""
        place, text = number % TASKS_A_DOCUMENT, self.dice.choice(self.sentences)
        code, fate = f"III.{1 + place // 25}.-{1 + place % 25}", self._fate(kind)
        clause_id = self.made.add(
            "clause", self.document_id, code, place, 3, "bullet", "-", text.whole, "[]", text.folded
        )
        leads = self._leads(number)
        task_id = self._order(number, place, f"{self.document_code}:{code}", clause_id, text, leads, fate)
        self.made.link("task_theme", task_id, 1 + number % 12)
        began = self.in_force_from.isoformat()
        self._periods("task_period", fate, began, task_id, self.document_id, leads=len(leads))
        if fate.due_on:
            self.made.add(
                "deadline", task_id, clause_id, "original", text.when, "day", "on_day", fate.due_on, fate.effective_on,
                "document", began, END,
            )  # fmt: skip
        for agency_id in leads:
            self._lead(number, task_id, agency_id, fate, began, kind)
        helper = 1 + (number * 7 + 3) % len(AGENCIES)
        if number % 3 == 0 and helper not in leads:
            assignment_id = self.made.add(
                "assignment", task_id, helper, helper, "coordinate", "named", "document", None
            )  # fmt: skip
            self._periods("assignment_period", fate, began, assignment_id, task_id, helper, "coordinate", progress=0)

    def _order(
        self, number: int, place: int, code: str, clause_id: int, text: Sentence, leads: list[int], fate: Fate
    ) -> int:
        label = ", ".join(AGENCIES[agency_id - 1] for agency_id in leads) or None
        kind = "standing_duty" if fate.due_on is None else "solution" if number % 4 == 0 else "task"
        return self.made.add(
            "task", code, self.document_id, clause_id, place, text.title, text.order, kind, text.product, label, label, "[]",
            None, "[]", "[]", bool(leads), True, fate.due_on is not None, f"{text.folded} {number}",
        )  # fmt: skip

    def _leads(self, number: int) -> list[int]:
        """One agency; two to five for every tenth task, nobody for every fortieth."""
        if number % 40 == 39:
            return []
        wanted = self.dice.randrange(2, 6) if number % 10 == 0 else 1
        return self.dice.sample(range(1, len(AGENCIES) + 1), wanted)

    def _lead(self, number: int, task_id: int, agency_id: int, fate: Fate, began: str, kind: str) -> None:
        officers = self.officers[agency_id]
        responsible = officers[number // len(AGENCIES) % len(officers)] if officers and number % 2 else None
        assignment_id = self.made.add(
            "assignment", task_id, agency_id, agency_id, "lead", "named", "document", responsible
        )  # fmt: skip
        self._periods("assignment_period", fate, began, assignment_id, task_id, agency_id, "lead", progress=0)
        author, at = 2 * agency_id - 1, self._moment(fate.since)
        if fate.state in REPORTED:
            completed = fate.result_on is not None
            decided = fate.state is WorkState.DONE
            report_id = self.made.add(
                "progress_report", assignment_id, task_id, agency_id, author, "completion" if completed else "progress", at,
                fate.since, 100 if completed else 40, "Đã hoàn thành phần việc của cơ quan, có văn bản kèm theo.", None,
                fate.result_on, "125/BC" if completed else None, "confirmed" if decided else None, at if decided else None,
                81 if decided else None,
            )  # fmt: skip
            self._event(
                at, author, "report_progress", assignment_id, task_id, agency_id, f'{{"report_id": {report_id}}}'
            )
        self._event(self._moment(began), None, "assign", assignment_id, task_id, agency_id, "{}")
        if kind == "overdue" and number % 2 and fate.effective_on:
            message_id = 1 + number % 600
            self.made.add("reminder", assignment_id, fate.effective_on, "before_7", author, message_id, self._ago(7))

    def _event(
        self, at: str, actor: int | None, verb: str, noun_id: int, task_id: int, agency_id: int, facts: str
    ) -> None:
        self.made.add("event", at, actor, verb, "assignment", noun_id, task_id, agency_id, facts)

    def _periods(
        self, table: str, fate: Fate, began: str, *owner: Any, leads: int | None = None, progress: int = 0
    ) -> None:
        """How it stood from the day of the order, and since the last change; the columns of the two tables differ a little."""
        start = tally_bucket(WorkState.NOT_STARTED, _day(fate.effective_on), None)[0]
        stages = [(WorkState.NOT_STARTED, None, start, began, END)]
        if fate.state is not WorkState.NOT_STARTED:
            stages = [
                (WorkState.NOT_STARTED, None, start, began, fate.since),
                (fate.state, fate.result_on, fate.clock, fate.since, END),
            ]
        for state, result_on, bucket, since, until in stages:
            days = (result_on, fate.due_on, fate.effective_on, bucket, since, until)
            done = state is WorkState.DONE
            counts = (progress if state is WorkState.NOT_STARTED else 100 if done else 40,)
            if leads is not None:
                counts = (leads, leads if done else 0)
            self.made.add(table, *owner, state.value, *counts, *days)

    def _fate(self, kind: str) -> Fate:
        if kind == "undated":
            return self._closed(self.dice.choice(OPEN_STATES), None, None)
        ahead = self.dice.randrange(0, 400) if kind == "ahead" else -self.dice.randrange(1, 200)
        due = self.day + timedelta(days=ahead)
        counts = self.calendar.on_or_after(due)
        if kind in {"in_time", "late"}:
            done_on = due - timedelta(days=5) if kind == "in_time" else min(counts + timedelta(days=9), self.day)
            return self._closed(WorkState.DONE, due, done_on if kind == "in_time" or done_on > counts else due)
        if kind == "overdue" and counts >= self.day:
            due = counts = self.calendar.on_or_before(self.day - timedelta(days=1))
        waiting = self.dice.random() < 0.03
        return (
            self._closed(WorkState.AWAITING, due, min(due, self.day))
            if waiting
            else self._closed(self.dice.choice(OPEN_STATES), due, None)
        )

    def _closed(self, state: WorkState, due: date | None, result_on: date | None) -> Fate:
        counts = self.calendar.on_or_after(due) if due else None
        result_on = result_on if due else None
        bucket, _ = tally_bucket(state, counts, result_on)
        since = max(self.in_force_from, self.day - timedelta(days=self.dice.randrange(1, 90)))
        return Fate(state, _iso(due), _iso(counts), _iso(result_on), bucket, since.isoformat())

    def _ago(self, days: int) -> str:
        return (self.day - timedelta(days=days)).isoformat()

    def _moment(self, day: str) -> str:
        return f"{day} 02:30:00.000000"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _name_columns(made: Bulk) -> None:
    for table, columns in COLUMNS.items():
        made.into(table, *columns.split())


DAYS = "result_on due_on effective_on clock valid_from valid_to"
COLUMNS = {
    "calendar_day": "day working name source edited",
    "agency": "code name short_name aliases kind level collective source last_reported_on sort_key search_text edited",
    "user": "email name role agency_id password_hash must_change_password active is_contact language session_key created_at",
    "theme": "code name position",
    "message": "kind channel recipient_id day key facts state attempts not_before sent_at created_at",
    "document": "code kind short_name title number issued_on issuer in_force_from in_force_basis particulars",
    "clause": "document_id code position level kind marker text corrections search_text",
    "task": "code document_id clause_id position short_title excerpt kind deliverable lead_wording lead_label lead_scope "
    "coordinating_label coordinating_scope mentions has_lead has_work has_time search_text",
    "task_theme": "task_id theme_id",
    "task_period": f"task_id document_id state leads leads_done {DAYS}",
    "assignment": "task_id agency_id named_agency_id role origin basis_kind responsible_id",
    "assignment_period": f"assignment_id task_id agency_id role state progress {DAYS}",
    "deadline": "task_id clause_id kind wording precision rule due_on effective_on basis_kind valid_from valid_to",
    "progress_report": "assignment_id task_id agency_id author_id kind reported_at reported_on progress done difficulty "
    "result_on result_document decision decided_at decided_by_id",
    "event": "at actor_id verb noun noun_id task_id agency_id facts",
    "reminder": "assignment_id effective_on step recipient_id message_id day",
}  # fmt: skip
