"""Standing in: who is there when somebody is away, and which new absence would leave nobody there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Stay:
    """`acting_id` stands in for `person_id` from `from_on` to `until_on`, both days included."""

    person_id: int
    acting_id: int
    from_on: date
    until_on: date

    def shares_a_day(self, from_on: date, until_on: date) -> bool:
        """Return whether one of the days is also one of this stay."""
        return self.from_on <= until_on and from_on <= self.until_on


def overlapping(stays: Collection[Stay], new: Stay) -> Stay | None:
    """Return a stay in which the same person is away on one of the same days already, None when there is none."""
    found = (s for s in stays if s.person_id == new.person_id and s.shares_a_day(new.from_on, new.until_on))
    return min(found, key=lambda stay: stay.from_on, default=None)


def closes_circle(stays: Collection[Stay], new: Stay) -> bool:
    """Return whether on some day everybody of a circle would be away: A for B, B for C, C for A. The others close none yet."""
    ahead = [(new.acting_id, new.from_on, new.until_on)]
    while ahead:
        here, from_on, until_on = ahead.pop()
        if here == new.person_id:
            return True
        ahead += [
            (stay.acting_id, max(from_on, stay.from_on), min(until_on, stay.until_on))
            for stay in stays if stay.person_id == here and stay.shares_a_day(from_on, until_on)
        ]  # fmt: skip
    return False


def present(stand_ins: Mapping[int, int], person_id: int) -> int:
    """Return who is there for the person: the person, or whoever stands in, also when that one is away too."""
    here, seen = person_id, {person_id}
    while here in stand_ins and stand_ins[here] not in seen:
        here = stand_ins[here]
        seen.add(here)
    return here
