"""The whole fleet as data, and the stacks that follow from it.

Owns      what a cell, a cluster, an app and the fleet of them are once their files were validated.
Refuses   Pulumi and the cloud SDKs; guessing (a thing that failed validation is absent from the Fleet, and things
          that refer to it are not told as broken for that).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from components import catalog
from components.apps.spec import AppSpec
from components.cell.spec import CellBody
from components.model import Spec
from components.services.contract import ServiceRequest
from stacks.problem import Problem
from stacks.resolve import Resolved
from stacks.spec import ClusterBase, FleetSpec, ServiceSpec
from stacks.stack import Stack


@dataclass(frozen=True)
class Cell:
    """A place to run Kafka: a cell file, or the inline cell of the cluster of the same name.

    at  path of the cell's body in its resolved mapping: () in a cell file, ("cell",) in a cluster file
    given_up  retired, its data stated to be deleted; an inline cell is its cluster's in this too
    """

    name: str
    owner: str
    environment: str
    production: bool
    cost_center: str
    spec: CellBody
    resolved: Resolved
    at: tuple[str, ...] = ()
    given_up: bool = False

    @property
    def inline(self) -> bool:
        """Whether it belongs to one cluster alone."""
        return bool(self.at)

    @property
    def protected(self) -> bool:
        """Whether what holds data, or carries what does, may not be deleted: production, until it is given up."""
        return self.production and not self.given_up


@dataclass(frozen=True)
class Cluster:
    """A Kafka cluster and its services. `cell` is the name of the cell, inline or shared."""

    name: str
    team: str
    cell: str
    ring: str
    spec: ClusterBase
    services: Mapping[str, Spec]
    resolved: Resolved

    def given_up(self, service: str) -> bool:
        """Whether a service is retired and its data stated to be deleted: its own tombstone, or the whole cluster's."""
        own = self.spec.retired_services.get(service)
        return self.spec.gives_up or (own is not None and own.gives_up)

    @cached_property
    def whole(self) -> bool:
        """Whether every service has those that it requires, `kafka` first of all, and none waits in a circle.

        Only then can a service's request be made: it holds what the others publish.
        """
        required = {other for key in self.services for other in catalog.services()[key].requires}
        return "kafka" in self.services and required <= self.services.keys() and not self.circle

    @cached_property
    def circle(self) -> tuple[str, ...]:
        """Services that wait for each other, each for the one before it; empty where there are none."""
        try:
            tuple(self._sorter().static_order())
        except CycleError as error:
            return tuple(error.args[1])
        return ()

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The services, each after those that it requires or uses; empty where they wait in a circle."""
        return () if self.circle else tuple(self._sorter().static_order())

    def _sorter(self) -> TopologicalSorter[str]:
        return TopologicalSorter({key: _needs(self, key) for key in sorted(self.services)})


@dataclass(frozen=True)
class App:
    """What one application has on one cluster."""

    name: str
    team: str
    spec: AppSpec
    resolved: Resolved


def app_uses(app: App, cluster: Cluster) -> tuple[str, ...]:
    """The services of its cluster that an app uses beside Kafka; only those that the cluster has."""
    wanted = {"connect": app.spec.connectors, "schema_registry": app.spec.subjects}
    return tuple(key for key, used in wanted.items() if used and key in cluster.services)


@dataclass(frozen=True)
class OwnerFile:
    """A service owner's own file."""

    service: str
    spec: ServiceSpec
    resolved: Resolved


@dataclass(frozen=True)
class Fleet:
    """Everything in `fleet/`, as far as it is valid. `declared` also names what is there and broken, by kind.

    apps   keyed by (cluster, app)
    files  every fleet file by kind, broken ones too, relative to the root
    services  the service owners' files, by service
    """

    root: Path
    settings: FleetSpec | None
    settings_resolved: Resolved | None
    cells: Mapping[str, Cell]
    clusters: Mapping[str, Cluster]
    apps: Mapping[tuple[str, str], App]
    declared: Mapping[str, frozenset[str]]
    files: Mapping[str, tuple[str, ...]]
    services: Mapping[str, OwnerFile] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    requests: dict[tuple[str, str], ServiceRequest] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Requests of services by (cluster, service), made once: every law asks for them again (`stacks/request.py`)."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that fail a run."""
        return tuple(p for p in self.problems if p.severity == "error")

    def stands(self, cluster: Cluster) -> bool:
        """Whether enough of a cluster is valid to judge what is on it: a cell in a known cloud, and whole services."""
        cell = self.cells.get(cluster.cell)
        return cell is not None and cell.spec.cloud in catalog.clouds() and cluster.whole

    @cached_property
    def stacks(self) -> Mapping[str, Stack]:
        """Every stack by name, in the order cells, services, apps."""
        found: dict[str, Stack] = {}
        for cell in self.cells.values():
            name = f"cell.{cell.name}"
            found[name] = Stack(name, "cell", cell.name, cell.resolved.file, cell.production)
        for cluster in self.clusters.values():
            # A circle was told by the check; a fleet with it is never run, but its stacks can still be listed.
            for key in cluster.order or sorted(cluster.services):
                name = f"{key}.{cluster.name}"
                needs = tuple(f"{other}.{cluster.name}" for other in _needs(cluster, key))
                found[name] = Stack(
                    name,
                    "service",
                    cluster.cell,
                    cluster.resolved.file,
                    cluster.spec.production,
                    cluster=cluster.name,
                    service=key,
                    after=(f"cell.{cluster.cell}", *needs),
                )
        for app in self.apps.values():
            on = self.clusters.get(app.spec.cluster)
            if on is None:
                continue
            name = f"app.{on.name}.{app.name}"
            found[name] = Stack(
                name,
                "app",
                on.cell,
                app.resolved.file,
                on.spec.production,
                cluster=on.name,
                app=app.name,
                after=(f"cell.{on.cell}", f"kafka.{on.name}", *(f"{key}.{on.name}" for key in app_uses(app, on))),
            )
        return found


def _needs(cluster: Cluster, service: str) -> list[str]:
    """The services of the cluster that must be applied before one of them."""
    entry = catalog.services()[service]
    return [other for other in (*entry.requires, *entry.uses) if other in cluster.services]
