"""Writing time limits: read from their words by the rules, and the clock each gives its task."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from seeds.dataset import Dataset
from seeds.rows import Loading, Row
from seeds.source import Record
from tracker.models import FOREVER, AssignmentPeriod, Deadline, Task, TaskPeriod
from tracker.queries.calendar import work_calendar
from tracker.rules.clarity import has_clear_time
from tracker.rules.deadlines import DeadlineReading, read_deadline
from tracker.rules.timeliness import WorkState, tally_bucket
from tracker.rules.workdays import WorkCalendar

FROM_CLAUSE = ("original", "inherited")
COMPARED = ("kind", "clause_id", "wording", "precision", "rule", "recurrence", "due_on")


class Clock(NamedTuple):
    """What a task counts to: the last day as written and the working day; both None when no clock runs."""

    due_on: date | None
    effective_on: date | None


def save_deadlines(loading: Loading, dataset: Dataset) -> dict[str, Clock]:
    """Write the time limits of new and changed tasks, and return their clocks by task code."""
    calendar = work_calendar(loading.session)
    clocks: dict[str, Clock] = {}
    fresh: list[Row] = []
    for document in dataset.documents:
        for task in document.rows("tasks"):
            wanted = list(_deadlines(loading, document, task, calendar))
            clocks[task["code"]] = _clock(task, wanted)
            if task["code"] in loading.new["task"]:
                fresh += wanted
            elif task["code"] in loading.changed.get("task", ()):
                _correct(loading, task["code"], wanted, clocks[task["code"]])
    if fresh:
        loading.session.execute(insert(Deadline), fresh)
        loading.report.added["deadline"] += len(fresh)
    return clocks


def mark_clear_time(loading: Loading, codes: set[str]) -> None:
    """Write has_time of the tasks from the time limits they have now."""
    ids = [loading.ids["task"][code] for code in codes]
    rows = loading.session.execute(
        select(Deadline.task_id, Deadline.precision, Deadline.due_on, Deadline.recurrence).where(
            Deadline.task_id.in_(ids), Deadline.valid_to == FOREVER
        )
    )
    clear = {
        id for id, precision, due_on, recurrence in rows if has_clear_time(precision, due_on is not None, recurrence)
    }
    kinds = dict(loading.session.execute(select(Task.id, Task.kind).where(Task.id.in_(ids))).all())
    wanted = [{"id": id, "has_time": id in clear or kinds[id] == "standing_duty"} for id in ids]
    if wanted:
        loading.session.execute(update(Task), wanted)


def _deadlines(loading: Loading, document: Record, task: Record, calendar: WorkCalendar) -> Iterator[Row]:
    """Yield the task's own time limit, then the one it inherits from another clause."""
    document_id = loading.ids["document"][document["document"]["code"]]
    own, inherited = task.get("deadline"), task.get("deadline_inherited")
    said = [("original", task["clause"], own)] if own else []
    said += [("inherited", inherited["clause"], inherited)] if inherited else []
    for kind, clause, record in said:
        reading = read_deadline(record["wording"], calendar)
        yield {
            "task_id": loading.ids["task"][task["code"]], "clause_id": loading.ids["clause"][document_id, clause], "kind": kind,
            **_read(reading), "valid_from": document["document"]["in_force_from"], "valid_to": FOREVER,
        }  # fmt: skip


def _read(reading: DeadlineReading) -> Row:
    return {
        "wording": reading.wording, "precision": reading.precision.value, "rule": reading.rule,
        "recurrence": reading.recurrence, "due_on": reading.due_on, "effective_on": reading.effective_on,
    }  # fmt: skip


def _clock(task: Record, deadlines: list[Row]) -> Clock:
    """Return the clock: the first dated limit, its own before an inherited one; none for a standing duty (QĐ 23/2018)."""
    dated = [row for row in deadlines if row["due_on"] is not None]
    if task["kind"] == "standing_duty" or not dated:
        return Clock(None, None)
    return Clock(dated[0]["due_on"], dated[0]["effective_on"])


def _correct(loading: Loading, code: str, wanted: list[Row], clock: Clock) -> None:
    """Bring a changed task's limits in line, unless people have given it one: then all stay."""
    session, task_id = loading.session, loading.ids["task"][code]
    rows = session.execute(select(Deadline.__table__).where(Deadline.task_id == task_id)).mappings().all()
    if [_facts(dict(row)) for row in rows] == [_facts(row) for row in wanted]:
        return
    if any(row["kind"] not in FROM_CLAUSE or row["valid_to"] != FOREVER or row["assignment_id"] for row in rows):
        loading.report.kept.append(f"thời hạn {code}")
        return
    session.execute(delete(Deadline).where(Deadline.task_id == task_id))
    if wanted:
        session.execute(insert(Deadline), wanted)
    loading.report.updated["deadline"] += 1
    for model in (TaskPeriod, AssignmentPeriod):
        _move_clock(loading, model, task_id, clock)


def _move_clock(loading: Loading, model: type[TaskPeriod] | type[AssignmentPeriod], task_id: int, clock: Clock) -> None:
    """Let the history count to the corrected day: it was misread from the start, nobody moved it."""
    query = select(model.id, model.state, model.result_on).where(model.task_id == task_id)
    rows = [
        {**clock._asdict(), "id": id, "clock": tally_bucket(WorkState(state), clock.effective_on, result_on)[0]}
        for id, state, result_on in loading.session.execute(query)
    ]
    if rows:
        loading.session.execute(update(model), rows)


def _facts(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in COMPARED)
