"""One cell: the network, the Kubernetes cluster in it, and the platform that runs on that.

Owns      the order network -> Kubernetes -> gateway -> platform, and what the cell's stack exports.
Refuses   clusters: a cell's stack is the same whatever stands on it.
Identity  logical names are `<cell>`, `<cell>-network`, `<cell>-kubernetes`, `<cell>-platform`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components import catalog
from components.base import Component
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges as ranges_of
from components.cell.spec import CellBody
from components.clouds.contract import (
    Access,
    ClusterAddress,
    Identity,
    LinkRequest,
    NetworkRequest,
    NodePool,
    Ranges,
)
from components.clouds.reach import EXPOSURES
from components.clouds.resources import Gateway, GatewayRequest, Kubernetes, KubernetesRequest, Network
from components.kubeconfig import kubeconfig
from components.platform.component import Platform
from components.platform.request import GATEWAY_NAMESPACE, GATEWAY_SERVICE, FromCloud, PlatformRequest


@dataclass(frozen=True)
class CellRequest:
    """A cell, validated.

    tags      ownership and cost
    dns_zone  private zone of the cell, no final dot
    public_dns_zone  the same for a public cell; empty otherwise
    links     private links that the cell's network consumes
    platform  what to run in the cell's Kubernetes, given what only its cloud knows
    """

    name: str
    spec: CellBody
    production: bool
    tags: Mapping[str, str]
    dns_zone: str
    platform: Callable[[FromCloud], PlatformRequest]
    public_dns_zone: str = ""
    links: Mapping[str, LinkRequest] = field(default_factory=dict)


class Cell(Component):
    """Build the cell that `request` asks for, with the cloud's own provider pinned to its account."""

    def __init__(self, request: CellRequest, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the providers, then network, Kubernetes and platform, each the parent of what it makes."""
        super().__init__("cells", request.name, opts)
        self.request = request
        self._cloud = catalog.clouds()[request.spec.cloud]
        spec = request.spec
        identity = Identity(
            cell=request.name,
            account=spec.account,
            region=spec.region,
            zones=spec.zones,
            production=request.production,
            tags=request.tags,
        )
        ranges = ranges_of(spec.network, spec.zones, self._cloud.zone_pattern)
        provider = catalog.load(self._cloud.provider)(f"{request.name}-provider", identity, spec.section())
        below = pulumi.ResourceOptions(parent=self)

        self.network: Network = catalog.load(self._cloud.network)(
            f"{request.name}-network",
            NetworkRequest(
                identity=identity,
                ranges=ranges,
                spec=spec.network,
                private_dns_zone=request.dns_zone,
                public_dns_zone=request.public_dns_zone,
                links=request.links,
            ),
            spec.section(),
            provider,
            below,
        )
        self.kubernetes: Kubernetes = catalog.load(self._cloud.kubernetes)(
            f"{request.name}-kubernetes",
            KubernetesRequest(
                identity=identity,
                ranges=ranges,
                network=self.network,
                version=spec.kubernetes.version,
                api=spec.kubernetes.api,
                api_allowed_cidrs=spec.kubernetes.api_allowed_cidrs,
                kafka_nodes=NodePool(**spec.kubernetes.kafka_nodes.model_dump()),
                system_nodes=NodePool(**spec.kubernetes.system_nodes.model_dump()),
                access=Access(**spec.kubernetes.access.model_dump()),
                log_retention_days=spec.kubernetes.log_retention_days,
            ),
            spec.section(),
            provider,
            below,
        )
        self.gateway = self._gateway(identity, ranges, provider) if spec.network.has_gateway else None
        self.platform = self._platform()
        self.outputs = self._outputs()
        self.done(self.outputs)

    def _gateway(self, identity: Identity, ranges: Ranges, provider: pulumi.ProviderResource) -> Gateway:
        """The gateway's load balancer: it needs the nodes to stand, and the platform needs to know of it."""
        net = self.request.spec.network
        external = net.reachability == "public"
        zone_id = self.network.public_dns_zone_id if external else self.network.private_dns_zone_id
        if zone_id is None:
            raise ValueError(f"the public cell {self.request.name} has no public DNS zone")
        made: Gateway = catalog.load(self._cloud.gateway)(
            f"{self.request.name}-gateway",
            GatewayRequest(
                identity=identity,
                ranges=ranges,
                network=self.network,
                kubernetes=self.kubernetes,
                exposure=EXPOSURES[net.reachability],
                allowed_cidrs=net.allowed_cidrs if external else (),
                client_cidrs=net.client_cidrs,
                ports=gateway_ports(net),
                link=net.privatelink if net.reachability == "privatelink" else None,
                dns_zone=self.request.public_dns_zone if external else self.request.dns_zone,
                dns_zone_id=zone_id,
                namespace=GATEWAY_NAMESPACE,
                service=GATEWAY_SERVICE,
            ),
            self.request.spec.section(),
            provider,
            pulumi.ResourceOptions(parent=self),
        )
        return made

    def _platform(self) -> Platform:
        request, at = self.request, self.kubernetes
        provider = kubernetes.Provider(
            f"{request.name}-cluster",
            kubeconfig=pulumi.Output.all(at.cluster_name, at.cluster_id, at.endpoint, at.ca_certificate).apply(
                lambda parts: kubeconfig(
                    ClusterAddress(
                        cloud=request.spec.cloud,
                        account=request.spec.account,
                        region=request.spec.region,
                        cluster_name=parts[0],
                        cluster_id=parts[1],
                        endpoint=parts[2],
                        ca_certificate=parts[3],
                    )
                )
            ),
            # Without it a changed kubeconfig (a renewed certificate) replaces the provider and every object with it.
            cluster_identifier=at.cluster_id,
            enable_server_side_apply=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(at.ready)),
        )
        return Platform(
            f"{request.name}-platform",
            request.platform(
                FromCloud(
                    disk_key=at.disk_key,
                    dns_writer=at.dns_writer,
                    gateway=self.gateway.service if self.gateway else None,
                    objects=self.gateway.objects if self.gateway else (),
                )
            ),
            provider,
            pulumi.ResourceOptions(parent=self),
        )

    def _outputs(self) -> dict[str, Any]:
        """What other stacks and people read. None of it is a secret."""
        request, spec, net, kube = self.request, self.request.spec, self.network, self.kubernetes
        return {
            "cell": request.name,
            "cloud": spec.cloud,
            "account": spec.account,
            "region": spec.region,
            "zones": list(spec.zones),
            "network_id": net.id,
            "node_subnet_ids": dict(net.node_subnet_ids),
            "load_balancer_subnet_ids": dict(net.load_balancer_subnet_ids),
            "egress_ips": list(net.egress_ips),
            "private_dns_zone": request.dns_zone,
            "private_dns_zone_id": net.private_dns_zone_id,
            "public_dns_zone": request.public_dns_zone,
            "network": dict(net.told),
            "gateway": dict(self.gateway.told) if self.gateway else {},
            "cluster_name": kube.cluster_name,
            "cluster_id": kube.cluster_id,
            "endpoint": kube.endpoint,
            "ca_certificate": kube.ca_certificate,
            "strimzi_version": spec.strimzi.version,
        }
