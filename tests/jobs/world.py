"""A small province for the reminder tests: three agencies, their people, one document, and as many tasks as a test asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import time_machine
from sqlalchemy.orm import Session

from tracker.actions.standing import rebuild_tally
from tracker.models import (
    FOREVER,
    Agency,
    Assignment,
    AssignmentPeriod,
    CalendarDay,
    Clause,
    Deadline,
    Document,
    Role,
    Task,
    TaskPeriod,
    User,
)
from tracker.rules.timeliness import WorkState, tally_bucket
from tracker.rules.workdays import WorkCalendar

HOLIDAYS = {
    date(2022, 4, 30): "Ngày Chiến thắng", date(2022, 5, 1): "Quốc tế Lao động",
    date(2022, 5, 2): "Nghỉ bù", date(2022, 5, 3): "Nghỉ bù",
    **{date(2023, 1, day): "Tết Nguyên đán" for day in range(20, 27)},
}  # fmt: skip
IN_FORCE = date(2022, 2, 23)


def at(text: str) -> time_machine.travel:
    """Travel to a moment of Viet Nam's clock, "2022-05-05 08:00"; the clock stands still there."""
    moment = datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)
    return time_machine.travel(moment, tick=False)


@dataclass
class World:
    """Adds rows to the session; the test commits."""

    session: Session

    def __post_init__(self) -> None:
        self.calendar = WorkCalendar(dict.fromkeys(HOLIDAYS, False))
        for day, name in HOLIDAYS.items():
            self.session.add(CalendarDay(day=day, working=False, name=name))
        self.office = self.agency("vp-ubnd-tinh", "Văn phòng UBND tỉnh")
        self.trade = self.agency("so-cong-thuong", "Sở Công Thương")
        self.document = Document(
            code="TB1802", kind="Thông báo", short_name="TB 18/02/2022", title="Kết luận", issuer="UBND tỉnh",
            in_force_from=IN_FORCE, in_force_basis="ngày ký",
        )  # fmt: skip
        self.session.add(self.document)
        self.session.flush()
        self.number = 0

    def agency(self, code: str, name: str, **facts: Any) -> Agency:
        agency = Agency(
            code=code, name=name, short_name=name, kind="sở", level="tỉnh", sort_key=code, search_text=code, **facts
        )
        self.session.add(agency)
        self.session.flush()
        return agency

    def person(
        self, name: str, agency: Agency | None, contact: bool = True, role: Role = Role.OFFICER, **facts: Any
    ) -> User:
        email = facts.pop("email", f"{name}@tinh.gov.vn")
        user = User(
            email=email, name=name, role=role.value, agency_id=agency and agency.id, password_hash="", session_key=name,
            is_contact=contact, created_at=datetime(2022, 1, 1, tzinfo=UTC), **facts,
        )  # fmt: skip
        self.session.add(user)
        self.session.flush()
        return user

    def task(self, agency: Agency, due_on: date | None, responsible: User | None = None, **facts: Any) -> Assignment:
        """Add a task of its own clause, led by the agency."""
        self.number += 1
        code = facts.pop("clause", f"6.{self.number}")
        words = facts.pop("text", f"Việc thứ {self.number}, hoàn thành chậm nhất trong tháng")
        clause = Clause(
            document_id=self.document.id,
            code=code,
            position=self.number,
            level=1,
            kind="point",
            text=words,
            search_text="",
        )
        self.session.add(clause)
        self.session.flush()
        task = Task(
            code=f"TB1802:{code}", document_id=self.document.id, clause_id=clause.id, position=self.number,
            short_title=facts.pop("title", f"Việc {self.number}"), excerpt=words, kind=facts.pop("kind", "task"),
            search_text="", has_lead=True, has_work=True, has_time=due_on is not None,
        )  # fmt: skip
        self.session.add(task)
        self.session.flush()
        return self.lead(
            task, agency, due_on, responsible, facts.pop("state", WorkState.NOT_STARTED), facts.pop("result_on", None)
        )

    def lead(
        self, task: Task, agency: Agency, due_on: date | None, responsible: User | None = None,
        state: WorkState = WorkState.NOT_STARTED, result_on: date | None = None, role: str = "lead",
        alone: bool = True,
    ) -> Assignment:  # fmt: skip
        assignment = Assignment(
            task_id=task.id,
            agency_id=agency.id,
            role=role,
            origin="named",
            responsible_id=responsible and responsible.id,
        )
        self.session.add(assignment)
        self.session.flush()
        effective_on = self.calendar.on_or_after(due_on) if due_on else None
        bucket, _ = tally_bucket(state, effective_on, result_on)
        common: dict[str, Any] = {
            "state": state.value, "result_on": result_on, "due_on": due_on, "effective_on": effective_on, "clock": bucket,
            "valid_from": IN_FORCE, "valid_to": FOREVER, "task_id": task.id,
        }  # fmt: skip
        self.session.add(AssignmentPeriod(assignment_id=assignment.id, agency_id=agency.id, role=role, **common))
        if role == "lead" and alone:
            self.session.add(TaskPeriod(document_id=task.document_id, leads=1, **common))
            if due_on:
                self.session.add(
                    Deadline(task_id=task.id, wording="chậm nhất trong tháng", precision="month", rule="month_end",
                             due_on=due_on, effective_on=effective_on, valid_from=IN_FORCE)
                )  # fmt: skip
        self.session.flush()
        return assignment

    def ready(self) -> None:
        """Count the tallies and commit."""
        rebuild_tally(self.session)
        self.session.commit()
