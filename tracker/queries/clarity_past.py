"""What people had given a task by the end of a day: its lead's basis, its product, who decides. The log tells of a past day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Event
from tracker.queries.task_facts import Share
from tracker.rules.clarity import Clarity, has_clear_time, has_clear_work, three_clear

VERBS = ("clarify_lead", "clarify_deliverable", "clarify_authority")


@dataclass(frozen=True)
class Given:
    """A basis kind of None: the document itself names it, or nobody has named it."""

    lead_basis_kind: str | None
    lead_basis: str | None
    deliverable: str | None
    deliverable_basis_kind: str | None
    deliverable_basis: str | None
    authority: str | None
    authority_basis_kind: str | None
    authority_basis: str | None


def given_on(session: Session, task: Any, day: date) -> Given:
    """Return what stood on the task (a row of task_facts.heading) at the end of `day`; one query for a past day, none today."""
    if day >= clock.today():
        return Given(**{name: getattr(task, name) for name in Given.__match_args__})
    query = select(Event.verb, Event.facts).where(
        Event.task_id == task.id, Event.verb.in_(VERBS), Event.at < clock.day_end(day)
    )
    last = {row.verb: row.facts for row in session.execute(query.order_by(Event.id))}
    lead, product, authority = (last.get(verb, {}) for verb in VERBS)
    own = task.deliverable if task.deliverable_basis_kind is None else None
    return Given(
        *_basis(lead), product.get("deliverable", own), *_basis(product), authority.get("authority"), *_basis(authority)
    )


def three_on(task: Any, given: Given, shares: Iterable[Share], limits: Iterable[Any], day: date) -> Clarity:
    """Return the three rõ of the task at the end of `day`: kept with the task today, told from what was known on a past day."""
    if day >= clock.today():
        return three_clear(task.has_lead, task.has_work, task.has_time)
    led = any(share.role == "lead" for share in shares)
    return three_clear(led, has_clear_work(given.deliverable, task.kind), _timed(task.kind, limits))


def _timed(kind: str, limits: Iterable[Any]) -> bool:
    clear = (has_clear_time(limit.precision, limit.due_on is not None, limit.recurrence) for limit in limits)
    return kind == "standing_duty" or any(clear)


def _basis(facts: dict[str, Any]) -> tuple[str | None, str | None]:
    return facts.get("basis_kind"), facts.get("basis")
