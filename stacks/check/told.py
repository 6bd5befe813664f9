"""Helpers with which laws point at a value: a Problem at a path of a resolved mapping.

Owns      the way from a path or a Finding to a Problem.
Refuses   laws of its own.
"""

from collections.abc import Iterable
from dataclasses import replace

from components.finding import Finding
from stacks.fleet import Cell
from stacks.problem import Problem
from stacks.resolve import Path, Resolved


def told(
    resolved: Resolved, path: Path, code: str, message: str, allowed: str = "", hint: str = "", key: bool = False
) -> Problem:
    """A Problem at the value (or key) at `path`, in the file that supplied it."""
    return Problem(*resolved.position(path, key), code, message, allowed, hint)


def in_cell(
    cell: Cell, path: Path, code: str, message: str, allowed: str = "", hint: str = "", key: bool = False
) -> Problem:
    """A Problem at `path` of a cell's body, wherever that stands."""
    return told(cell.resolved, (*cell.at, *path), code, message, allowed, hint, key)


def in_network(
    cell: Cell, path: Path, code: str, message: str, allowed: str = "", hint: str = "", key: bool = False
) -> Problem:
    """A Problem at `path` of a cell's `network`."""
    return in_cell(cell, ("network", *path), code, message, allowed, hint, key)


def found(resolved: Resolved, at: Path, findings: Iterable[Finding]) -> Iterable[Problem]:
    """Findings of a check that was given the section at `at`, as Problems."""
    for f in findings:
        yield replace(told(resolved, (*at, *f.path), f.code, f.message, f.allowed, f.hint), severity=f.severity)


def range_path(cell: Cell, cidr: str) -> Path:
    """Where the file states a range of a cell: a part of an existing network, or the block that it was cut from."""
    existing = cell.spec.network.existing
    for zone, subnets in existing.zones.items() if existing else ():
        for role in ("nodes", "load_balancers"):
            if getattr(subnets, role).cidr == cidr:
                return ("network", "existing", "zones", zone, role, "cidr")
    for field in ("pods", "services"):
        if existing and getattr(existing, field) == cidr:
            return ("network", "existing", field)
    return ("network", "address_block")
