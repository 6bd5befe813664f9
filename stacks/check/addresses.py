"""Addresses: every cell inside the ranges that are for it, overlapping nothing that it could ever reach.

Sorted sweep instead of all pairs: at 10,000 cells the pairs would be fifty million.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from components import catalog
from components.cell.layout import LONGEST, SHORTEST
from stacks.addresses import Holding, allocated, own, ranges_for, stocks
from stacks.check.told import range_path, told
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem
from stacks.resolve import Path

_Net = ipaddress.IPv4Network
_BLOCK: Path = ("network", "address_block")


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Blocks of the wrong size, outside of their ranges, in reserved ones, or overlapping another's; ranges running
    out."""
    known = [cell for cell in fleet.cells.values() if cell.spec.cloud in catalog.clouds()]
    for cell in known:
        yield from _alone(fleet, cell)
    yield from _overlaps(fleet, known)
    yield from _exhaustion(fleet)


def _overlaps(fleet: Fleet, cells: Iterable[Cell]) -> Iterable[Problem]:
    # An isolated network may lie over another's, and only that: nothing is ever routed to it.
    held = sorted(
        ((holding, cell) for cell in cells if not cell.spec.network.isolated for holding in own(cell)),
        key=lambda pair: (int(pair[0].net.network_address), -pair[0].net.num_addresses, pair[1].name, pair[0].use),
    )
    widest: tuple[Holding, Cell] | None = None
    for holding, cell in held:
        if widest is not None and widest[0].net.overlaps(holding.net):
            yield _overlap(fleet, holding, cell, *widest)
        if widest is None or holding.net.broadcast_address > widest[0].net.broadcast_address:
            widest = (holding, cell)


def _overlap(fleet: Fleet, holding: Holding, cell: Cell, before: Holding, other: Cell) -> Problem:
    same = cell.name == other.name
    of = "its own" if same else f"of cell '{other.name}' ({other.resolved.file})"
    return told(
        cell.resolved,
        (*cell.at, *_at(cell, holding)),
        "address-overlap",
        f"{holding.cidr} overlaps {before.cidr} {of}",
        hint=_free(fleet, cell),
    )


def _at(cell: Cell, holding: Holding) -> Path:
    if holding.use == "hub":
        return ("network", "hub", "new", "address_block")
    return _BLOCK if holding.use == "cell" else range_path(cell, holding.cidr)


def _alone(fleet: Fleet, cell: Cell) -> Iterable[Problem]:
    block = _Net(cell.spec.network.address_block)
    if not SHORTEST <= block.prefixlen <= LONGEST:
        yield _told(cell, "block-size", f"{block} is a /{block.prefixlen}", f"a /{SHORTEST} to a /{LONGEST}")
    for reserved, why in catalog.clouds()[cell.spec.cloud].reserved.items():
        for held in own(cell):
            if held.net.overlaps(_Net(reserved)):
                cloud = catalog.clouds()[cell.spec.cloud].title
                message = f"{held.cidr} overlaps {reserved}, which {cloud} keeps: {why}"
                yield told(
                    cell.resolved,
                    (*cell.at, *_at(cell, held)),
                    "address-kept-by-cloud",
                    message,
                    hint=_free(fleet, cell),
                )
    if fleet.settings is None:
        return
    space = fleet.settings.address_space
    around = [each for each in space.ranges if block.subnet_of(_Net(each.cidr))]
    fitting = ranges_for(space, cell.environment, cell.spec.region)
    if not around:
        yield _told(
            cell,
            "address-outside",
            f"{block} is outside of the fleet's address space",
            ", ".join(each.cidr for each in fitting or space.ranges),
            _free(fleet, cell),
        )
    elif not any(each in fitting for each in around):
        yield _told(
            cell,
            "address-wrong-range",
            f"{block} lies in {around[0].cidr}, which is not for {cell.environment} cells of {cell.spec.region}",
            ", ".join(each.cidr for each in fitting) or "none: no range of fleet/fleet.yaml is for such cells",
            _free(fleet, cell),
        )
    for reserved in space.reserved:
        if block.overlaps(_Net(reserved)):
            yield _told(
                cell,
                "address-reserved",
                f"{block} overlaps {reserved}, which fleet/fleet.yaml reserves",
                hint=_free(fleet, cell),
            )


def _exhaustion(fleet: Fleet) -> Iterable[Problem]:
    if fleet.settings is None or fleet.settings_resolved is None:
        return
    length = fleet.settings.address_space.cell_prefix_length
    for n, stock in enumerate(stocks(fleet)):
        if stock.low:
            left = f"{stock.blocks_left} of {stock.blocks} blocks of /{length}"
            problem = told(
                fleet.settings_resolved,
                ("address_space", "ranges", n, "cidr"),
                "address-space-low",
                f"{stock.cidr} is running out: {left} are left",
                hint="add a range now, while cells can still be made, or lower cell_prefix_length for new cells",
            )
            yield replace(problem, severity="warning")


def _free(fleet: Fleet, cell: Cell) -> str:
    if fleet.settings is None:
        return ""
    length = _Net(cell.spec.network.address_block).prefixlen
    length = length if SHORTEST <= length <= LONGEST else fleet.settings.address_space.cell_prefix_length
    block = allocated(fleet, cell.spec.cloud, cell.environment, cell.spec.region, length)
    return f"{block} is free" if block else f"no /{length} is left for {cell.environment} cells of {cell.spec.region}"


def _told(cell: Cell, code: str, message: str, allowed: str = "", hint: str = "") -> Problem:
    return told(cell.resolved, (*cell.at, *_BLOCK), code, message, allowed, hint)
