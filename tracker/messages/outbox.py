"""One function per message."""

from sqlalchemy.orm import Session

from tracker.models import ProgressReport


def result_proposed(session: Session, report: ProgressReport) -> None: ...


def result_confirmed(session: Session, report: ProgressReport) -> None: ...


def result_returned(session: Session, report: ProgressReport) -> None: ...
