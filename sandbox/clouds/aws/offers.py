"""What AWS offers where: zones of a region, node types by architecture, and the zones that lack one.

Owns      reading `offers.json`, which names its source.
Refuses   families that are not in the file: a law says nothing about a node type that it does not know.
"""

import functools
import json
from pathlib import Path
from typing import Any


@functools.cache
def _data() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name("offers.json").read_text("utf-8"))
    return read


def zones(region: str) -> tuple[str, ...]:
    """The region's availability zones; empty where the region is not known."""
    return tuple(_data()["zones"].get(region, ()))


def regions() -> tuple[str, ...]:
    """Every region of the standard partition that the file knows."""
    return tuple(_data()["zones"])


def architecture(machine: str) -> str | None:
    """`arm64` or `x86_64`."""
    return next((name for name, machines in _data()["architectures"].items() if machine in machines), None)


def offered(machine: str, zone: str) -> bool:
    """Whether the zone has that node type."""
    return machine not in _data()["not_offered"].get(zone, ())


def knows_family(family: str) -> bool:
    """Whether the file has the family, so that a missing size of it does not exist."""
    return any(
        machine.startswith(f"{family}.") for machines in _data()["architectures"].values() for machine in machines
    )
