"""The load balancer in front of a cell's gateway, its names, and the private link that ends at it.

Owns      the reserved address, the wildcard records, what GKE must know to make the load balancer of the Service, and
          with a private link the NAT's subnetwork and the attachment.
Refuses   to make the load balancer: GKE does, and keeps its backends in step with the nodes. From six ports on, its
          internal forwarding rule takes every port and an external one the span from the first to the last; GKE's own
          firewall rule still opens the Service's ports alone.
Identity  clients' names lead to the address: it is protected in production.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import names
from components.clouds import resources
from components.clouds.contract import GatewayService
from components.clouds.gcp import ENTRY, attachment, paths, zones
from components.clouds.gcp.labels import labels
from components.clouds.gcp.links import internal_address
from components.clouds.gcp.network import gcp_network
from components.clouds.gcp.spec import GcpSpec
from components.clouds.resources import GatewayRequest
from components.services.contract import Manifest

ADDRESS = "networking.gke.io/load-balancer-ip-addresses"
SUBNET = "networking.gke.io/load-balancer-subnet"
ROLE, ADDRESS_ROLE = "gateway", "gateway-address"


class Gateway(resources.Gateway):
    """Build what `request` asks for."""

    service: GatewayService
    objects: Sequence[Manifest]
    told: Mapping[str, Any]

    def __init__(
        self,
        name: str,
        request: GatewayRequest,
        spec: GcpSpec,  # noqa: ARG002 - the contract's signature; nothing of GCP's own reaches the gateway
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        identity = request.identity
        subnet = request.network.load_balancer_subnet_ids[min(identity.zones)]
        external = request.exposure == "external"
        annotations: dict[str, Any] = dict(ENTRY.load_balancers["external" if external else "network"].annotations)
        if external:
            address = self._external_address(request, provider)
        else:
            address = internal_address(self, provider, identity, ADDRESS_ROLE, subnet, request.network.ready)
            annotations[SUBNET] = subnet.apply(paths.last)
        annotations[ADDRESS] = address.name
        zones.wildcards(self, provider, identity, ROLE, request.dns_zone_id, request.dns_zone, address.address)
        self.service = GatewayService(
            type="LoadBalancer",
            annotations=dict(sorted(annotations.items())),
            source_ranges=tuple(sorted(request.allowed_cidrs)),
        )
        self.objects, told = [], {}
        if request.link:
            vpc = gcp_network(request.network).vpc
            self.objects = [attachment.offer(self, provider, request, request.link, vpc)]
            told = {"service": attachment.how_to_find(request)}
        self.told = {"address": address.address, **told}
        self.done({"address": address.address})

    def _external_address(self, request: GatewayRequest, provider: pulumi.ProviderResource) -> gcp.compute.Address:
        identity = request.identity
        return gcp.compute.Address(
            f"{identity.cell}-{ADDRESS_ROLE}",
            project=identity.account,
            region=identity.region,
            name=names.cell_resource(identity.cell, ADDRESS_ROLE),
            address_type="EXTERNAL",
            network_tier="PREMIUM",
            labels=labels(identity.tags),
            # Nothing here refers to the network, but once it stands the API is on.
            opts=self.child(provider, protect=identity.production, after=request.network.ready),
        )
