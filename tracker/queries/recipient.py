"""Who is told about an agency's work: the responsible person, else the agency's contacts, else its successor's.

Whoever is away is told through the one who stands in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, LeaderInCharge, Role, Succession, User
from tracker.queries.acting import stand_ins
from tracker.queries.unwell import lost
from tracker.rules.acting import present
from tracker.rules.climb import Level


@dataclass(frozen=True)
class Responsible:
    """The person named responsible for an assignment, as the account stands now."""

    id: int
    active: bool
    agency_id: int | None


@dataclass(frozen=True)
class Above:
    """Who stands above the people responsible: heads by agency, the Office's monitors, the leaders, who of them is in charge."""

    heads: Mapping[int, list[int]] = field(default_factory=dict)
    monitors: tuple[int, ...] = ()
    leaders: tuple[int, ...] = ()
    in_charge: Mapping[int, int] = field(default_factory=dict)  # by agency


@dataclass(frozen=True)
class Recipients:
    """The contacts of every agency asked for, and who stands in where there is none."""

    contacts: dict[int, list[int]]
    successors: dict[int, list[int]]
    dissolved: frozenset[int]
    stand_ins: Mapping[int, int] = field(default_factory=dict)  # by absent person
    above: Above = field(default_factory=Above)
    lost: Collection[int] = ()  # whom no channel reaches: others are told in their place

    def of(
        self, agency_id: int, responsible: Responsible | None = None, head: Responsible | None = None,
        level: Level = Level.RESPONSIBLE,
    ) -> tuple[int, ...]:  # fmt: skip
        """Return the ids of the people to tell, in order of id; empty when there is nobody. The absent are stood in for."""
        named = self.at(level, agency_id, responsible, head)
        return tuple(sorted({present(self.stand_ins, person) for person in named}))

    def absent(
        self, agency_id: int, responsible: Responsible | None, told: int, head: Responsible | None = None,
        level: Level = Level.RESPONSIBLE,
    ) -> list[int]:  # fmt: skip
        """Return the absent people whose part `told` takes when told of this; empty when told in his or her own right."""
        named = self.at(level, agency_id, responsible, head)
        return [] if told in named else [person for person in named if present(self.stand_ins, person) == told]

    def at(
        self, level: Level, agency_id: int, responsible: Responsible | None, head: Responsible | None
    ) -> tuple[int, ...]:
        """Return whose business the work is at a level, whether they are there or away, in order of id."""
        if level is Level.RESPONSIBLE:
            return self.named(agency_id, responsible)
        if level is Level.HEAD:
            return self._heads(agency_id, head)
        if level is Level.MONITOR:
            return self.above.monitors
        holders = [agency_id, *(heir for heirs in self._generations(agency_id) for heir in heirs)]
        in_charge = sorted({self.above.in_charge[one] for one in holders if one in self.above.in_charge})
        return tuple(in_charge) or self.above.leaders

    def _heads(self, agency_id: int, head: Responsible | None) -> tuple[int, ...]:
        """Return who is named as head of the work, else the heads of the agency, else those of who took it over."""
        if self._reached(head, agency_id) and head:
            return (head.id,)
        own = self.above.heads.get(agency_id, [])
        if own and agency_id not in self.dissolved:
            return tuple(own)
        for heirs in self._generations(agency_id):
            found = sorted({person for heir in heirs for person in self.above.heads.get(heir, [])})
            if found:
                return tuple(found)
        return tuple(own)

    def named(self, agency_id: int, responsible: Responsible | None = None) -> tuple[int, ...]:
        """Return whose business it is, whether they are there or away, in order of id."""
        if self._reached(responsible, agency_id) and responsible:
            return (responsible.id,)
        own = self.contacts.get(agency_id, [])
        if own and agency_id not in self.dissolved:
            return tuple(own)
        # An account still active in a dissolved agency is better told than nobody.
        return tuple(self._inherited(agency_id) or own)

    def _reached(self, person: Responsible | None, agency_id: int) -> bool:
        """Return whether the person is there to be told of the agency's work."""
        return bool(person and person.active and person.id not in self.lost and self._belongs(person, agency_id))

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


def recipients(
    session: Session, day: date, agency_ids: Collection[int] | None = None, levels: bool = False
) -> Recipients:
    """Return who is told about the work of the agencies (None: of all) on `day`: successions count from their date on.

    With `levels` also who stands above the people responsible.
    """
    successors = successors_on(session, day)
    contacts = select(User.agency_id, User.id).where(User.active, User.is_contact, User.agency_id.is_not(None))
    dissolved = select(Agency.id).where(Agency.valid_to <= day)
    wanted: set[int] | None = None
    if agency_ids is not None:
        wanted = {heir for agency_id in agency_ids for heir in heirs(agency_id, successors)}
        contacts = contacts.where(User.agency_id.in_(wanted))
        dissolved = dissolved.where(Agency.id.in_(wanted))
    nowhere = lost(session)
    found: dict[int, list[int]] = defaultdict(list)
    for home, person in session.execute(contacts.order_by(User.id)):
        if person not in nowhere:
            found[home or 0].append(person)
    over = above(session, wanted) if levels else Above()
    gone = frozenset(session.scalars(dissolved))
    return Recipients(dict(found), successors, gone, stand_ins(session, day), over, nowhere)


def above(session: Session, agency_ids: Collection[int] | None = None) -> Above:
    """Return who stands above the people responsible, as the accounts stand now, with the heads of these agencies (None: of
    all). Two queries."""
    office = User.role.in_((Role.MONITOR.value, Role.LEADER.value))
    head = User.role == Role.AGENCY_HEAD.value
    if agency_ids is not None:
        head = and_(head, User.agency_id.in_(agency_ids))
    query = select(User.role, User.agency_id, User.id).where(User.active, or_(office, head)).order_by(User.id)
    heads: dict[int, list[int]] = defaultdict(list)
    others: dict[str, list[int]] = defaultdict(list)
    for role, agency_id, person in session.execute(query):
        if role != Role.AGENCY_HEAD:
            others[role].append(person)
        elif agency_id is not None:
            heads[agency_id].append(person)
    leaders = tuple(others[Role.LEADER])
    charge = select(LeaderInCharge.agency_id, LeaderInCharge.leader_id).where(LeaderInCharge.leader_id.in_(leaders))
    return Above(dict(heads), tuple(others[Role.MONITOR]), leaders, dict(session.execute(charge).all()))


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
