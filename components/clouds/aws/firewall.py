"""Who may reach Kafka's listeners on the network.

Owns      the security group of the Kafka nodes, its rules, and the emptied default group of the cell's own VPC.
Refuses   traffic between nodes and with the control plane: that is EKS's own cluster security group.
"""

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, mark
from components.clouds.contract import NetworkRequest

FIRST_PORT, LAST_PORT = 9092, 9099
"""Strimzi's listeners start at 9092; the fleet's stay below 9100."""


def nothing_by_default(build: Builder, vpc_id: pulumi.Input[str]) -> None:
    """Empty the VPC's default group: what is placed into it by mistake reaches nothing and is reached by nothing."""
    aws.ec2.DefaultSecurityGroup(
        build.logical("default-firewall"),
        aws.ec2.DefaultSecurityGroupArgs(vpc_id=vpc_id, tags=build.tags("default-unused")),
        build.plain(),
    )


def kafka_listeners(build: Builder, request: NetworkRequest, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    """The group of the Kafka nodes. With the VPC CNI it guards the pods' own addresses too.

    Load balancers that keep the client's address show these rules the client's; the others show the balancer's,
    which lies in the cell's own ranges.
    """
    group = aws.ec2.SecurityGroup(
        build.logical("kafka-firewall"),
        aws.ec2.SecurityGroupArgs(
            name=build.physical("kafka"),
            description=f"Kafka listeners of cell {request.identity.cell}",
            vpc_id=vpc_id,
            tags=build.tags("kafka"),
        ),
        build.plain(),
    )
    for source in sorted({*request.ranges.inside, *request.spec.client_cidrs}):
        aws.vpc.SecurityGroupIngressRule(
            build.logical(f"kafka-from-{mark(source)}"),
            aws.vpc.SecurityGroupIngressRuleArgs(
                security_group_id=group.id,
                description="Kafka clients",
                ip_protocol="tcp",
                from_port=FIRST_PORT,
                to_port=LAST_PORT,
                cidr_ipv4=source,
                tags=build.tags("kafka"),
            ),
            build.plain(),
        )
    aws.vpc.SecurityGroupEgressRule(
        build.logical("kafka-out"),
        aws.vpc.SecurityGroupEgressRuleArgs(
            security_group_id=group.id,
            description="Images, AWS APIs and Kafka clients",
            ip_protocol="-1",
            cidr_ipv4="0.0.0.0/0",
            tags=build.tags("kafka"),
        ),
        build.plain(),
    )
    return group
