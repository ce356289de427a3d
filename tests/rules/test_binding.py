"""Which lead assignment gives a task its dates."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.timeliness import Lead, Timeliness, WorkState, aggregate, binding, classify

DAY = date(2022, 5, 4)
STATES = st.sampled_from(WorkState)
DAYS = st.integers(-40, 40).map(lambda n: DAY + timedelta(days=n))


@st.composite
def leads(draw: st.DrawFn, dates: st.SearchStrategy[date] = DAYS) -> Lead:
    state = draw(STATES)
    given_ = state in (WorkState.DONE, WorkState.AWAITING)
    due = draw(dates)
    return Lead(state, draw(DAYS) if given_ else None, due, due)


def task_class(all_leads: list[Lead], day: date) -> Timeliness:
    state, result_on = aggregate([(lead.state, lead.result_on) for lead in all_leads])
    bound = binding(all_leads)
    assert bound is not None
    return classify(state, bound.effective_on, bound.result_on if result_on else None, day)


@given(st.lists(leads(st.just(DAY)), min_size=1, max_size=6), DAYS)
def test_with_one_date_for_all_it_is_that_date(all_leads: list[Lead], day: date) -> None:
    bound = binding(all_leads)
    live = [lead for lead in all_leads if lead.state is not WorkState.WITHDRAWN]
    assert (bound.effective_on if bound else None) == (DAY if live else None)


@given(st.lists(leads(), min_size=1, max_size=6), DAYS)
def test_a_task_is_overdue_exactly_when_an_open_agency_is(all_leads: list[Lead], day: date) -> None:
    moving = [
        lead for lead in all_leads if lead.state in (WorkState.NOT_STARTED, WorkState.IN_PROGRESS, WorkState.RETURNED)
    ]
    if moving:
        late = any(day > (lead.effective_on or day) for lead in moving)
        assert (task_class(all_leads, day) is Timeliness.OPEN_OVERDUE) == late


@given(st.lists(leads(), min_size=1, max_size=6), DAYS)
def test_a_finished_task_is_late_exactly_when_one_agency_was(all_leads: list[Lead], day: date) -> None:
    live = [lead for lead in all_leads if lead.state is not WorkState.WITHDRAWN]
    if live and all(lead.state is WorkState.DONE for lead in live):
        late = any((lead.result_on or DAY) > (lead.effective_on or DAY) for lead in live)
        assert task_class(all_leads, day) is (Timeliness.DONE_LATE if late else Timeliness.DONE_ON_TIME)


def test_without_a_clock_nothing_binds() -> None:
    assert binding([Lead(WorkState.IN_PROGRESS, None, None, None)]) is None
    assert binding([]) is None
