"""A digest put in order: what is overdue first, then what comes, reports that are not there, and what goes up to a head.

The first items are told in full, the next in a line each, and of the rest their number with the page that lists exactly them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.exports.ics import Event
from tracker.messages.address import address
from tracker.messages.links import acknowledge_address
from tracker.queries.reminder_item import REPORT, Item
from tracker.rules.climb import Level

IN_FULL = 15
IN_ALL = 50
AT_LEAST = 5


@dataclass(frozen=True)
class Section:
    """One part of a digest: `full` are told in full, `brief` in a line each, `more` are only counted.

    `code`: late, ahead, reports, above (work of others that went up to the reader).
    """

    code: str
    full: tuple[Item, ...]
    brief: tuple[Item, ...]
    more: int

    @property
    def number(self) -> int:
        """How many items there are in all."""
        return len(self.full) + len(self.brief) + self.more


@dataclass(frozen=True)
class Links:
    """The addresses that only this very message has: of the answer to an item, and of the page with all its rows."""

    acknowledge: Callable[[Item], str | None] = lambda item: None
    all_rows: str | None = None


NO_LINKS = Links()


def own_links(message_id: int) -> Links:
    """Return the addresses of a digest: whoever owes overdue work may say from the mail that it is being done; before its last
    day nothing climbs, and an answer would only use up one of the times it helps."""

    def answer(item: Item) -> str | None:
        asked = item.kind != REPORT and item.days_overdue and item.level in {Level.RESPONSIBLE, Level.HEAD}
        return acknowledge_address(message_id, item.assignment_id) if asked else None

    return Links(answer, address("digest", message_id=message_id))


def whole_sections(items: Sequence[Item]) -> list[Section]:
    """Return the parts with every item in full, for a page, which is as long as it needs to be."""
    return sections(items, len(items), len(items))


def sections(items: Sequence[Item], in_full: int = IN_FULL, in_all: int = IN_ALL) -> list[Section]:
    """Return the parts that have anything in them, in the order in which they are read; the longest overdue come first."""
    groups = {code: sorted(filter(wanted, items), key=_order) for code, wanted in _BELONGS.items()}
    groups = {code: group for code, group in groups.items() if group}
    found, shown, kept_free = [], 0, sum(min(len(group), AT_LEAST) for group in groups.values())
    for code, group in groups.items():
        kept_free -= min(len(group), AT_LEAST)  # a later part is named too, however long an earlier one is
        full = max(in_full - shown, 0)
        told = max(in_all - shown - kept_free, min(len(group), AT_LEAST))
        found.append(Section(code, tuple(group[:full]), tuple(group[full:told]), max(len(group) - told, 0)))
        shown += min(len(group), told)
    return found


def events(
    items: Sequence[Item], at: datetime, host: str, about: Callable[[Item], tuple[str, str, str]]
) -> list[Event]:
    """Return the days to come of the reader's own items, for calendar programs. `about`: an item's title, description, address.

    `at` is when the digest is written: a later digest that moves a day counts, not the earlier one.
    """
    ahead = [item for item in items if item.level == Level.RESPONSIBLE and not item.days_overdue]
    return [
        Event(f"{item.kind}-{item.assignment_id}@{host}", item.effective_on, *about(item), changed_at=at, alarm_days=1)
        for item in sorted(ahead, key=_order)
    ]


def _order(item: Item) -> tuple[object, ...]:
    return item.effective_on, item.agency_name, item.task_id


def _is_above(item: Item) -> bool:
    return item.level != Level.RESPONSIBLE


_BELONGS: dict[str, Callable[[Item], bool]] = {
    "late": lambda item: not _is_above(item) and item.kind != REPORT and bool(item.days_overdue),
    "ahead": lambda item: not _is_above(item) and item.kind != REPORT and not item.days_overdue,
    "reports": lambda item: not _is_above(item) and item.kind == REPORT,
    "above": _is_above,
}
