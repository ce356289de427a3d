"""What happens in the rehearsal world beside reports: more time asked for, obstacles, directions, people named, absences.

Each scene of seeds/rehearsal/world.yaml is one act of one person on one day, done by the very action a page would call.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import (
    acknowledgement,
    acting,
    direction,
    extension,
    leader,
    obstacle,
    person,
    reminder_hold,
    reporting,
    star,
)
from tracker.actions.clarity import Basis
from tracker.actions.standing import current_assignment
from tracker.commands.rehearsal_letters import write_letter
from tracker.commands.rehearsal_stage import Step
from tracker.models import Agency, Assignment, DirectionReceipt, Document, Extension, Obstacle, User
from tracker.queries.person import last_named

Found = Mapping[tuple[str, str], Assignment]
Scene = Mapping[str, Any]
LAST = 10**9  # after the reports of the same day


class Scenes:
    """The acts by name; `found` are the lead assignments by task code and agency."""

    def __init__(self, session: Session, people: Mapping[str, User], found: Found) -> None:
        self.session, self.people, self.found = session, people, found
        self.acts: dict[str, Callable[[Scene], None]] = {
            "rule": self._rule, "people": self._people, "absence": self._absence, "head_approves": self._head_approves,
            "ask": self._ask, "grant": self._grant, "refuse": self._refuse, "raise": self._raise, "answer": self._answer,
            "escalate": self._escalate, "direct": self._direct, "acknowledge": self._acknowledge, "star": self._star,
            "in_charge": self._in_charge, "received": self._received, "hold": self._hold, "letter": self._letter,
        }  # fmt: skip

    def steps(self, scenes: list[Scene]) -> Iterator[Step]:
        """Yield each scene as (day, order, act)."""
        for number, scene in enumerate(scenes):
            yield scene["day"], LAST + number, partial(self.acts[scene["do"]], scene)

    def _rule(self, scene: Scene) -> None:
        document = self.session.execute(select(Document).where(Document.code == scene["document"])).scalar_one()
        reporting.set_rule(self.session, self.people["standing_body"], document, scene["every"], scene["grace"])

    def _people(self, scene: Scene) -> None:
        owed, head = self._owed(scene), self.people["agency_head"]
        seen = last_named(self.session, [owed.id])[owed.id]
        basis = Basis("document", scene["basis"]) if "basis" in scene else Basis("proposal")
        person.name_people(self.session, head, owed, seen, self.people["officer"], head, basis)

    def _absence(self, scene: Scene) -> None:
        head = self.people["agency_head"]
        acting.appoint(
            self.session, head, head, self.people["officer"], scene["from"], scene["until"], reason=scene["reason"]
        )

    def _head_approves(self, scene: Scene) -> None:
        agency = self.session.execute(select(Agency).where(Agency.name == scene["agency"])).scalar_one()
        agency.needs_head_approval = True

    def _ask(self, scene: Scene) -> None:
        owed = self._owed(scene)
        extension.ask(
            self.session,
            self._officer(owed),
            owed,
            self._seen(owed),
            scene["reason"],
            scene["until"],
            scene.get("number"),
        )

    def _grant(self, scene: Scene) -> None:
        waiting = self._waiting(scene)
        extension.grant(self.session, self.people["monitor"], waiting, scene["until"], scene["number"], None)

    def _refuse(self, scene: Scene) -> None:
        extension.refuse(
            self.session, self.people["monitor"], self._waiting(scene), scene["reason"], scene.get("number")
        )

    def _raise(self, scene: Scene) -> None:
        owed = self._owed(scene)
        obstacle.raise_obstacle(
            self.session,
            self._officer(owed),
            owed,
            self._seen(owed),
            scene["text"],
            scene.get("proposal"),
            "standing_body",
        )

    def _answer(self, scene: Scene) -> None:
        found = self._obstacle(scene)
        obstacle.answer(self.session, self.people["standing_body"], found, found.version, scene["text"])

    def _escalate(self, scene: Scene) -> None:
        found = self._obstacle(scene)
        obstacle.escalate(self.session, self.people["standing_body"], found, found.version, scene["text"])

    def _direct(self, scene: Scene) -> None:
        task = self._owed(scene).task
        direction.give(
            self.session, self.people["leader"], task, scene["text"], scene["day"], scene.get("by"), scene.get("number")
        )

    def _acknowledge(self, scene: Scene) -> None:
        owed = self._owed(scene)
        query = (
            select(DirectionReceipt)
            .where(DirectionReceipt.assignment_id == owed.id)
            .order_by(DirectionReceipt.id.desc())
        )
        receipt = self.session.execute(query.limit(1)).scalar_one()
        direction.acknowledge(self.session, self._officer(owed), receipt, scene.get("text"))

    def _star(self, scene: Scene) -> None:
        star.star(self.session, self.people["leader"], self._owed(scene).task_id)

    def _owed(self, scene: Scene) -> Assignment:
        return self.found[scene["task"], scene["agency"]]

    def _officer(self, owed: Assignment) -> User:
        return self.people[f"agency:{owed.agency_id}"]

    def _seen(self, owed: Assignment) -> int:
        return current_assignment(self.session, owed.id).id

    def _waiting(self, scene: Scene) -> Extension:
        query = select(Extension).where(Extension.assignment_id == self._owed(scene).id, Extension.state == "waiting")
        return self.session.execute(query).scalar_one()

    def _obstacle(self, scene: Scene) -> Obstacle:
        query = select(Obstacle).where(Obstacle.assignment_id == self._owed(scene).id).order_by(Obstacle.id.desc())
        return self.session.execute(query.limit(1)).scalar_one()

    def _in_charge(self, scene: Scene) -> None:
        agency_id = self.session.execute(select(Agency.id).where(Agency.name == scene["agency"])).scalar_one()
        leader.put_in_charge(
            self.session, self.people["administrator"], {agency_id: self.people["leader"].id}, {}, scene["number"]
        )

    def _received(self, scene: Scene) -> None:
        owed = self._owed(scene)
        effective_on = current_assignment(self.session, owed.id).effective_on
        if effective_on is not None:
            acknowledgement.acknowledge(
                self.session, self.people[f"agency:{owed.agency_id}"], owed, effective_on, "mail"
            )

    def _hold(self, scene: Scene) -> None:
        reminder_hold.hold(self.session, self.people["monitor"], self._owed(scene), scene["until"], scene["reason"])

    def _letter(self, scene: Scene) -> None:
        write_letter(
            self.session, self.people["monitor"], scene["agency"], scene.get("number"), scene.get("signer", "")
        )  # fmt: skip
