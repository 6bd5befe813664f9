"""Whether the addresses of a cell's subnets are enough for what the cell declares.

Owns      the count of what takes an address of a subnet on AWS.
Refuses   to judge: `stacks/check` compares, and says at the user's line what to do. No SDK.

A pod of the VPC CNI has an address of its node's subnet, and the CNI takes whole network interfaces, one ahead of need.
Kafka nodes run few and large pods: one interface holds them, one is ahead. System nodes may fill up with small pods:
they are counted with every address that their interfaces can hold.
"""

import ipaddress
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from components.cell.spec import CellBody
from components.clouds.aws.counts import ENDPOINTS_WITH_EGRESS, LOAD_BALANCERS_PER_REGION
from components.clouds.contract import Ranges, Room

RESERVED_PER_SUBNET = 5
"""Network, router, DNS, one kept, broadcast."""
CONTROL_PLANE = 5
"""Free addresses that EKS asks for in each of its subnets, for its own interfaces and their replacement."""
SURGE = 1
"""Nodes that a rolling update starts beside the others, one pool at a time."""


KAFKA_INTERFACES = 2
"""Network interfaces that the CNI takes on a Kafka node."""


@cache
def addresses_of(machine: str, interfaces: int | None = None) -> int:
    """Addresses that a node of this type takes, its own and its pods': with all of its interfaces, or with so many."""
    row = json.loads((Path(__file__).parent / "interfaces.json").read_text("utf-8"))[machine]
    return int(min(row["interfaces"], interfaces or row["interfaces"]) * row["addresses_each"])


def available(cidr: str) -> int:
    """Addresses of a subnet that AWS gives out."""
    return max(0, ipaddress.IPv4Network(cidr).num_addresses - RESERVED_PER_SUBNET)


def room(spec: CellBody, ranges: Ranges) -> Sequence[Room]:
    """Every subnet of the cell, by zone, the ones that the company has already too."""
    return tuple(each for zone in spec.zones for each in _zone(spec, ranges, zone))


def _zone(spec: CellBody, ranges: Ranges, zone: str) -> Sequence[Room]:
    own, net = ranges.zones[zone], spec.network
    balancers, why_balancers = _balancers(spec)
    # In a network of its own a cell that is not public keeps its load balancers with the nodes.
    separate = net.reachability == "public" or net.existing is not None
    shared = own.private == own.public
    nodes, why_nodes = _nodes(spec)
    found = []
    if not separate or shared:
        nodes, why_nodes = nodes + balancers, f"{why_nodes}; {why_balancers}"
    found.append(
        Room(
            what=f"nodes and pods of zone {zone}",
            range=own.private,
            available=available(own.private),
            needed=nodes,
            why=why_nodes,
        )
    )
    if separate and not shared:
        gateway = 0 if net.existing is not None else 1
        found.append(
            Room(
                what=f"load balancers of zone {zone}",
                range=own.public,
                available=available(own.public),
                needed=balancers + gateway,
                why=why_balancers + ("; 1 for the NAT gateway" if gateway else ""),
            )
        )
    if net.hub is not None and net.existing is None:
        found.append(
            Room(
                what=f"hub attachment of zone {zone}",
                range=ranges.attachments[zone],
                available=available(ranges.attachments[zone]),
                needed=1,
                why="1 for the attachment",
            )
        )
    return found


def _nodes(spec: CellBody) -> tuple[int, str]:
    """Addresses of one zone's nodes, and of what stands in their subnet beside them."""
    needed, parts = CONTROL_PLANE, [f"{CONTROL_PLANE} for EKS' control plane"]
    pools = {
        "Kafka": (spec.kubernetes.kafka_nodes, KAFKA_INTERFACES),
        "system": (spec.kubernetes.system_nodes, None),
    }
    largest = 0
    for kind, (pool, interfaces) in pools.items():
        each = addresses_of(pool.machine, interfaces)
        largest = max(largest, each)
        needed += pool.most_per_zone * each
        parts.append(f"{pool.most_per_zone} {kind} nodes of {each} addresses ({pool.machine})")
    needed += SURGE * largest
    parts.append(f"{SURGE} node more while nodes are replaced ({largest})")
    net = spec.network
    endpoints = len(net.links) + (ENDPOINTS_WITH_EGRESS if net.egress is not None and net.existing is None else 0)
    if endpoints:
        needed += endpoints
        parts.append(f"{endpoints} endpoints")
    if net.hub is not None and net.existing is not None:
        needed += 1
        parts.append("1 for the hub's attachment")
    return needed, ", ".join(parts)


def _balancers(spec: CellBody) -> tuple[int, str]:
    """Each load balancer has one address in each zone."""
    net = spec.network
    brokers = len(spec.zones) * spec.kubernetes.kafka_nodes.most_per_zone
    fan_out = net.fan_out or ("sni" if net.reachability == "privatelink" else "lb-per-broker")
    several = min(brokers + 1, LOAD_BALANCERS_PER_REGION) if fan_out == "lb-per-broker" else 0
    gateway = 1 if net.has_gateway else 0
    why = f"{several} load balancers of brokers on {brokers} nodes and their bootstrap" if several else ""
    return several + gateway, ", ".join(
        part for part in (why, "1 for the gateway" if gateway else "") if part
    ) or "none"
