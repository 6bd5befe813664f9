"""Whether the capacity that a cell declares fits its ranges, as GCP and GKE give addresses out.

Owns      the counting, for ranges of the layout and of an existing network alike.
Refuses   any SDK, and to judge: validation compares and tells.
"""

import ipaddress
import math
from collections.abc import Sequence

from components.cell.spec import CellBody
from components.clouds.contract import Ranges, Room
from components.clouds.gcp.pods import MAX_PODS, addresses

RESERVED = 4
"""Addresses that GCP keeps of every subnetwork: the first two and the last two. Of a secondary range it keeps none."""

SURGE = 1
"""Nodes more that a pool has while it is upgraded (components/clouds/gcp/nodes.py)."""

LEAST_BROKERS = 3
"""Brokers of the smallest cluster: so many bootstrap addresses can there be."""

SERVICES_A_NODE, SERVICES_OF_THE_PLATFORM = 8, 64
"""Kubernetes services: a broker's in each of its listeners, and those of what stands beside it."""


def _size(cidr: str) -> int:
    return ipaddress.IPv4Network(cidr).num_addresses


def room(spec: CellBody, ranges: Ranges) -> Sequence[Room]:
    """What each range must hold. Subnetworks are regional: one answer for all zones."""
    zones, net = len(spec.zones), spec.network
    kafka, system = spec.kubernetes.kafka_nodes.most_per_zone, spec.kubernetes.system_nodes.most_per_zone
    brokers = kafka * zones
    balancers = brokers + math.ceil(brokers / LEAST_BROKERS) + (1 if net.has_gateway else 0)
    links = len(net.links)
    nodes = (kafka + system + 2 * SURGE) * zones
    taken = {role: addresses(pods) for role, pods in MAX_PODS.items()}
    nodes_why = f"{kafka} Kafka and {system} other nodes a zone, one of each more during upgrades, {zones} zones"
    balancers_why = f"one for each of {brokers} brokers, bootstraps for clusters of {LEAST_BROKERS}, the gateway"
    parts = [
        (ranges.regional, "nodes", nodes, nodes_why),
        (ranges.regional_public, "internal load balancers", balancers, balancers_why),
    ]
    if links:
        at = ranges.regional_public if net.existing else ranges.endpoints
        parts.append((at, "endpoints of private links", links, f"{links} links that the cell consumes"))
    if net.reachability == "privatelink" and net.privatelink:
        consumers, each = len(net.privatelink.consumers), net.privatelink.connections_per_consumer
        why = f"{consumers} consumers with {each} connections each, an address for every one"
        parts.append((ranges.link_nat, "connections of the private link", consumers * each, why))
    found = _together(parts)
    pods = zones * ((kafka + SURGE) * taken["kafka"] + (system + SURGE) * taken["system"])
    pods_why = f"{taken['kafka']} addresses a Kafka node, {taken['system']} a node of the others; {nodes_why}"
    services = SERVICES_A_NODE * brokers + SERVICES_OF_THE_PLATFORM
    services_why = f"{SERVICES_A_NODE} for each of {brokers} Kafka nodes, {SERVICES_OF_THE_PLATFORM} for the platform"
    return [
        *found,
        Room("pods", ranges.pods, _size(ranges.pods), pods, pods_why),
        Room("Kubernetes services", ranges.services, _size(ranges.services), services, services_why),
    ]


def _together(parts: Sequence[tuple[str, str, int, str]]) -> list[Room]:
    """One room a subnetwork: an existing network may give the same one for two purposes."""
    held: dict[str, Room] = {}
    for cidr, what, needed, why in parts:
        before = held.get(cidr)
        held[cidr] = Room(
            what=f"{before.what} and {what}" if before else what,
            range=cidr,
            available=_size(cidr) - RESERVED,
            needed=needed + (before.needed if before else 0),
            why=f"{before.why}; {why}" if before else why,
        )
    return list(held.values())
