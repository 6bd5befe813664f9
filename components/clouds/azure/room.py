"""Whether the capacity that a cell declares fits its ranges on Azure.

Owns      how many addresses each range must have at the most that the file declares.
Refuses   Pulumi, and load balancers of Kafka, whose number is the clusters': what is left for them is said.

Pods take none of these addresses: each node has a /24 of the overlay. Load balancers of brokers have theirs in the
first zone's nodes' subnet, because AKS puts a Service there that names no subnet; the gateway's names one.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Sequence

from components.cell.spec import CellBody
from components.clouds.azure.addresses import RESERVED
from components.clouds.contract import Ranges, Room

NODES_OF_OVERLAY = 4096
"""A /12 in parts of a /24."""

SURGE = 2
"""Nodes of a zone that an upgrade adds: one for each of its two pools."""

NAT_ADDRESSES = 8
"""Most addresses of a private link service: its subnet must have them, because none can be added elsewhere later."""


def room(spec: CellBody, ranges: Ranges) -> Sequence[Room]:
    """One entry for each range, by range: an existing subnet may serve several zones or roles."""
    needs: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    first = min(spec.zones)
    for zone in sorted(spec.zones):
        needs[ranges.zones[zone].private].append(_nodes(spec, zone, first=zone == first))
    net = spec.network
    front = ranges.zones[first].public
    if net.has_gateway and net.reachability != "public":
        needs[front].append(("the gateway's load balancer", 1, "1 for the gateway"))
    if net.reachability == "privatelink":
        held = front if net.existing else ranges.link_nat
        needs[held].append(
            ("addresses of the private link", NAT_ADDRESSES, f"{NAT_ADDRESSES}, the most of one private link service")
        )
    endpoints = front if net.existing else ranges.endpoints
    if net.links:
        needs[endpoints].append(("endpoints of links", len(net.links), f"{len(net.links)} links"))
    return (*(_room(*each) for each in needs.items()), _overlay(spec))


def _nodes(spec: CellBody, zone: str, *, first: bool) -> tuple[str, int, str]:
    kafka, system = spec.kubernetes.kafka_nodes.most_per_zone, spec.kubernetes.system_nodes.most_per_zone
    why = f"{kafka} kafka and {system} system nodes in {zone}, and {SURGE} while they are upgraded"
    if first:
        why += "; what is left is for load balancers of Kafka, brokers + 1 for each cluster with a fan-out of its own"
    return f"nodes of zone {zone}", kafka + system + SURGE, why


def _room(range: str, wanted: Sequence[tuple[str, int, str]]) -> Room:
    return Room(
        what=", ".join(what for what, _, _ in wanted),
        range=range,
        available=ipaddress.IPv4Network(range).num_addresses - RESERVED,
        needed=sum(number for _, number, _ in wanted),
        why="; ".join(why for _, _, why in wanted) + f" (Azure keeps {RESERVED} addresses of a subnet)",
    )


def _overlay(spec: CellBody) -> Room:
    pools = (spec.kubernetes.kafka_nodes, spec.kubernetes.system_nodes)
    nodes = len(spec.zones) * (sum(pool.most_per_zone for pool in pools) + SURGE)
    return Room(
        what="pods (an overlay)",
        range="100.64.0.0/12",
        available=NODES_OF_OVERLAY * 256,
        needed=nodes * 256,
        why=f"a /24 for each of {nodes} nodes",
    )
