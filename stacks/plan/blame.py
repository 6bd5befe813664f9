"""Where in the files the reason for a change of an object stands.

Owns      the choice among what experiments found, and the place to show where no changed value explains a change.
Refuses   experiments (`experiment.py`) and judgement of changes (`components/impact`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components.impact.contract import ObjectChange
from components.impact.diff import changes
from components.services.contract import Manifest
from stacks.plan.experiment import Found, experiment, key
from stacks.plan.pair import Leaf, Pair
from stacks.resolve import Path

Key = tuple[str, str, Path]


@dataclass(frozen=True)
class Cause:
    """A place in a file. `leaf` where a changed value stands there; `what` says for people what else it is."""

    file: str
    line: int
    column: int
    what: str = ""
    leaf: Leaf | None = None


def of_leaf(leaf: Leaf) -> Cause:
    """The place of a changed value."""
    return Cause(leaf.file, leaf.line, leaf.column, ".".join(map(str, leaf.path)), leaf)


class Blame:
    """The causes of one stack's changes. Experiments are made once, and not at all where there is one value or none."""

    def __init__(self, pair: Pair, before: Sequence[Manifest]) -> None:
        self._pair = pair
        self._found: Found | None = None
        self._code: frozenset[Key] = frozenset()
        side = pair.before
        if side is not None and pair.leaves and self._needs_experiments(pair):
            self._found = experiment(side, pair.leaves)
            # What differs between the old objects and the same document rendered here is the code's doing.
            self._code = frozenset(key(change) for change in changes(before, self._found.base))

    @staticmethod
    def _needs_experiments(pair: Pair) -> bool:
        return len(pair.leaves) > 1 or any(through.kind != "file" for through in pair.through)

    def of(self, change: ObjectChange) -> Cause:
        """The cause of one change."""
        mine, leaves = key(change), self._pair.leaves
        if self._found is None:
            return of_leaf(leaves[0]) if leaves else self._elsewhere(change)
        exact = [group for group, did in self._found.alone if mine in did]
        near = exact or [group for group, did in self._found.alone if any(_overlaps(mine, one) for one in did)]
        if near:
            return of_leaf(_nearest([leaf for group in near for leaf in group], change))
        if any(_overlaps(mine, one) for one in self._found.together):
            silent = [leaf for group, did in self._found.alone if not did for leaf in group]
            return of_leaf(_nearest(silent or list(leaves), change))
        return self._elsewhere(change)

    def _elsewhere(self, change: ObjectChange) -> Cause:
        """What no changed value explains came from beside the document: the cell, another cluster, the code."""
        through = self._pair.through
        code = [one for one in through if one.kind == "code"]
        beside = [one for one in through if one.kind not in ("file", "profile", "service", "code")]
        ordered = code + beside if key(change) in self._code else beside + code
        first = next(iter([*ordered, *through]), None)
        if first is None:
            return Cause(self._pair.one.stack.file, 1, 1)
        return Cause(first.file, max(first.line, 1), 1, first.what)


def _overlaps(one: Key, other: Key) -> bool:
    """Whether two changes are of the same object, and one's property is the other's or inside it."""
    shorter = min(len(one[2]), len(other[2]))
    return one[:2] == other[:2] and one[2][:shorter] == other[2][:shorter]


def _nearest(leaves: Sequence[Leaf], change: ObjectChange) -> Leaf:
    """Of several values that may be meant, the one whose names are those of the change."""
    words = {change.name, change.role, *map(str, change.path)}
    text = " ".join(words)

    def shared(leaf: Leaf) -> int:
        parts = [str(part) for part in leaf.path]
        return sum(2 if part in words else 1 if len(part) > 2 and part in text else 0 for part in parts)

    return max(leaves, key=shared)
