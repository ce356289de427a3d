"""A whole country on PostgreSQL, row sets made by the server itself: years of work that is over, and what goes on today.

What goes on comes in blocks. One block is as much work as reaches a step of the ladder on one day (one assignment for each of
30,000 people), as much again that reached one in the last days and was told of it, a third as much that was finished lately,
and a tenth that waits for the Office. Everything else exists: it was finished long ago, lies in the future, has no clock, or
is coordinated only.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from tracker.models import FOREVER, Base
from tracker.rules.climb import Level, climbed, overdue_steps
from tracker.rules.ladder import DEFAULT_POLICY, reached
from tracker.rules.reminder_policy import DEFAULT
from tracker.rules.timeliness import WorkState
from tracker.rules.workdays import WorkCalendar

AGENCIES, PEOPLE, OFFICE = 3_750, 30_000, 3
TASK, DOCUMENT = 10, 1_000
"""Assignments of a task, tasks of a document."""
BLOCK = PEOPLE + PEOPLE + PEOPLE // 3 + PEOPLE // 10
LONGEST = timedelta(days=33)
"""Nothing that goes on is overdue for longer: five reminders, so that the last of them climb to the Office and the leaders."""
GROWING = ("document", "clause", "task", "assignment", "assignment_period", "reminder")
HEAD, MONITOR, LEADER = PEOPLE, PEOPLE + AGENCIES, PEOPLE + AGENCIES + OFFICE
"""The last id before the heads of the agencies (one each), the Office's monitors, the leaders."""
CALENDAR = WorkCalendar()


@dataclass(frozen=True)
class Days:
    """The last days whose work reaches a step on the day looked at, and those whose work did in the four working days before."""

    today: list[date]
    lately: list[date]

    @classmethod
    def of(cls, day: date) -> "Days":
        lately = [CALENDAR.shift(day, -n) for n in range(1, 5)]
        found: dict[bool, list[date]] = {True: [], False: []}
        for ahead in range((CALENDAR.shift(day, 7) - day + LONGEST).days + 1):
            on = day - LONGEST + timedelta(days=ahead)
            step = reached(on, day, CALENDAR, DEFAULT_POLICY) if CALENDAR.is_working(on) else None
            if step and (step.on == day or step.on in lately):
                found[step.on == day].append(on)
        return cls(found[True], found[False])


class Country:
    """Makes rows with the ids from `assignments` + 1 on; every method is one transaction of its own."""

    def __init__(self, engine: sa.Engine, day: date) -> None:
        self.engine, self.day, self.days = engine, day, Days.of(day)
        self.assignments = self.blocks = 0

    def found(self) -> None:
        """Make agencies, people, and a letter each of earlier days."""
        with self._writing() as write:
            _fill(write, "agency", AGENCIES, AGENCY)
            for role, after, number in (
                ("officer", 0, PEOPLE), ("agency_head", HEAD, AGENCIES), ("monitor", MONITOR, OFFICE), ("leader", LEADER, OFFICE),
            ):  # fmt: skip
                _fill(write, "user", number, USER | {"role": f"'{role}'"} | _home(role), after)
            _fill(write, "message", LEADER + OFFICE, MESSAGE | {"day": _sql(self.day - timedelta(days=40))})

    def go_on(self) -> None:
        """Add one block of work that goes on, with the reminders of it that were told."""
        first = self.assignments
        started = _sql(self.day - timedelta(days=120))
        told = {"state": "'in_progress'", "clock": "'running'", "valid_from": started}
        lately = _sql(self.day - timedelta(days=3))
        with self._writing() as write:
            self._add(write, PEOPLE, told | {"due": _one_of(self.days.today)})
            self._add(write, PEOPLE, told | {"due": _one_of(self.days.lately)})
            finished = {"state": "'done'", "clock": "'done_on_time'", "valid_from": lately, "result_on": lately}
            self._add(write, PEOPLE // 3, finished | {"due": _one_of(self.days.today)})
            waits = {
                "state": f"'{WorkState.AWAITING.value}'",
                "clock": "'open_in_time'",
                "valid_from": lately,
                "result_on": lately,
            }
            self._add(write, PEOPLE // 10, waits | {"due": _one_of(self.days.today)})
            write(DEADLINES, {"first": first, "last": self.assignments})
            for on in (*self.days.today, *self.days.lately):
                for level, code, day in _told_before(on, self.day):
                    write(TOLD[level], {"first": first, "on": on, "step": code, "level": level.value, "day": day})
        self.blocks += 1

    def grow(self, until: int) -> None:
        """Add work that only exists until there are so many assignments."""
        with self._writing() as write, _without_indexes(write):
            self._add(write, until - self.assignments, REST | {"due": REST["due"].format(day=_sql(self.day))})
            write(OLD_REMINDERS, {"last": self.assignments})

    def count(self) -> None:
        """Let the database know its own proportions, count the tally and let ids go on from here."""
        with self._writing() as write:
            write("DELETE FROM tally")
            write(TALLY)
            for table in (*GROWING, "agency", "user", "message", "deadline"):
                write(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")

    def _add(self, write: Any, number: int, period: Mapping[str, str]) -> None:
        """Add so many assignments with their tasks, each with one period in force."""
        assert number % TASK == 0, "a task's assignments stay together"
        tasks, before = number // TASK, self.assignments // TASK
        documents = (before + tasks - 1) // DOCUMENT + 1 - -(-before // DOCUMENT)
        _fill(
            write,
            "document",
            documents,
            DOCUMENTS | {"in_force_from": _sql(self.day - timedelta(days=900))},
            -(-before // DOCUMENT),
        )
        _fill(write, "clause", tasks, CLAUSE, before)
        _fill(write, "task", tasks, TASKS, before)
        responsible = period.get("responsible", RESPONSIBLE)
        role = {"role": period.get("role", "'lead'")}
        _fill(write, "assignment", number, ASSIGNMENT | role | {"responsible_id": responsible}, self.assignments)
        facts = PERIOD | role | {name: period[name] for name in ("state", "clock", "valid_from")}
        due = f"CASE WHEN {facts['clock']} = 'no_deadline' THEN NULL ELSE {period['due']} END"
        facts |= {"due_on": due, "effective_on": due, "result_on": period.get("result_on", "NULL::date")}
        _fill(write, "assignment_period", number, facts, self.assignments)
        self.assignments += number

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self.engine.begin() as connection:
            for setting in ("session_replication_role = 'replica'", "maintenance_work_mem = '768MB'"):
                connection.exec_driver_sql(f"SET LOCAL {setting}")
            yield lambda sentence, facts=None: _say(connection, sentence, facts)


def _say(connection: Connection, sentence: str, facts: Mapping[str, Any] | None) -> Any:
    """Carry out the sentence; only the names of `facts` stand for values in it, every other colon is itself."""
    facts = facts or {}
    names = "|".join(facts)
    told = re.sub(rf":(?!({names})\b)" if names else ":", r"\:", sentence)
    return connection.execute(sa.text(told), facts)


def _told_before(on: date, day: date) -> list[tuple[Level, str, date]]:
    """Return as what which step of work due `on` was told on which day before `day`, nobody having answered."""
    found: dict[tuple[Level, str], date] = {}
    first = CALENDAR.shift(on, -7)
    for past in (first + timedelta(days=n) for n in range((day - first).days)):
        if not CALENDAR.is_working(past):
            continue
        if step := reached(on, past, CALENDAR, DEFAULT_POLICY):
            found.setdefault((Level.RESPONSIBLE, step.code), past)
        steps = overdue_steps(on, past, CALENDAR, DEFAULT_POLICY)
        for level, step in climbed(steps, past, CALENDAR, DEFAULT.climb, DEFAULT.grace).items():
            found.setdefault((level, step.code), past)
    return [(level, code, told) for (level, code), told in found.items()]


@contextmanager
def _without_indexes(write: Any) -> Iterator[None]:
    """Drop what no constraint stands on, and make it again: ten million rows one by one into an index take far longer."""
    found = write(INDEXES, {"tables": list(GROWING)}).all()
    for name, _definition in found:
        write(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        write(definition)


def _fill(write: Any, table: str, number: int, values: Mapping[str, str], after: int = 0) -> None:
    """Insert so many rows with the ids after `after`: `values` are SQL over the id `n`; the rest is what the models say."""
    columns = Base.metadata.tables[table].columns
    usual = {
        c.name: c.default.arg for c in columns if c.name not in values and c.default is not None and c.default.is_scalar
    }
    every = {"id": "n"} | {name: _sql(value) for name, value in usual.items()} | dict(values)
    names = ", ".join(f'"{name}"' for name in every)
    series = f"generate_series({after + 1}, {after + number}) AS n"
    write(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(every.values())} FROM {series} ON CONFLICT DO NOTHING')


def _sql(value: Any) -> str:
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else repr(value)


def _one_of(days: list[date]) -> str:
    """Return the day of row `n`: in turn, people and days running through each other."""
    texts = ", ".join(f"'{day.isoformat()}'" for day in days)
    return f"(ARRAY[{texts}]::date[])[1 + ((n - 1) / 7 + n) % {len(days)}]"


def _home(role: str) -> dict[str, str]:
    if role == "officer":
        return {"agency_id": f"1 + (n - 1) % {AGENCIES}", "is_contact": f"n <= {AGENCIES}"}
    return {"agency_id": f"n - {HEAD}"} if role == "agency_head" else {}


AGENCY_OF = f"1 + ((n - 1) % {PEOPLE}) % {AGENCIES}"
RESPONSIBLE = f"CASE WHEN (n - 1) % {PEOPLE} < {AGENCIES} THEN NULL ELSE 1 + (n - 1) % {PEOPLE} END"
"""One of eight people is told as the agency's contact, the others as the person responsible."""
NOW = "TIMESTAMPTZ '2020-01-02 03:00:00+00'"
AGENCY = {
    "code": "'co-quan-' || n", "name": "'Ủy ban nhân dân xã Số ' || n", "short_name": "'UBND xã Số ' || n", "aliases": "'[]'",
    "kind": "'UBND xã'", "level": "'xã'", "sort_key": "lpad(n::text, 6, '0')", "search_text": "'uy ban nhan dan xa so ' || n",
}  # fmt: skip
USER = {
    "email": "'can-bo-' || n || '@xa.example'", "name": "'Nguyễn Thị Số ' || n", "password_hash": "''",
    "session_key": "n::text", "created_at": NOW,
}  # fmt: skip
MESSAGE = {
    "kind": "'reminder_digest'", "recipient_id": "n", "key": "'old-' || n", "facts": "'{}'", "state": "'sent'",
    "not_before": NOW, "sent_at": NOW, "created_at": NOW,
}  # fmt: skip
DOCUMENTS = {
    "code": "'KH' || n", "kind": "'Kế hoạch'", "short_name": "'KH ' || n", "title": "'Kế hoạch chuyển đổi số, đợt ' || n",
    "number": "n || '/KH-UBND'", "issuer": "'UBND tỉnh'", "in_force_basis": "'ngày ký'", "particulars": "'{}'",
}  # fmt: skip
TEXT = (
    "'Các cơ quan, đơn vị chủ trì rà soát, cập nhật dữ liệu vào cơ sở dữ liệu dùng chung của tỉnh, phần số ' || n || "
    "', bảo đảm đúng, đủ, sạch, sống; báo cáo kết quả về Ủy ban nhân dân tỉnh qua Sở Thông tin và Truyền thông.'"
)
CLAUSE = {
    "document_id": f"1 + (n - 1) / {DOCUMENT}", "code": f"'II.' || 1 + (n - 1) % {DOCUMENT}",
    "position": f"(n - 1) % {DOCUMENT}", "level": "2", "kind": "'point'", "text": TEXT, "corrections": "'[]'",
    "search_text": "'ra soat cap nhat du lieu ' || n",
}  # fmt: skip
TASKS = {
    "code": f"'KH' || 1 + (n - 1) / {DOCUMENT} || ':II.' || 1 + (n - 1) % {DOCUMENT}",
    "document_id": f"1 + (n - 1) / {DOCUMENT}", "clause_id": "n", "position": f"(n - 1) % {DOCUMENT}",
    "short_title": "'Rà soát, cập nhật dữ liệu vào cơ sở dữ liệu dùng chung, phần số ' || n", "excerpt": TEXT, "kind": "'task'",
    "lead_scope": "'[]'", "coordinating_scope": "'[]'", "mentions": "'[]'", "has_lead": "true", "has_work": "true",
    "has_time": "true", "search_text": "'ra soat cap nhat du lieu ' || n",
}  # fmt: skip
ASSIGNMENT = {
    "task_id": f"1 + (n - 1) / {TASK}", "agency_id": AGENCY_OF, "named_agency_id": AGENCY_OF, "origin": "'named'",
}  # fmt: skip
PERIOD = {
    "assignment_id": "n", "task_id": f"1 + (n - 1) / {TASK}", "agency_id": AGENCY_OF,
    "valid_to": f"DATE '{FOREVER.isoformat()}'",
}  # fmt: skip
_KIND = "(n * 7) % 20"
"""Of twenty that only exist: twelve done, four ahead, three without a clock, one withdrawn; every tenth is coordinated only."""
REST = {
    "role": "CASE WHEN n % 10 = 9 THEN 'coordinate' ELSE 'lead' END",
    "responsible": f"CASE WHEN n % 2 = 0 THEN {RESPONSIBLE} END",
    "state": f"CASE WHEN {_KIND} < 12 THEN 'done' WHEN {_KIND} < 16 THEN 'in_progress' WHEN {_KIND} < 19 THEN 'not_started' "
    "ELSE 'withdrawn' END",
    "clock": f"CASE WHEN {_KIND} < 10 THEN 'done_on_time' WHEN {_KIND} < 12 THEN 'done_late' WHEN {_KIND} < 16 THEN 'running' "
    "ELSE 'no_deadline' END",
    "due": f"{{day}} + CASE WHEN {_KIND} < 12 THEN -60 - n % 1500 ELSE 20 + n % 700 END",
    "valid_from": "DATE '2020-01-02' + n % 300",
}
REST["result_on"] = f"CASE WHEN {_KIND} < 12 THEN DATE '2020-01-02' END"
DEADLINES = f"""
    INSERT INTO deadline (task_id, assignment_id, kind, wording, precision, rule, due_on, effective_on, basis_kind, valid_from,
                          valid_to)
    SELECT task_id, assignment_id, 'original', 'trước ngày ' || to_char(due_on, 'DD/MM/YYYY'), 'day', 'on_day', due_on,
           effective_on, 'document', valid_from, DATE '{FOREVER.isoformat()}'
    FROM assignment_period WHERE assignment_id > :first AND assignment_id <= :last AND due_on IS NOT NULL
"""
_TO = {
    Level.RESPONSIBLE: "SELECT coalesce(a.responsible_id, a.agency_id) AS person",
    Level.HEAD: f"SELECT {HEAD} + a.agency_id AS person",
    Level.MONITOR: f"SELECT generate_series({MONITOR + 1}, {MONITOR + OFFICE}) AS person",
    Level.LEADER: f"SELECT generate_series({LEADER + 1}, {LEADER + OFFICE}) AS person",
}
TOLD = {
    level: f"""
    INSERT INTO reminder (assignment_id, effective_on, step, level, recipient_id, message_id, day)
    SELECT p.assignment_id, p.effective_on, :step, :level, told.person, told.person, :day
    FROM assignment_period p JOIN assignment a ON a.id = p.assignment_id CROSS JOIN LATERAL ({person}) told
    WHERE p.assignment_id > :first AND p.effective_on = :on AND p.clock = 'running'
    """
    for level, person in _TO.items()
}  # fmt: skip
OLD_REMINDERS = """
    INSERT INTO reminder (assignment_id, effective_on, step, level, recipient_id, message_id, day)
    SELECT p.assignment_id, p.effective_on, 'before_7', 'responsible', 1 + p.agency_id, 1 + p.agency_id, p.effective_on - 9
    FROM assignment_period p WHERE p.state = 'done' AND p.assignment_id % 5 = 0 AND p.assignment_id <= :last
      AND p.valid_from < DATE '2021-01-01'
    ON CONFLICT DO NOTHING
"""
TALLY = f"""
    INSERT INTO tally (scope, scope_id, clock, effective_on, n)
    SELECT 'agency', agency_id, clock, CASE WHEN clock = 'running' THEN effective_on ELSE DATE '{FOREVER.isoformat()}' END, count(*)
    FROM assignment_period WHERE valid_to = DATE '{FOREVER.isoformat()}' AND role = 'lead' GROUP BY 2, 3, 4
"""
INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid::regclass::text = ANY (:tables) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
