"""Messages about one row of one table: how the row is read when the message leaves, and whether it is still true then."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.messages import outbox, reasons
from tracker.queries import acting, calendar, contact, extension, handover, letter, message, obstacle_step, suspension


@dataclass(frozen=True)
class Notice:
    """`noun` names the row: its id is in the message's facts as `<noun>_id`, and the templates call the row by it.

    `load` gives the rows by id; `wanted` says whether the message is still true of its row.
    """

    noun: str
    load: Callable[[Session, Collection[int]], Mapping[int, Any]]
    wanted: Callable[[Any], bool]
    settled: str = reasons.DECIDED  # why it does not leave when it is not
    to_agency: bool = False  # to whom the work is: whoever takes a removed person's place is told instead


NOTICES: dict[str, Notice] = {
    outbox.RESULT_PROPOSED: Notice("report", message.reports, lambda row: row.decision is None),
    outbox.RESULT_CONFIRMED: Notice("report", message.reports, lambda row: row.decision == "confirmed", to_agency=True),
    outbox.RESULT_RETURNED: Notice("report", message.reports, lambda row: row.decision == "returned", to_agency=True),
    outbox.APPROVAL_ASKED: Notice(
        "report", message.reports, lambda row: row.approval == "waiting" and row.decision is None
    ),
    outbox.APPROVAL_DECLINED: Notice("report", message.reports, lambda row: row.decision == "declined", to_agency=True),
    outbox.STATE_CHANGED: Notice(
        "period", suspension.told_of, lambda row: row.period_id == row.last_id, to_agency=True
    ),
    outbox.EXTENSION_ASKED: Notice(
        "extension", extension.told_of, lambda row: row.state == "waiting", reasons.EXTENSION_SETTLED
    ),
    outbox.EXTENSION_DECIDED: Notice(
        # A grant was told by this kind too, before it became one that can be given up.
        "extension",
        extension.told_of,
        lambda row: row.state in {"granted", "refused"},
        to_agency=True,
    ),
    outbox.EXTENSION_GRANTED: Notice(
        "extension", extension.told_of, lambda row: row.state == "granted", to_agency=True
    ),
    outbox.OBSTACLE_RAISED: Notice("obstacle_step", obstacle_step.steps_told, lambda row: row.id == row.last_id),
    outbox.OBSTACLE_ESCALATED: Notice("obstacle_step", obstacle_step.steps_told, lambda row: row.id == row.last_id),
    outbox.OBSTACLE_ANSWERED: Notice(
        "obstacle_step", obstacle_step.steps_told, lambda row: row.id == row.last_id, to_agency=True
    ),
    outbox.DIRECTION_GIVEN: Notice(
        "receipt", message.receipts, lambda row: row.acknowledged_at is None, reasons.ACKNOWLEDGED, to_agency=True
    ),
    outbox.ACTING_APPOINTED: Notice("acting", acting.actings, lambda row: row.ended_on is None, reasons.ACTING_ENDED),
    outbox.LETTER_DRAFTED: Notice("letter", letter.told_of, lambda row: row.state == "draft", reasons.LETTER_CLOSED),
    outbox.CONTACT_UNWELL: Notice("unwell_hour", contact.told_of, lambda row: bool(row.lines), reasons.CONTACT_WELL),
    outbox.CALENDAR_MISSING: Notice(
        "calendar_month", calendar.years_asked_for, lambda row: row.year is not None, reasons.CALENDAR_ENTERED
    ),
    outbox.WORK_RECEIVED: Notice("handover", handover.handovers, lambda row: True, reasons.REASSIGNED),
}
