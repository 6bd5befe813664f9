"""The DNS zones of a cell, and records in any zone.

Owns      the private zone, the public zone of a public cell, and the form of a record.
Refuses   records of load balancers and pods: external-dns writes those.
Identity  clients have names of these zones written down: both are protected in production.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_gcp as gcp

from components import dns_names, names
from components.base import Component
from components.clouds.contract import Identity, NetworkRequest
from components.clouds.gcp import paths
from components.clouds.gcp.labels import labels
from components.clouds.gcp.vpc import Vpc

TTL = 300


def visible_to(network: pulumi.Input[str]) -> gcp.dns.ManagedZonePrivateVisibilityConfigArgs:
    """Answers in one network, given by its link, and nowhere else."""
    seen_by = gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network)
    return gcp.dns.ManagedZonePrivateVisibilityConfigArgs(networks=[seen_by])


def private(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, vpc: Vpc
) -> pulumi.Output[str]:
    """Id of the private zone, made where the network has none yet."""
    identity, existing = request.identity, request.spec.existing
    if existing and existing.private_dns_zone:
        return pulumi.Output.from_input(f"projects/{identity.account}/managedZones/{existing.private_dns_zone}")
    zone = gcp.dns.ManagedZone(
        f"{identity.cell}-dns",
        project=identity.account,
        name=names.cell_resource(identity.cell, "internal"),
        dns_name=f"{request.private_dns_zone}.",
        description=f"names inside cell {identity.cell}",
        visibility="private",
        private_visibility_config=visible_to(vpc.link),
        labels=labels(identity.tags),
        opts=parent.child(provider, protect=identity.production, after=vpc.after),
    )
    return zone.id


def public(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, enabled: Sequence[pulumi.Resource]
) -> gcp.dns.ManagedZone | None:
    """The public zone, where the cell has a name for one. Its parent zone must delegate to its name servers."""
    identity = request.identity
    if not request.public_dns_zone:
        return None
    return gcp.dns.ManagedZone(
        f"{identity.cell}-public-dns",
        project=identity.account,
        name=names.cell_resource(identity.cell, "public"),
        dns_name=f"{request.public_dns_zone}.",
        description=f"public names of cell {identity.cell}",
        visibility="public",
        labels=labels(identity.tags),
        opts=parent.child(provider, protect=identity.production, after=enabled),
    )


def record(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    role: str,
    zone: pulumi.Output[str],
    name: str,
    values: Sequence[pulumi.Input[str]],
    kind: str = "A",
) -> None:
    """One record in `zone`, given by its id; `name` without its final dot."""
    gcp.dns.RecordSet(
        f"{identity.cell}-{role}",
        project=identity.account,
        managed_zone=zone.apply(paths.last),
        name=f"{name}.",
        type=kind,
        ttl=TTL,
        rrdatas=list(values),
        opts=parent.child(provider),
    )


def wildcards(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    role: str,
    zone: pulumi.Output[str],
    dns_zone: str,
    address: pulumi.Output[str],
) -> None:
    """Every name of a zone, and every zonal one, leads to `address`: load balancers and endpoints are regional."""
    record(parent, provider, identity, f"{role}-wildcard", zone, dns_names.wildcards(dns_zone)[0], [address])
    for each in sorted(identity.zones):
        name = dns_names.wildcards(dns_zone, [each])[1]
        record(parent, provider, identity, f"{role}-wildcard-{each}", zone, name, [address])


def detour(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    vpc: Vpc,
    role: str,
    domain: str,
    records: Mapping[str, tuple[str, Sequence[str]]],
) -> None:
    """A zone of somebody else's domain that answers inside the cell: `records` name -> (type, values)."""
    zone = gcp.dns.ManagedZone(
        f"{identity.cell}-{role}-dns",
        project=identity.account,
        name=names.cell_resource(identity.cell, role),
        dns_name=f"{domain}.",
        description=f"{domain} inside cell {identity.cell}",
        visibility="private",
        private_visibility_config=visible_to(vpc.link),
        labels=labels(identity.tags),
        opts=parent.child(provider, after=vpc.after),
    )
    for name, (kind, values) in sorted(records.items()):
        label = "wildcard" if name.startswith("*.") else "name"
        record(parent, provider, identity, f"{role}-{label}", zone.id, name, values, kind)
