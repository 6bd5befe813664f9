"""What a stack is built from, shown: each resolved value with its origin, and the Kubernetes objects.

Owns      the text and the data of `fleet render`.
Refuses   the engine: what is shown here is known without it. Values that only exist after an apply are named, not
          invented.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from components import catalog
from components.clouds.contract import GatewayService
from components.model import Json
from components.platform.request import FromCloud
from components.services.contract import Manifest
from stacks import request
from stacks.fleet import Fleet
from stacks.resolve import Path, Resolved
from stacks.stack import Stack


def document(fleet: Fleet, stack: Stack) -> tuple[Resolved, Path, Json]:
    """The resolved mapping of a stack, the path at which its own part begins, and all its values with defaults."""
    if stack.kind == "cell":
        cell = fleet.cells[stack.cell]
        return cell.resolved, cell.at, cell.spec.model_dump(mode="json", exclude_none=True)
    if stack.kind == "app":
        app = fleet.apps[(stack.cluster, stack.app)]
        return app.resolved, (), app.spec.model_dump(mode="json", exclude_none=True)
    cluster = fleet.clusters[stack.cluster]
    section = cluster.services[stack.service].model_dump(mode="json", exclude_none=True)
    return cluster.resolved, ("services", stack.service), section


def values(fleet: Fleet, stack: Stack) -> Iterator[tuple[Path, Any, str]]:
    """Every value: its path, the value, and `file:line (layer)` of its origin, or `default`."""
    resolved, at, data = document(fleet, stack)
    for path, value in _leaves(data, ()):
        yield path, value, _origin(resolved, (*at, *path))


def _leaves(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path, node


def _origin(resolved: Resolved, path: Path) -> str:
    layer, inside = resolved.origin(path)
    here: Any = layer.document.data
    for part in inside:
        if not isinstance(here, dict | list) or (isinstance(here, dict) and part not in here):
            return "default"
        here = here[part]  # type: ignore[index]
    line, _ = layer.document.position(inside)
    return f"{layer.document.file}:{line} ({layer.title})"


def manifests(fleet: Fleet, stack: Stack) -> Sequence[Manifest]:
    """The Kubernetes objects that the stack will register, in order."""
    if stack.kind == "app":
        from components.apps.objects import objects

        return objects(request.app(fleet, fleet.apps[(stack.cluster, stack.app)]))
    if stack.kind == "service":
        entry, asked = request.service(fleet, fleet.clusters[stack.cluster], stack.service)
        found: Sequence[Manifest] = catalog.load(entry.objects)(asked)
        return found
    from components.platform.objects import manifests as platform

    cell = fleet.cells[stack.cell]
    offline = FromCloud(
        disk_key=f"<disk key of cell {cell.name}>",
        dns_writer={},
        gateway=GatewayService(type="LoadBalancer") if cell.spec.network.has_gateway else None,
    )
    return platform(request.platform(fleet, cell, offline))


def explain(fleet: Fleet, stack: Stack) -> Sequence[str]:
    """Why a service has the size that it has; nothing for other stacks."""
    if stack.kind != "service":
        return ()
    entry, asked = request.service(fleet, fleet.clusters[stack.cluster], stack.service)
    reasons: Sequence[str] = catalog.load(entry.explain)(asked) if entry.explain else ()
    return reasons


def as_yaml(items: Sequence[Manifest]) -> str:
    """A stream of YAML documents, as `kubectl apply -f -` takes it."""
    return "---\n".join(yaml.safe_dump(_plain(m.body), sort_keys=False, width=120) for m in items)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
