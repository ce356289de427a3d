"""What happened to a task, one line each, the newest first: the events of the log, and the reminders that were sent.

Every change has its event, so the log tells the whole story; what a report says is read from the report itself, which is
never overwritten.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.models import Agency, Assignment, AssignmentPeriod, Event, Message, ProgressReport, Reminder, User
from tracker.models.base import Moment
from tracker.queries import evidence
from tracker.queries.ask import DAY, ask
from tracker.words.history import CONTENTS, REPORTS, SAYING

SHOWN = 15
PAGE = 60
REMINDER = "reminder"
KINDS = ("reports", "decisions", "reminders")
_ORIGIN = aliased(Agency)


@dataclass(frozen=True)
class Line:
    """One thing that happened. `verb` is an event's, or "reminder"; `number` that of the event in the log.

    `agency` is the one concerned, `actor_agency` where the person works; `facts` holds what the words need, the contents of
    reports among them only for those who may read them.
    """

    number: int
    at: datetime
    on: date
    verb: str
    agency: str | None = None
    actor: str | None = None
    actor_role: str | None = None
    actor_agency: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a page of the history begins: after this event and this reminder (None: at the newest)."""

    event: int | None = None
    reminder: tuple[date, int] | None = None

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place an address names. Raises ValueError when it names none."""
        event, _, reminder = text.partition("_")
        day, _, number = reminder.partition("_")
        return cls(_id(event) if event else None, (date.fromisoformat(day), _id(number)) if reminder else None)

    def __str__(self) -> str:
        reminder = f"{self.reminder[0].isoformat()}_{self.reminder[1]}" if self.reminder else ""
        return f"{self.event or ''}_{reminder}"


@dataclass(frozen=True)
class History:
    """One page of lines, and where the next begins (None: there is none)."""

    lines: list[Line]
    after: Place | None


def history(
    session: Session, task_id: int, day: date, *, with_reports: bool, limit: int = SHOWN, kind: str = "",
    place: Place = Place(),
) -> History:  # fmt: skip
    """Return what happened until the end of `day`: at most `limit` lines from `place` on, of one of KINDS or of all.

    `with_reports` gives the contents of reports too. The number of statements is the same whatever there is to tell.
    """
    end = clock.day_end(day)
    events = [] if kind == "reminders" else _events(session, task_id, end, kind, place.event, limit + 1)
    told = kind in {"", "reminders"}
    reminders = _reminders(session, task_id, day, place.reminder, limit + 1) if told else []
    lines, more = _merged((events, reminders), limit)
    after = _place_after(lines, place) if more else None
    return History(
        _with_contents(session, lines) if with_reports else [_without_contents(line) for line in lines], after
    )


def last_report_on(session: Session, task_id: int, day: date) -> date | None:
    """Return the day of the newest report on the task by the end of `day`."""
    found: date | None = ask(session, _LAST_REPORT, task=task_id, day=day).scalar_one()
    return found


_LAST_REPORT = select(func.max(ProgressReport.reported_on)).where(
    ProgressReport.task_id == bindparam("task"), ProgressReport.reported_on <= DAY
)


def _events(session: Session, task_id: int, end: datetime, kind: str, before: int | None, limit: int) -> list[Line]:
    rows = ask(session, _written_events(kind, before is not None, limit), task=task_id, end=end, before=before)
    return [Line(row[0], row[1], clock.local(row[1]).date(), *row[2:]) for row in rows]


@cache
def _written_events(kind: str, older: bool, limit: int) -> Select[Any]:
    query: Select[Any] = _EVENTS.limit(limit)
    if kind:
        query = query.where(Event.verb.in_(REPORTS) if kind == "reports" else Event.verb.not_in(REPORTS))
    return query.where(Event.id < bindparam("before", type_=Integer)) if older else query


# People of agencies act for the agency that the event names; their account may belong to another one by now.
_ACTED_FOR = func.coalesce(Agency.short_name, _ORIGIN.short_name)
_EVENTS = (
    select(Event.id, Event.at, Event.verb, Agency.name, User.name, User.role, _ACTED_FOR, Event.facts)
    .outerjoin(Agency, Agency.id == Event.agency_id)
    .outerjoin(User, User.id == Event.actor_id)
    .outerjoin(_ORIGIN, _ORIGIN.id == User.agency_id)
    .where(Event.task_id == bindparam("task"), Event.at < bindparam("end", type_=Moment))
    .order_by(Event.id.desc())
)
_NUMBER = func.max(Reminder.id)
# Whose work it was when the day of the reminder ended.
_THEN = and_(AssignmentPeriod.valid_from <= Reminder.day, AssignmentPeriod.valid_to > Reminder.day)
_REMINDERS: Any = (
    select(
        _NUMBER, Reminder.day, Reminder.step, Reminder.level, Message.state, Message.channel, func.min(Agency.name),
        func.count(AssignmentPeriod.agency_id.distinct()), func.max(Message.sent_at),
    )
    .select_from(Assignment)
    .join(Reminder, Reminder.assignment_id == Assignment.id)
    .join(Message, Message.id == Reminder.message_id)
    .join(AssignmentPeriod, and_(AssignmentPeriod.assignment_id == Assignment.id, _THEN))
    .join(Agency, Agency.id == AssignmentPeriod.agency_id)
    .where(Assignment.task_id == bindparam("task"), Reminder.day <= DAY)
    .group_by(Reminder.day, Reminder.step, Reminder.level, Message.state, Message.channel)
    .order_by(Reminder.day.desc(), _NUMBER.desc())
)  # fmt: skip


def _reminders(session: Session, task_id: int, day: date, after: tuple[date, int] | None, limit: int) -> list[Line]:
    """One line for each step, level, day and outcome, however many agencies a collective order reminds."""
    last, number = after or (day, None)
    rows = ask(
        session,
        _written_reminders(after is not None, limit),
        task=task_id,
        day=min(day, last),
        last=last,
        number=number,
    )
    lines = []
    for number, on, step, level, state, channel, agency, agencies, sent_at in rows:
        facts = {"step": step, "level": level, "state": state, "channel": channel, "agencies": agencies}
        lines.append(
            Line(number, sent_at or clock.day_start(on), on, REMINDER, agency if agencies == 1 else None, facts=facts)
        )
    return lines


@cache
def _written_reminders(older: bool, limit: int) -> Any:
    query = _REMINDERS.limit(limit)
    if not older:
        return query
    earlier = Reminder.day < bindparam("last", type_=Date)
    return query.having(or_(earlier, bindparam("number", type_=Integer) > _NUMBER))


def _merged(streams: Sequence[Iterable[Line]], limit: int) -> tuple[list[Line], bool]:
    """Return the newest lines of all streams, each in its own order, and whether any are left."""
    left, taken = [deque(stream) for stream in streams], list[Line]()
    while len(taken) < limit and any(left):
        taken.append(max((stream for stream in left if stream), key=lambda stream: stream[0].at).popleft())
    return taken, any(left)


def _place_after(lines: Sequence[Line], before: Place) -> Place:
    events = [line.number for line in lines if line.verb != REMINDER]
    reminders = [(line.on, line.number) for line in lines if line.verb == REMINDER]
    return Place(events[-1] if events else before.event, reminders[-1] if reminders else before.reminder)


_SAID = (
    ProgressReport.done, ProgressReport.difficulty, ProgressReport.proposal, ProgressReport.next_step, ProgressReport.result_on,
    ProgressReport.result_document,
)  # fmt: skip


_CONTENTS = select(ProgressReport.id, *_SAID).where(ProgressReport.id.in_(bindparam("ids", expanding=True)))


def _with_contents(session: Session, lines: Sequence[Line]) -> list[Line]:
    """Return the lines; where a report was made, with what it says and the evidence it gave."""
    numbers = {
        line.number: line.facts["report_id"] for line in lines if line.verb in SAYING and "report_id" in line.facts
    }
    said = {row[0]: _plain(row[1:]) for row in ask(session, _CONTENTS, ids=list(numbers.values()))}
    given = evidence.of_reports(session, list(numbers.values()))
    return [
        replace(line, facts={**line.facts, **said.get(numbers[line.number], {}), "evidence": given[numbers[line.number]]})
        if line.number in numbers else line
        for line in lines
    ]  # fmt: skip


def _plain(values: Iterable[Any]) -> dict[str, Any]:
    """Return what a report says by name, without what it leaves out, a day as facts hold it."""
    said = zip((column.key for column in _SAID), values, strict=True)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said if value is not None}


def _without_contents(line: Line) -> Line:
    return replace(line, facts={name: value for name, value in line.facts.items() if name not in CONTENTS})


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("no number of a line")
    return int(text)
