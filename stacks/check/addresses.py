"""Addresses: every cell inside the fleet's space, overlapping nothing.

Sorted sweep instead of all pairs: at 10,000 cells the pairs would be fifty million.
"""

import ipaddress
from collections.abc import Iterable

from components import catalog
from components.cell.layout import LONGEST, SHORTEST, allocate
from stacks.check.told import told
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem

_Net = ipaddress.IPv4Network


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Blocks of the wrong size, outside of the space, in reserved ranges, or overlapping another cell's."""
    blocks = sorted(
        ((_Net(c.spec.network.address_block), c) for c in fleet.cells.values() if c.spec.cloud in catalog.clouds()),
        key=lambda pair: (int(pair[0].network_address), -pair[0].num_addresses, pair[1].name),
    )
    for block, cell in blocks:
        yield from _alone(fleet, block, cell)
    widest: tuple[_Net, Cell] | None = None
    for block, cell in blocks:
        if widest is not None and widest[0].overlaps(block):
            yield _told(
                cell,
                "address-overlap",
                f"{block} overlaps {widest[0]} of cell '{widest[1].name}' ({widest[1].resolved.file})",
                hint=_free(fleet, block.prefixlen),
            )
        if widest is None or block.broadcast_address > widest[0].broadcast_address:
            widest = (block, cell)


def _alone(fleet: Fleet, block: _Net, cell: Cell) -> Iterable[Problem]:
    if not SHORTEST <= block.prefixlen <= LONGEST:
        yield _told(cell, "block-size", f"{block} is a /{block.prefixlen}", f"a /{SHORTEST} to a /{LONGEST}")
    if fleet.settings is None:
        return
    space = fleet.settings.address_space
    if not any(block.subnet_of(_Net(r)) for r in space.ranges):
        yield _told(
            cell,
            "address-outside",
            f"{block} is outside of the fleet's address space",
            ", ".join(space.ranges),
            _free(fleet, block.prefixlen),
        )
    for reserved in space.reserved:
        if block.overlaps(_Net(reserved)):
            yield _told(
                cell,
                "address-reserved",
                f"{block} overlaps {reserved}, which fleet/fleet.yaml reserves",
                hint=_free(fleet, block.prefixlen),
            )


def taken(fleet: Fleet) -> list[str]:
    """Every range that a new cell must keep away from."""
    reserved = fleet.settings.address_space.reserved if fleet.settings else ()
    return [*reserved, *(c.spec.network.address_block for c in fleet.cells.values())]


def _free(fleet: Fleet, length: int) -> str:
    if fleet.settings is None:
        return ""
    block = allocate(length, fleet.settings.address_space.ranges, taken(fleet))
    return f"{block} is free" if block else f"no /{length} is left in the fleet's address space"


def _told(cell: Cell, code: str, message: str, allowed: str = "", hint: str = "") -> Problem:
    return told(cell.resolved, (*cell.at, "network", "address_block"), code, message, allowed, hint)
