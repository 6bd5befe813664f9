"""Protection that ends: the engine shows it as `same`, so it is named here.

Owns      `production` taken away, and data that a tombstone gives up.
Refuses   what the engine does with a protected resource: that is its preview's.
"""

from collections.abc import Iterable, Iterator

from components import catalog
from components.apps.objects import objects as app_objects
from components.services.contract import Manifest
from stacks import request
from stacks.check.changes.retirements import given_up
from stacks.check.changes.review import Review
from stacks.check.told import told
from stacks.fleet import App, Cluster, Fleet
from stacks.problem import Problem

MOST = 12
"""So many names; the rest is counted."""


def production(review: Review) -> Iterable[Problem]:
    """Cells and clusters that are no longer production."""
    for cell, now in review.cells.values():
        if cell.production and not now.production and not cell.inline and not cell.given_up:
            yield told(
                now.resolved,
                ("production",),
                "production-lifted",
                f"lifts the protection of cell '{cell.name}': its network, its Kubernetes, its keys, its zones and "
                "Strimzi's definitions, on which every cluster there stands",
                "true",
                "what is not needed any more is retired (`fleet retire`), which says what becomes of the data",
            )
    for cluster, after in review.clusters.values():
        if cluster.spec.production and not after.spec.production and not cluster.spec.gives_up:
            yield told(
                after.resolved,
                ("production",),
                "production-lifted",
                f"lifts the protection of {_names(_of_cluster(review.before, cluster))}",
                "true",
                "what is not needed any more is retired (`fleet retire`), which says what becomes of the data",
            )


def tombstones(review: Review) -> Iterable[Problem]:
    """Tombstones that give up data: which objects may be deleted from now on."""
    for stone in given_up(review):
        held = _of_stone(review.before, stone.resolved.file, stone.path)
        if held:
            yield Problem(
                *stone.resolved.position((*stone.path, "data")),
                "protection-lifted",
                f"lifts the protection of {_names(held)}: {stone.what} gives its data up",
                hint=f"nothing is deleted before {review.limits.waiting_days} days have passed and another change "
                "removes it",
                severity="warning",
            )


def _of_stone(fleet: Fleet, file: str, path: tuple[str | int, ...]) -> list[str]:
    """What was protected, of the thing that a tombstone at `path` of `file` is about."""
    cell = next((cell for cell in fleet.cells.values() if cell.resolved.file == file and not cell.inline), None)
    if cell is not None:
        return [f"all of cell '{cell.name}': network, Kubernetes, keys, zones"] if cell.protected else []
    cluster = next((cluster for cluster in fleet.clusters.values() if cluster.resolved.file == file), None)
    if cluster is not None:
        keys = (str(path[1]),) if path[0] == "retired_services" else tuple(cluster.services)
        return _of_cluster(fleet, cluster, keys) if cluster.spec.production else []
    app = next((app for app in fleet.apps.values() if app.resolved.file == file), None)
    on = fleet.clusters.get(app.spec.cluster) if app is not None else None
    if app is None or on is None or not on.spec.production:
        return []
    named = _of_app(fleet, app, on)
    return [each for each in named if each == f"topic {path[1]}"] if path[0] == "topics" else named


def _of_cluster(fleet: Fleet, cluster: Cluster, keys: Iterable[str] = ()) -> list[str]:
    if not fleet.stands(cluster):
        return [f"all of cluster '{cluster.name}'"]
    found: list[str] = []
    for key in keys or cluster.services:
        entry, asked = request.service(fleet, cluster, key)
        found += [_say(each) for each in catalog.load(entry.objects)(asked) if each.protect]
    if not keys:
        for app in fleet.apps.values():
            if app.spec.cluster == cluster.name:
                found += _of_app(fleet, app, cluster)
    return found


def _of_app(fleet: Fleet, app: App, cluster: Cluster) -> list[str]:
    if not fleet.stands(cluster):
        return [f"all topics of app '{app.name}'"]
    made: Iterator[Manifest] = iter(app_objects(request.app(fleet, app)))
    return [
        f"topic {each.body['spec'].get('topicName', each.body['metadata']['name'])}" for each in made if each.protect
    ]


def _say(manifest: Manifest) -> str:
    return f"{manifest.body['kind']} {manifest.body['metadata']['name']}"


def _names(held: list[str]) -> str:
    rest = f" and {len(held) - MOST} more" if len(held) > MOST else ""
    return ", ".join(held[:MOST]) + rest
