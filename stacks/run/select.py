"""From what a person types to stacks.

Owns      patterns: a stack, a cluster, a cell, a glob.
Refuses   nothing found: a pattern without a stack is a mistake, not an empty run.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from stacks.nearest import nearest
from stacks.stack import Stack


class NoSuchStack(Exception):  # noqa: N818 - reads as what it is
    """A pattern that names nothing; the text says what is near."""


def select(stacks: Mapping[str, Stack], patterns: Iterable[str]) -> tuple[str, ...]:
    """Names of the stacks that the patterns mean, each once, in the fleet's order."""
    chosen: set[str] = set()
    for pattern in patterns:
        found = _meant(stacks, pattern)
        if not found:
            raise NoSuchStack(_nothing(stacks, pattern))
        chosen |= found
    return tuple(name for name in stacks if name in chosen)


def _meant(stacks: Mapping[str, Stack], pattern: str) -> set[str]:
    if pattern in stacks:
        return {pattern}
    # An inline cell has its cluster's name, and belongs to it.
    of_cluster = {name for name, stack in stacks.items() if stack.cluster == pattern}
    cell = f"cell.{pattern}"
    if of_cluster or cell in stacks:
        return of_cluster | ({cell} if cell in stacks else set())
    return {name for name in stacks if fnmatchcase(name, pattern)}


def _nothing(stacks: Mapping[str, Stack], pattern: str) -> str:
    words = {*stacks, *(one.cluster for one in stacks.values() if one.cluster), *(one.cell for one in stacks.values())}
    hint = nearest(pattern, words) or "`fleet status` lists the stacks"
    return f"'{pattern}' is no stack, cluster or cell of this fleet; {hint}"
