"""A virtual network that the company has already.

Owns      taking its ids as they are given.
Refuses   to touch what it did not make: gates, routes, NAT gateways and flow logs of those subnets are the company's
          (README.md says what they must let through).
"""

import pulumi

from components.cell.network_spec import Existing
from components.clouds.azure import ids
from components.clouds.azure.references import parts
from components.clouds.azure.standing import Standing
from components.clouds.contract import NetworkRequest


def build(request: NetworkRequest, existing: Existing) -> Standing:
    """The network as the cell file tells of it."""
    identity, theirs = request.identity, parts(existing.network)
    zones = {zone: existing.zones[zone] for zone in identity.zones}
    front = zones[ids.zones(identity)[0]].load_balancers
    return Standing(
        id=pulumi.Output.from_input(existing.network),
        name=theirs.name,
        group=theirs.group,
        nodes={zone: pulumi.Output.from_input(each.nodes.id) for zone, each in zones.items()},
        load_balancers={zone: pulumi.Output.from_input(each.load_balancers.id) for zone, each in zones.items()},
        front=parts(front.id).name,
        front_range=front.cidr,
        link=parts(front.id).name,
        endpoints=pulumi.Output.from_input(front.id),
        endpoints_range=front.cidr,
        egress_ips=(),
        ready=(),
    )
