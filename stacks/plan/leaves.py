"""Which values of a document differ.

Owns      the walk through two mappings, and the place of each difference in the files.
Refuses   lists element by element: like the merge of layers, it takes them as one value.
"""

from collections.abc import Collection, Iterator
from typing import Any

from components import catalog
from components.impact.contract import MISSING
from components.model import whole_fields
from stacks.fleet import Fleet
from stacks.plan.half import same
from stacks.plan.pair import Leaf
from stacks.resolve import Path, Resolved
from stacks.stack import Stack

Difference = tuple[Path, Any, Any]


def differences(old: Any, new: Any, path: Path = (), whole: Collection[Path] = ()) -> Iterator[Difference]:
    """Path, old and new value of each difference, in the order of the keys. What only one side has is one difference.

    whole  paths of variants: one value where they do not have the same keys
    """
    if isinstance(old, dict) and isinstance(new, dict) and (path not in whole or old.keys() == new.keys()):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key, MISSING), new.get(key, MISSING), (*path, key), whole)
    elif old is MISSING or new is MISSING or not same(old, new):
        yield path, old, new


def own(fleet: Fleet, stack: Stack) -> Resolved:
    """The resolved document that declares a stack."""
    if stack.kind == "app":
        return fleet.apps[(stack.cluster, stack.app)].resolved
    if stack.kind == "cell":
        return fleet.cells[stack.cell].resolved
    return fleet.clusters[stack.cluster].resolved


def is_own(stack: Stack, path: Path) -> bool:
    """Whether a path of the declaring document is the stack's own: its section, or what all of the file shares."""
    if stack.kind == "app":
        return True
    if stack.kind == "cell":
        return path[:1] != ("services",)
    if path[:1] == ("services",):
        return len(path) < 2 or path[1] == stack.service
    # A cell written in place is a stack of its own.
    return path[:1] != ("cell",) or len(path) == 1


def leaves(stack: Stack, before: Resolved, after: Resolved) -> tuple[Leaf, ...]:
    """The values of the stack's own document that differ."""
    whole = {
        ("services", key, name)
        for key, entry in catalog.services().items()
        for name in whole_fields(catalog.spec_of(entry))
    }
    found = []
    for path, old, new in differences(before.data, after.data, (), whole):
        if is_own(stack, path):
            side = before if new is MISSING else after
            layer, _ = side.origin(path)
            found.append(Leaf(path, old, new, *side.position(path), layer.title))
    return tuple(found)
