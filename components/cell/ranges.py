"""The ranges of a cell: cut from its block, or taken from the network that the company has already.

Owns      which of the two stands where in `Ranges`.
Refuses   to judge: what does not fit is told by `stacks/check` at the user's line.
"""

from collections.abc import Iterable
from dataclasses import replace

from components.cell.layout import cut
from components.cell.network_spec import Existing, NetworkSpec
from components.clouds.contract import Ranges, ZoneRanges


def ranges(network: NetworkSpec, zones: Iterable[str], zone_pattern: str) -> Ranges:
    """Every range of a cell. In an existing network the block still gives what no subnet of the company's holds:
    services, control plane, endpoints, attachments and the NAT of private links.

    Raises ValueError as `cut` does, and KeyError for a zone without existing subnets; validation says both before.
    """
    names = tuple(zones)
    made = cut(network.layout, network.address_block, names, zone_pattern)
    return _in(network.existing, made, names) if network.existing else made


def _in(existing: Existing, made: Ranges, zones: tuple[str, ...]) -> Ranges:
    taken = {
        zone: ZoneRanges(private=existing.zones[zone].nodes.cidr, public=existing.zones[zone].load_balancers.cidr)
        for zone in zones
    }
    first = taken[zones[0]]
    return replace(
        made,
        zones=taken,
        regional=first.private,
        regional_public=first.public,
        pods=existing.pods or made.pods,
        services=existing.services or made.services,
        inside=(made.block, *existing.cidrs),
    )
