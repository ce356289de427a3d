"""Every change of the workflow state there is: the one table. What is not in it cannot happen.

People set the state, time never does; who may is the business of tracker.permissions. A verb that is not here (a deadline
extended, the work given to a successor) leaves the state alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.rules.timeliness import WorkState

S = WorkState
AT_WORK = (S.NOT_STARTED, S.IN_PROGRESS, S.RETURNED)
"""It is the agency's turn and nothing holds it."""


@dataclass(frozen=True)
class Transition:
    """From any of `sources` to `target`, by `who`: agency, head, office, system."""

    verb: str
    sources: tuple[WorkState, ...]
    target: WorkState
    who: str


TRANSITIONS = (
    Transition("report", AT_WORK, S.IN_PROGRESS, "agency"),
    Transition("ask_approval", AT_WORK, S.IN_PROGRESS, "agency"),  # to its own head; the clock goes on meanwhile
    Transition("decline", (S.IN_PROGRESS,), S.IN_PROGRESS, "head"),
    Transition("propose", AT_WORK, S.AWAITING, "agency"),
    Transition("approve", (S.IN_PROGRESS,), S.AWAITING, "head"),
    Transition("recall", (S.AWAITING,), S.IN_PROGRESS, "agency"),
    Transition("confirm", (S.AWAITING,), S.DONE, "office"),
    Transition("return", (S.AWAITING,), S.RETURNED, "office"),
    Transition("reopen", (S.DONE,), S.RETURNED, "office"),
    Transition("pause", AT_WORK, S.PAUSED, "office"),
    Transition("resume", (S.PAUSED,), S.IN_PROGRESS, "office"),
    Transition("drop", (*AT_WORK, S.PAUSED), S.WITHDRAWN, "office"),
    Transition("restore", (S.WITHDRAWN,), S.IN_PROGRESS, "office"),
    Transition("open_occurrence", (S.DONE,), S.NOT_STARTED, "system"),
    Transition("skip_occurrence", AT_WORK, S.NOT_STARTED, "office"),  # nothing came up this time; the next is not begun
    Transition("merge", (*AT_WORK, S.PAUSED), S.WITHDRAWN, "system"),
)
SUSPENSIONS = ("pause", "resume", "drop", "restore", "reopen")
"""What the Office does to work itself, whatever the agency reports: always with a reason and on a stated basis."""
_BY_VERB = {transition.verb: transition for transition in TRANSITIONS}


def transition(verb: str) -> Transition:
    """Return the transition a verb makes. Raises KeyError for a verb that is not in the table."""
    return _BY_VERB[verb]


def allowed(verb: str, state: WorkState | str) -> bool:
    """Return whether the verb may be done to work in that state. Raises KeyError for a verb that is not in the table."""
    return WorkState(state) in transition(verb).sources


def drawn(states: Mapping[str, object], verbs: Mapping[str, object]) -> Iterator[str]:
    """Return the lines of a Mermaid diagram of every state and transition, with the words for their codes."""
    yield "stateDiagram-v2"
    yield from (f"    {state.value}: {states[state.value]}" for state in WorkState)
    yield f"    [*] --> {WorkState.NOT_STARTED.value}"
    arrows: dict[tuple[WorkState, WorkState], list[str]] = {}
    for change in TRANSITIONS:
        for source in change.sources:
            arrows.setdefault((source, change.target), []).append(str(verbs[change.verb]))
    yield from (f"    {a.value} --> {b.value}: {' · '.join(said)}" for (a, b), said in arrows.items())
