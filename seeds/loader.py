"""`load`: the seeds into the database. Safe to run again: updates by stable code, never doubles, leaves people's changes."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, scoped_session

from seeds import FOLDER
from seeds.agencies import save_agencies, save_agency_mentions
from seeds.assignments import save_assignments
from seeds.deadlines import mark_clear_time, save_deadlines
from seeds.documents import save_documents
from seeds.reading import read
from seeds.registers import (
    save_discrepancies,
    save_indicators,
    save_system_tasks,
    save_systems,
    save_themes_and_calendar,
)
from seeds.rows import Loading, LoadReport
from seeds.source import SeedError
from seeds.tasks import save_tasks
from tracker.actions.standing import rebuild_tally

__all__ = ["LoadReport", "SeedError", "load"]


def load(session: Session | scoped_session[Any], folder: Path = FOLDER) -> LoadReport:
    """Bring the database in line with the seeds of `folder` and return what was done; the caller commits.

    Everything is read and checked first: SeedError names file, line and reason, and then nothing has been written.
    """
    dataset = read(folder)
    loading = Loading(session() if isinstance(session, scoped_session) else session)
    save_themes_and_calendar(loading, dataset)
    save_agencies(loading, dataset)
    save_documents(loading, dataset)
    save_agency_mentions(loading, dataset)
    save_systems(loading, dataset)
    save_tasks(loading, dataset)
    save_system_tasks(loading, dataset)
    save_indicators(loading, dataset)
    clocks = save_deadlines(loading, dataset)
    save_assignments(loading, dataset, clocks)
    mark_clear_time(loading, loading.new["task"] | loading.changed.get("task", set()))
    save_discrepancies(loading, dataset)
    loading.session.expire_all()
    if loading.report.changed:
        rebuild_tally(loading.session)
    return loading.report
