"""A leader says what is to be done about a task (ý kiến chỉ đạo); each leading agency acknowledges. Change, event and message
together."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import Direction, DirectionReceipt, Task, User
from tracker.queries import direction as directions
from tracker.words.days import dmy


def give(
    session: Session, actor: User, task: Task, text: str, given_on: date, answer_by: date | None, document: str | None
) -> Direction:
    """Write the direction down and address it to every agency that leads the task now; return it.

    Raises Refused when nobody leads the task, for a date in the future or before the order existed, and for a wanted day before
    the direction's own.
    """
    leads = directions.live_leads(session, task.id)
    if not leads:
        raise Refused(no_lead())
    _check_days(task, given_on, answer_by)
    direction = Direction(
        task_id=task.id, given_by_id=actor.id, given_at=clock.now(), given_on=given_on, text=text, document=document,
        answer_by=answer_by,
    )  # fmt: skip
    direction.receipts = [
        DirectionReceipt(assignment_id=lead.assignment_id, agency_id=lead.agency_id) for lead in leads
    ]
    session.add(direction)
    session.flush()
    log(
        session, actor, "give_direction", "direction", direction.id, task_id=task.id, said=text, agencies=len(leads),
        given_on=given_on.isoformat(), answer_by=answer_by.isoformat() if answer_by else None, document=document,
    )  # fmt: skip
    outbox.direction_given(session, direction)
    return direction


def acknowledge(session: Session, actor: User, receipt: DirectionReceipt, answer: str | None) -> None:
    """Write down that the agency has taken the direction in, with its short answer if there is one.

    Once for an agency, for all it leads of the task (after a merger it may hold two leads): whoever comes second gets Changed,
    and nothing is written.
    """
    task_id, agency_id = directions.addressee(session, receipt.id)
    waiting = directions.unread_of(session, receipt.direction_id, agency_id)
    taken: Any = session.execute(
        update(DirectionReceipt)
        .where(DirectionReceipt.id.in_(waiting), DirectionReceipt.acknowledged_at.is_(None))
        .values(acknowledged_at=clock.now(), acknowledged_by_id=actor.id, answer=answer, agency_id=agency_id)
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:
        raise Changed(
            _("Ý kiến chỉ đạo này đã được người khác của cơ quan tiếp nhận trước đó; không cần tiếp nhận lại.")
        )
    session.refresh(receipt)
    log(
        session, actor, "acknowledge_direction", "direction", receipt.direction_id, task_id=task_id, agency_id=agency_id,
        receipt_id=receipt.id, answer=answer,
    )  # fmt: skip


def no_lead() -> str:
    """Return why a direction about a task that nobody leads cannot be given, and what comes first."""
    return _("Nhiệm vụ chưa có cơ quan chủ trì nên ý kiến chỉ đạo chưa có nơi nhận. Hãy giao cơ quan chủ trì trước.")


def _check_days(task: Task, given_on: date, answer_by: date | None) -> None:
    if given_on > clock.today():
        raise Refused(_("Ngày chỉ đạo %(day)s chưa tới; hãy ghi ngày của ý kiến.", day=dmy(given_on)))
    ordered_on = task.document.in_force_from
    if given_on < ordered_on:
        sentence = _(
            "Ngày chỉ đạo %(day)s trước ngày giao việc %(ordered)s; hãy kiểm tra lại.",
            day=dmy(given_on),
            ordered=dmy(ordered_on),
        )
        raise Refused(sentence)
    if answer_by is not None and answer_by < given_on:
        raise Refused(_("Ngày cần xong %(day)s trước ngày chỉ đạo; hãy kiểm tra lại.", day=dmy(answer_by)))
