"""Writing who owes what: a lead assignment per named lead, one per member of a group that is ordered as a whole."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update

from seeds.dataset import Dataset
from seeds.deadlines import Clock
from seeds.rows import Loading, Row
from seeds.source import Record
from tracker.actions.agency import refresh_labels
from tracker.actions.standing import refresh_task
from tracker.models import FOREVER, Assignment, AssignmentPeriod, Deadline, ProgressReport, Reminder, Task, TaskPeriod
from tracker.rules.timeliness import WorkState, tally_bucket

NOT_STARTED = WorkState.NOT_STARTED.value


class Order(NamedTuple):
    """The orders of one task: its record and document, its id, and the clock its assignments start with."""

    task: Record
    document: Record
    task_id: int
    clock: Clock
    is_new: bool


def save_assignments(loading: Loading, dataset: Dataset, clocks: dict[str, Clock]) -> None:
    """Write the assignments of new and changed tasks with the periods they begin with, and the labels lists show."""
    orders = list(_orders(loading, dataset, clocks))
    if not orders:
        return
    groups = {group["code"]: group for group in dataset.groups}
    wanted = {
        (row["task_id"], row["agency_id"], row["role"]): row for o in orders for row in _assignments(loading, o, groups)
    }
    _remove_obsolete(loading, orders, set(wanted))
    present = _present(loading, orders)
    missing = [row for key, row in wanted.items() if key not in present]
    if missing:
        loading.session.execute(insert(Assignment), missing)
        loading.report.added["assignment"] += len(missing)
    _open_task_periods(loading, [order for order in orders if order.is_new], wanted)
    _open_assignment_periods(loading, orders, {_key(row) for row in missing})
    _follow(loading, orders)


def _orders(loading: Loading, dataset: Dataset, clocks: dict[str, Clock]) -> Iterator[Order]:
    new, changed = loading.new["task"], loading.changed.get("task", set())
    for document in dataset.documents:
        for task in document.rows("tasks"):
            code = task["code"]
            if code in new or code in changed:
                yield Order(task, document["document"], loading.ids["task"][code], clocks[code], code in new)


def _assignments(loading: Loading, order: Order, groups: dict[str, Record]) -> Iterator[Row]:
    """Yield every assignment once, leads first. An agency that leads with its group does not help itself as a member of one."""
    leads: set[int] = set()
    for role, key in (("lead", "lead"), ("coordinate", "coordinating")):
        seen: set[int] = set()
        for agency, group in _addressed(order.task, key, groups):
            agency_id = loading.ids["agency"][agency]
            if agency_id in seen or (role == "coordinate" and group and agency_id in leads):
                continue
            seen.add(agency_id)
            yield {
                "task_id": order.task_id, "agency_id": agency_id, "role": role, "origin": "collective" if group else "named",
                "group_id": loading.ids["agency_group"][group] if group else None,
            }  # fmt: skip
        leads |= seen


def _addressed(task: Record, key: str, groups: dict[str, Record]) -> Iterator[tuple[str, str | None]]:
    """Yield (agency, group it is addressed through): the named ones, then the members; unknown members: the body itself."""
    for agency in task.get(key) or []:
        yield agency, None
    for code in task.get(f"{key}_scope") or []:
        for agency in groups[code].get("members") or [groups[code]["agency"]]:
            yield agency, code


def _remove_obsolete(loading: Loading, orders: list[Order], wanted: set[tuple[int, int, str]]) -> None:
    """Remove what the seeds no longer order, where nobody has worked on it; what people touched or gave stays."""
    ids = [order.task_id for order in orders if not order.is_new]
    rows = loading.session.execute(
        select(Assignment.id, Assignment.task_id, Assignment.named_agency_id, Assignment.role, Task.code, _untouched())
        .join(Task, Task.id == Assignment.task_id)
        .where(Assignment.task_id.in_(ids), Assignment.origin.in_(("named", "collective")))
    )
    gone = [row for row in rows if (row.task_id, row.named_agency_id, row.role) not in wanted]
    loading.report.kept += [f"phần việc của {row.code}" for row in gone if not row[-1]]
    removed = [row.id for row in gone if row[-1]]
    if removed:
        loading.session.execute(delete(AssignmentPeriod).where(AssignmentPeriod.assignment_id.in_(removed)))
        loading.session.execute(delete(Assignment).where(Assignment.id.in_(removed)))
        loading.report.removed["assignment"] += len(removed)


def _untouched() -> ColumnElement[bool]:
    periods = select(func.count()).where(AssignmentPeriod.assignment_id == Assignment.id).scalar_subquery()
    return (
        (periods == 1)
        & Assignment.responsible_id.is_(None)
        & ~exists().where(AssignmentPeriod.assignment_id == Assignment.id, AssignmentPeriod.state != NOT_STARTED)
        & ~exists().where(ProgressReport.assignment_id == Assignment.id)
        & ~exists().where(Reminder.assignment_id == Assignment.id)
        & ~exists().where(Deadline.assignment_id == Assignment.id)
    )


def _present(loading: Loading, orders: Iterable[Order]) -> dict[tuple[int, int, str], int]:
    query = select(Assignment.task_id, Assignment.named_agency_id, Assignment.role, Assignment.id)
    rows = loading.session.execute(query.where(Assignment.task_id.in_([order.task_id for order in orders])))
    return {(task_id, named_id, role): id for task_id, named_id, role, id in rows}


def _open_task_periods(loading: Loading, orders: list[Order], wanted: Iterable[tuple[int, int, str]]) -> None:
    leads: dict[int, int] = {}
    for task_id, _, role in wanted:
        leads[task_id] = leads.get(task_id, 0) + (role == "lead")
    rows = [
        {
            "task_id": order.task_id, "document_id": loading.ids["document"][order.document["code"]],
            "leads": leads.get(order.task_id, 0), "leads_done": 0, **_beginning(order, order.clock),
        }
        for order in orders
    ]  # fmt: skip
    if rows:
        loading.session.execute(insert(TaskPeriod), rows)


def _open_assignment_periods(loading: Loading, orders: list[Order], missing: set[tuple[int, int, str]]) -> None:
    """Open the first period of each new assignment with the clock its task has now."""
    by_task = {order.task_id: order for order in orders}
    current = loading.session.execute(
        select(TaskPeriod.task_id, TaskPeriod.due_on, TaskPeriod.effective_on).where(
            TaskPeriod.task_id.in_(by_task), TaskPeriod.valid_to == FOREVER
        )
    )
    clocks = {task_id: Clock(due_on, effective_on) for task_id, due_on, effective_on in current}
    rows = [
        {
            "assignment_id": id, "task_id": key[0], "agency_id": key[1], "role": key[2], "progress": 0,
            **_beginning(by_task[key[0]], clocks[key[0]]),
        }
        for key, id in _present(loading, orders).items()
        if key in missing
    ]  # fmt: skip
    if rows:
        loading.session.execute(insert(AssignmentPeriod), rows)


def _beginning(order: Order, clock: Clock) -> Row:
    bucket, _ = tally_bucket(WorkState.NOT_STARTED, clock.effective_on, None)
    return {
        "state": NOT_STARTED, "result_on": None, **clock._asdict(), "clock": bucket,
        "valid_from": order.document["in_force_from"], "valid_to": FOREVER,
    }  # fmt: skip


def _follow(loading: Loading, orders: list[Order]) -> None:
    """Write what follows from the assignments: whether there is a lead, the labels, and the standing of changed tasks."""
    session, ids = loading.session, [order.task_id for order in orders]
    led = set(session.scalars(select(Assignment.task_id).where(Assignment.role == "lead", Assignment.task_id.in_(ids))))
    session.execute(update(Task), [{"id": id, "has_lead": id in led} for id in ids])
    for order in orders:
        if not order.is_new:
            refresh_task(session, order.task_id)
    refresh_labels(session, ids)


def _key(row: Row) -> tuple[int, int, str]:
    return row["task_id"], row["agency_id"], row["role"]
