"""On what the lead and the date that a list shows rest: columns read with the row, never a query more."""

from typing import Any

from tracker.models import Task
from tracker.queries.period import Period


def bases(period: Period) -> tuple[Any, ...]:
    """Return lead_basis_kind, lead_basis, due_basis_kind and due_basis of the task, and how often its date was extended.

    A basis is None where the order itself says it. That of the date is the first date's: whoever shows an extended date
    without the first one (slips > 0) says nothing of it.
    """
    return Task.lead_basis_kind, Task.lead_basis, Task.due_basis_kind, Task.due_basis, period.slips.label("slips")
