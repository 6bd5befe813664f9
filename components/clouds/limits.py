"""The limits of each cloud, as data with source and date.

Owns      reading a cloud's `limits.json`, and the meaning of each key.
Refuses   to count: `stacks/check/limits.py` does, over the whole fleet.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from components import catalog

KEYS: Mapping[str, str] = {
    "networks_per_region": "networks",
    "load_balancers_per_region": "load balancers of Kafka",
    "load_balancers_per_cell": "load balancer frontends of Kafka",
    "listeners_per_load_balancer": "ports of the gateway",
    "peerings_per_network": "peerings of the network",
    "routes_per_table": "routes of a table",
    "firewall_rules_per_group": "firewall rules for Kafka",
    "endpoints_per_network": "private endpoints of the network",
    "consumers_per_link": "consumers of the private link",
    "hub_attachments": "networks on the hub",
    "nat_addresses_per_region": "addresses of NAT",
    "address_ranges_per_network": "address ranges of the network",
}
"""What is counted -> what it is called. A cloud states those that it has."""


@dataclass(frozen=True)
class Limit:
    """One limit. `adjustable`: the vendor raises it on request, so a company may have more."""

    key: str
    what: str
    limit: int
    adjustable: bool
    source: str
    date: str


@cache
def limits(cloud: str) -> Mapping[str, Limit]:
    """A cloud's limits by key."""
    path = Path(__file__).parents[2] / catalog.clouds()[cloud].limits
    return {row["key"]: Limit(**row) for row in json.loads(path.read_text("utf-8"))}
