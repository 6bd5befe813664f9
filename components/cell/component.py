"""One cell: the network, the Kubernetes cluster in it, and the platform that runs on that.

Owns      the order network -> Kubernetes -> platform, and what the cell's stack exports.
Refuses   clusters: a cell's stack is the same whatever stands on it.
Identity  logical names are `<cell>`, `<cell>-network`, `<cell>-kubernetes`, `<cell>-platform`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components import catalog
from components.base import Component
from components.cell.layout import cut
from components.cell.spec import CellBody
from components.clouds.contract import Access, ClusterAddress, Identity, NetworkRequest, NodePool
from components.clouds.resources import Kubernetes, KubernetesRequest, Network
from components.kubeconfig import kubeconfig
from components.platform.component import Platform
from components.platform.request import PlatformRequest


@dataclass(frozen=True)
class CellRequest:
    """A cell, validated.

    tags      ownership and cost
    dns_zone  private zone of the cell, no final dot
    platform  what to run in the cell's Kubernetes, given the cell's disk key
    """

    name: str
    spec: CellBody
    production: bool
    tags: Mapping[str, str]
    dns_zone: str
    platform: Callable[[pulumi.Output[str]], PlatformRequest]


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
        ranges = cut(spec.network.layout, spec.network.address_block, spec.zones, self._cloud.zone_pattern)
        provider = catalog.load(self._cloud.provider)(f"{request.name}-provider", identity, spec.section())
        below = pulumi.ResourceOptions(parent=self)

        self.network: Network = catalog.load(self._cloud.network)(
            f"{request.name}-network",
            NetworkRequest(
                identity=identity,
                ranges=ranges,
                reachability=spec.network.reachability,
                allowed_cidrs=spec.network.allowed_cidrs,
                private_dns_zone=request.dns_zone,
                flow_logs_retention_days=spec.network.flow_logs_retention_days,
                nat=spec.network.nat,
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
        self.platform = self._platform()
        self.outputs = self._outputs()
        self.done(self.outputs)

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
            request.platform(at.disk_key),
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
            "cluster_name": kube.cluster_name,
            "cluster_id": kube.cluster_id,
            "endpoint": kube.endpoint,
            "ca_certificate": kube.ca_certificate,
            "strimzi_version": spec.strimzi.version,
        }
