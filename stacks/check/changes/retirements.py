"""How a retirement is written, changed and taken back.

Owns      that its day is the day of the change, so that nobody shortens the wait, and how many at once.
Refuses   its order and its form, which one state shows (`stacks/check/retirement.py`, `components/lifecycle.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from components.lifecycle import Retirement
from stacks.check.changes.review import Review, Tombstone, retirement_of
from stacks.check.told import told
from stacks.fleet import Fleet
from stacks.problem import Problem

GRACE = timedelta(days=1)
"""A change that is opened before midnight may be merged after it. A day is all that a wait can be shortened by."""

Key = tuple[str, ...]


def stones(fleet: Fleet) -> Mapping[Key, Tombstone]:
    """Every tombstone by what it is about."""
    found: dict[Key, Tombstone] = {}
    for cell in fleet.cells.values():
        if (own := retirement_of(cell)) is not None:
            found["cell", cell.name] = Tombstone(f"cell '{cell.name}'", cell.resolved, ("retirement",), own)
    for cluster in fleet.clusters.values():
        if (own := retirement_of(cluster)) is not None:
            found["cluster", cluster.name] = Tombstone(
                f"cluster '{cluster.name}'", cluster.resolved, ("retirement",), own
            )
        for key, each in cluster.spec.retired_services.items():
            found["service", cluster.name, key] = Tombstone(
                f"'{key}' of cluster '{cluster.name}'", cluster.resolved, ("retired_services", key), each
            )
    for app in fleet.apps.values():
        where = (app.spec.cluster, app.name)
        if (own := retirement_of(app)) is not None:
            found["app", *where] = Tombstone(f"app '{app.name}'", app.resolved, ("retirement",), own)
        for name, topic in app.spec.topics.items():
            if topic.retirement is not None:
                found["topic", *where, name] = Tombstone(
                    f"topic '{name}'", app.resolved, ("topics", name, "retirement"), topic.retirement
                )
    return found


def days(review: Review) -> Iterable[Problem]:
    """Tombstones whose day is not that of the change that writes them."""
    before, after = stones(review.before), stones(review.after)
    for key, stone in after.items():
        old = before.get(key)
        if old is None and _unread(review.before, key):
            continue
        if old is not None and not _renewed(old.retirement, stone.retirement):
            continue
        if not review.today - GRACE <= stone.day <= review.today + GRACE:
            what = "begins to wait" if old is None else "waits anew"
            yield told(
                stone.resolved,
                (*stone.path, "since"),
                "retirement-backdated",
                f"{stone.what} {what} with this change, and says since {stone.retirement.since}",
                f"{review.today}",
                "the waiting time counts from the day on which it is agreed to",
            )


def caps(review: Review) -> Iterable[Problem]:
    """More at once than a change may retire. Topics go with their app's owner, and are not counted."""
    before, after = stones(review.before), stones(review.after)
    new = [
        stone
        for key, stone in after.items()
        if key not in before and key[0] != "topic" and not _unread(review.before, key)
    ]
    most = review.limits.most_per_change
    if len(new) > most:
        yield told(
            new[0].resolved,
            new[0].path,
            "too-many-retired",
            f"the change retires {len(new)} things: {', '.join(stone.what for stone in new[:10])}",
            f"{most} in one change (`deletion.most_per_change` of fleet/fleet.yaml)",
            "retire what stands on others first, one change each",
            key=True,
        )


def taken_back(review: Review) -> Iterable[Problem]:
    """Retirements that are no more, of things that are still there."""
    after = stones(review.after)
    for key, stone in stones(review.before).items():
        if key not in after and _still_there(review.after, key):
            yield Problem(
                _file_of(review.after, key),
                1,
                1,
                "retirement-taken-back",
                f"{stone.what} is no longer retired (it was since {stone.retirement.since}): what it gave up is "
                "protected again",
                severity="warning",
            )


def given_up(review: Review) -> Iterator[Tombstone]:
    """Tombstones that say with this change that data is deleted, and end protection by it."""
    before = stones(review.before)
    for key, stone in stones(review.after).items():
        old = before.get(key)
        if stone.retirement.gives_up and not (old is not None and old.retirement.gives_up):
            yield stone


def _renewed(old: Retirement, new: Retirement) -> bool:
    return old.since != new.since or (new.gives_up and not old.gives_up)


def _unread(fleet: Fleet, key: Key) -> bool:
    """Whether the thing was there and could not be read: then nobody knows what its tombstone said."""
    kind, name = key[0], key[1]
    if kind == "cell":
        return name not in fleet.cells and name in fleet.declared.get("cell", ())
    if kind in {"cluster", "service"}:
        return name not in fleet.clusters and name in fleet.declared.get("cluster", ())
    return (name, key[2]) not in fleet.apps and key[2] in fleet.declared.get("app", ())


def _still_there(fleet: Fleet, key: Key) -> bool:
    kind, name = key[0], key[1]
    if kind == "cell":
        return name in fleet.cells
    if kind == "cluster":
        return name in fleet.clusters
    if kind == "service":
        return name in fleet.clusters and key[2] in fleet.clusters[name].services
    app = fleet.apps.get((name, key[2]))
    return app is not None and (kind == "app" or key[3] in app.spec.topics)


def _file_of(fleet: Fleet, key: Key) -> str:
    kind, name = key[0], key[1]
    if kind == "cell":
        return fleet.cells[name].resolved.file
    if kind in {"cluster", "service"}:
        return fleet.clusters[name].resolved.file
    return fleet.apps[name, key[2]].resolved.file
