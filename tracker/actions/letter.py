"""The Office drafts, sends and gives up letters that urge an agency; the ladder's last step drafts them by itself.

The paper is signed and leaves by the document system: here it is drafted, and its number and day are written down as proof.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.database import insert_into
from tracker.errors import Changed, Refused
from tracker.messages import outbox
from tracker.models import UrgeLetter, UrgeLetterItem, User
from tracker.queries import letter as letters
from tracker.queries.calendar import work_calendar
from tracker.queries.letter_work import Urged, overdue_of, spoken_for, works
from tracker.queries.setting import setting
from tracker.words.days import dmy


class Due(Protocol):
    """What the ladder says of an assignment that has reached its end."""

    @property
    def assignment_id(self) -> int: ...
    @property
    def effective_on(self) -> date: ...


def draft(session: Session, agency_id: int, assignment_ids: Collection[int], actor: User | None = None) -> UrgeLetter:
    """Put the assignments into the agency's draft, begun with this if there is none, and return it.

    One draft an agency at a time, whoever drafts at the same moment. Raises Refused when none of the assignments is overdue
    work of the agency.
    """
    wanted = [work for work in _urged(session, agency_id) if work.assignment_id in set(assignment_ids)]
    if not wanted:
        raise Refused(_("Cơ quan không có nhiệm vụ chủ trì nào đang quá hạn nên chưa cần công văn đôn đốc."))
    letter = _standing(session, agency_id, actor)
    _put(session, letter, wanted)
    _log_draft(session, actor, letter, len(wanted))
    return letter


def draft_due(session: Session, dues: Mapping[int, Sequence[Due]], day: date) -> int:
    """Draft, by agency, letters about the work that has reached the ladder's end; return how many assignments were added.

    Run again it adds nothing: what stands in a draft, was left out of it by the Office, or was in a letter lately is passed
    over, and so is what no document has given the agency. The monitors are told once a draft. In the caller's transaction,
    which begins as a writer's.
    """
    added = 0
    for agency_id, reached in sorted(dues.items()):
        late = {work.assignment_id: work for work in overdue_of(session, agency_id, day)}
        numbers = {due.assignment_id for due in reached if _still(late.get(due.assignment_id), due)}
        fresh = numbers - spoken_for(session, numbers, day)
        if fresh:
            letter = _standing(session, agency_id, None)
            new = _put(session, letter, [late[number] for number in sorted(fresh)], again=False)
            if new:
                _log_draft(session, None, letter, new)
                outbox.letter_drafted(session, letter)
            added += new
    return added


def choose(
    session: Session, actor: User, letter: UrgeLetter, shown: Collection[int], chosen: Collection[int], answer_by: date
) -> None:
    """Let the draft speak of `chosen`, of the assignments that were `shown` to choose from, and ask for an answer by that day.

    What was added meanwhile by others stays. Raises Changed when it is no draft any more, Refused for a day that is over.
    """
    _locked(session, letter)
    if answer_by <= clock.today():
        raise Refused(
            _("Ngày cơ quan phải báo cáo %(day)s đã tới hoặc đã qua; hãy ghi một ngày sau hôm nay.", day=dmy(answer_by))
        )
    present = {item.assignment_id for item in letters.items(session, letter.id) if not item.left_out}
    wanted = [work for work in _urged(session, letter.agency_id) if work.assignment_id in set(shown) & set(chosen)]
    dropped = present & set(shown) - {work.assignment_id for work in wanted}
    _put(session, letter, wanted)
    _leave_out(session, letter, dropped)
    log(
        session, actor, "edit_letter", "letter", letter.id, agency_id=letter.agency_id, answer_by=answer_by.isoformat(),
        added=len({work.assignment_id for work in wanted} - present), removed=len(dropped),
    )  # fmt: skip
    letter.answer_by = answer_by


def record_sent(session: Session, actor: User, letter: UrgeLetter, number: str, sent_on: date, signer: str) -> None:
    """Write down that the letter was signed and sent, with the figures of its date.

    Raises Changed when somebody has recorded or given it up before; Refused for a day that cannot be its date, and when nothing
    in it was overdue on that day any more. The caller rolls back.
    """
    _close(session, actor, letter, "sent", number=number, sent_on=sent_on, signer=signer)
    _check_sent_on(letter, sent_on)
    named = {item.assignment_id: item for item in letters.items(session, letter.id)}
    found = works(session, letter.agency_id, [number for number, item in named.items() if not item.left_out], sent_on)
    urged = [work for work in found.values() if work.settled is None]
    if not urged:
        raise Refused(
            _("Không còn nhiệm vụ nào của công văn quá hạn vào ngày %(day)s; hãy bỏ dự thảo này.", day=dmy(sent_on))
        )
    _put(session, letter, urged)
    _leave_out(session, letter, set(named) - {work.assignment_id for work in urged})
    log(
        session, actor, "send_letter", "letter", letter.id, agency_id=letter.agency_id, number=number, signer=signer,
        sent_on=sent_on.isoformat(), tasks=len(urged),
    )  # fmt: skip
    for work in urged:
        log(
            session, actor, "urge", "assignment", work.assignment_id, task_id=work.task_id, agency_id=letter.agency_id,
            letter_id=letter.id, number=number, sent_on=sent_on.isoformat(), days_overdue=work.days_overdue,
        )  # fmt: skip


def drop(session: Session, actor: User, letter: UrgeLetter, reason: str) -> None:
    """Give the draft up. Raises Changed when somebody has recorded or given it up before."""
    _close(session, actor, letter, "dropped", reason=reason)
    log(session, actor, "drop_letter", "letter", letter.id, agency_id=letter.agency_id, reason=reason)


def default_answer_by(session: Session, day: date) -> date:
    """Return until when a letter drafted on `day` asks the agency to report."""
    return work_calendar(session).shift(day, setting(session, "letter_answer_days"))


def _urged(session: Session, agency_id: int) -> list[Urged]:
    return overdue_of(session, agency_id, clock.today())


def _still(work: Urged | None, due: Due) -> bool:
    return work is not None and work.effective_on == due.effective_on and not work.proposed


def _standing(session: Session, agency_id: int, actor: User | None) -> UrgeLetter:
    """Return the agency's draft, locked; begin one where there is none. Two at once get the same (the partial unique index)."""
    today = clock.today()
    answer_by = default_answer_by(session, today)
    row = {
        "agency_id": agency_id, "state": "draft", "drafted_on": today, "drafted_at": clock.now(),
        "drafted_by_id": actor.id if actor else None, "answer_by": answer_by,
    }  # fmt: skip
    waiting = select(UrgeLetter).where(UrgeLetter.agency_id == agency_id, UrgeLetter.state == "draft")
    for _turn in range(2):  # between our look and the other's commit it may have been sent: then a new one is begun
        session.execute(insert_into(session)(UrgeLetter.__table__).on_conflict_do_nothing(), [row])
        letter = session.scalars(waiting.with_for_update().execution_options(populate_existing=True)).one_or_none()
        if letter is not None:
            if letter.answer_by is None or letter.answer_by <= today:
                letter.answer_by = answer_by
            return letter
    raise Changed(_moved_on())


def _put(session: Session, letter: UrgeLetter, urged: Iterable[Urged], again: bool = True) -> int:
    """Write the works with their figures into the letter and return how many rows that made or, with `again`, changed."""
    rows = [
        {
            "letter_id": letter.id, "assignment_id": work.assignment_id, "effective_on": work.effective_on,
            "days_overdue": work.days_overdue, "reminders": work.reminders, "left_out": False,
        }
        for work in urged
    ]  # fmt: skip
    if not rows:
        return 0
    adding = insert_into(session)(UrgeLetterItem.__table__).values(rows)
    keys = ["letter_id", "assignment_id"]
    figures = {name: adding.excluded[name] for name in rows[0] if name not in keys}
    written = (
        adding.on_conflict_do_update(index_elements=keys, set_=figures)
        if again
        else adding.on_conflict_do_nothing(index_elements=keys)
    )
    return len(session.execute(written.returning(UrgeLetterItem.id)).all())


def _leave_out(session: Session, letter: UrgeLetter, assignment_ids: Collection[int]) -> None:
    session.execute(
        update(UrgeLetterItem)
        .where(UrgeLetterItem.letter_id == letter.id, UrgeLetterItem.assignment_id.in_(assignment_ids))
        .values(left_out=True)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, actor: User, letter: UrgeLetter, state: str, **facts: Any) -> None:
    """End the draft as sent or given up, once: whoever comes second gets Changed."""
    taken: Any = session.execute(
        update(UrgeLetter)
        .where(UrgeLetter.id == letter.id, UrgeLetter.state == "draft")
        .values(state=state, recorded_by_id=actor.id, recorded_at=clock.now(), **facts)
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:
        raise Changed(_moved_on())
    session.refresh(letter)


def _locked(session: Session, letter: UrgeLetter) -> None:
    session.refresh(letter, with_for_update=True)
    if letter.state != "draft":
        raise Changed(_moved_on())


def _moved_on() -> str:
    return _("Công văn này đã được người khác ghi là đã gửi hoặc đã bỏ; xin xem lại.")


def _check_sent_on(letter: UrgeLetter, sent_on: date) -> None:
    if sent_on > clock.today():
        raise Refused(_("Ngày công văn %(day)s chưa tới; hãy kiểm tra lại.", day=dmy(sent_on)))
    if sent_on < letter.drafted_on:
        day, drafted = dmy(sent_on), dmy(letter.drafted_on)
        raise Refused(
            _("Ngày công văn %(day)s trước ngày soạn %(drafted)s; hãy kiểm tra lại.", day=day, drafted=drafted)
        )
    if letter.answer_by is not None and letter.answer_by <= sent_on:
        raise Refused(
            _(
                "Ngày cơ quan phải báo cáo %(answer)s không sau ngày công văn %(day)s; hãy sửa dự thảo trước.",
                answer=dmy(letter.answer_by), day=dmy(sent_on),
            )
        )  # fmt: skip


def _log_draft(session: Session, actor: User | None, letter: UrgeLetter, tasks: int) -> None:
    log(session, actor, "draft_letter", "letter", letter.id, agency_id=letter.agency_id, tasks=tasks)
