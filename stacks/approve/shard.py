"""Stacks dealt out to several machines.

Owns      which part a stack is in: by its name and kind alone, so that all machines agree without talking.
Refuses   the state: it may change between two machines' looks, and a stack would be left out.
"""

import heapq
from collections.abc import Mapping

from stacks.stack import Stack

_SECONDS = {"cell": 6, "service": 1, "app": 1}
"""What a preview takes next to a service's: measured 2.5 to 5 s for cells and 0.5 s for the others."""


def shard(stacks: Mapping[str, Stack], number: int, of: int) -> tuple[str, ...]:
    """Names in part `number` (from 1) of `of`, in the order of `stacks`: the longest first, each to the least busy."""
    least = [(0, part) for part in range(1, of + 1)]
    mine = set()
    for name in sorted(stacks, key=lambda name: (-_SECONDS[stacks[name].kind], name)):
        busy, part = least[0]
        heapq.heapreplace(least, (busy + _SECONDS[stacks[name].kind], part))
        if part == number:
            mine.add(name)
    return tuple(name for name in stacks if name in mine)
