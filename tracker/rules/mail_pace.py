"""How many messages may go to one domain in a minute of the clock, and when those beyond it get their turn."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """How a domain stands: what went in its last minute, how far ahead turns were given, and whether it asked for a rest."""

    minute: datetime
    sent: int = 0
    ahead_minute: datetime | None = None
    ahead: int = 0
    rests_until: datetime | None = None


def share(pace: Pace, now: datetime, wanted: int, most: int) -> tuple[int, list[datetime], Pace]:
    """Return how many of `wanted` messages may go now, when each of the others gets its turn, and the pace after that.

    `most`: messages a minute, 0 for no limit. A turn is no promise: it is counted anew when it comes, so that a worker that
    stood still for ten minutes does not send ten minutes' worth at once.
    """
    if pace.rests_until is not None and pace.rests_until > now:
        return 0, [pace.rests_until] * wanted, pace
    this = now.replace(second=0, microsecond=0)
    sent = pace.sent if pace.minute == this else 0
    go = min(wanted, max(0, most - sent)) if most else wanted
    last, ahead = pace.ahead_minute, pace.ahead
    if last is None or last <= this:
        last, ahead = this + MINUTE, 0
    turns = []
    for _ in range(wanted - go):
        if ahead >= most:
            last, ahead = last + MINUTE, 0
        turns.append(last)
        ahead += 1
    return go, turns, replace(pace, minute=this, sent=sent + go, ahead_minute=last, ahead=ahead)
