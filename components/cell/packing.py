"""How pods fit onto a cell's Kafka nodes.

Owns      first-fit decreasing over one zone. Nodes are the same in every zone and loads spread over all zones, so one
          zone is judged: the busiest share of each load. First-fit is what makes the answer safe: where it finds a
          packing there is one; the scheduler may only find it harder, never impossible.
Refuses   fleet files: an owner is whatever the caller tells loads apart by.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from components.clouds.machines import Machine
from components.services.contract import Load

Owner = TypeVar("Owner")


@dataclass
class _Node:
    cpu: float
    memory_gib: float
    guests: set[str] = field(default_factory=set)

    def take(self, key: str, load: Load) -> bool:
        """Put one pod here if it fits."""
        alone = load.exclusive and key in self.guests
        if alone or load.cpu > self.cpu or load.memory_gib > self.memory_gib:
            return False
        self.cpu -= load.cpu
        self.memory_gib -= load.memory_gib
        self.guests.add(key)
        return True


def _node(machine: Machine) -> _Node:
    return _Node(machine.allocatable_cpu, machine.allocatable_memory_gib)


def _pods(asked: Iterable[tuple[Owner, str, Load]], zones: int) -> Iterator[tuple[Owner, str, Load]]:
    """Each pod of one zone, the largest first."""
    for owner, name, load in sorted(asked, key=lambda each: (-each[2].memory_gib, -each[2].cpu)):
        for _ in range(math.ceil(load.pods / zones)):
            yield owner, f"{name}/{load.what}", load


def left_over(
    machine: Machine, nodes: int, asked: Iterable[tuple[Owner, str, Load]], zones: int
) -> tuple[Owner, Load] | None:
    """The first pod that finds no room on `nodes` nodes of a zone, or None. Loads with owner and the owner's name."""
    made = [_node(machine) for _ in range(nodes)]
    for owner, key, load in _pods(asked, zones):
        if not any(node.take(key, load) for node in made):
            return owner, load
    return None


def needed(machine: Machine, asked: Iterable[tuple[Owner, str, Load]], zones: int) -> int:
    """Nodes of a zone on which everything finds room. A pod that fits on none counts as one node."""
    made: list[_Node] = []
    for _, key, load in _pods(asked, zones):
        if not any(node.take(key, load) for node in made):
            made.append(_node(machine))
            made[-1].take(key, load)
    return len(made)
