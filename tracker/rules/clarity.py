"""Three rõ and six rõ: what an order must say for anybody to be held to it.

Three: "rõ người, rõ việc, rõ thời gian thực hiện" (kết luận của Chủ tịch UBND tỉnh Bình Định, Thông báo 18/02/2022).
Six: "rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản phẩm, rõ thẩm quyền" (Quyết định 2179/QĐ-TTg, 06/10/2025).

Rõ người: a lead agency is named. Rõ việc: there is a deliverable, or the work is of a kind that can be checked.
Rõ thời gian: there is a date, a recurrence with its interval, or it is a standing duty, which needs none.
"""

from dataclasses import dataclass

from tracker.rules.deadline_rules import Precision

_ALWAYS_CLEAR = frozenset({Precision.STANDING})


@dataclass(frozen=True)
class Clarity:
    """What is clear. `missing` are the codes of what is not, in the order of the formula; `of` is how many there are."""

    missing: tuple[str, ...]
    of: int

    @property
    def score(self) -> int:
        """How many are clear, 0 to `of`."""
        return self.of - len(self.missing)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def three_clear(has_person: bool, has_work: bool, has_time: bool) -> Clarity:
    """Return the three rõ of an order: codes "person", "work", "time"."""
    return _clarity(person=has_person, work=has_work, time=has_time)


def six_clear(person: bool, work: bool, time: bool, responsibility: bool, product: bool, authority: bool) -> Clarity:
    """Return the six rõ: the codes of `three_clear`, then "responsibility", "product", "authority"."""
    return _clarity(
        person=person, work=work, time=time, responsibility=responsibility, product=product, authority=authority
    )


def has_clear_work(deliverable: str | None, kind: str) -> bool:
    """Return whether it can be told when the work is done: a product is named, or the kind is not a mere direction."""
    return bool(deliverable and deliverable.strip()) or kind in ("task", "standing_duty")


def has_clear_time(precision: str, has_date: bool, recurrence: str | None) -> bool:
    """Return whether it is said when: a date, a recurrence with an interval, or a standing duty."""
    return has_date or bool(recurrence) or precision in _ALWAYS_CLEAR


def _clarity(**clear: bool) -> Clarity:
    return Clarity(tuple(code for code, is_clear in clear.items() if not is_clear), len(clear))
