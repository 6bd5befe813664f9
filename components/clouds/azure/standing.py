"""The virtual network that a cell stands in, whether the cell made it or the company had it.

Owns      what everything else may know of that network.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Standing:
    """A virtual network with the subnets that the cell uses.

    name, group  where its children (peerings) are made
    front, front_range  name and range of the subnet in which the gateway's load balancer has its address
    link      name of the subnet in which the private link has its addresses
    endpoints, endpoints_range  the subnet of private endpoints that the cell consumes, and its range
    ready     what must exist before nodes can start
    """

    id: pulumi.Output[str]
    name: pulumi.Input[str]
    group: pulumi.Input[str]
    nodes: Mapping[str, pulumi.Output[str]]
    load_balancers: Mapping[str, pulumi.Output[str]]
    front: str
    front_range: str
    link: str
    endpoints: pulumi.Output[str] | None
    endpoints_range: str
    egress_ips: tuple[pulumi.Output[str], ...]
    ready: tuple[pulumi.Resource, ...]
