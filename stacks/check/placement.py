"""Capacity: what the clusters of a cell ask of its Kafka nodes fits into what the cell declares.

Nodes are the same in every zone and loads spread over all zones, so one zone is judged: the busiest share of each
load, packed first-fit decreasing onto `most_per_zone` nodes. First-fit is what makes the answer safe: where it finds
a packing there is one; the scheduler may only find it harder, never impossible.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from components import catalog
from components.clouds.machines import Machine, machines
from components.services.contract import Load
from stacks import request
from stacks.check.told import told
from stacks.fleet import Cell, Cluster, Fleet
from stacks.problem import Problem


@dataclass
class _Node:
    cpu: float
    memory_gib: float
    guests: set[str] = field(default_factory=set)

    def take(self, owner: str, load: Load) -> bool:
        """Put one pod here if it fits."""
        alone = load.exclusive and owner in self.guests
        if alone or load.cpu > self.cpu or load.memory_gib > self.memory_gib:
            return False
        self.cpu -= load.cpu
        self.memory_gib -= load.memory_gib
        self.guests.add(owner)
        return True


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Clusters that do not fit into their cell any more, told at the cluster that comes last by name."""
    by_cell: dict[str, list[Cluster]] = {}
    for cluster in fleet.clusters.values():
        if fleet.stands(cluster):
            by_cell.setdefault(cluster.cell, []).append(cluster)
    for name, clusters in by_cell.items():
        cell = fleet.cells[name]
        machine = machines(cell.spec.cloud).get(cell.spec.kubernetes.kafka_nodes.machine)
        if machine is not None:
            yield from _fill(fleet, cell, machine, sorted(clusters, key=lambda c: c.name))


def _fill(fleet: Fleet, cell: Cell, machine: Machine, clusters: list[Cluster]) -> Iterable[Problem]:
    most = cell.spec.kubernetes.kafka_nodes.most_per_zone
    asked: list[tuple[Cluster, Load]] = []
    for cluster in clusters:
        asked.extend((cluster, load) for load in _loads(fleet, cluster))
        nodes = [_Node(machine.allocatable_cpu, machine.allocatable_memory_gib) for _ in range(most)]
        left_over = _pack(nodes, asked, len(cell.spec.zones))
        if left_over is None:
            continue
        owner, load = left_over
        yield told(
            cluster.resolved,
            ("cell",),
            "cell-full",
            f"cell '{cell.name}' has no room for {load.what} of cluster '{owner.name}' "
            f"({load.cpu:g} CPU, {load.memory_gib:g} GiB each) beside what is there",
            f"{most} {machine.name} a zone with {machine.allocatable_cpu:g} CPU and "
            f"{machine.allocatable_memory_gib:g} GiB for pods each",
            "raise kubernetes.kafka_nodes.most_per_zone of the cell, or place the cluster on another cell",
        )
        return


def _loads(fleet: Fleet, cluster: Cluster) -> Iterable[Load]:
    for key in cluster.services:
        entry, asked = request.service(fleet, cluster, key)
        yield from catalog.load(entry.loads)(asked)


def _pack(nodes: list[_Node], asked: list[tuple[Cluster, Load]], zones: int) -> tuple[Cluster, Load] | None:
    """The first pod that finds no node, or None."""
    for cluster, load in sorted(asked, key=lambda pair: (-pair[1].memory_gib, -pair[1].cpu)):
        owner = f"{cluster.name}/{load.what}"
        for _ in range(math.ceil(load.pods / zones)):
            if not any(node.take(owner, load) for node in nodes):
                return cluster, load
    return None
