"""The way to AWS' own services: S3 for every cell, and the rest for a cell whose way out is an allow-list.

Owns      gateway and interface endpoints, and the firewall of the latter.
Refuses   services without an endpoint in every region (Route 53): an allow-list has to name their ranges.
"""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, mark
from components.clouds.aws.zones import Zones
from components.clouds.contract import NetworkRequest

SERVICES = (
    "autoscaling",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "sts",
)
"""What nodes, add-ons and load balancers call."""


def storage_endpoint(build: Builder, vpc_id: pulumi.Output[str], tables: Mapping[str, pulumi.Output[str]]) -> None:
    """Image layers and tiered storage live in S3; the gateway endpoint keeps that traffic off the NAT's bill."""
    aws.ec2.VpcEndpoint(
        build.logical("s3"),
        aws.ec2.VpcEndpointArgs(
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{build.identity.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table for role, table in sorted(tables.items()) if role.startswith("private-")],
            tags=build.tags("s3"),
        ),
        build.plain(),
    )


def service_endpoints(
    build: Builder, request: NetworkRequest, vpc_id: pulumi.Output[str], made: Zones
) -> list[pulumi.Resource]:
    """Endpoints for everything that a cell calls. Returned: what must stand before nodes can start."""
    group = aws.ec2.SecurityGroup(
        build.logical("endpoints-firewall"),
        aws.ec2.SecurityGroupArgs(
            name=build.physical("endpoints"),
            description=f"AWS services for cell {build.identity.cell}",
            vpc_id=vpc_id,
            tags=build.tags("endpoints"),
        ),
        build.plain(),
    )
    ready: list[pulumi.Resource] = [
        aws.vpc.SecurityGroupIngressRule(
            build.logical(f"endpoints-from-{mark(source)}"),
            aws.vpc.SecurityGroupIngressRuleArgs(
                security_group_id=group.id,
                description="Nodes and pods",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=source,
                tags=build.tags("endpoints"),
            ),
            build.plain(),
        )
        for source in sorted(request.ranges.inside)
    ]
    for service in SERVICES:
        role = f"endpoint-{mark(service)}"
        ready.append(
            aws.ec2.VpcEndpoint(
                build.logical(role),
                aws.ec2.VpcEndpointArgs(
                    vpc_id=vpc_id,
                    service_name=f"com.amazonaws.{build.identity.region}.{service}",
                    vpc_endpoint_type="Interface",
                    subnet_ids=[subnet for _, subnet in sorted(made.private.items())],
                    security_group_ids=[group.id],
                    private_dns_enabled=True,
                    tags=build.tags(role),
                ),
                build.plain(),
            )
        )
    return ready
