"""Agencies as the administrator keeps them: names, aliases and dates; and the labels that lists show of them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.actions.event import log
from tracker.errors import Changed, Refused
from tracker.models import Agency, Assignment, Task, User
from tracker.queries.task_label import labels
from tracker.rules.folding import fold, sort_key

EDITABLE = ("short_name", "aliases", "official_code", "note", "valid_from", "valid_to", "needs_head_approval")


def add_agency(session: Session, actor: User, *, code: str, name: str, **facts: Any) -> Agency:
    """Add a body no document names, and return it. `facts` are the other columns. Raises Refused when the code is taken."""
    taken = Refused(_("Mã %(code)s đã dùng cho cơ quan khác; hãy chọn mã khác.", code=code))
    if session.execute(select(Agency.id).where(Agency.code == code)).first():
        raise taken
    agency = Agency(
        code=code,
        name=name,
        source="person",
        collective=False,
        edited=True,
        sort_key=sort_key(name),
        search_text="",
        **facts,
    )
    agency.search_text = _search_text(agency)
    session.add(agency)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the code in between
        session.rollback()
        raise taken from error
    log(session, actor, "add_agency", "agency", agency.id, agency_id=agency.id, code=code, name=name)
    return agency


def edit_agency(session: Session, actor: User, agency_id: int, seen: str, **wanted: Any) -> int:
    """Write what changed of EDITABLE, and return how many tasks show the new short name.

    Raises Changed when the agency is no longer as `seen` (its version). The name stays as the documents wrote it.
    """
    query = select(Agency).where(Agency.id == agency_id).with_for_update().execution_options(populate_existing=True)
    agency = session.execute(query).scalar_one()
    if version(agency) != seen:
        raise Changed(_("Cơ quan này vừa được người khác sửa. Nội dung bạn nhập còn ở bên dưới; kiểm tra rồi lưu lại."))
    changes = {
        key: [_plain(getattr(agency, key)), _plain(wanted[key])]
        for key in EDITABLE
        if getattr(agency, key) != wanted[key]
    }
    if not changes:
        return 0
    for key in changes:
        setattr(agency, key, wanted[key])
    agency.edited = True
    agency.search_text = _search_text(agency)
    session.flush()
    log(session, actor, "edit_agency", "agency", agency.id, agency_id=agency.id, changes=changes)
    return refresh_labels(session, _tasks_of(session, agency.id)) if "short_name" in changes else 0


def require_approval(session: Session, actor: User, agency: Agency, required: bool) -> None:
    """Say whether the agency's head approves its results before the Office sees them; proposals made before stay as they are."""
    if agency.needs_head_approval == required:
        return
    agency.needs_head_approval = required
    agency.edited = True
    session.flush()
    log(session, actor, "require_approval", "agency", agency.id, agency_id=agency.id, required=required)


def refresh_labels(session: Session, task_ids: Collection[int]) -> int:
    """Write lead_label and coordinating_label of the tasks anew from their assignments; return how many tasks changed.

    Named agencies by short name; an order to a group by the group's name, with the number of agencies when they are known.
    """
    changed = 0
    for start in range(0, len(task_ids), 500):
        some = sorted(task_ids)[start : start + 500]
        found = labels(session, some)
        for task in session.scalars(select(Task).where(Task.id.in_(some)).order_by(Task.id)):
            changed += _write_labels(task, *found[task.id])
    session.flush()
    return changed


def version(agency: Agency) -> str:
    """Return a text that changes whenever something the edit form shows changes."""
    return "|".join(str(getattr(agency, key)) for key in EDITABLE)


def _write_labels(task: Task, lead: str | None, coordinating: str | None) -> bool:
    if (lead, coordinating) == (task.lead_label, task.coordinating_label):
        return False
    # The old words stay searchable: people keep calling an agency by the name they know.
    if lead and fold(lead) not in task.search_text:
        task.search_text = f"{task.search_text} {fold(lead)}"
    task.lead_label, task.coordinating_label = lead, coordinating
    return True


def _tasks_of(session: Session, agency_id: int) -> set[int]:
    return set(session.scalars(select(Assignment.task_id).where(Assignment.agency_id == agency_id)))


def _search_text(agency: Agency) -> str:
    return fold(" ".join([agency.name, agency.short_name, *(agency.aliases or []), agency.code]))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
