"""When agencies merge, split, are renamed or end: which plans can stand, and what becomes of one assignment.

Open work passes to the body that takes the functions over (Nghị quyết 190/2025/QH15, Điều 10); what is finished stays where
it was done. A split needs a choice for each piece of work, which only people can make.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.rules.folding import fold
from tracker.rules.timeliness import CLOSED, WorkState
from tracker.rules.transitions import allowed

MERGE, SPLIT, RENAME, DISSOLVE, TRANSFER = KINDS = ("merge", "split", "rename", "dissolve", "transfer")
MOVED, MERGED, LEFT = "moved", "merged", "left"


class Part(NamedTuple):
    """One predecessor and one successor of it (None: nobody takes over), with the words that say which part of the work."""

    agency_id: int
    successor_id: int | None
    scope: str | None = None


class Body(NamedTuple):
    """What of an agency a plan depends on; `valid_to` is the first day it no longer exists."""

    valid_from: date | None
    valid_to: date | None
    has_open_work: bool = False


class Fault(NamedTuple):
    """Why a plan cannot stand: a code, and the agency it is about where it is about one."""

    code: str
    agency_id: int | None = None


@dataclass(frozen=True)
class Owed:
    """What of an assignment decides; `pending`: something about it waits for an answer (an extension, an obstacle);
    `comes_back`: what is done is only this time's of a recurring duty."""

    state: str
    due_on: date | None
    effective_on: date | None
    pending: bool = False
    comes_back: bool = False


def outcome(mine: Owed, goes: bool, twin: Owed | None) -> str:
    """Return what becomes of an assignment of a predecessor: MOVED, MERGED or LEFT.

    `goes`: a successor takes it. `twin` is the successor's own assignment in the same task and role, if it has one. Finished
    work stays where it was done; the same order twice with the same dates becomes one; all else goes as it is.
    """
    if (mine.state in CLOSED and not mine.comes_back) or not goes:
        return LEFT
    if twin is None or twin.state in CLOSED or mine.pending or not allowed("merge", WorkState(mine.state)):
        return MOVED
    same_clock = (mine.due_on, mine.effective_on) == (twin.due_on, twin.effective_on)
    return MERGED if same_clock else MOVED


def faults(
    kind: str,
    parts: Sequence[Part],
    bodies: Mapping[int, Body],
    took_effect_on: date,
    before: Collection[tuple[int, int]] = (),
) -> list[Fault]:
    """Return what keeps the plan from standing, empty when nothing does. `before`: (predecessor, successor) known already."""
    olds = list(dict.fromkeys(part.agency_id for part in parts))
    heirs = list(dict.fromkeys(part.successor_id for part in parts if part.successor_id is not None))
    if not olds:
        return [Fault("nobody")]
    pairs = [part[:2] for part in parts]
    found = [Fault("twice", pair[0]) for pair in dict.fromkeys(pairs) if pairs.count(pair) > 1]
    found += [Fault("itself", part.agency_id) for part in parts if part.agency_id == part.successor_id]
    if not found:
        found = [Fault("both_sides", old) for old in olds if old in heirs]
        found += [Fault("circle", old) for old in olds if old not in heirs and _leads_to(heirs, old, before)]
    found += _wrong_number(kind, olds, heirs, bodies, took_effect_on)
    found += [fault for old in olds for fault in _of_old(old, bodies[old], took_effect_on, kind)]
    return found + [fault for heir in heirs for fault in _of_heir(heir, bodies[heir], took_effect_on)]


def _wrong_number(
    kind: str, olds: Sequence[int], heirs: Sequence[int], bodies: Mapping[int, Body], day: date
) -> list[Fault]:
    """A merger has one successor and two bodies at least, counting one that was there before; a new name has a new body."""
    if kind == MERGE:
        fine = len(heirs) == 1 and (len(olds) > 1 or _existed(bodies[heirs[0]], day))
        return [] if fine else [Fault("merge")]
    if kind == RENAME:
        if len(olds) != 1 or len(heirs) != 1:
            return [Fault("rename")]
        return [Fault("rename_into", heirs[0])] if _existed(bodies[heirs[0]], day) else []
    if kind == SPLIT:
        return [] if len(olds) == 1 and len(heirs) > 1 else [Fault("split")]
    if kind == TRANSFER:
        return [] if len(olds) == 1 and heirs else [Fault("transfer")]
    return [] if kind == DISSOLVE else [Fault("kind")]


def _existed(body: Body, day: date) -> bool:
    return body.valid_from is None or body.valid_from < day


def _of_old(agency_id: int, body: Body, day: date, kind: str) -> list[Fault]:
    """A body that has ended can only end on that very day, or give away what it still holds."""
    found = []
    if body.valid_from is not None and body.valid_from >= day:
        found.append(Fault("not_begun", agency_id))
    ended = body.valid_to is not None and body.valid_to <= day
    if (ended and kind == TRANSFER) or (ended and body.valid_to != day and not body.has_open_work):
        found.append(Fault("ended", agency_id))
    return found


def _of_heir(agency_id: int, body: Body, day: date) -> list[Fault]:
    if body.valid_from is not None and body.valid_from > day:
        return [Fault("heir_not_begun", agency_id)]
    return [Fault("heir_ended", agency_id)] if body.valid_to is not None and body.valid_to <= day else []


def _leads_to(heirs: Iterable[int], old: int, before: Collection[tuple[int, int]]) -> bool:
    """Return whether the work would come back to where it came from."""
    seen, ahead = set[int](), list(heirs)
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [successor for predecessor, successor in before if predecessor == here]
    return old in seen


def suggested(text: str, parts: Sequence[Part], stays: bool = False) -> int | None:
    """Return the successor whose part's words stand in `text` (of the order), else the first; None where it `stays`.

    Nothing but a suggestion: "báo chí, xuất bản" in the order's own words is a good sign, and people confirm it.
    """
    said = f" {fold(text)} "
    for part in parts:
        if any(f" {fold(words)} " in said for words in (part.scope or "").split(",") if fold(words)):
            return part.successor_id
    return parts[0].successor_id if parts and not stays else None


def kind_of(parts: Sequence[Part], bodies: Mapping[int, Body], took_effect_on: date) -> str:
    """Return what one calls it when these agencies give way to those: the kind for a plan drawn up from known successions."""
    olds = {part.agency_id for part in parts}
    heirs = {part.successor_id for part in parts if part.successor_id is not None}
    if len(olds) == 1 and bodies[next(iter(olds))].valid_to is None:
        return TRANSFER
    if len(heirs) == 1:
        new = not _existed(bodies[next(iter(heirs))], took_effect_on)
        return RENAME if len(olds) == 1 and new else MERGE
    return SPLIT if len(olds) == 1 and heirs else DISSOLVE
