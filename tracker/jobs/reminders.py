"""Drawing up the day's reminders: a query finds what is due, whatever was missed before."""

from collections.abc import Iterator
from itertools import islice

from flask import current_app

from tracker import clock
from tracker.actions import letter
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.messages import channels, digest
from tracker.queries import reminder
from tracker.queries.acting import stand_ins
from tracker.queries.calendar import work_calendar
from tracker.queries.recipient import monitors
from tracker.queries.reminder import Due, Plan
from tracker.queries.reminder_policy import policies
from tracker.queries.zalo import chosen
from tracker.rules.acting import present
from tracker.rules.office_hours import may_plan
from tracker.rules.reminder_policy import ZALO
from tracker.rules.workdays import WorkCalendar

PEOPLE_AT_ONCE, SKIPS_AT_ONCE = 500, 5000
"""A digest is written whole, with its person; so many people share a transaction that the lock is short."""


def draw_up() -> str:
    """Queue today's digests when the hour has come on a working day; return what was done, for the log of beats."""
    calendar, day = work_calendar(db.session()), clock.today()
    hours = policies(db.session(), day).province.hours
    if not may_plan(clock.local(clock.now()), calendar, hours):
        db.session.rollback()
        return "outside the hours"
    plan = reminder.plan(db.session(), day)
    told = queue(plan, calendar)
    unreachable = sum(map(len, plan.unreachable.values()))
    return f"examined {plan.examined}, new {told}, skipped {len(plan.skipped)}, unreachable {unreachable}"


def queue(plan: Plan, calendar: WorkCalendar) -> int:
    """Write the digests of the plan, some people at a time, then what was kept back; return how many reminders were new.

    Commits as it goes: whatever is not written when the power fails is found again at the next ring.
    """
    digests = {**plan.by_recipient, **_for_the_office(plan, calendar)}
    by_zalo = chosen(db.session(), plan.wants_zalo, plan.by_recipient, channels.is_configured(ZALO, current_app.config))
    db.session.rollback()  # the reading ends here: on SQLite a writer must begin as one
    told = 0
    for people in _some(digests, PEOPLE_AT_ONCE):
        begin_writing()
        new = digest.queue(db.session(), plan.day, people, by_zalo)
        digest.note_run(db.session(), plan, told=new)  # with what it counts: a worker killed now has counted right
        db.session.commit()
        told += new
    kept_back = iter([*plan.skipped, *digest.nobody_told(plan)])
    while part := list(islice(kept_back, SKIPS_AT_ONCE)):
        begin_writing()
        digest.note_run(db.session(), plan, skipped=digest.note_skips(db.session(), plan.day, part))
        db.session.commit()
    begin_writing()
    letter.draft_due(db.session(), plan.letters, plan.day)
    digest.note_run(db.session(), plan)
    db.session.commit()
    return told


def _for_the_office(plan: Plan, calendar: WorkCalendar) -> dict[int, list[Due]]:
    """Return a digest for each monitor when an assignment that nobody can be told of has reached a step since yesterday."""
    yesterday = calendar.shift(plan.day, -1) if plan.unreachable else plan.day
    if not any(due.step.on > yesterday for dues in plan.unreachable.values() for due in dues):
        return {}
    away = stand_ins(db.session(), plan.day)
    there = {present(away, person) for person in monitors(db.session())}
    return {person: plan.by_recipient.get(person, []) for person in there}


def _some(digests: dict[int, list[Due]], size: int) -> Iterator[dict[int, list[Due]]]:
    rest = iter(sorted(digests.items()))
    while part := dict(islice(rest, size)):
        yield part
