"""Is the work in time? The only definition of the four-way count.

Done in time, done late, open in time, open and overdue: the classes of Báo cáo 1270/BC-TCTTTg (27/12/2017). Work
without a deadline is counted apart, finished or not (Quyết định 23/2018/QĐ-TTg leaves regular duties out of the count).
`effective_on` is always the last day that counts, already moved to a working day; `result_on` is the day of the result,
which decides, not the day it was typed in or confirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.workdays import WorkCalendar


class WorkState(StrEnum):
    """Where the work stands. People set it; time never does."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    AWAITING = "awaiting_confirmation"
    RETURNED = "returned"
    DONE = "done"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class Timeliness(StrEnum):
    """The class a piece of work is counted in on a day. Computed; nobody sets it."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"
    NO_DEADLINE = "no_deadline"


RUNNING = "running"
CLOSED = (WorkState.DONE.value, WorkState.WITHDRAWN.value)
"""Nothing more is asked of anybody."""
UNDER_WAY = (
    WorkState.NOT_STARTED.value, WorkState.IN_PROGRESS.value, WorkState.RETURNED.value, WorkState.PAUSED.value,
)  # fmt: skip
"""It is the agency's turn: neither closed nor waiting for the Office."""
_RESULT_GIVEN = frozenset({WorkState.DONE, WorkState.AWAITING})


def classify(state: WorkState, effective_on: date | None, result_on: date | None, day: date) -> Timeliness:
    """Return the class of the work on `day`. Its last day is in time to the end.

    While a result waits for confirmation the clock stands still at the day of the result; returned, it runs again.
    Raises ValueError for a result, confirmed or waiting, that has a deadline but no day.
    """
    return classify_bucket(*tally_bucket(state, effective_on, result_on), day)


def tally_bucket(state: WorkState, effective_on: date | None, result_on: date | None) -> tuple[str, date | None]:
    """Return the part of `classify` that no day changes, so that counts can be kept and need not be taken anew.

    ("running", effective_on) while the clock runs, else (the value of a Timeliness, None). Raises as `classify` does.
    """
    if effective_on is None or state is WorkState.WITHDRAWN:
        return Timeliness.NO_DEADLINE.value, None
    if state not in _RESULT_GIVEN:
        return RUNNING, effective_on
    if result_on is None:
        raise ValueError(f"Work that is {state.value} needs the day of its result.")
    in_time = result_on <= effective_on
    if state is WorkState.DONE:
        return (Timeliness.DONE_ON_TIME if in_time else Timeliness.DONE_LATE).value, None
    return (Timeliness.OPEN_IN_TIME if in_time else Timeliness.OPEN_OVERDUE).value, None


def classify_bucket(bucket: str, effective_on: date | None, day: date) -> Timeliness:
    """Return the class on `day` of everything in one bucket of `tally_bucket`. Raises ValueError for no such bucket."""
    if bucket != RUNNING:
        return Timeliness(bucket)
    if effective_on is None:
        raise ValueError("A running clock needs the day it runs to.")
    return Timeliness.OPEN_IN_TIME if day <= effective_on else Timeliness.OPEN_OVERDUE


def days_overdue(state: WorkState, effective_on: date | None, result_on: date | None, day: date) -> int:
    """Return the calendar days past `effective_on`: up to the result when there is one, else up to `day`; 0 in time."""
    late = classify(state, effective_on, result_on, day) in (Timeliness.OPEN_OVERDUE, Timeliness.DONE_LATE)
    if not late or effective_on is None:
        return 0
    until = result_on if state in _RESULT_GIVEN and result_on else day
    return (until - effective_on).days


def is_due_soon(
    state: WorkState,
    effective_on: date | None,
    result_on: date | None,
    day: date,
    calendar: WorkCalendar,
    within: int = 3,
) -> bool:
    """Return whether the work is open, in time, and due within `within` working days: a shade of OPEN_IN_TIME."""
    if effective_on is None or state in _RESULT_GIVEN:
        return False
    in_time = classify(state, effective_on, result_on, day) is Timeliness.OPEN_IN_TIME
    return in_time and effective_on <= calendar.shift(day, within)


def aggregate(states: Sequence[tuple[WorkState, date | None]]) -> tuple[WorkState, date | None]:
    """Return (state, day of the result) of a task from those of its lead assignments, in any order.

    Withdrawn ones are left out, and paused ones too while another is open. Then, in this order: none at all is
    NOT_STARTED (WITHDRAWN if all were withdrawn); one speaks for itself; all results given is DONE, or AWAITING while
    one still waits, on the day of the last of them (None if a day is not known); all open ones paused, returned or,
    with no result given yet, not started is that state; anything else is IN_PROGRESS.
    """
    live = [pair for pair in states if pair[0] is not WorkState.WITHDRAWN]
    if not live:
        return (WorkState.WITHDRAWN if states else WorkState.NOT_STARTED), None
    if len(live) == 1:
        return live[0]
    present = {state for state, _ in live}
    if present <= _RESULT_GIVEN:
        given = [on for _, on in live if on is not None]
        last = max(given) if len(given) == len(live) else None
        return (WorkState.AWAITING if WorkState.AWAITING in present else WorkState.DONE), last
    return _open_state(present), None


@dataclass(frozen=True)
class Lead:
    """What counts of one lead assignment: where it stands, and the dates of its clock."""

    state: WorkState
    result_on: date | None
    due_on: date | None
    effective_on: date | None
    original_on: date | None = None
    slips: int = 0


def binding(leads: Sequence[Lead]) -> Lead | None:
    """Return the lead assignment whose dates are the task's: the open one that is due first; when all results are given, the
    one that is latest against its own last day. None without a live lead or when none has a clock.

    With one date for all it is that date; where one of twenty agencies has more time, the task is late when one of them is.
    """
    live = [lead for lead in leads if lead.state is not WorkState.WITHDRAWN and lead.effective_on is not None]
    waiting = [lead for lead in live if lead.state not in _RESULT_GIVEN]
    if waiting:
        moving = [lead for lead in waiting if lead.state is not WorkState.PAUSED] or waiting
        return min(moving, key=lambda lead: lead.effective_on or date.max)
    given = [lead for lead in live if lead.result_on is not None]
    return max(given, key=_lateness, default=None)


def _lateness(lead: Lead) -> tuple[int, date]:
    if lead.result_on is None or lead.effective_on is None:
        raise ValueError("Only a result with a deadline is late or in time.")
    return (lead.result_on - lead.effective_on).days, lead.result_on


def _open_state(present: set[WorkState]) -> WorkState:
    moving = present - _RESULT_GIVEN - {WorkState.PAUSED}
    if not moving:
        return WorkState.PAUSED
    if moving == {WorkState.RETURNED}:
        return WorkState.RETURNED
    if moving == {WorkState.NOT_STARTED} and not present & _RESULT_GIVEN:
        return WorkState.NOT_STARTED
    return WorkState.IN_PROGRESS
