"""The network of one cell: a VPC of its own, zone by zone, with one firewall for Kafka's listeners.

Owns      VPC, private DNS zone, S3 endpoint; zones, firewall and flow logs stand in files of their own.
Refuses   peerings, hubs and private links: they attach to what is here.
Identity  the VPC's own range is the layout's public part, which no zone can change; each zone adds its private part.
"""

import pulumi
import pulumi_aws as aws

from components.clouds import resources
from components.clouds.aws.builder import Builder
from components.clouds.aws.firewall import kafka_listeners
from components.clouds.aws.flow_logs import flow_logs
from components.clouds.aws.spec import AwsSpec
from components.clouds.aws.zones import Zones, zones
from components.clouds.contract import NetworkRequest


class Network(resources.Network):
    """Make the network that `request` asks for."""

    kafka_firewall_id: pulumi.Output[str]
    """Security group that the Kafka nodes join; only this folder's Kubernetes reads it."""

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: AwsSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make VPC, zones, firewall, DNS zone and logs."""
        super().__init__("clouds", name, opts)
        build = Builder(self, provider, request.identity)
        vpc = self._vpc(build, request)
        made = zones(build, request, vpc)
        self._storage_endpoint(build, vpc, made)
        flow_logs(build, request, spec, vpc)
        dns = self._dns(build, request, vpc)

        self.id = vpc.id
        self.node_subnet_ids = made.private
        # An internal load balancer stands where the nodes stand; only a public one belongs into public subnets.
        self.load_balancer_subnet_ids = made.public if request.reachability == "public" else made.private
        self.private_dns_zone_id = dns.zone_id
        self.egress_ips = made.addresses
        self.kafka_firewall_id = kafka_listeners(build, request, vpc).id
        self.ready = made.ready
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})

    @staticmethod
    def _vpc(build: Builder, request: NetworkRequest) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
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

    @staticmethod
    def _storage_endpoint(build: Builder, vpc: aws.ec2.Vpc, made: Zones) -> None:
        # Image layers and tiered storage live in S3; the gateway endpoint keeps that traffic off the NAT's bill.
        aws.ec2.VpcEndpoint(
            build.logical("s3"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=vpc.id,
                service_name=f"com.amazonaws.{build.identity.region}.s3",
                vpc_endpoint_type="Gateway",
                route_table_ids=list(made.private_route_tables.values()),
                tags=build.tags("s3"),
            ),
            build.plain(),
        )

    @staticmethod
    def _dns(build: Builder, request: NetworkRequest, vpc: aws.ec2.Vpc) -> aws.route53.Zone:
        return aws.route53.Zone(
            build.logical("dns"),
            aws.route53.ZoneArgs(
                name=request.private_dns_zone,
                comment=f"Kafka of cell {request.identity.cell}",
                force_destroy=False,
                vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc.id)],
                tags=build.tags("dns"),
            ),
            build.carries_data(),
        )
