"""The load balancer in front of the gateway's pods: one listener and one target group a port.

Owns      the Network Load Balancer, and the system nodes as its targets, by their scaling groups.
Refuses   load balancers of single brokers: those are made by EKS' controller from Services.
Identity  security groups can only be given to a balancer when it is made, and its name leads to it: it is protected.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder
from components.clouds.aws.gateway_ports import node_port
from components.clouds.resources import GatewayRequest

IDLE_SECONDS = 660
"""Longer than the ten minutes after which brokers close idle connections: never the balancer first, in silence."""


def balancer(
    build: Builder, request: GatewayRequest, firewall: pulumi.Output[str], scaling_groups: Mapping[str, Any]
) -> aws.lb.LoadBalancer:
    """Make the load balancer with everything behind it."""
    made = aws.lb.LoadBalancer(
        build.logical("gateway"),
        aws.lb.LoadBalancerArgs(
            name=build.physical("gateway", 32),
            load_balancer_type="network",
            internal=request.exposure != "external",
            ip_address_type="ipv4",
            subnets=[subnet for _, subnet in sorted(request.network.load_balancer_subnet_ids.items())],
            security_groups=[firewall],
            # A broker is reached through every address of the name, wherever the gateway's pods are.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=build.identity.production,
            # The endpoint service's allow-list decides; a consumer's addresses may be any, also the cell's own.
            enforce_security_group_inbound_rules_on_private_link_traffic="off" if request.link else None,
            tags=build.tags("gateway"),
        ),
        build.carries_data(),
    )
    for port in sorted(request.ports):
        _port(build, request, made, port, scaling_groups)
    return made


def _port(
    build: Builder,
    request: GatewayRequest,
    made: aws.lb.LoadBalancer,
    port: int,
    scaling_groups: Mapping[str, Any],
) -> None:
    group = aws.lb.TargetGroup(
        build.logical(f"gateway-{port}"),
        aws.lb.TargetGroupArgs(
            name=build.physical(f"gateway-{port}", 32),
            vpc_id=request.network.id,
            port=node_port(port),
            protocol="TCP",
            target_type="instance",
            # With the client's address kept, a pod could not reach the balancer that leads back to its own node.
            preserve_client_ip="false",
            proxy_protocol_v2=False,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                protocol="TCP", port="traffic-port", interval=10, healthy_threshold=2, unhealthy_threshold=2
            ),
            tags=build.tags(f"gateway-{port}"),
        ),
        build.plain(),
    )
    aws.lb.Listener(
        build.logical(f"gateway-{port}-listener"),
        aws.lb.ListenerArgs(
            load_balancer_arn=made.arn,
            port=port,
            protocol="TCP",
            tcp_idle_timeout_seconds=IDLE_SECONDS,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)],
            tags=build.tags(f"gateway-{port}"),
        ),
        build.plain(),
    )
    for zone, name in sorted(scaling_groups.items()):
        aws.autoscaling.Attachment(
            build.logical(f"gateway-{port}-{zone}"),
            aws.autoscaling.AttachmentArgs(autoscaling_group_name=name, lb_target_group_arn=group.arn),
            build.plain(),
        )
