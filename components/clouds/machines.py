"""What each node type and storage class of a cloud can do, read from the cloud's own data files.

Owns      the shape of `machines.json` and `volumes.json`; every row names its source and date.
Refuses   burst figures: sizing stands on baselines, because a broker's load is not a burst.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Machine:
    """A node type. `allocatable_*` is what pods get after the kubelet's and the system's reserve."""

    name: str
    vcpu: int
    memory_gib: float
    allocatable_cpu: float
    allocatable_memory_gib: float
    network_mb_per_s: float
    disk_mb_per_s: float
    disk_iops: int
    architecture: Literal["amd64", "arm64"]
    use: Literal["kafka", "system", "both"]
    source: str


@dataclass(frozen=True)
class Volume:
    """A storage class: what one volume of it sustains, and the sizes it may have."""

    name: str
    throughput_mb_per_s: float
    iops: int
    least_gib: int
    most_gib: int
    source: str


@cache
def machines(cloud: str) -> Mapping[str, Machine]:
    """Node types that a cell of `cloud` may use, smallest first."""
    rows = json.loads((_HERE / cloud / "machines.json").read_text("utf-8"))
    found = [Machine(name=name, **row) for name, row in rows.items()]
    return {m.name: m for m in sorted(found, key=lambda m: (m.vcpu, m.memory_gib, m.name))}


@cache
def volumes(cloud: str) -> Mapping[str, Volume]:
    """Storage classes that every cell of `cloud` has."""
    rows = json.loads((_HERE / cloud / "volumes.json").read_text("utf-8"))
    return {name: Volume(name=name, **row) for name, row in rows.items()}
