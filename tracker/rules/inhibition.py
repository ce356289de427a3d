"""Why a reminder whose step has come is not sent: the reasons, in the order in which the first one counts."""

from datetime import date
from enum import StrEnum

from tracker.rules.timeliness import WorkState


class Reason(StrEnum):
    """Why somebody is not told."""

    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    AWAITING = "awaiting"  # the result waits for the head or the Office: the delay is not the agency's
    PAUSED = "paused"
    ASKED = "asked_more_time"  # a request for more time waits to be decided
    HELD = "held"  # the Office holds reminders of it
    ANSWERED = "answered"  # somebody acknowledged or reported: no level above is told for now
    NOBODY = "nobody"  # there is no account to tell


_STATES = {
    WorkState.DONE: Reason.FINISHED,
    WorkState.WITHDRAWN: Reason.WITHDRAWN,
    WorkState.AWAITING: Reason.AWAITING,
    WorkState.PAUSED: Reason.PAUSED,
}


def inhibited(state: WorkState, asked: bool, held_until: date | None) -> Reason | None:
    """Return why nobody at all is told of work in this state, None when they are."""
    if state in _STATES:
        return _STATES[state]
    if asked:
        return Reason.ASKED
    return Reason.HELD if held_until is not None else None
