"""Capacity: what the clusters of a cell ask of its Kafka nodes fits into what the cell declares."""

from collections.abc import Iterable, Iterator

from components import catalog
from components.cell.packing import left_over
from components.clouds.machines import Machine, machines
from components.services.contract import Load
from stacks import request
from stacks.check.told import told
from stacks.fleet import Cell, Cluster, Fleet
from stacks.problem import Problem


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
    asked: list[tuple[Cluster, str, Load]] = []
    for cluster in clusters:
        asked.extend((cluster, cluster.name, load) for _, load in loads(fleet, cluster))
        found = left_over(machine, most, asked, len(cell.spec.zones))
        if found is None:
            continue
        owner, load = found
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


def loads(fleet: Fleet, cluster: Cluster) -> Iterator[tuple[str, Load]]:
    """What each service of a cluster puts on the Kafka nodes, with the service's key. The cluster must stand."""
    for key in cluster.services:
        entry, asked = request.service(fleet, cluster, key)
        yield from ((key, load) for load in catalog.load(entry.loads)(asked))
