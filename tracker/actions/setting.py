"""What an administrator chooses for the province."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tracker.actions.event import log
from tracker.database import insert_into
from tracker.models import Setting, User
from tracker.queries.setting import settings


def choose(session: Session, actor: User, wanted: Mapping[str, int]) -> int:
    """Write the numbers that differ, with an event each, and return how many did."""
    before = settings(session)
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    for name, value in sorted(changed.items()):
        row = insert_into(session)(Setting).values(name=name, value=value)
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
        log(session, actor, "choose_setting", "setting", None, name=name, before=before[name], after=value)
    return len(changed)
