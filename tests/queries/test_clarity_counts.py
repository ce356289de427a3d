"""How clear documents and agencies are: the counts agree with the tasks, one by one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Document, Task, User
from tracker.queries.clarity import six_of
from tracker.queries.clarity_counts import by_document, of_agency
from tracker.rules.clarity import three_clear


def test_documents(context: Session) -> None:
    some = context.scalars(select(Task).where(Task.has_lead).order_by(Task.id).limit(5)).all()
    for number, task in enumerate(some):
        task.has_responsible, task.has_head, task.has_authority = number < 4, number < 2, number < 3
    context.flush()
    found = by_document(context)
    assert sum(one.total for one in found.values()) == 207
    for document_id in context.scalars(select(Document.id)):
        tasks = context.scalars(select(Task).where(Task.document_id == document_id)).all()
        said = found[document_id]
        assert said.total == len(tasks)
        assert said.three == sum(three_clear(t.has_lead, t.has_work, t.has_time).is_clear for t in tasks)
        assert said.six == {part: sum(part not in six_of(t).missing for t in tasks) for part in said.six}
        assert round(said.average * said.total) == sum(six_of(t).score for t in tasks)
        assert by_document(context, document_id) == {document_id: said}


def test_an_agency_counts_its_own_people(context: Session) -> None:
    agency = context.scalars(select(Agency).where(Agency.name == "Sở Thông tin và Truyền thông")).one()
    query = (
        select(Assignment).where(Assignment.agency_id == agency.id, Assignment.role == "lead").order_by(Assignment.id)
    )
    owed = context.scalars(query).all()
    person = context.scalars(select(User).where(User.agency_id == agency.id)).first()
    assert person is not None
    owed[0].responsible_id = owed[1].responsible_id = owed[0].head_id = person.id
    context.flush()
    said = of_agency(context, agency.id)
    tasks: list[Any] = [lead.task for lead in owed]
    assert (said.total, said.six["person"], said.six["responsibility"]) == (len(owed), 2, 1)
    assert said.three == sum(task.has_work and task.has_time for task in tasks)
    assert said.six["product"] == sum(task.deliverable is not None for task in tasks)


def test_an_agency_that_leads_nothing(context: Session) -> None:
    leading = select(Assignment.agency_id).where(Assignment.role == "lead")
    idle = context.scalars(select(Agency.id).where(Agency.id.not_in(leading)).limit(1)).one()
    said = of_agency(context, idle)
    assert (said.total, said.three, said.average) == (0, 0, 0.0)
