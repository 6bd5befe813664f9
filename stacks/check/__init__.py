"""Laws across files. Each is a function from a Fleet to problems; `LAWS` is all of them, in no meaningful order.

Owns      what makes a set of valid files a valid fleet.
Refuses   what one file's model already says, and Pulumi.
"""

from collections.abc import Callable, Iterable

from stacks.check import (
    addresses,
    apps,
    cells,
    clusters,
    existing,
    joins,
    limits,
    names,
    networks,
    owners,
    placement,
    policies,
    references,
    retirement,
    room,
)
from stacks.fleet import Fleet
from stacks.problem import Problem

LAWS: tuple[Callable[[Fleet], Iterable[Problem]], ...] = (
    names.problems,
    addresses.problems,
    cells.problems,
    networks.problems,
    references.problems,
    joins.problems,
    existing.problems,
    room.problems,
    limits.problems,
    clusters.problems,
    owners.problems,
    placement.problems,
    apps.problems,
    policies.problems,
    retirement.problems,
)
