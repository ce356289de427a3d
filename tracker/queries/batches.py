"""Many ids asked for some at a time: no statement may grow with the province."""

from collections.abc import Collection, Iterator

AT_ONCE = 5000


def batches(ids: Collection[int]) -> Iterator[list[int]]:
    """Return the ids in order, each once, AT_ONCE of them at most in a list; nothing for none."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]
