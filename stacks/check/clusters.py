"""One cluster: it stands somewhere, its services are whole, and each service's own rules hold."""

from collections.abc import Iterable

from components import catalog
from stacks import request
from stacks.check.told import found, told
from stacks.fleet import Cluster, Fleet
from stacks.nearest import nearest
from stacks.problem import Problem


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What is wrong with each cluster, the findings of its services' owners included."""
    yield from _unknown_cells(fleet)
    for cluster in fleet.clusters.values():
        yield from _ring(fleet, cluster)
        yield from _services(cluster)
        yield from _references(fleet, cluster)
        if not fleet.stands(cluster):
            continue
        yield from _cell(fleet, cluster)
        for key in cluster.services:
            entry, asked = request.service(fleet, cluster, key)
            yield from found(cluster.resolved, ("services", key), catalog.load(entry.check)(asked))


def _ring(fleet: Fleet, cluster: Cluster) -> Iterable[Problem]:
    if fleet.settings is not None and cluster.ring not in fleet.settings.rings:
        path = ("ring",) if cluster.spec.ring else ("environment",)
        rings = fleet.settings.rings
        yield told(
            cluster.resolved,
            path,
            "unknown-ring",
            f"there is no ring '{cluster.ring}'",
            ", ".join(rings),
            nearest(cluster.ring, rings),
        )


def _services(cluster: Cluster) -> Iterable[Problem]:
    if "kafka" not in cluster.services:
        yield told(
            cluster.resolved,
            ("services",),
            "missing-service",
            "a cluster needs the service 'kafka'",
            hint="add 'kafka:'",
        )
    for key in cluster.services:
        for needed in catalog.services()[key].requires:
            if needed not in cluster.services and needed != "kafka":  # that was told once for all
                yield told(
                    cluster.resolved,
                    ("services", key),
                    "missing-service",
                    f"'{key}' needs the service '{needed}' in the same cluster",
                    hint=f"add '{needed}:'",
                    key=True,
                )

    circle = cluster.circle
    if circle:
        yield told(
            cluster.resolved,
            ("services", circle[0]),
            "service-cycle",
            f"these services wait for each other: {' -> '.join(reversed(circle))}",
            hint="remove one of them, or ask the owner of one to drop its dependency",
            key=True,
        )


def _references(fleet: Fleet, cluster: Cluster) -> Iterable[Problem]:
    """Other clusters that a section names: each must exist, and none is the cluster itself."""
    for key, spec in cluster.services.items():
        for reference in request.references(catalog.services()[key], spec):
            path = ("services", key, *reference.path)
            # Where the name is a key, its value is what the section says of that cluster and stands lines below.
            named = path[-1] == reference.cluster
            if reference.cluster == cluster.name:
                yield told(
                    cluster.resolved,
                    path,
                    "reference-to-itself",
                    f"'{key}' of cluster '{cluster.name}' names its own cluster",
                    hint="name another cluster",
                    key=named,
                )
            elif reference.cluster not in fleet.clusters and reference.cluster not in fleet.declared["cluster"]:
                names = sorted(fleet.clusters.keys() - {cluster.name})
                yield told(
                    cluster.resolved,
                    path,
                    "unknown-cluster",
                    f"there is no cluster '{reference.cluster}'",
                    ", ".join(names[:20]),
                    nearest(reference.cluster, names),
                    key=named,
                )


def _cell(fleet: Fleet, cluster: Cluster) -> Iterable[Problem]:
    cell = fleet.cells[cluster.cell]
    if cell.inline:
        return
    if cluster.spec.production and not cell.production:
        yield told(
            cluster.resolved,
            ("cell",),
            "cell-not-production",
            f"a production cluster on cell '{cell.name}', which is not production",
            ", ".join(sorted(c.name for c in fleet.cells.values() if c.production and not c.inline)),
            "choose another cell, or say 'production: true' in the cell's file",
        )
    if cell.resolved.data.get("lifecycle") == "retired" and cluster.spec.lifecycle != "retired":
        yield told(cluster.resolved, ("cell",), "cell-retired", f"cell '{cell.name}' is retired", hint="choose another")


def _unknown_cells(fleet: Fleet) -> Iterable[Problem]:
    """Clusters on a cell that no file declares. (A cell whose file is broken is not told here again.)"""
    for cluster in fleet.clusters.values():
        if cluster.cell in fleet.cells or cluster.cell in fleet.declared["cell"]:
            continue
        names = sorted(c.name for c in fleet.cells.values() if not c.inline)
        yield told(
            cluster.resolved,
            ("cell",),
            "unknown-cell",
            f"there is no cell '{cluster.cell}'",
            ", ".join(names),
            nearest(cluster.cell, names),
        )
    for cluster in fleet.clusters.values():
        cell = fleet.cells.get(cluster.cell)
        if cell is not None and cell.inline and cell.name != cluster.name:
            yield told(
                cluster.resolved,
                ("cell",),
                "cell-not-shared",
                f"cell '{cell.name}' is written inside cluster '{cell.name}' and belongs to it alone",
                hint="move the cell to fleet/cells/ to share it",
            )
