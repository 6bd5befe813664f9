"""Who may open a connection to a cell's nodes.

Owns      the rules of the cell's network; they bind nodes by network tag, because pools come and go.
Refuses   everything that no rule allows, in a rule of its own that logs: GCP's implied denial says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.cell.network_spec import NetworkSpec
from components.clouds.contract import Identity, NetworkRequest
from components.clouds.gcp.vpc import Vpc
from components.clouds.reach import SNI_PORT

HEALTH_CHECKS = ("130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.191.0.0/16")
"""Where Google's load balancers probe from: proxy and internal (130.211, 35.191), external passthrough (209.85)."""

KAFKA_PORTS = "9092-9099"
"""Ports that client listeners may use. 9090 and 9091 are Strimzi's own and stay inside."""

WEBHOOK_PORTS = ("10250", "443", "8443", "9443")
"""Kubelet, and where admission webhooks (Drain Cleaner among them) listen on the nodes."""

ANYWHERE = "0.0.0.0/0"


def node_tag(cell: str) -> str:
    """Network tag of the cell's nodes."""
    return names.cell_resource(cell, "node")


@dataclass(frozen=True)
class Rule:
    """One rule for the cell's nodes. `peers` are sources, or destinations of an outgoing rule."""

    role: str
    peers: Sequence[str]
    protocol: str
    ports: Sequence[str] = ()
    allow: bool = True
    direction: Literal["INGRESS", "EGRESS"] = "INGRESS"
    everyone: bool = False


def _client_ports(net: NetworkSpec) -> list[str]:
    """Listeners of their own, and what the gateway keeps. No load balancer of GKE's changes a packet's port."""
    if not net.has_gateway:
        return [KAFKA_PORTS]
    kept = net.gateway_or_default.broker_ports
    return [KAFKA_PORTS, str(SNI_PORT), *([kept] if kept else [])]


def _rules(request: NetworkRequest, vpc: Vpc) -> list[Rule]:
    rules = [
        # In a network of the company's the denial binds the cell's nodes and nobody else's machines.
        Rule("deny-ingress", [ANYWHERE], "all", allow=False, everyone=not vpc.shared),
        Rule("allow-internal", request.ranges.inside, "all"),
        Rule("allow-health-checks", HEALTH_CHECKS, "tcp"),
        Rule("allow-control-plane", [request.ranges.control_plane], "tcp", WEBHOOK_PORTS),
    ]
    if request.spec.client_cidrs:
        rules.append(Rule("allow-kafka-clients", request.spec.client_cidrs, "tcp", _client_ports(request.spec)))
    return rules


def firewall(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, vpc: Vpc
) -> list[gcp.compute.Firewall]:
    """Make every rule for what comes in."""
    return [rule(parent, provider, request.identity, vpc, each) for each in _rules(request, vpc)]


def rule(
    parent: Component, provider: pulumi.ProviderResource, identity: Identity, vpc: Vpc, wanted: Rule
) -> gcp.compute.Firewall:
    """Make one rule."""
    ports = sorted(wanted.ports) or None
    incoming = wanted.direction == "INGRESS"
    return gcp.compute.Firewall(
        f"{identity.cell}-{wanted.role}",
        project=identity.account,
        name=names.cell_resource(identity.cell, wanted.role),
        network=vpc.link,
        direction=wanted.direction,
        # GCP's implied denial stands at 65535; ours comes before it and after everything that allows.
        priority=1000 if wanted.allow else 65000,
        source_ranges=sorted(wanted.peers) if incoming else None,
        destination_ranges=None if incoming else sorted(wanted.peers),
        target_tags=None if wanted.everyone else [node_tag(identity.cell)],
        allows=[gcp.compute.FirewallAllowArgs(protocol=wanted.protocol, ports=ports)] if wanted.allow else None,
        denies=None if wanted.allow else [gcp.compute.FirewallDenyArgs(protocol=wanted.protocol, ports=ports)],
        log_config=None if wanted.allow else gcp.compute.FirewallLogConfigArgs(metadata="EXCLUDE_ALL_METADATA"),
        opts=parent.child(provider, after=vpc.after),
    )
