"""The network of one cell: a VPC of its own, zone by zone, or one of the company's, and how it is joined to others.

Owns      the VPC, and the order in which everything else of the network is made; each noun has a file of its own.
Refuses   the gateway: it needs the nodes, and stands beside the cluster.
Identity  the VPC's own range is the layout's public part, which no zone can change; each zone adds its private part.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.cell.network_spec import Existing
from components.clouds import resources
from components.clouds.aws.builder import Builder
from components.clouds.aws.dns import private_zone, public_zone
from components.clouds.aws.endpoints import service_endpoints, storage_endpoint
from components.clouds.aws.existing import existing_subnets, existing_zones, tag_instructions
from components.clouds.aws.firewall import kafka_listeners, nothing_by_default
from components.clouds.aws.flow_logs import flow_logs
from components.clouds.aws.hub import hub
from components.clouds.aws.links import links
from components.clouds.aws.peering import Joined, peerings
from components.clouds.aws.spec import AwsSpec
from components.clouds.aws.zones import Zones, zones
from components.clouds.contract import NetworkRequest


class Network(resources.Network):
    """Make the network that `request` asks for."""

    kafka_firewall_id: pulumi.Output[str]
    """Security group that the Kafka nodes join; only this folder's Kubernetes reads it."""
    zone_ids: Mapping[str, pulumi.Output[str]]
    """Zone -> its id in every account; empty in a network of the company's. Only this folder's gateway reads it."""

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: AwsSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make or take VPC and zones, then DNS zones, firewall, logs, and what joins the network to others."""
        super().__init__("clouds", name, opts)
        build = Builder(self, provider, request.identity)
        existing = request.spec.existing
        made = self._made(build, request, spec) if existing is None else self._taken(build, request, spec, existing)
        self.private_dns_zone_id = private_zone(build, request, self.id)
        public = public_zone(build, request)
        self.public_dns_zone_id = public.zone_id if public is not None else None

        self.node_subnet_ids = made.private
        # An internal load balancer stands where the nodes stand; only a public one belongs into public subnets.
        separate = existing is not None or request.reachability == "public"
        self.load_balancer_subnet_ids = made.public if separate else made.private
        self.zone_ids = made.zone_ids
        self.egress_ips = made.addresses
        self.kafka_firewall_id = kafka_listeners(build, request, self.id).id
        self.ready = made.ready
        if request.spec.egress is not None and existing is None:
            self.ready = (*made.ready, *service_endpoints(build, request, self.id, made))
        self.told = self._joined(build, request, made)
        if public is not None:
            self.told = {**self.told, "name_servers": public.name_servers}
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})

    def _made(self, build: Builder, request: NetworkRequest, spec: AwsSpec) -> Zones:
        """A VPC of the cell's own."""
        vpc = aws.ec2.Vpc(
            build.logical("vpc"),
            aws.ec2.VpcArgs(
                cidr_block=request.ranges.regional_public,
                enable_dns_support=True,
                enable_dns_hostnames=True,
                instance_tenancy="default",
                tags=build.tags(""),
            ),
            build.carries_data(),
        )
        self.id = vpc.id
        made = zones(build, request, vpc)
        storage_endpoint(build, self.id, made.tables)
        flow_logs(build, request, spec, self.id, {})
        nothing_by_default(build, self.id)
        return made

    def _taken(self, build: Builder, request: NetworkRequest, spec: AwsSpec, existing: Existing) -> Zones:
        """One of the company's."""
        self.id = pulumi.Output.from_input(existing.network)
        flow_logs(build, request, spec, None, existing_subnets(request, existing))
        return existing_zones(request, existing)

    def _joined(self, build: Builder, request: NetworkRequest, made: Zones) -> Mapping[str, Any]:
        """Join the network to others. Only what there is, is told."""
        asked = request.spec
        joined = Joined(build, request, self.id, self.private_dns_zone_id, made.tables)
        told: dict[str, Any] = {"peerings": peerings(joined), "links": links(build, request, self.id, made)}
        if asked.hub is not None:
            told["hub"] = hub(build, request, asked.hub, self.id, self.private_dns_zone_id, made)
        if asked.existing is not None:
            told["existing"] = {"instructions": list(tag_instructions(request, asked.existing))}
        return {key: value for key, value in told.items() if value}
