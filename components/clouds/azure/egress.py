"""How the nodes of a cell reach the outside: NAT gateways and their addresses.

Owns      one NAT gateway a zone (or one in all), each with one static address.
Refuses   the way out that Azure once gave every machine: its address was anyone's, and nobody could allow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components import names
from components.base import Component
from components.clouds.azure import ids
from components.clouds.contract import NetworkRequest


@dataclass(frozen=True)
class Egress:
    """The NAT gateway of each zone, and the addresses under which the cell is seen outside."""

    gateway_ids: Mapping[str, pulumi.Output[str]]
    addresses: tuple[pulumi.Output[str], ...]


def build(
    owner: Component, request: NetworkRequest, group: pulumi.Input[str], provider: pulumi.ProviderResource
) -> Egress:
    """Make the gateways that `request.spec.nat` asks for."""
    zones = ids.zones(request.identity)
    if request.spec.nat == "single":
        # In no zone: a gateway pinned to the first zone would have to be replaced when an earlier zone is added.
        gateway, address = _gateway(owner, request, group, provider, zone=None)
        return Egress(dict.fromkeys(zones, gateway), (address,))
    made = {zone: _gateway(owner, request, group, provider, zone) for zone in zones}
    return Egress({zone: pair[0] for zone, pair in made.items()}, tuple(pair[1] for pair in made.values()))


def _gateway(
    owner: Component,
    request: NetworkRequest,
    group: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    zone: str | None,
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    identity = request.identity
    logical = f"-{zone}" if zone else ""
    physical = f"-{ids.zone_number(zone)}" if zone else ""
    placed = [ids.zone_number(zone)] if zone else None
    address = network.PublicIPAddress(
        f"{identity.cell}-nat-address{logical}",
        public_ip_address_name=names.cell_resource(identity.cell, f"nat{physical}", limit=80),
        resource_group_name=group,
        location=identity.region,
        sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
        public_ip_allocation_method="Static",
        public_ip_address_version="IPv4",
        idle_timeout_in_minutes=4,
        zones=placed,
        tags=identity.tags,
        opts=owner.child(provider),
    )
    gateway = network.NatGateway(
        f"{identity.cell}-nat{logical}",
        nat_gateway_name=names.cell_resource(identity.cell, f"nat{physical}", limit=80),
        resource_group_name=group,
        location=identity.region,
        sku=network.NatGatewaySkuArgs(name="Standard"),
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        idle_timeout_in_minutes=4,
        zones=placed,
        tags=identity.tags,
        opts=owner.child(provider),
    )
    return gateway.id, address.ip_address.apply(lambda given: given or "")
