"""How a cell's address block is cut into subnets. A function of the block and of a zone's own name, nothing else.

Owns      layout versions; a version never changes once a cell was applied with it.
Refuses   to look at which zones or clusters exist: adding a zone, a range or a neighbour moves nothing.

Layout 1, for a block of /12 to /20, in sixteenths of the block (a /20 each for a /16):

    0-7    private subnet of zone slot a-h (or 1-8): nodes, and pods where pods take subnet addresses
    8      public subnets: eight slots of a 128th each
    9      0: private control plane (its first /28), 1: endpoints, 2-9: hub attachments of zone slots a-h (the first
           /28 of each), 10: NAT of private links, 11-15: kept
    10     Kubernetes services
    11     kept free
    12-15  pods, where the cloud routes a range of their own

Clouds whose subnets are regional take the union of the slots: the half 0-7 and the whole sixteenth 8. A cell uses
either the slots or the unions, so the two never overlap in one network.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping

from components.clouds.contract import Ranges, ZoneRanges

SHORTEST, LONGEST = 12, 20
"""Prefix lengths that a cell's block may have: a /20 leaves a /24 a zone, the least that nodes and pods can share."""

SLOTS = "abcdefgh"


def slot(zone: str, zone_pattern: str) -> int | None:
    """The zone's slot, 0 to 7, from its own letter or digit; None where the name has none that the layout knows."""
    match = re.fullmatch(zone_pattern, zone)
    if match is None:
        return None
    mark = match["slot"]
    number = int(mark) - 1 if mark.isdigit() else SLOTS.find(mark)
    return number if 0 <= number < len(SLOTS) else None


def _parts(block: ipaddress.IPv4Network, parts: int) -> list[ipaddress.IPv4Network]:
    return list(block.subnets(prefixlen_diff=parts.bit_length() - 1))


def _layout_1(block: ipaddress.IPv4Network, slots: Mapping[str, int]) -> Ranges:
    sixteenths = _parts(block, 16)
    public = _parts(sixteenths[8], 8)
    infrastructure = _parts(sixteenths[9], 16)

    def first_28(part: ipaddress.IPv4Network) -> str:
        return str(next(part.subnets(new_prefix=28)))

    return Ranges(
        block=str(block),
        zones={zone: ZoneRanges(private=str(sixteenths[n]), public=str(public[n])) for zone, n in slots.items()},
        regional=str(_parts(block, 2)[0]),
        regional_public=str(sixteenths[8]),
        pods=str(_parts(block, 4)[3]),
        services=str(sixteenths[10]),
        control_plane=first_28(infrastructure[0]),
        endpoints=str(infrastructure[1]),
        attachments={zone: first_28(infrastructure[2 + n]) for zone, n in slots.items()},
        link_nat=str(infrastructure[10]),
        infrastructure=str(sixteenths[9]),
        inside=(str(block),),
    )


LAYOUTS: Mapping[int, Callable[[ipaddress.IPv4Network, Mapping[str, int]], Ranges]] = {1: _layout_1}


def cut(version: int, block: str, zones: Iterable[str], zone_pattern: str) -> Ranges:
    """The ranges of a cell.

    Raises ValueError for an unknown version, a block of a size that the layout cannot cut, a zone without a slot, or
    two zones with one slot; validation has said all of these at the user's line before this is called.
    """
    network = ipaddress.IPv4Network(block)
    if version not in LAYOUTS:
        raise ValueError(f"layout {version} is not known (known: {sorted(LAYOUTS)})")
    if not SHORTEST <= network.prefixlen <= LONGEST:
        raise ValueError(f"{block} is a /{network.prefixlen}; a cell's block is a /{SHORTEST} to a /{LONGEST}")
    slots: dict[str, int] = {}
    for zone in zones:
        number = slot(zone, zone_pattern)
        if number is None:
            raise ValueError(f"zone '{zone}' does not match {zone_pattern}")
        if number in slots.values():
            raise ValueError(f"zone '{zone}' has the slot of another zone")
        slots[zone] = number
    return LAYOUTS[version](network, slots)
