"""The DNS zones of a cell.

Owns      the private zone with its link to the cell's network, and the public zone of a public cell.
Refuses   records: external-dns writes those of load balancers, the gateway its own.
Identity  clients have the names written down; both zones are protected in production.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import dns, privatedns, resources

from components import names
from components.base import Component
from components.clouds.azure import elsewhere
from components.clouds.azure.references import parts
from components.clouds.azure.spec import AzureSpec
from components.clouds.azure.standing import Standing
from components.clouds.contract import NetworkRequest


@dataclass(frozen=True)
class Zone:
    """A zone, and where it is: a company's own may be in another group, or another subscription."""

    id: pulumi.Output[str]
    name: pulumi.Input[str]
    subscription: str
    group: pulumi.Input[str]
    group_id: pulumi.Input[str]
    provider: pulumi.ProviderResource


@dataclass(frozen=True)
class Zones:
    """`ready` is what must exist before names resolve; `name_servers` are the public zone's."""

    private: Zone
    public: Zone | None
    name_servers: pulumi.Output[Sequence[str]] | None
    ready: tuple[pulumi.Resource, ...]


def build(
    owner: Component,
    request: NetworkRequest,
    spec: AzureSpec,
    standing: Standing,
    group: resources.ResourceGroup,
    provider: pulumi.ProviderResource,
) -> Zones:
    """Make the zones that are not there yet."""
    identity = request.identity
    given = request.spec.existing.private_dns_zone if request.spec.existing else None
    ready: tuple[pulumi.Resource, ...] = ()
    if given is not None:
        private = _given(owner, request, given, spec, provider)
    else:
        made = privatedns.PrivateZone(
            f"{identity.cell}-dns",
            private_zone_name=request.private_dns_zone,
            resource_group_name=group.name,
            location="global",
            tags=identity.tags,
            opts=owner.child(provider, protect=identity.production),
        )
        private = Zone(made.id, made.name, identity.account, group.name, group.id, provider)
        ready = (link(owner, request, private, standing.id, purpose="dns-link"),)
    if not request.public_dns_zone:
        return Zones(private, None, None, ready)
    zone = dns.Zone(
        f"{identity.cell}-public-dns",
        zone_name=request.public_dns_zone,
        resource_group_name=group.name,
        location="global",
        zone_type=dns.ZoneType.PUBLIC,
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production),
    )
    public = Zone(zone.id, zone.name, identity.account, group.name, group.id, provider)
    return Zones(private, public, zone.name_servers, ready)


def _given(
    owner: Component, request: NetworkRequest, id: str, spec: AzureSpec, provider: pulumi.ProviderResource
) -> Zone:
    identity, theirs = request.identity, parts(id)
    if theirs.name != request.private_dns_zone:
        raise ValueError(
            f"{identity.cell}: network.existing.private_dns_zone is the zone '{theirs.name}', and the cell's names are "
            f"in '{request.private_dns_zone}': give the zone of that name, or leave it out and the cell makes it"
        )
    there = elsewhere.provider(owner, identity, spec, provider, subscription=theirs.subscription, purpose="dns")
    return Zone(pulumi.Output.from_input(id), theirs.name, theirs.subscription, theirs.group, theirs.group_id, there)


def link(
    owner: Component, request: NetworkRequest, zone: Zone, to: pulumi.Input[str], *, purpose: str, physical: str = ""
) -> privatedns.VirtualNetworkLink:
    """Let a network resolve the names of a private zone."""
    identity = request.identity
    return privatedns.VirtualNetworkLink(
        f"{identity.cell}-{purpose}",
        virtual_network_link_name=names.cell_resource(identity.cell, physical, limit=80),
        private_zone_name=zone.name,
        resource_group_name=zone.group,
        location="global",
        virtual_network=privatedns.SubResourceArgs(id=to),
        registration_enabled=False,
        tags=identity.tags,
        opts=owner.child(zone.provider),
    )
