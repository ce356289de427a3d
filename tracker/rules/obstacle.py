"""An obstacle (vướng mắc) from level to level: the one table of its steps, and the clock of whoever must answer.

The plan sends difficulties to the standing body; what is beyond its authority ("vượt thẩm quyền") it gathers for the
province (Kế hoạch Chuyển đổi số năm 2023, mục V). What is not in the table cannot happen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.workdays import WorkCalendar


class Level(StrEnum):
    """Who is able to decide, from the lower to the higher."""

    STANDING_BODY = "standing_body"
    PROVINCE = "province"


class State(StrEnum):
    """`waiting` for the level; `answered`: the agency has the answer; `closed`."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


Place = tuple[Level, State]
BOTTOM, TOP = Level.STANDING_BODY, Level.PROVINCE
WAITING = tuple((level, State.WAITING) for level in Level)
ANSWERED = tuple((level, State.ANSWERED) for level in Level)


@dataclass(frozen=True)
class Step:
    """From any of `sources` to `target`, at the same level unless `rises_to` names another, by `who`: agency, level, system."""

    verb: str
    sources: tuple[Place, ...]
    target: State
    who: str
    rises_to: Level | None = None

    @property
    def is_answer(self) -> bool:
        """Whether the level does with it what it was asked for, so that its clock says in time or late."""
        return self.who == "level" and all(state is State.WAITING for _, state in self.sources)


STEPS = (
    Step("answer", WAITING, State.ANSWERED, "level"),
    Step("escalate", ((BOTTOM, State.WAITING),), State.WAITING, "level", rises_to=TOP),
    Step("decide", ((TOP, State.WAITING),), State.ANSWERED, "level"),
    Step("ask_again", ANSWERED, State.WAITING, "agency"),
    Step("close", (*WAITING, *ANSWERED), State.CLOSED, "agency"),
    Step("settle", ANSWERED, State.CLOSED, "level"),  # the agency had its time and said nothing
    Step("lapse", (*WAITING, *ANSWERED), State.CLOSED, "system"),  # the assignment itself is closed
)
RAISE = "raise"
"""How every obstacle begins, waiting at the level the agency chose."""
_BY_VERB = {step.verb: step for step in STEPS}


def step(verb: str) -> Step:
    """Return the step a verb makes. Raises KeyError for a verb that is not in the table."""
    return _BY_VERB[verb]


def allowed(verb: str, level: str, state: str) -> bool:
    """Return whether the step may be taken where the obstacle stands. Raises KeyError for a verb not in the table."""
    return (Level(level), State(state)) in step(verb).sources


def after(verb: str, level: str) -> Place:
    """Return where an obstacle stands after a step taken at `level`. Raises KeyError for a verb that is not in the table."""
    if verb == RAISE:
        return Level(level), State.WAITING
    taken = step(verb)
    return taken.rises_to or Level(level), taken.target


def answer_due(received_on: date, days: int, calendar: WorkCalendar) -> date:
    """Return the last day to answer: `days` working days after the day the level received it, which is not counted."""
    return calendar.shift(received_on, days)


def settles_from(answered_on: date, days: int, calendar: WorkCalendar) -> date:
    """Return the first day on which the level may settle what it answered: the agency has as many days as the level had."""
    return calendar.shift(calendar.shift(answered_on, days), 1)


def drawn(levels: Mapping[str, object], states: Mapping[str, object], verbs: Mapping[str, object]) -> Iterator[str]:
    """Return the lines of a Mermaid diagram of every place and step, with the words for their codes."""
    yield "stateDiagram-v2"
    for level, state in (*WAITING, *ANSWERED):
        yield f"    {_named((level, state))}: {levels[level.value]}, {states[state.value]}"
    yield f"    closed: {states[State.CLOSED.value]}"
    yield from (f"    [*] --> {_named((level, State.WAITING))}: {verbs[RAISE]}" for level in Level)
    arrows: dict[tuple[str, str], list[str]] = {}
    for taken in STEPS:
        for place in taken.sources:
            arrows.setdefault((_named(place), _named(after(taken.verb, place[0]))), []).append(str(verbs[taken.verb]))
    yield from (f"    {a} --> {b}: {' · '.join(said)}" for (a, b), said in arrows.items())


def _named(place: Place) -> str:
    level, state = place
    return state.value if state is State.CLOSED else f"{level.value}_{state.value}"
