"""How often a document is reported on. Change and event together."""

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.event import log
from tracker.errors import Changed
from tracker.models import Document, ReportingRule, User
from tracker.queries.reporting import rule_in_force


def set_rule(
    session: Session, actor: User, document: Document, every: str | None, grace: int, seen: int | None = None
) -> ReportingRule | None:
    """Ask reports on the document's tasks every week, month or quarter (None: no longer), in time until the `grace`-th working
    day after the period; return the rule in force.

    The rule before is closed, not changed: what has ended keeps it, and the period that holds today follows the new one.
    `seen` is the id of the rule the person saw, 0 for none: Changed is raised when another has taken its place.
    """
    session.refresh(document, with_for_update=True)
    before = rule_in_force(session, document.id)
    if seen is not None and seen != (before.id if before else 0):
        raise Changed(_("Có người vừa đổi kỳ báo cáo của văn bản này. Xem lại rồi gửi lại nếu cần."))
    if (before.every if before else None) == every and (before is None or before.grace == grace):
        return before
    today = clock.today()
    if before is not None:
        session.execute(update(ReportingRule).where(ReportingRule.id == before.id).values(valid_to=today))
    rule = None
    if every is not None:
        rule = ReportingRule(document_id=document.id, every=every, grace=grace, valid_from=today, set_by_id=actor.id)
        session.add(rule)
    log(
        session, actor, "set_reporting", "document", document.id, document=document.code, every=every, grace=grace,
        before=before.every if before else None,
    )  # fmt: skip
    session.flush()
    return rule
