"""Free space in a range of addresses, and the first block of a size in it.

Owns      the arithmetic.
Refuses   to know who holds what: `stacks/addresses.py` does.
"""

import ipaddress
from collections.abc import Iterable

Net = ipaddress.IPv4Network


def free(within: str, taken: Iterable[str]) -> list[Net]:
    """What of a range nobody holds, as the fewest aligned ranges, by address.

    One pass over the taken ranges by address: cost follows their number, not the addresses.
    """
    area = Net(within)
    cursor, end = int(area.network_address), int(area.broadcast_address)
    found: list[Net] = []

    def gap(first: int, last: int) -> None:
        if first <= last:
            found.extend(ipaddress.summarize_address_range(ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)))

    for held in sorted(Net(each) for each in taken):
        if not held.overlaps(area):
            continue
        gap(cursor, int(held.network_address) - 1)
        cursor = max(cursor, int(held.broadcast_address) + 1)
    gap(cursor, end)
    return found


def allocate(length: int, space: Iterable[str], taken: Iterable[str]) -> str | None:
    """The first block of `/length` in `space` (in the order given) that overlaps nothing in `taken`, or None."""
    held = list(taken)
    for area in space:
        for part in free(area, held):
            # A block that is free lies whole in one of the aligned parts, so the first that is large enough has it.
            if part.prefixlen <= length:
                return str(Net((int(part.network_address), length)))
    return None
