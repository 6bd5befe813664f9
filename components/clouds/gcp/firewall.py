"""Who may open a connection to a cell's nodes.

Owns      the rules of the cell's network; they bind nodes by network tag, because pools come and go.
Refuses   everything that no rule allows, in a rule of its own that logs: GCP's implied denial says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import NetworkRequest

HEALTH_CHECKS = ("130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.191.0.0/16")
"""Where Google's load balancers probe from: proxy and internal (130.211, 35.191), external passthrough (209.85)."""

KAFKA_PORTS = "9092-9099"
"""Ports that client listeners may use. 9090 and 9091 are Strimzi's own and stay inside."""

WEBHOOK_PORTS = ("10250", "443", "8443", "9443")
"""Kubelet, and where admission webhooks (Drain Cleaner among them) listen on the nodes."""


def node_tag(cell: str) -> str:
    """Network tag of the cell's nodes."""
    return names.cell_resource(cell, "node")


@dataclass(frozen=True)
class _Rule:
    role: str
    sources: Sequence[str]
    protocol: str
    ports: Sequence[str] = ()
    allow: bool = True


def _rules(request: NetworkRequest) -> list[_Rule]:
    rules = [
        _Rule("deny-ingress", ["0.0.0.0/0"], "all", allow=False),
        _Rule("allow-internal", [request.ranges.block], "all"),
        _Rule("allow-health-checks", HEALTH_CHECKS, "tcp"),
        _Rule("allow-control-plane", [request.ranges.control_plane], "tcp", WEBHOOK_PORTS),
    ]
    if request.reachability == "public":
        rules.append(_Rule("allow-kafka-clients", request.allowed_cidrs, "tcp", [KAFKA_PORTS]))
    return rules


def firewall(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, network: gcp.compute.Network
) -> list[gcp.compute.Firewall]:
    """Make every rule."""
    identity = request.identity
    made = []
    for rule in _rules(request):
        ports = sorted(rule.ports) or None
        allows = [gcp.compute.FirewallAllowArgs(protocol=rule.protocol, ports=ports)] if rule.allow else None
        denies = None if rule.allow else [gcp.compute.FirewallDenyArgs(protocol=rule.protocol, ports=ports)]
        made.append(
            gcp.compute.Firewall(
                f"{identity.cell}-{rule.role}",
                project=identity.account,
                name=names.cell_resource(identity.cell, rule.role),
                network=network.self_link,
                direction="INGRESS",
                # GCP's implied denial stands at 65535; ours comes before it and after everything that allows.
                priority=1000 if rule.allow else 65000,
                source_ranges=sorted(rule.sources),
                target_tags=[node_tag(identity.cell)] if rule.allow else None,
                allows=allows,
                denies=denies,
                log_config=None if rule.allow else gcp.compute.FirewallLogConfigArgs(metadata="EXCLUDE_ALL_METADATA"),
                opts=parent.child(provider),
            )
        )
    return made
