"""The Virtual WAN hub that a cell's network is connected to.

Owns      a hub of the cell's own, the connection to it or to the company's, and what others need to join.
Refuses   the hub as the way to the internet: the cell leaves through its own NAT gateways.

Each connection is associated with the hub's default route table and propagates into it, so everything on the hub
reaches everything. The hub's number for BGP is 65515: Azure gives it, and no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import network, resources

from components import names
from components.base import Component
from components.cell.network_spec import Hub, NewHub
from components.clouds.azure import elsewhere, ids
from components.clouds.azure.dns import Zone
from components.clouds.azure.references import parts
from components.clouds.azure.spec import AzureSpec
from components.clouds.azure.standing import Standing
from components.clouds.contract import NetworkRequest

ASN = 65515
"""What every virtual hub has."""


@dataclass(frozen=True)
class _Hub:
    id: pulumi.Output[str]
    name: pulumi.Input[str]
    group: pulumi.Input[str]


def build(
    owner: Component,
    request: NetworkRequest,
    spec: AzureSpec,
    hub: Hub,
    standing: Standing,
    zone: Zone,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
    *,
    after: Sequence[pulumi.Resource] = (),
) -> Mapping[str, Any]:
    """Connect the network; returns what people must know."""
    if hub.new is not None:
        made = _new(owner, request, hub.new, group, provider)
        its, there = _Hub(made.id, made.name, group.name), provider
    else:
        given = hub.id or ""
        theirs = parts(given)
        its = _Hub(pulumi.Output.from_input(given), theirs.name, theirs.group)
        there = elsewhere.provider(
            owner, request.identity, spec, provider, subscription=theirs.subscription, purpose="hub"
        )
    connection = _connection(request, standing, its, owner.child(there, after=(*standing.ready, *after)))
    return {
        "id": its.id,
        "attachment": connection.id,
        "asn": ASN,
        "instructions": _instructions(request, hub.new, its.id, zone),
    }


def _new(
    owner: Component,
    request: NetworkRequest,
    new: NewHub,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> network.VirtualHub:
    identity = request.identity
    wan = network.VirtualWan(
        f"{identity.cell}-wan",
        virtual_wan_name=names.cell_resource(identity.cell, limit=80),
        resource_group_name=group.name,
        location=identity.region,
        type="Standard",
        allow_branch_to_branch_traffic=True,
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production),
    )
    return network.VirtualHub(
        f"{identity.cell}-hub",
        virtual_hub_name=names.cell_resource(identity.cell, limit=80),
        resource_group_name=group.name,
        location=identity.region,
        address_prefix=new.address_block,
        sku="Standard",
        virtual_wan=network.SubResourceArgs(id=wan.id),
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production),
    )


def _connection(
    request: NetworkRequest,
    standing: Standing,
    hub: _Hub,
    opts: pulumi.ResourceOptions,
) -> network.HubVirtualNetworkConnection:
    table = network.SubResourceArgs(id=pulumi.Output.concat(hub.id, "/hubRouteTables/defaultRouteTable"))
    return network.HubVirtualNetworkConnection(
        f"{request.identity.cell}-hub-connection",
        connection_name=names.cell_resource(request.identity.cell, limit=80),
        virtual_hub_name=hub.name,
        resource_group_name=hub.group,
        remote_virtual_network=network.SubResourceArgs(id=standing.id),
        enable_internet_security=False,
        routing_configuration=network.RoutingConfigurationArgs(
            associated_route_table=table,
            propagated_route_tables=network.PropagatedRouteTableArgs(ids=[table], labels=["default"]),
        ),
        opts=opts,
    )


def _instructions(
    request: NetworkRequest, new: NewHub | None, id: pulumi.Output[str], zone: Zone
) -> list[pulumi.Input[str]]:
    """What others run: names, which no hub carries, and joining a hub of the cell's own."""
    identity = request.identity
    said: list[pulumi.Input[str]] = [
        pulumi.Output.concat(
            "each network on the hub that is to resolve the cell's names: az network private-dns link vnet create"
            f" --subscription {zone.subscription} --resource-group ",
            zone.group,
            f" --zone-name {request.private_dns_zone} --registration-enabled false --name <a name>"
            " --virtual-network <its id>",
        ),
        f"offices and data centres: forward {request.private_dns_zone} to a DNS resolver in a network that has such a "
        "link (Azure DNS Private Resolver): Azure's own resolver answers inside of virtual networks only",
    ]
    for account in sorted(new.shared_with) if new else ():
        said.append(
            pulumi.Output.concat(
                f"for subscription {account}: az role assignment create --role 'Network Contributor'"
                " --assignee <who attaches its networks> --scope ",
                id,
            )
        )
        said.append(
            f"then in subscription {account}: az network vhub connection create --subscription {identity.account}"
            f" --resource-group {ids.resource_group(identity)}"
            f" --vhub-name {names.cell_resource(identity.cell, limit=80)}"
            " --name <a name> --remote-vnet <its id>"
        )
    return said
