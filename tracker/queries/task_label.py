"""Who leads and who helps, in the few words lists show: kept on the task for today, worked out anew for a day gone by."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Agency, AgencyGroup, AgencyGroupMember, Assignment, AssignmentPeriod, Task
from tracker.queries.period import in_force
from tracker.queries.task_row import TaskRow
from tracker.rules.timeliness import WorkState

Labels = dict[int, tuple[str | None, str | None]]
"""By task the label of who leads and of who helps; None where there is nobody."""


def labels(session: Session, task_ids: Collection[int], day: date | None = None) -> Labels:
    """Return the labels of the tasks, with the agencies that hold the work now or held it at the end of `day`.

    Named agencies by short name; an order to a group by the group's name, with the number of agencies when they are known.
    """
    groups = _group_labels(session)
    parts = _parts(session, task_ids, groups, day)
    rows = session.execute(select(Task.id, Task.lead_scope, Task.coordinating_scope).where(Task.id.in_(task_ids)))
    return {
        id: (
            _label(parts.get((id, "lead"), []), lead, groups),
            _label(parts.get((id, "coordinate"), []), helping, groups),
        )
        for id, lead, helping in rows
    }


def labels_then(session: Session, task_ids: Collection[int], day: date) -> Labels:
    """Return the labels as they were on a day gone by, of those tasks whose work other agencies held then than now."""
    if day >= clock.today():
        return {}
    period = AssignmentPeriod
    elsewhere = or_(period.agency_id != Assignment.agency_id, and_(Assignment.merged_into_id.is_not(None), _apart()))
    query = (
        select(Assignment.task_id)
        .join(period, period.assignment_id == Assignment.id)
        .where(Assignment.task_id.in_(task_ids), in_force(period, day), elsewhere)
    )
    moved = set(session.scalars(query))
    return labels(session, moved, day) if moved else {}


def as_labelled_then(session: Session, rows: list[TaskRow], day: date) -> list[TaskRow]:
    """Return the lines of a list with the agencies that held the work on `day`."""
    then = labels_then(session, {row.task_id for row in rows}, day)
    return [_relabelled(row, *then[row.task_id]) if row.task_id in then else row for row in rows]


def _relabelled(row: TaskRow, lead: str | None, helping: str | None) -> TaskRow:
    return replace(
        row,
        lead_names=(lead,) if lead and row.lead_names else row.lead_names,
        coordinating_names=(helping,) if helping and row.coordinating_names else row.coordinating_names,
    )


def _apart() -> Any:
    """What is merged into another assignment was a part of its own until then."""
    return AssignmentPeriod.state != WorkState.WITHDRAWN.value


def _label(names: Iterable[str], scope: Iterable[str], groups: dict[str, str]) -> str | None:
    return ", ".join([*dict.fromkeys(names), *(groups[code] for code in scope if code in groups)]) or None


def _parts(
    session: Session, task_ids: Collection[int], groups: dict[str, str], day: date | None
) -> dict[tuple[int, str], list[str]]:
    """Return by task and role the short names of agencies named one by one, and the labels of the groups a person addressed."""
    period = AssignmentPeriod
    query = select(Assignment.task_id, Assignment.role, Assignment.origin, Agency.short_name, AgencyGroup.code)
    query = query.select_from(Assignment).outerjoin(AgencyGroup, AgencyGroup.id == Assignment.group_id)
    if day is None:
        query = query.join(Agency, Agency.id == Assignment.agency_id).where(Assignment.merged_into_id.is_(None))
    else:
        query = query.join(period, and_(period.assignment_id == Assignment.id, in_force(period, day)))
        query = query.join(Agency, Agency.id == period.agency_id)
        query = query.where(or_(Assignment.merged_into_id.is_(None), _apart()))
    rows: Sequence[Any] = session.execute(query.where(Assignment.task_id.in_(task_ids)).order_by(Assignment.id)).all()
    found: dict[tuple[int, str], list[str]] = {}
    for task_id, role, origin, short_name, group in rows:
        if group is None:
            found.setdefault((task_id, role), []).append(short_name)
        elif origin == "clarified":
            found.setdefault((task_id, role), []).append(groups[group])
    return found


def _group_labels(session: Session) -> dict[str, str]:
    sizes: dict[int, int] = {}
    # As many as the documents address: a successor is no further one.
    for group_id in session.scalars(select(AgencyGroupMember.group_id).where(AgencyGroupMember.inherited_on.is_(None))):
        sizes[group_id] = sizes.get(group_id, 0) + 1
    groups = session.execute(
        select(AgencyGroup.id, AgencyGroup.code, AgencyGroup.name, AgencyGroup.members_known)
    ).all()
    with force_locale("vi"):  # kept in the database, so in the documents' language whoever typed it
        return {
            group.code: str(_("%(group)s (%(n)s cơ quan)", group=group.name, n=sizes.get(group.id, 0)))
            if group.members_known
            else group.name
            for group in groups
        }
