"""The subnets of a cell's own virtual network.

Owns      their names, their order (Azure locks the whole network for each) and what guards each.
Refuses   a gate on the subnets of private links: Azure applies none to the addresses that stand there.
Identity  a subnet carries whatever has an address in it; all are protected in production.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components import names
from components.base import Component
from components.clouds.azure import ids
from components.clouds.contract import Identity, NetworkRequest


@dataclass(frozen=True)
class Guards:
    """What the subnets are joined to: gates of both kinds, the nodes' routes, the NAT gateway of each zone."""

    nodes: network.NetworkSecurityGroup
    load_balancers: network.NetworkSecurityGroup
    routes: network.RouteTable
    gateways: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class Subnets:
    """Those by zone; `link` only where the cell offers a private link, `endpoints` only where it consumes one."""

    nodes: Mapping[str, network.Subnet]
    load_balancers: Mapping[str, network.Subnet]
    link: network.Subnet | None
    endpoints: network.Subnet | None

    @property
    def all(self) -> tuple[network.Subnet, ...]:
        """Every subnet."""
        single = (subnet for subnet in (self.link, self.endpoints) if subnet is not None)
        return (*self.nodes.values(), *self.load_balancers.values(), *single)


def name(identity: Identity, role: str, zone: str = "") -> str:
    """Name of a subnet, e.g. `kf-az-weu-prod-load-balancers-1`: annotations of Services must say it too."""
    return names.cell_resource(identity.cell, f"{role}-{ids.zone_number(zone)}" if zone else role, limit=80)


def build(
    owner: Component,
    request: NetworkRequest,
    within: network.VirtualNetwork,
    guards: Guards,
    group: pulumi.Input[str],
    provider: pulumi.ProviderResource,
) -> Subnets:
    """Make the subnets, one after the other."""
    identity, ranges = request.identity, request.ranges
    last: list[network.Subnet] = []

    def made(
        role: str,
        address_range: str,
        zone: str = "",
        *,
        gate: network.NetworkSecurityGroup | None = None,
        nodes: bool = False,
        link: bool = False,
    ) -> network.Subnet:
        subnet = network.Subnet(
            f"{identity.cell}-{role}-{zone}" if zone else f"{identity.cell}-{role}",
            subnet_name=name(identity, role, zone),
            virtual_network_name=within.name,
            resource_group_name=group,
            address_prefix=address_range,
            network_security_group=network.NetworkSecurityGroupArgs(id=gate.id) if gate else None,
            nat_gateway=network.SubResourceArgs(id=guards.gateways[zone]) if nodes else None,
            route_table=network.RouteTableArgs(id=guards.routes.id) if nodes else None,
            default_outbound_access=False,
            private_endpoint_network_policies="Disabled",
            # Azure wants it off where a private link takes its addresses.
            private_link_service_network_policies="Disabled" if link else "Enabled",
            opts=owner.child(provider, protect=identity.production, after=tuple(last)),
        )
        last[:] = [subnet]
        return subnet

    zones = ids.zones(identity)
    return Subnets(
        nodes={zone: made("nodes", ranges.zones[zone].private, zone, gate=guards.nodes, nodes=True) for zone in zones},
        load_balancers={
            zone: made("load-balancers", ranges.zones[zone].public, zone, gate=guards.load_balancers) for zone in zones
        },
        link=made("link", ranges.link_nat, link=True) if request.reachability == "privatelink" else None,
        endpoints=made("endpoints", ranges.endpoints) if request.links else None,
    )
