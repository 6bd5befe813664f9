"""One rule of a network security group.

Owns      Azure's ways of writing one or many prefixes and ports, and the range of pods that rules speak of.
"""

from collections.abc import Sequence
from typing import Literal

from pulumi_azure_native import network

POD_CIDR = "100.64.0.0/12"
"""Addresses of pods: an overlay that no packet leaves a node with, so every cell has the same.

It is outside the cell's block on purpose: the overlay takes a /24 a node for life, and the quarter of a block that the
layout keeps for pods is four nodes in the smallest block. Of the range that RFC 6598 reserves (no fleet may use it for
its own addresses) this part has 4,096 nodes; a cell may declare 3,200.
"""


def rule(
    priority: int,
    name: str,
    *,
    sources: Sequence[str],
    description: str,
    direction: Literal["Inbound", "Outbound"] = "Inbound",
    access: Literal["Allow", "Deny"] = "Allow",
    ports: Sequence[str] = ("*",),
    destinations: Sequence[str] = ("*",),
    protocol: str = "*",
) -> network.SecurityRuleArgs:
    """A rule whose lists are sorted. Azure has one field for one value and another for many, and gives back
    whichever was set."""
    source, destination = sorted(set(sources)), sorted(set(destinations))
    return network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        protocol=protocol,
        source_address_prefix=source[0] if len(source) == 1 else None,
        source_address_prefixes=source if len(source) > 1 else None,
        source_port_range="*",
        destination_address_prefix=destination[0] if len(destination) == 1 else None,
        destination_address_prefixes=destination if len(destination) > 1 else None,
        destination_port_range=ports[0] if len(ports) == 1 else None,
        destination_port_ranges=list(ports) if len(ports) > 1 else None,
        description=description,
    )
