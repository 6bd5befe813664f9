"""The Kubernetes objects of the example fleet and of every service's examples, rendered without an engine.

Owns      each object with the stack and the role that it comes from.
Refuses   Helm releases: their objects come from charts.
"""

from collections.abc import Iterator
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


def of_fleet(fleet: Fleet, before: str = "") -> Iterator[Object]:
    """What every stack of a fleet renders."""
    for name, stack in fleet.stacks.items():
        for manifest in render.manifests(fleet, stack):
            yield Object(f"{before}{name}::{manifest.role}", _plain(manifest.body))


def objects() -> list[Object]:
    """Everything, once: an example's fleet has the same cell as the next one."""
    found = list(of_fleet(snapshot(ROOT)))
    for example in examples():
        stack = example.fleet.stacks[f"{example.service}.{example.cluster}"]
        for manifest in render.manifests(example.fleet, stack):
            found.append(
                Object(f"{example.service}/{example.name} {stack.name}::{manifest.role}", _plain(manifest.body))
            )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
