"""The policy of a day: the province's, a document's own, and what happens when a row cannot be read."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tracker import clock
from tracker.models import FOREVER, Document, ReminderPolicy, User
from tracker.queries.health import full_check
from tracker.queries.reminder_policy import Policies, policies, readable
from tracker.rules.ladder import LadderPolicy
from tracker.rules.reminder_policy import DEFAULT, Hours, as_rules

FIRST, SECOND = date(2022, 4, 1), date(2022, 5, 1)
DAILY = replace(DEFAULT, ladder=LadderPolicy((1,), False, 1), hours=Hours(time(9, 0), time(8, 0), time(12, 0)))


def keep(session: Any, rules: Any, document_id: int | None = None, begin: date = FIRST, end: date = FOREVER) -> None:
    session.add(
        ReminderPolicy(
            document_id=document_id, rules=rules, valid_from=begin, valid_to=end, set_at=clock.now(),
            set_by_id=session.scalars(select(User.id)).first(),
        )
    )  # fmt: skip
    session.flush()


def a_document(session: Any) -> int:
    return int(session.scalars(select(Document.id).order_by(Document.id)).first())


def test_without_a_row_the_defaults_hold(context: Any) -> None:
    assert policies(context, FIRST) == Policies(DEFAULT, {})
    assert policies(context, FIRST).of(1) == DEFAULT


def test_a_row_holds_from_its_first_day_to_the_day_before_its_end(context: Any) -> None:
    keep(context, as_rules(DAILY), begin=FIRST, end=SECOND)
    assert [policies(context, day).province for day in (date(2022, 3, 31), FIRST, date(2022, 4, 30), SECOND)] == [
        DEFAULT, DAILY, DAILY, DEFAULT,
    ]  # fmt: skip


def test_a_row_of_no_length_never_holds(context: Any) -> None:
    keep(context, as_rules(DAILY), begin=FIRST, end=FIRST)
    assert policies(context, FIRST).province == DEFAULT


def test_a_document_has_its_own_rules_and_the_hours_of_the_province(context: Any) -> None:
    document = a_document(context)
    late = Hours(time(16, 0), time(15, 0), time(17, 0))
    keep(context, as_rules(replace(DEFAULT, hours=late)))
    keep(context, as_rules(DAILY), document)
    held = policies(context, FIRST)
    assert held.of(document) == replace(DAILY, hours=late)
    assert held.of(document + 1) == replace(DEFAULT, hours=late)


def test_a_document_that_gave_its_rules_up_follows_the_province(context: Any) -> None:
    document = a_document(context)
    keep(context, as_rules(DAILY), document, FIRST, SECOND)
    keep(context, None, document, SECOND)
    assert policies(context, FIRST).documents == {document: replace(DAILY, hours=DEFAULT.hours)}
    assert policies(context, SECOND).documents == {}


GOOD = as_rules(DEFAULT)
BROKEN = {
    "empty": {}, "list": [], "text": "x", "number": 5, "no_ladder": {**GOOD, "ladder": None}, "far": {**GOOD, "grace": 10**30},
    "negative": {**GOOD, "ladder": {"before": [-1], "on_the_day": True, "every": 7}}, "level": {**GOOD, "climb": [["king", 1]]},
    "channel": {**GOOD, "channels": {"head": ["sms"]}}, "hours": {**GOOD, "hours": {"digest_at": "25:00"}},
    "zone": {**GOOD, "hours": {**GOOD["hours"], "digest_at": "08:00+07:00"}},
    "order": {**GOOD, "climb": [["leader", 1], ["head", 2]]},
}  # fmt: skip


@pytest.mark.parametrize("rules", BROKEN.values(), ids=BROKEN)
def test_what_nobody_can_carry_out_does_not_stop_reminders(context: Any, rules: Any) -> None:
    assert readable(rules) is None
    keep(context, rules)
    assert policies(context, FIRST).province == DEFAULT


def test_the_check_names_what_it_cannot_read(context: Any) -> None:
    document = context.get_one(Document, a_document(context))
    finding = next(f for f in full_check(context) if f.code == "reminder_policy")
    assert finding.ok
    keep(context, {"ladder": "?"})
    keep(context, {}, document.id)
    finding = next(f for f in full_check(context) if f.code == "reminder_policy")
    assert not finding.ok
    assert "toàn tỉnh" in finding.sentence
    assert document.code in finding.sentence


def test_one_query_however_many_documents_have_rules(app: Flask, context: Any, count_queries: Any) -> None:
    for document in context.scalars(select(Document.id)).all():
        keep(context, as_rules(DAILY), document)
    with count_queries(app) as statements:
        assert policies(context, FIRST).documents
    assert len(statements) == 1
