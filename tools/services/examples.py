"""The examples of every service, each loaded in a fleet of its own: what tests, tables and the real API server use.

Owns      the fleet around an example: one roomy production cell with a gateway and every API which somebody else may
          install, the service owners' files, and a small Kafka cluster for each other cluster that the example names.
Refuses   services of other packages: they bring tests of their own.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from components import catalog
from stacks import request
from stacks.fleet import Fleet
from stacks.load import load

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "components" / "services"
NAMES = ("minimal", "full")
CELL = "aws-euw1-prod"
APIS = ["monitoring.coreos.com/v1", "external-secrets.io/v1", "external-secrets.io/v1alpha1"]
BROKER_PORTS = "9100-9139"
TEAM = "examples"


@dataclass(frozen=True)
class Example:
    """One example of one service. `cluster` is its name in `fleet`, which holds little else."""

    service: str
    name: str
    file: Path
    fleet: Fleet
    cluster: str


def _write(path: Path, body: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(body), sort_keys=False), "utf-8")


def _read(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return body


def _around(root: Path) -> None:
    """The fleet without clusters: settings, owners' files, profiles, one cell."""
    shutil.copytree(ROOT / "fleet" / "services", root / "fleet" / "services")
    shutil.copytree(ROOT / "fleet" / "profiles", root / "fleet" / "profiles")
    settings = _read(ROOT / "fleet" / "fleet.yaml")
    _write(root / "fleet" / "fleet.yaml", {**settings, "teams": {TEAM: {"clusters": ["*"], "apps": ["*"]}}})
    cell = _read(ROOT / "fleet" / "cells" / f"{CELL}.yaml")
    cell["kubernetes"] = {**cell["kubernetes"], "apis": APIS}
    cell["network"] = {**cell["network"], "gateway": {"broker_ports": BROKER_PORTS}}
    cell["kubernetes"]["kafka_nodes"] = {**cell["kubernetes"]["kafka_nodes"], "most_per_zone": 40}
    _write(root / "fleet" / "cells" / f"{CELL}.yaml", cell)


def _small(like: Mapping[str, Any]) -> dict[str, Any]:
    """A cluster with nothing but Kafka, for an example that names another one."""
    kept = {key: like[key] for key in ("environment", "production", "cost_center")}
    return {**kept, "cell": CELL, "services": {"kafka": {"size": {"name": "small"}}}}


def example(key: str, name: str, folder: Path) -> Example:
    """One example, with a fleet around it in `folder`."""
    _around(folder)
    file = SERVICES / key / "examples" / f"{name}.yaml"
    body = {**_read(file), "cell": CELL}
    cluster = f"{key.replace('_', '-')}-{name}"
    clusters = folder / "fleet" / "clusters" / TEAM
    _write(clusters / f"{cluster}.yaml", body)
    fleet = load(folder)
    made = fleet.clusters.get(cluster)
    others = {
        reference.cluster
        for service, spec in (made.services.items() if made else ())
        for reference in request.references(catalog.services()[service], spec)
    }
    for other in others - {cluster}:
        _write(clusters / f"{other}.yaml", _small(body))
    return Example(key, name, file, load(folder) if others else fleet, cluster)


def keys() -> Iterator[str]:
    """The services of this repository."""
    return (key for key in catalog.services() if (SERVICES / key).is_dir())


@cache
def examples() -> tuple[Example, ...]:
    """Every example of every service of this repository."""
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-examples-") as folder:
        return tuple(example(key, name, Path(folder) / f"{key}-{name}") for key in keys() for name in NAMES)
