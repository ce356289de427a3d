"""What of the six rõ hangs on assignments, kept on the task so that "chưa rõ" is an index and not a scan."""

from collections.abc import Collection
from itertools import islice

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from tracker.models import Assignment, Task

AT_ONCE = 500


def refresh_people_flags(session: Session, task_ids: Collection[int]) -> None:
    """Write has_responsible and has_head of the tasks anew: true when there is a lead and every one of them names somebody.

    A lead that was merged into another one (Assignment.merged_into_id) is answered for there. The tasks are locked first, in
    order of id, so that of two agencies naming at once the second counts what the first has written.
    """
    waiting = iter(sorted(set(task_ids)))
    while ids := list(islice(waiting, AT_ONCE)):
        session.flush()
        session.execute(select(Task.id).where(Task.id.in_(ids)).order_by(Task.id).with_for_update(key_share=True))
        flags = {
            "has_responsible": _named_by_all(Assignment.responsible_id),
            "has_head": _named_by_all(Assignment.head_id),
        }
        session.execute(update(Task).where(Task.id.in_(ids)).values(flags).execution_options(synchronize_session=False))
        _read_anew(session, ids)


def _named_by_all(person: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    lead = and_(Assignment.task_id == Task.id, Assignment.role == "lead", Assignment.merged_into_id.is_(None))
    some = exists(select(Assignment.id).where(lead).correlate(Task))
    unnamed = exists(select(Assignment.id).where(lead, person.is_(None)).correlate(Task))
    return and_(some, ~unnamed)


def _read_anew(session: Session, task_ids: Collection[int]) -> None:
    for task in session.identity_map.values():
        if isinstance(task, Task) and task.id in task_ids:
            session.expire(task, ["has_responsible", "has_head"])
