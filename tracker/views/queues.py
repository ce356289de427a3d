"""What waits to be decided or answered, as tabs over the pages that hold it: one place in the menu for all of them."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from tracker import clock, permissions
from tracker.extensions import db
from tracker.models import Role
from tracker.queries import direction, extension, obstacle, report
from tracker.queries.acting import headed_by

BLUEPRINTS = frozenset({"completion", "approval", "extension", "obstacle", "direction", "reporting"})


@dataclass(frozen=True)
class Queue:
    """One list: its name, address, and how many in it wait for this very person (None: nothing is counted there)."""

    name: str
    label: str
    url: str
    current: bool
    waiting: int | None


def prepare(app: Flask) -> None:
    """Let templates ask for the tabs."""
    app.jinja_env.globals.update(queues=queues)


def first_address() -> str | None:
    """Return the page that the menu leads to, None for whom nothing waits by his office."""
    for name in ORDER.get(Role(current_user.role), ()):
        if name != "approval":  # not every agency asks its head
            return url_for(ENDPOINTS[name])
    return None


def queues() -> list[Queue]:
    """Return the person's lists with how many wait for him or her, the ones of the own office first."""
    session = db.session()
    headed = headed_by(session, current_user, clock.today()) if permissions.agency_of(current_user) else set()
    shown = [name for name in ORDER.get(Role(current_user.role), ()) if name != "approval" or headed]
    return [
        Queue(
            name, _labels()[name], url_for(ENDPOINTS[name]), request.blueprint == name, _waiting(session, name, headed)
        )
        for name in shown
    ]


_OF_AGENCY = ("direction", "approval", "extension", "obstacle", "reporting")
ORDER: dict[Role, tuple[str, ...]] = {
    Role.OFFICER: _OF_AGENCY,
    Role.AGENCY_HEAD: ("approval", *(name for name in _OF_AGENCY if name != "approval")),
    Role.MONITOR: ("completion", "extension", "obstacle", "direction", "reporting"),
    Role.STANDING_BODY: ("obstacle", "reporting", "extension", "direction"),
    Role.LEADER: ("extension", "obstacle", "direction", "reporting"),
}
ENDPOINTS = {
    "completion": "completion.queue", "approval": "approval.queue", "extension": "extension.queue",
    "obstacle": "obstacle.index", "direction": "direction.index", "reporting": "reporting.index",
}  # fmt: skip


def _labels() -> dict[str, str]:
    return {
        "completion": _("Chờ xác nhận"), "approval": _("Chờ duyệt"), "extension": _("Gia hạn"),
        "obstacle": _("Vướng mắc"), "direction": _("Ý kiến chỉ đạo"), "reporting": _("Kỳ báo cáo"),
    }  # fmt: skip


def _waiting(session: Session, name: str, headed: set[int]) -> int | None:
    """Return how many wait for the person: of what others are to do nothing is counted."""
    own = permissions.agency_of(current_user)
    if name == "completion":
        return report.waiting_count(session)
    if name == "approval":
        return report.waiting_for_head_count(session, headed)
    if name == "extension" and permissions.may_extend(current_user):
        return extension.waiting_count(session)
    if name == "obstacle" and own is None:
        levels = obstacle.open_counts(session, clock.today())
        return sum(one.waiting for level, one in levels.items() if permissions.may_answer(current_user, level))
    if name == "direction" and own is not None:
        return direction.waiting_count(session, own)
    return None
