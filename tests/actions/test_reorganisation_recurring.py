"""A duty that comes back moves with a reorganisation even while this time's part of it is done."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.actions.test_occurrence import finish, recurring
from tests.actions.test_reorganisation import agency, carried_out, planned
from tracker import clock
from tracker.actions import occurrence
from tracker.models import Occurrence


def test_done_for_this_time_it_goes_to_the_successor_and_comes_back_there(context: Session) -> None:
    with clock.on_day(date(2023, 11, 15)):
        owed = recurring(context)
        finish(context, owed, date(2023, 11, 15))
        held_by = owed.agency_id
        plan = planned(context, "merge", ("so-tttt", "so-khcn"), day=date(2023, 11, 15))
        done = carried_out(context, plan)
    assert {work.assignment_id: work.outcome for work in done.work}[owed.id] == "moved"
    context.refresh(owed)
    assert (owed.agency_id, owed.named_agency_id) == (agency(context, "so-khcn"), held_by)
    with clock.on_day(date(2023, 12, 1)):
        occurrence.open_due(context, owed.id)
        context.commit()
    query = select(Occurrence.due_on, Occurrence.state).where(Occurrence.assignment_id == owed.id)
    assert [tuple(row) for row in context.execute(query.order_by(Occurrence.due_on))] == [
        (date(2023, 11, 20), "done"), (date(2023, 12, 20), "open"),
    ]  # fmt: skip
