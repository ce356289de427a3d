"""What must be true however often workers were killed: read from the database and from the mail server."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.machines.crowd import DAY, Told
from tests.smtp_sink import Received
from tracker.models import Contact, JobRun, MailPace, Message, Reminder, ReminderRun, ReminderSkip, User
from tracker.queries.reminder import plan


def planned(session: Session, day: date = DAY) -> set[Told]:
    """Return what an undisturbed run of the day tells, and to whom. The clock stands on that day."""
    found = plan(session, day).by_recipient
    session.rollback()
    return {(due.assignment_id, due.effective_on, due.step.code, who) for who, dues in found.items() for due in dues}


def recorded(session: Session) -> list[Told]:
    """Return every reminder in the database."""
    session.rollback()
    columns = (Reminder.assignment_id, Reminder.effective_on, Reminder.step, Reminder.recipient_id)
    return [tuple(row) for row in session.execute(select(*columns))]


def states(session: Session) -> dict[str, int]:
    """Return how many messages are in each state."""
    session.rollback()
    return dict(session.execute(select(Message.state, func.count()).group_by(Message.state)).all())


def noted(session: Session, day: date = DAY) -> int | None:
    """Return how many reminders the day's own record says were new."""
    session.rollback()
    return session.scalar(select(ReminderRun.told).where(ReminderRun.day == day))


def repeats(received: Sequence[Received]) -> int:
    """Return how many mails were repeats of one before."""
    return len(received) - len({mail.message["Message-ID"] for mail in received})


def assert_everybody_was_told_once(
    session: Session, expected: set[Told], received: Sequence[Received], most_repeats: int
) -> None:
    """Every reminder recorded once and counted once, every person's digest sent, and what was repeated is the same mail."""
    told = recorded(session)
    assert len(told) == len(set(told)) and set(told) == expected
    assert noted(session) == len(expected), "the day's record counts other reminders than there are"
    people = {person for *_, person in expected}
    assert states(session) == {"sent": len(people)}
    emails = dict(session.execute(select(User.id, User.email).where(User.id.in_(people))).all())
    identities: dict[str, set[str]] = {}
    for mail in received:
        identities.setdefault(mail.recipients[0], set()).add(mail.message["Message-ID"])
    assert set(identities) == set(emails.values()), "somebody was forgotten, or told who is not concerned"
    assert {len(found) for found in identities.values()} == {1}, "a repeat looks like another mail"
    kept = Counter(session.scalars(select(Message.provider_id)))
    assert kept == Counter(identity for found in identities.values() for identity in found)
    assert repeats(received) <= most_repeats


def forget(session: Session) -> None:
    """Undo the day, so that it can be run again."""
    session.rollback()
    for table in (Reminder, ReminderSkip, ReminderRun, Message, MailPace, Contact, JobRun):
        session.execute(delete(table))
    session.commit()
