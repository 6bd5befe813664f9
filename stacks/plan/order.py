"""The order in which affected stacks are applied, and how long that takes.

Owns      waves: rings first to last, within a ring cells, then services as they need each other, then apps.
Refuses   pacing: how long a ring rests before the next one begins is not the plan's.
"""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

from stacks.plan.document import Affected, Estimate
from stacks.stack import Stack

_DEPTH = {"cell": 0, "service": 1, "app": 2}


def waves(stacks: Mapping[str, Stack], ring: Mapping[str, int], gone: frozenset[str]) -> dict[str, int]:
    """The wave of each affected stack, from 1.

    stacks  affected stacks by name, each with everything that it stands on
    ring    number of each stack's ring
    gone    stacks that end: they go last, apps before services before cells
    """
    needs = {name: [other for other in one.after if other in stacks] for name, one in stacks.items()}
    order = tuple(TopologicalSorter(needs).static_order())
    # Among those that end the order is turned round: what stands on another ends before it.
    height = dict.fromkeys(gone, 0)
    for name in reversed(order):
        for other in needs[name]:
            if name in gone and other in gone:
                height[other] = max(height[other], height[name] + 1)
    keys: dict[str, tuple[int, ...]] = {}
    for name in order:
        one, before = stacks[name], [keys[other] for other in needs[name]]
        if name in gone:
            keys[name] = (1, height[name])
            continue
        # A ring never begins before what it stands on: a cell of a later ring holds its clusters back.
        at = max([ring[name], *(key[1] for key in before if key[0] == 0)])
        same = [key[3] for key in before if key[:3] == (0, at, _DEPTH[one.kind])]
        keys[name] = (0, at, _DEPTH[one.kind], max(same, default=-1) + 1)
    numbers = {key: number for number, key in enumerate(sorted(set(keys.values())), 1)}
    return {name: numbers[key] for name, key in keys.items()}


def duration(stacks: Sequence[Affected]) -> Estimate:
    """Wall time of all: the waves one after the other, each as long as its longest stack."""
    longest: dict[int, Affected] = {}
    for one in stacks:
        known = longest.get(one.wave)
        if known is None or one.estimate.seconds > known.estimate.seconds:
            longest[one.wave] = one
    parts = [longest[wave] for wave in sorted(longest) if longest[wave].estimate.seconds]
    return Estimate(
        seconds=sum(one.estimate.seconds for one in parts),
        formula=" + ".join(f"{one.stack} {one.estimate.seconds} s" for one in parts[:6])
        + (f" + {len(parts) - 6} more waves" if len(parts) > 6 else ""),
    )
