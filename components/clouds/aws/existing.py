"""A network that the company has already: its ids in place of resources, and what its owner has to do.

Owns      which id stands for what, and the instructions that follow from not owning routes and tags.
Refuses   to change anything that is there: no route, tag or default rule of somebody else's network.
"""

from collections.abc import Sequence

import pulumi

from components.cell.network_spec import Existing
from components.clouds.aws.zones import Zones
from components.clouds.contract import NetworkRequest


def existing_zones(request: NetworkRequest, existing: Existing) -> Zones:
    """The zones of the company's network, in the shape of the cell's own."""
    zones = {zone: existing.zones[zone] for zone in sorted(request.identity.zones)}
    return Zones(
        private={zone: pulumi.Output.from_input(found.nodes.id) for zone, found in zones.items()},
        public={zone: pulumi.Output.from_input(found.load_balancers.id) for zone, found in zones.items()},
        tables={},
        zone_ids={},
        addresses=(),
        ready=(),
    )


def existing_subnets(request: NetworkRequest, existing: Existing) -> dict[str, str]:
    """Every subnet that the cell uses, by a name for logical names: one that serves twice stands once."""
    found: dict[str, str] = {}
    for zone in sorted(request.identity.zones):
        for role, subnet in (("nodes", existing.zones[zone].nodes), ("balancers", existing.zones[zone].load_balancers)):
            if subnet.id not in found.values():
                found[f"{role}-{zone}"] = subnet.id
    return found


def own_cidrs(request: NetworkRequest) -> tuple[str, ...]:
    """Ranges by which others route to the cell: one for its own block, however many subnets that has."""
    if request.spec.existing is None:
        return (request.ranges.block,)
    zones = request.ranges.zones.values()
    return tuple(sorted({cidr for zone in zones for cidr in (zone.private, zone.public)}))


def tag_instructions(request: NetworkRequest, existing: Existing) -> Sequence[str]:
    """Commands by which load balancers find the subnets; tags of others' subnets are not the fleet's to set."""
    public = request.reachability == "public"
    wanted: dict[str, str] = {}
    for zone in sorted(request.identity.zones):
        wanted[existing.zones[zone].nodes.id] = "kubernetes.io/role/internal-elb"
    for zone in sorted(request.identity.zones):
        role = "elb" if public else "internal-elb"
        wanted[existing.zones[zone].load_balancers.id] = f"kubernetes.io/role/{role}"
    return tuple(
        f"aws ec2 create-tags --region {request.identity.region} --resources {subnet} --tags Key={key},Value=1"
        for subnet, key in wanted.items()
    )
