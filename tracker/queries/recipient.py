"""Who is told about an agency's work: the responsible person, else the agency's contacts, else its successor's.

Whoever is away is told through the one who stands in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Agency, Role, Succession, User
from tracker.queries.acting import stand_ins
from tracker.rules.acting import present


@dataclass(frozen=True)
class Responsible:
    """The person named responsible for an assignment, as the account stands now."""

    id: int
    active: bool
    agency_id: int | None


@dataclass(frozen=True)
class Recipients:
    """The contacts of every agency asked for, and who stands in where there is none."""

    contacts: dict[int, list[int]]
    successors: dict[int, list[int]]
    dissolved: frozenset[int]
    stand_ins: Mapping[int, int] = field(default_factory=dict)  # by absent person

    def of(self, agency_id: int, responsible: Responsible | None = None) -> tuple[int, ...]:
        """Return the ids of the people to tell, in order of id; empty when there is nobody. The absent are stood in for."""
        return tuple(sorted({present(self.stand_ins, person) for person in self.named(agency_id, responsible)}))

    def absent(self, agency_id: int, responsible: Responsible | None, told: int) -> list[int]:
        """Return the absent people whose part `told` takes when told of this; empty when told in his or her own right."""
        named = self.named(agency_id, responsible)
        return [] if told in named else [person for person in named if present(self.stand_ins, person) == told]

    def named(self, agency_id: int, responsible: Responsible | None = None) -> tuple[int, ...]:
        """Return whose business it is, whether they are there or away, in order of id."""
        if responsible and responsible.active and self._belongs(responsible, agency_id):
            return (responsible.id,)
        own = self.contacts.get(agency_id, [])
        if own and agency_id not in self.dissolved:
            return tuple(own)
        # An account still active in a dissolved agency is better told than nobody.
        return tuple(self._inherited(agency_id) or own)

    def _belongs(self, responsible: Responsible, agency_id: int) -> bool:
        """Return whether the person works for the agency or one that took its work over; who moved away is not told."""
        return responsible.agency_id in heirs(agency_id, self.successors)

    def _inherited(self, agency_id: int) -> list[int]:
        for heirs in self._generations(agency_id):
            found = sorted({person for heir in heirs for person in self.contacts.get(heir, [])})
            if found:
                return found
        return []

    def _generations(self, agency_id: int) -> Iterable[list[int]]:
        seen, heirs = {agency_id}, self.successors.get(agency_id, [])
        while heirs:
            yield heirs
            seen.update(heirs)
            heirs = [heir for old in heirs for heir in self.successors.get(old, []) if heir not in seen]


def recipients(session: Session, day: date, agency_ids: Collection[int] | None = None) -> Recipients:
    """Return who is told about the work of the agencies (None: of all) on `day`: successions count from their date on."""
    successors = successors_on(session, day)
    contacts = select(User.agency_id, User.id).where(User.active, User.is_contact, User.agency_id.is_not(None))
    dissolved = select(Agency.id).where(Agency.valid_to <= day)
    if agency_ids is not None:
        wanted = {heir for agency_id in agency_ids for heir in heirs(agency_id, successors)}
        contacts = contacts.where(User.agency_id.in_(wanted))
        dissolved = dissolved.where(Agency.id.in_(wanted))
    found: dict[int, list[int]] = defaultdict(list)
    for home, person in session.execute(contacts.order_by(User.id)):
        found[home or 0].append(person)
    return Recipients(dict(found), successors, frozenset(session.scalars(dissolved)), stand_ins(session, day))


def successors_on(session: Session, day: date) -> dict[int, list[int]]:
    """Return by agency who took its work over on or before `day`."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = select(Succession.agency_id, Succession.successor_id).where(Succession.took_effect_on <= day)
    for agency_id, successor_id in session.execute(rows.order_by(Succession.id)):
        found[agency_id].append(successor_id)
    return dict(found)


def standing_bodies(session: Session) -> list[int]:
    """Return the ids of the standing body's people, who answer obstacles."""
    query = select(User.id).where(User.role == Role.STANDING_BODY.value, User.active).order_by(User.id)
    return list(session.scalars(query))


def monitors(session: Session) -> list[int]:
    """Return the ids of the Office's people who decide on results."""
    query = select(User.id).where(User.role == Role.MONITOR.value, User.active).order_by(User.id)
    return list(session.scalars(query))


def heirs(agency_id: int, successors: Mapping[int, list[int]]) -> set[int]:
    """Return the agency and everybody who took its work over, however often it changed hands."""
    found, ahead = set[int](), [agency_id]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += successors.get(here, [])
    return found


def who_took_over(session: Session, agency_ids: Collection[int], day: date) -> set[int]:
    """Return the successors of those of the agencies that exist no longer on `day`: what these reported is theirs to read."""
    query = select(Succession.agency_id, Succession.successor_id).join(Agency, Agency.id == Succession.agency_id)
    successors: dict[int, list[int]] = defaultdict(list)
    for agency_id, successor_id in session.execute(
        query.where(Succession.took_effect_on <= day, Agency.valid_to <= day)
    ):
        successors[agency_id].append(successor_id)
    return {heir for agency_id in agency_ids for heir in heirs(agency_id, successors)} - set(agency_ids)
