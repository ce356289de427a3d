"""On what the lead and the date that a list shows rest: columns read with the row, never a query more."""

from typing import Any

from sqlalchemy import ColumnElement, case

from tracker.models import Task
from tracker.queries.period import Period


def bases(period: Period) -> tuple[ColumnElement[Any], ...]:
    """Return lead_basis_kind, lead_basis, due_basis_kind and due_basis of the task; all None where the order itself says it.

    A date that was extended since rests on the decision that extended it, so the basis of the first one is not said of it.
    """
    first = period.slips == 0
    return (
        Task.lead_basis_kind.label("lead_basis_kind"),
        Task.lead_basis.label("lead_basis"),
        case((first, Task.due_basis_kind)).label("due_basis_kind"),
        case((first, Task.due_basis)).label("due_basis"),
    )
