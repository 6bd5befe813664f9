"""Who reaches the gateway's load balancer, and who reaches the gateway's ports on the nodes: the balancer alone.

Owns      the load balancer's security group, and the rules by which EKS' own group lets it in.
Refuses   clients at the nodes: the balancer shows its own address, and its group is the only source that is let in.
"""

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, mark
from components.clouds.aws.gateway_ports import node_port, runs
from components.clouds.resources import GatewayRequest


def sources(request: GatewayRequest) -> tuple[str, ...]:
    """Ranges that may connect. Consumers of a private link are let in by the link, whatever their ranges are."""
    if request.exposure == "external":
        return tuple(sorted(request.allowed_cidrs))
    return tuple(sorted({*request.ranges.inside, *request.client_cidrs}))


def gateway_firewall(build: Builder, request: GatewayRequest, nodes: pulumi.Output[str]) -> aws.ec2.SecurityGroup:
    """Make the group. `nodes` is the group that every node of the cluster is in."""
    group = aws.ec2.SecurityGroup(
        build.logical("gateway-firewall"),
        aws.ec2.SecurityGroupArgs(
            name=build.physical("gateway"),
            description=f"Gateway of cell {build.identity.cell}",
            vpc_id=request.network.id,
            tags=build.tags("gateway"),
        ),
        build.plain(),
    )
    for source in sources(request):
        for first, last in runs(request.ports):
            aws.vpc.SecurityGroupIngressRule(
                build.logical(f"gateway-from-{mark(source)}-{first}"),
                aws.vpc.SecurityGroupIngressRuleArgs(
                    security_group_id=group.id,
                    description="Kafka clients",
                    ip_protocol="tcp",
                    from_port=first,
                    to_port=last,
                    cidr_ipv4=source,
                    tags=build.tags("gateway"),
                ),
                build.plain(),
            )
    for first, last in runs(map(node_port, request.ports)):
        aws.vpc.SecurityGroupEgressRule(
            build.logical(f"gateway-to-nodes-{first}"),
            aws.vpc.SecurityGroupEgressRuleArgs(
                security_group_id=group.id,
                description="The gateway's pods, and whether they are well",
                ip_protocol="tcp",
                from_port=first,
                to_port=last,
                referenced_security_group_id=nodes,
                tags=build.tags("gateway"),
            ),
            build.plain(),
        )
        aws.vpc.SecurityGroupIngressRule(
            build.logical(f"nodes-from-gateway-{first}"),
            aws.vpc.SecurityGroupIngressRuleArgs(
                security_group_id=nodes,
                description="The gateway's load balancer",
                ip_protocol="tcp",
                from_port=first,
                to_port=last,
                referenced_security_group_id=group.id,
                tags=build.tags("gateway"),
            ),
            build.plain(),
        )
    return group
