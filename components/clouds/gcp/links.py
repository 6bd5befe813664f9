"""Private links of others that a cell's network consumes.

Owns      an endpoint for each (Private Service Connect), and the names that lead to it.
Refuses   a service of another region: an endpoint stands in its service's region, and a cell has subnetworks in one.
"""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity, LinkRequest, NetworkRequest
from components.clouds.gcp import zones
from components.clouds.gcp.labels import labels
from components.clouds.gcp.subnetworks import ENDPOINTS_ROLE, subnetwork
from components.clouds.gcp.vpc import Vpc


def links(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, vpc: Vpc
) -> dict[str, dict[str, Any]]:
    """Make every endpoint."""
    if not request.links:
        return {}
    identity = request.identity
    # An existing network gives the cell two subnetworks and no third: endpoints stand among the load balancers.
    subnet = (
        vpc.load_balancers
        if vpc.shared
        else subnetwork(parent, provider, identity, ENDPOINTS_ROLE, request.ranges.endpoints, vpc.link, {}).id
    )
    return {
        name: _link(parent, provider, identity, vpc, subnet, name, link) for name, link in sorted(request.links.items())
    }


def _link(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    vpc: Vpc,
    subnet: pulumi.Output[str],
    name: str,
    link: LinkRequest,
) -> dict[str, Any]:
    role = f"link-{name}"
    address = internal_address(parent, provider, identity, role, subnet, vpc.after)
    endpoint = gcp.compute.ForwardingRule(
        f"{identity.cell}-{role}-endpoint",
        project=identity.account,
        region=identity.region,
        name=names.cell_resource(identity.cell, role),
        target=link.service,
        # Empty on purpose: an endpoint is no load balancer, and the SDK's default is an external one.
        load_balancing_scheme="",
        network=vpc.link,
        ip_address=address.self_link,
        allow_psc_global_access=True,
        # The provider's own domain would get a zone here that nobody declared.
        no_automate_dns_zone=True,
        labels=labels(identity.tags),
        opts=parent.child(provider, after=vpc.after),
    )
    zone = gcp.dns.ManagedZone(
        f"{identity.cell}-{role}-dns",
        project=identity.account,
        name=names.cell_resource(identity.cell, role),
        dns_name=f"{link.dns_zone}.",
        description=f"names behind private link {name} of cell {identity.cell}",
        visibility="private",
        private_visibility_config=zones.visible_to(vpc.link),
        labels=labels(identity.tags),
        opts=parent.child(provider, after=vpc.after),
    )
    zones.wildcards(parent, provider, identity, role, zone.id, link.dns_zone, address.address)
    return {"endpoint": endpoint.id, "addresses": [address.address], "state": endpoint.psc_connection_status}


def internal_address(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    role: str,
    subnet: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
) -> gcp.compute.Address:
    """A reserved address in a subnetwork: names lead to it, so it outlives what stands behind it."""
    return gcp.compute.Address(
        f"{identity.cell}-{role}",
        project=identity.account,
        region=identity.region,
        name=names.cell_resource(identity.cell, role),
        address_type="INTERNAL",
        purpose="GCE_ENDPOINT",
        subnetwork=subnet,
        labels=labels(identity.tags),
        opts=parent.child(provider, protect=identity.production, after=after),
    )
