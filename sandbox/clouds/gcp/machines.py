"""Compute Engine's machine types, as far as a law needs them: which exist, and which disks they take.

Owns      the families, their sizes, and their kinds of disk.
Refuses   prices, speeds and where a type is to be had.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SOURCE = "cloud.google.com/compute/docs/machine-resource and /general-purpose-machines (general knowledge, 2026-11)"

PERSISTENT = frozenset({"pd-balanced", "pd-ssd", "pd-standard"})
HYPERDISK = frozenset({"hyperdisk-balanced", "hyperdisk-balanced-high-availability"})


@dataclass(frozen=True)
class Family:
    """`sizes` by kind; `disks` are the kinds from which a node boots."""

    sizes: Mapping[str, frozenset[int]]
    disks: frozenset[str]


def _same(kinds: str, *sizes: int) -> dict[str, frozenset[int]]:
    return dict.fromkeys(kinds.split(), frozenset(sizes))


_ALL = "standard highmem highcpu"
FAMILIES: Mapping[str, Family] = {
    "e2": Family(_same(_ALL, 2, 4, 8, 16, 32), PERSISTENT),
    "n1": Family(_same(_ALL, 1, 2, 4, 8, 16, 32, 64, 96), PERSISTENT),
    "n2": Family(_same(_ALL, 2, 4, 8, 16, 32, 48, 64, 80, 96, 128), PERSISTENT),
    "n2d": Family(_same(_ALL, 2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224), PERSISTENT),
    "t2d": Family(_same("standard", 1, 2, 4, 8, 16, 32, 48, 60), PERSISTENT),
    "n4": Family(_same(_ALL, 2, 4, 8, 16, 32, 48, 64, 80), HYPERDISK),
    "c3": Family(_same(_ALL, 4, 8, 22, 44, 88, 176, 192), HYPERDISK | {"pd-balanced", "pd-ssd"}),
    "c3d": Family(_same(_ALL, 4, 8, 16, 30, 60, 90, 180, 360), HYPERDISK | {"pd-balanced", "pd-ssd"}),
    "c4": Family(_same(_ALL, 2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288), HYPERDISK),
    "c4a": Family(_same(_ALL, 1, 2, 4, 8, 16, 32, 48, 64, 72), HYPERDISK),
    "c4d": Family(_same(_ALL, 2, 4, 8, 16, 32, 48, 64, 96, 192, 384), HYPERDISK),
}
SHARED = frozenset({"e2-micro", "e2-small", "e2-medium", "f1-micro", "g1-small"})
DISKS = PERSISTENT | HYPERDISK


def family(machine: str) -> Family | None:
    """The family of a machine type that exists, else None."""
    if machine in SHARED:
        return FAMILIES["e2"]
    found = re.fullmatch(r"([a-z]\d[a-z]?)-(standard|highmem|highcpu)-(\d+)(-lssd)?", machine)
    if found is None or found[1] not in FAMILIES:
        return None
    of = FAMILIES[found[1]]
    return of if int(found[3]) in of.sizes.get(found[2], frozenset()) else None
