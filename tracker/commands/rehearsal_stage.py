"""How the work of one assignment goes in the rehearsal world: told by hand, or invented from a digest of its id."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions import completion
from tracker.actions import report as reporting
from tracker.actions.standing import current_assignment
from tracker.models import Assignment, ProgressReport, User

Step = tuple[date, int, Callable[[], None]]
PLANNED = "Đã lập kế hoạch và phân công bộ phận thực hiện."
UNDER_WAY = "Đã triển khai phần việc chính."
FINISHED = "Đã hoàn thành nội dung được giao, có văn bản kèm theo."
OBSTACLE = "Chờ bố trí kinh phí."
INCOMPLETE = "Văn bản kết quả chưa có phụ lục số liệu; đề nghị bổ sung."


class Stage:
    """The people of the rehearsal and what they do, each step as (day, order, act) to be done when its day comes."""

    def __init__(self, session: Session, people: dict[str, User]) -> None:
        self.session, self.people = session, people

    def has_officer(self, assignment: Assignment) -> bool:
        return f"agency:{assignment.agency_id}" in self.people

    def story(self, assignment: Assignment, reports: Sequence[Sequence[Any]]) -> Iterator[Step]:
        """Yield the steps of a story written by hand (seeds/rehearsal/world.yaml)."""
        for day, what, done, difficulty, *waits in reports:
            if isinstance(what, int):
                yield self.report(day, assignment, what, done, difficulty)
                continue
            result_on, _, number = what.partition(" ")
            yield self.complete(day, assignment, date.fromisoformat(result_on), number, done)
            if not waits:
                yield self.decide(day + timedelta(days=3), assignment, None)

    def course(self, assignment: Assignment, effective_on: date | None, ordered_on: date) -> Iterator[Step]:
        """Yield invented steps: the digest of the assignment decides, so that every build tells the same."""
        lot = hashlib.sha256(f"{assignment.task_id}/{assignment.agency_id}".encode()).digest()
        due = effective_on or date(2023, 9, 1) + timedelta(days=lot[1] % 70)
        last = clock.today() - timedelta(days=1)
        start = min(max(ordered_on + timedelta(days=20), due - timedelta(days=120)) + timedelta(days=lot[2] % 30), last)
        fate = lot[0] % 100
        if fate < 18 and due > last - timedelta(days=30):
            return  # nothing done yet
        yield self.report(start, assignment, 20 + lot[3] % 30, PLANNED)
        result_on = due - timedelta(days=3 + lot[4] % 25) if fate < 64 else due + timedelta(days=4 + lot[4] % 40)
        if start < result_on <= last - timedelta(days=6) and fate < 84:
            yield from self._ending(assignment, result_on, last, lot)
        elif start + timedelta(days=30) < last:
            difficulty = OBSTACLE if lot[5] % 3 == 0 else None
            yield self.report(start + timedelta(days=30), assignment, 55 + lot[6] % 30, UNDER_WAY, difficulty)

    def _ending(self, assignment: Assignment, result_on: date, last: date, lot: bytes) -> Iterator[Step]:
        said = result_on + timedelta(days=1)
        yield self.complete(said, assignment, result_on, f"{20 + lot[7]}/BC", FINISHED)
        if said > last - timedelta(days=20) and lot[8] % 3 == 0:
            return  # still waiting for the Office
        yield self.decide(said + timedelta(days=1 + lot[9] % 4), assignment, INCOMPLETE if lot[9] % 12 == 0 else None)

    def report(self, day: date, assignment: Assignment, percent: int, done: str, difficulty: str | None = None) -> Step:
        def act() -> None:
            reporting.report_progress(
                self.session, self._officer(assignment), assignment, self._seen(assignment), percent, done, difficulty
            )

        return day, assignment.id, act

    def complete(self, day: date, assignment: Assignment, result_on: date, number: str, done: str) -> Step:
        def act() -> None:
            completion.propose_completion(
                self.session, self._officer(assignment), assignment, self._seen(assignment), result_on, number, done
            )

        return day, assignment.id, act

    def decide(self, day: date, assignment: Assignment, reason: str | None) -> Step:
        def act() -> None:
            query = select(ProgressReport).where(
                ProgressReport.assignment_id == assignment.id, ProgressReport.kind == "completion"
            )
            report = self.session.execute(query.order_by(ProgressReport.id.desc()).limit(1)).scalar_one()
            if reason:
                completion.return_for_rework(self.session, self.people["monitor"], report, reason)
            else:
                completion.confirm(self.session, self.people["monitor"], report)

        return day, assignment.id, act

    def _officer(self, assignment: Assignment) -> User:
        return self.people[f"agency:{assignment.agency_id}"]

    def _seen(self, assignment: Assignment) -> int:
        return current_assignment(self.session, assignment.id).id
