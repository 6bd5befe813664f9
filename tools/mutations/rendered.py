"""The Kubernetes objects of the example fleet and of every service's examples, rendered without an engine.

Owns      each object with the stack and the role that it comes from.
Refuses   Helm releases: their objects come from charts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.contract import Record, Scope
from stacks import render
from stacks.fleet import Fleet
from stacks.snapshot import snapshot
from tools.services.examples import examples

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Object:
    """`origin` is `<stack>::<role>`, with the example's name before it where it comes from one."""

    origin: str
    body: dict[str, Any]

    def record(self) -> Record:
        """As mutations are drawn from it: a request of the engine, at a cluster that nobody looks up."""
        version = str(self.body["apiVersion"])
        metadata = self.body["metadata"]
        token = f"kubernetes:{version if '/' in version else f'core/{version}'}:{self.body['kind']}"
        id_ = "/".join(str(metadata[key]) for key in ("namespace", "name") if key in metadata)
        return Record(self.origin, token, id_, Scope("kubernetes", self.origin, ""), self.body, self.body)


def of_fleet(fleet: Fleet, before: str = "", kinds: Collection[str] = ("cell", "service", "app")) -> Iterator[Object]:
    """What every stack of these kinds renders in a fleet."""
    for name, stack in fleet.stacks.items():
        if stack.kind in kinds:
            for manifest in render.manifests(fleet, stack):
                yield Object(f"{before}{name}::{manifest.role}", _plain(manifest.body))


def objects() -> list[Object]:
    """Everything. An example's cell is one of the fleet's, and its Kafka makes the namespace that its services need."""
    found = list(of_fleet(snapshot(ROOT)))
    for one in examples():
        found += of_fleet(one.fleet, f"{one.service}/{one.name} ", ("service", "app"))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
