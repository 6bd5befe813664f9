"""Tombstones: what stands on something ends before it does, and a tombstone is a line of the thing's own file.

Owns      the order app -> cluster -> cell of retirements, days that have not come, services that are no longer there.
Refuses   what only two revisions show: waiting times, and removals (`stacks/check/changes`).
"""

from collections.abc import Iterable, Iterator

from components.lifecycle import Retirable, Retirement
from stacks.check.told import told
from stacks.fleet import App, Cluster, Fleet
from stacks.problem import Problem
from stacks.resolve import Path, Resolved
from stacks.today import today


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Every tombstone that cannot be one."""
    now = today()
    for resolved, path, retirement in stated(fleet):
        if retirement.since > now.isoformat():
            yield told(
                resolved,
                (*path, "since"),
                "retirement-in-future",
                f"retired since {retirement.since}, which has not come",
                f"{now} or earlier",
                "a retirement counts from the day on which it is written",
            )
    yield from _own_lines(fleet)
    for cluster in fleet.clusters.values():
        yield from _services(cluster)
        yield from _on_cell(fleet, cluster)
    for app in fleet.apps.values():
        yield from _on_cluster(fleet, app)


def _things(fleet: Fleet) -> Iterator[tuple[Resolved, Retirable]]:
    """Every file that can be retired. An inline cell ends with its cluster."""
    for cell in fleet.cells.values():
        if isinstance(cell.spec, Retirable):
            yield cell.resolved, cell.spec
    for cluster in fleet.clusters.values():
        yield cluster.resolved, cluster.spec
    for app in fleet.apps.values():
        yield app.resolved, app.spec


def stated(fleet: Fleet) -> Iterator[tuple[Resolved, Path, Retirement]]:
    """Every retirement of the fleet, with the mapping and the path where it stands."""
    for resolved, spec in _things(fleet):
        if spec.retirement is not None:
            yield resolved, ("retirement",), spec.retirement
    for cluster in fleet.clusters.values():
        for key, retirement in cluster.spec.retired_services.items():
            yield cluster.resolved, ("retired_services", key), retirement
    for app in fleet.apps.values():
        for name, topic in app.spec.topics.items():
            if topic.retirement is not None:
                yield app.resolved, ("topics", name, "retirement"), topic.retirement


def _own_lines(fleet: Fleet) -> Iterator[Problem]:
    """Retired by a profile, a line elsewhere would retire many, and another end all of them."""
    for resolved, _ in _things(fleet):
        for key in ("lifecycle", "retirement", "retired_services"):
            layer, _ = resolved.origin((key,))
            if key in resolved.data and layer.document.file != resolved.file:
                yield told(
                    resolved,
                    (key,),
                    "tombstone-elsewhere",
                    f"{layer.title} states `{key}`: a tombstone stands in the file of what it is about",
                    hint="`fleet retire` writes it there",
                    key=True,
                )


def _services(cluster: Cluster) -> Iterator[Problem]:
    for key in cluster.spec.retired_services:
        if key == "kafka" or key not in cluster.services:
            why = "kafka ends with its cluster" if key == "kafka" else f"the cluster has no service '{key}'"
            yield told(
                cluster.resolved,
                ("retired_services", key),
                "no-service-to-retire",
                why,
                ", ".join(sorted(cluster.services.keys() - {"kafka"})),
                f"retire the cluster: `fleet retire {cluster.name}`" if key == "kafka" else "remove the line",
                key=True,
            )


def _on_cell(fleet: Fleet, cluster: Cluster) -> Iterator[Problem]:
    """That a cluster on a retired cell is retired too is told with the other laws of placement."""
    cell = fleet.cells.get(cluster.cell)
    if cell is None or cell.inline or not cell.given_up or cluster.spec.retirement is None:
        return
    if not cluster.spec.gives_up:
        yield told(
            cluster.resolved,
            ("retirement", "data"),
            "data-kept-on-nothing",
            f"this cluster keeps its data, and cell '{cell.name}' gives up the key and the disks that it is on",
            "deleted",
            f"keep the data of the cell too, in {cell.resolved.file}",
        )


def _on_cluster(fleet: Fleet, app: App) -> Iterator[Problem]:
    cluster = fleet.clusters.get(app.spec.cluster)
    if cluster is None or cluster.spec.lifecycle != "retired":
        return
    if app.spec.lifecycle != "retired":
        yield told(
            app.resolved,
            ("cluster",),
            "cluster-retired",
            f"cluster '{cluster.name}' is retired, and this app on it is not",
            hint=f"retire the app first: `fleet retire {cluster.name}/{app.name}`",
        )
    elif cluster.spec.gives_up and not app.spec.gives_up:
        yield told(
            app.resolved,
            ("retirement", "data"),
            "data-kept-on-nothing",
            f"this app keeps its data, and cluster '{cluster.name}' gives up everything that it is on",
            "deleted",
            f"keep the data of the cluster too, in {cluster.resolved.file}",
        )
