"""The gateway of one cell: its load balancer, the names that lead there, and the private link that ends there.

Owns      the records of the wildcard names, and what the Service of the gateway's pods has to say.
Refuses   the pods: the cell's platform runs them.
"""

from typing import Any

import pulumi
import pulumi_aws as aws

from components import dns_names
from components.clouds import resources
from components.clouds.aws.balancer import balancer
from components.clouds.aws.builder import Builder
from components.clouds.aws.gateway_firewall import gateway_firewall
from components.clouds.aws.gateway_ports import node_port
from components.clouds.aws.kubernetes import Kubernetes
from components.clouds.aws.link_service import link_service
from components.clouds.aws.network import Network
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import GatewayService
from components.clouds.resources import GatewayRequest


class Gateway(resources.Gateway):
    """Make the gateway that `request` asks for."""

    def __init__(
        self,
        name: str,
        request: GatewayRequest,
        spec: AwsSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make firewall, load balancer, names, and with a link the endpoint service."""
        super().__init__("clouds", name, opts)
        del spec
        cluster, network = request.kubernetes, request.network
        if not isinstance(cluster, Kubernetes) or not isinstance(network, Network):
            raise TypeError("the gateway stands on this folder's own network and cluster")
        build = Builder(self, provider, request.identity)
        firewall = gateway_firewall(build, request, cluster.node_firewall_id)
        made = balancer(build, request, firewall.id, cluster.scaling_groups)
        self._names(build, request, made)
        told: dict[str, Any] = {"address": made.dns_name}
        if request.link is not None:
            told["service"] = link_service(build, request.link, made).service_name
            told["zones"] = [zone_id for _, zone_id in sorted(network.zone_ids.items())]
        self.told = told
        self.objects = ()
        self.service = GatewayService(
            type="NodePort", node_ports={port: node_port(port) for port in sorted(request.ports)}
        )
        self.done(told)

    @staticmethod
    def _names(build: Builder, request: GatewayRequest, made: aws.lb.LoadBalancer) -> None:
        zones = sorted(request.identity.zones)
        everything, *zonal = dns_names.wildcards(request.dns_zone, zones)
        aws.route53.Record(
            build.logical("gateway-names"),
            aws.route53.RecordArgs(
                zone_id=request.dns_zone_id,
                name=everything,
                type="A",
                aliases=[
                    aws.route53.RecordAliasArgs(name=made.dns_name, zone_id=made.zone_id, evaluate_target_health=False)
                ],
            ),
            build.plain(),
        )
        for zone, name in zip(zones, zonal, strict=True):
            aws.route53.Record(
                build.logical(f"gateway-names-{zone}"),
                aws.route53.RecordArgs(
                    zone_id=request.dns_zone_id,
                    name=name,
                    type="CNAME",
                    ttl=60,
                    # AWS answers this name with the balancer's address in that zone.
                    records=[pulumi.Output.concat(zone, ".", made.dns_name)],
                ),
                build.plain(),
            )
