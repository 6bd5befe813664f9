"""Private links of others that the cell's network consumes.

Owns      an endpoint with a fixed address for each, and the zone whose names lead there.
Refuses   to wait for the provider: a connection that must be accepted stays pending until it is.
Identity  the address of an endpoint follows from its link's name.
"""

import re
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import network, privatedns, resources

from components import names
from components.base import Component
from components.clouds.azure import addresses, dns, records
from components.clouds.azure.standing import Standing
from components.clouds.contract import LinkRequest, NetworkRequest


def build(
    owner: Component,
    request: NetworkRequest,
    standing: Standing,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> Mapping[str, Any]:
    """Make each endpoint with its zone; returns what people must know."""
    told: dict[str, Any] = {}
    last: list[pulumi.Resource] = []
    for name in sorted(request.links):
        link, at = request.links[name], addresses.endpoint(standing.endpoints_range, name)
        endpoint = _endpoint(
            request, name, link, at, standing, group, owner.child(provider, after=(*standing.ready, *last))
        )
        _names(owner, request, name, link, at, standing, group, provider)
        last[:] = [endpoint]
        told[name] = {"endpoint": endpoint.id, "addresses": [at], "instructions": _instructions(link)}
    return told


def _endpoint(
    request: NetworkRequest,
    name: str,
    link: LinkRequest,
    at: str,
    standing: Standing,
    group: resources.ResourceGroup,
    opts: pulumi.ResourceOptions,
) -> network.PrivateEndpoint:
    identity = request.identity
    physical = names.cell_resource(identity.cell, f"link-{name}", limit=80)
    by_id = link.service.startswith("/")
    connection = network.PrivateLinkServiceConnectionArgs(
        name=physical,
        private_link_service_id=link.service,
        request_message=None if by_id else f"Kafka cell {identity.cell} of subscription {identity.account}",
    )
    return network.PrivateEndpoint(
        f"{identity.cell}-link-{name}",
        private_endpoint_name=physical,
        resource_group_name=group.name,
        location=identity.region,
        subnet=network.SubnetArgs(id=standing.endpoints),
        custom_network_interface_name=f"{names.cell_resource(identity.cell, f'link-{name}', limit=76)}-nic",
        ip_configurations=[network.PrivateEndpointIPConfigurationArgs(name="address", private_ip_address=at)],
        # By its id Azure connects whoever may; an alias is known without any right, so it is always a request, which
        # the provider's list of subscriptions accepts by itself.
        private_link_service_connections=[connection] if by_id else None,
        manual_private_link_service_connections=None if by_id else [connection],
        tags=identity.tags,
        opts=opts,
    )


def _names(
    owner: Component,
    request: NetworkRequest,
    name: str,
    link: LinkRequest,
    at: str,
    standing: Standing,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> None:
    identity = request.identity
    made = privatedns.PrivateZone(
        f"{identity.cell}-link-{name}-dns",
        private_zone_name=link.dns_zone,
        resource_group_name=group.name,
        location="global",
        tags=identity.tags,
        opts=owner.child(provider),
    )
    zone = dns.Zone(made.id, made.name, identity.account, group.name, group.id, provider)
    dns.link(owner, request, zone, standing.id, purpose=f"link-{name}-dns-link", physical=f"link-{name}")
    region = _region(link.service) or identity.region
    records.private(
        owner, f"{identity.cell}-link-{name}-wildcard", zone, at, (f"{region}-{number}" for number in (1, 2, 3))
    )


def _region(service: str) -> str:
    """The provider's region, which an alias names and an id does not. One endpoint serves all of its zones."""
    found = re.fullmatch(r".*\.([a-z0-9]+)\.azure\.privatelinkservice", service)
    return found[1] if found else ""


def _instructions(link: LinkRequest) -> list[str]:
    return [f"where the provider accepts by hand: ask for the connection to {link.service} to be approved"]
