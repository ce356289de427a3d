"""Messages about one row of one table: how the row is read when the message leaves, and whether it is still true then."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.messages import outbox
from tracker.queries import message


@dataclass(frozen=True)
class Notice:
    """`noun` names the row: its id is in the message's facts as `<noun>_id`, and the templates call the row by it.

    `load` gives the rows by id; `wanted` says whether the message is still true of its row.
    """

    noun: str
    load: Callable[[Session, Collection[int]], Mapping[int, Any]]
    wanted: Callable[[Any], bool]


NOTICES: dict[str, Notice] = {
    outbox.RESULT_PROPOSED: Notice("report", message.reports, lambda row: row.decision is None),
    outbox.RESULT_CONFIRMED: Notice("report", message.reports, lambda row: row.decision == "confirmed"),
    outbox.RESULT_RETURNED: Notice("report", message.reports, lambda row: row.decision == "returned"),
}
