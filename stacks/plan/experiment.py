"""Which changed value caused which change of an object: found by trying, never by a table.

Owns      the experiment: changed values alone in the old document, validated and rendered again.
Refuses   cells (their program takes too long to run once a value), and documents that are not valid with the value
          alone: such a value counts together with the others.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from components.impact.contract import MISSING, ObjectChange
from components.impact.diff import changes
from components.services.contract import Manifest
from stacks import render
from stacks.fleet import App, Cluster, Fleet
from stacks.plan.pair import Leaf, Side
from stacks.resolve import Path, Resolved
from stacks.spec import MODELS
from stacks.validate import validate

MOST = 48
"""Experiments of one stack. With more changed values than that, neighbours are tried together."""


@dataclasses.dataclass(frozen=True)
class Found:
    """What each value (or few of them) did, and what all did together, as keys of changes; `base` renders the old."""

    base: tuple[Manifest, ...]
    alone: tuple[tuple[tuple[Leaf, ...], frozenset[tuple[str, str, Path]]], ...]
    together: frozenset[tuple[str, str, Path]]


def key(change: ObjectChange) -> tuple[str, str, Path]:
    """What tells a change from others of its stack."""
    return change.kind, change.name, change.path


def experiment(side: Side, leaves: Sequence[Leaf]) -> Found:
    """Try the changed values of a service or an app in its old document."""
    base = tuple(render.manifests(side.fleet, side.stack))
    step = -(-len(leaves) // MOST) or 1
    groups = [tuple(leaves[at : at + step]) for at in range(0, len(leaves), step)]
    alone = tuple((group, _changed(side, base, group)) for group in groups)
    together = alone[0][1] if len(alone) == 1 else _changed(side, base, leaves) if alone else frozenset()
    return Found(base, alone, together)


def _changed(side: Side, base: Sequence[Manifest], leaves: Iterable[Leaf]) -> frozenset[tuple[str, str, Path]]:
    """The changes that appear with these values; none where the document or its objects are then impossible."""
    fleet = _with(side, leaves)
    if fleet is None:
        return frozenset()
    try:
        after = render.manifests(fleet, side.stack)
    except (ValueError, KeyError, TypeError, ArithmeticError, LookupError):
        return frozenset()  # laws keep such a document from ever being built, and here nobody asked them
    return frozenset(key(change) for change in changes(base, after))


def _with(side: Side, leaves: Iterable[Leaf]) -> Fleet | None:
    """The old fleet with some values of this stack's document changed; None where it is not valid then."""
    fleet, stack = side.fleet, side.stack
    if stack.kind == "app":
        app = fleet.apps[stack.cluster, stack.app]
        resolved = _altered(app.resolved, leaves)
        spec: Any = validate(MODELS["app"], resolved)
        if isinstance(spec, tuple):
            return None
        made = App(app.name, app.team, spec, resolved)
        return dataclasses.replace(fleet, apps={**fleet.apps, (stack.cluster, stack.app): made})
    cluster = fleet.clusters[stack.cluster]
    resolved = _altered(cluster.resolved, leaves)
    spec = validate(MODELS["cluster"], resolved)
    if isinstance(spec, tuple):
        return None
    services = {key: section for key, section in spec.services if section is not None}
    cell = spec.cell if isinstance(spec.cell, str) else cluster.name
    changed = Cluster(cluster.name, cluster.team, cell, cluster.ring, spec, services, resolved)
    if cell not in fleet.cells or stack.service not in services or not changed.whole:
        return None
    return dataclasses.replace(fleet, clusters={**fleet.clusters, cluster.name: changed})


def _altered(resolved: Resolved, leaves: Iterable[Leaf]) -> Resolved:
    data: Any = resolved.data
    for leaf in leaves:
        data = put(data, leaf.path, leaf.new)
    return Resolved(data, resolved.layers)


def put(node: Any, path: Path, value: Any) -> Any:
    """A copy of `node` with `value` at `path`, or without what is there where it is MISSING."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(node, list | tuple) and isinstance(part, int):
        items = list(node)
        if part >= len(items):
            return items if value is MISSING and not rest else [*items, put({}, rest, value)]
        if value is MISSING and not rest:
            return [*items[:part], *items[part + 1 :]]
        return [*items[:part], put(items[part], rest, value), *items[part + 1 :]]
    inside = dict(node) if isinstance(node, dict) else {}
    if value is MISSING and not rest:
        inside.pop(part, None)
    elif value is not MISSING or part in inside:
        inside[part] = put(inside.get(part, {}), rest, value)
    return inside
