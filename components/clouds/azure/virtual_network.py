"""A virtual network of the cell's own.

Owns      the network, its gates, routes, NAT and flow log, in the order in which Azure wants them.
Refuses   inline subnets: Azure would then take every subnet that this list forgets for one to delete.
Identity  the network carries everything and is protected in production.
"""

import pulumi
from pulumi_azure_native import network, resources

from components import names
from components.base import Component
from components.clouds.azure import egress, flow_log, ids, security, subnets
from components.clouds.azure.spec import AzureSpec
from components.clouds.azure.standing import Standing
from components.clouds.contract import NetworkRequest


def build(
    owner: Component,
    request: NetworkRequest,
    spec: AzureSpec,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> Standing:
    """Make the network with all that stands in it."""
    made = _network(owner, request, group, provider)
    out = egress.build(owner, request, group.name, provider)
    cut = subnets.build(
        owner,
        request,
        made,
        subnets.Guards(
            nodes=_gate(owner, request, "nodes", security.node_rules(request), group, provider),
            load_balancers=_gate(
                owner, request, "load-balancers", security.load_balancer_rules(request), group, provider
            ),
            routes=_routes(owner, request, group, provider),
            gateways=out.gateway_ids,
        ),
        group.name,
        provider,
    )
    log = flow_log.build(owner, request, spec, made, group.name, provider)
    first = ids.zones(request.identity)[0]
    return Standing(
        id=made.id,
        name=made.name,
        group=group.name,
        nodes={zone: cut.nodes[zone].id for zone in request.identity.zones},
        load_balancers={zone: cut.load_balancers[zone].id for zone in request.identity.zones},
        front=subnets.name(request.identity, "load-balancers", first),
        front_range=request.ranges.zones[first].public,
        link=subnets.name(request.identity, "link"),
        endpoints=cut.endpoints.id if cut.endpoints else None,
        endpoints_range=request.ranges.endpoints,
        egress_ips=out.addresses,
        ready=(*cut.all, log),
    )


def _network(
    owner: Component,
    request: NetworkRequest,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> network.VirtualNetwork:
    identity, ranges = request.identity, request.ranges
    return network.VirtualNetwork(
        f"{identity.cell}-virtual-network",
        virtual_network_name=names.cell_resource(identity.cell, limit=64),
        resource_group_name=group.name,
        location=identity.region,
        # Not the whole block: Kubernetes' services must be outside the network. All ranges that subnets may ever
        # take are here from the start, because each later change must be synchronised to every peered network.
        address_space=network.AddressSpaceArgs(
            address_prefixes=sorted((ranges.regional, ranges.regional_public, ranges.infrastructure))
        ),
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production),
    )


def _gate(
    owner: Component,
    request: NetworkRequest,
    role: str,
    rules: list[network.SecurityRuleArgs],
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> network.NetworkSecurityGroup:
    identity = request.identity
    return network.NetworkSecurityGroup(
        f"{identity.cell}-{role}-gate",
        network_security_group_name=names.cell_resource(identity.cell, role, limit=80),
        resource_group_name=group.name,
        location=identity.region,
        security_rules=rules,
        tags=identity.tags,
        opts=owner.child(provider),
    )


def _routes(
    owner: Component,
    request: NetworkRequest,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> network.RouteTable:
    identity = request.identity
    return network.RouteTable(
        f"{identity.cell}-routes",
        route_table_name=names.cell_resource(identity.cell, limit=80),
        resource_group_name=group.name,
        location=identity.region,
        # What a hub announces are a gateway's routes to Azure: a table that ignores those never learns where the
        # hub's networks are. The way out stays at the NAT gateway either way, by the table's own default route.
        disable_bgp_route_propagation=request.spec.hub is None,
        routes=security.routes(),
        tags=identity.tags,
        opts=owner.child(provider),
    )
