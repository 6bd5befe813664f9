"""Which stack of a run waits for which.

Owns      the order between stacks for each operation.
Refuses   running anything (`schedule.py`).
"""

from collections.abc import Collection, Mapping

from stacks.run.outcome import Operation
from stacks.stack import Stack

Needs = dict[str, set[str]]


def order(
    operation: Operation,
    asked: Collection[str],
    fleet: Mapping[str, Stack],
    gone: Mapping[str, Collection[str]] | None = None,
) -> Needs:
    """Name -> names that go first: as the fleet says for up, turned round for destroy, none to look only.

    gone  stacks of an up that are deleted, each with those that stood on it and are still there: these change first,
          so that nothing stands on what goes; deletions among themselves go as in a destroy
    """
    names = set(asked)
    stands_on = {name: set(fleet[name].after) & names for name in names}
    above = {name: {other for other in names if name in stands_on[other]} for name in names}
    if operation == "destroy":
        return above
    if operation != "up":
        return {name: set() for name in names}
    deleted = gone or {}
    return {
        name: above[name] | (set(deleted[name]) & names) if name in deleted else stands_on[name] - deleted.keys()
        for name in names
    }
