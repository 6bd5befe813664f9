"""What a cell on AWS is billed for.

Owns      which resources of this cloud cost, and how many a cell has of them; a test counts them in the program.
Refuses   prices (`prices.json`), and what follows the data that somebody sends: requests, logs, bytes through NAT.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.clouds.reach import EXPOSURES, Exposure
from components.cost.contract import Billed, Use, hourly

if TYPE_CHECKING:
    from components.cell.spec import CellBody

KEYS = ("disks", "secrets", "logs", "flow-logs")
ENDPOINTS = 10
"""Interface endpoints of a cell whose way out is an allow-list (`endpoints.SERVICES`), in each zone."""
BOTTLEROCKET_SYSTEM_GIB = 4


def cell(body: "CellBody", nodes: int) -> Iterator[Use]:
    """Control plane, disks of nodes, NAT, gateway, joins, keys."""
    net, zones = body.network, len(body.zones)
    section = body.section()
    yield hourly("kubernetes", "control plane", "kubernetes_hour", 1, "EKS cluster")
    gib = section.root_volume_gib + (BOTTLEROCKET_SYSTEM_GIB if section.ami_family == "bottlerocket" else 0)
    yield Use(
        "disk", "disks of nodes", f"{nodes} × {gib} GiB gp3", "disk_gib_month", nodes * gib, f"{nodes} × {gib} GiB"
    )
    if net.existing is None:
        gateways = zones if net.nat == "per-zone" else 1
        yield hourly("nat", "NAT gateways", "nat_hour", gateways, "NAT gateway")
        yield hourly("nat", "addresses of NAT", "public_address_hour", gateways, "public address")
    if net.has_gateway:
        yield from _balancers("gateway", 1, zones, EXPOSURES[net.reachability])
    if net.egress is not None and net.existing is None:
        yield hourly("link", "endpoints of AWS' services", "endpoint_hour", ENDPOINTS * zones, "interface endpoint")
    if net.links:
        yield hourly("link", "consumed links", "endpoint_hour", len(net.links) * zones, "interface endpoint")
    if net.hub is not None:
        yield hourly("link", "attachment to the hub", "hub_attachment_hour", 1, "Transit Gateway attachment")
    yield Use("key", "keys", f"{len(KEYS)} × KMS key", "key_month", len(KEYS), f"{len(KEYS)} keys")


def balancers(body: "CellBody", number: int, exposure: Exposure) -> Iterator[Use]:
    """Network Load Balancers of a listener; one that is public has an address in each zone."""
    return _balancers(f"load balancers, {exposure}", number, len(body.zones), exposure)


def _balancers(subject: str, number: int, zones: int, exposure: Exposure) -> Iterator[Use]:
    yield hourly("load balancer", subject, "balancer_hour", number, "Network Load Balancer")
    if exposure == "external":
        addresses = number * zones
        yield hourly("load balancer", f"addresses of {subject}", "public_address_hour", addresses, "public address")


def runs_most(body: "CellBody") -> bool:
    """EKS scales nothing by itself: with `aws.nodes_run: most` everything that the cell offers always runs."""
    return bool(body.section().nodes_run == "most")


BILLED = Billed(cell=cell, balancers=balancers, runs_most=runs_most)
