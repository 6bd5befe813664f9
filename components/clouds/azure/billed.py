"""What a cell on Azure is billed for.

Owns      which resources of this cloud cost, and how many a cell has of them; a test counts them in the program.
Refuses   prices (`prices.json`), and what follows the data that somebody sends: requests, logs, bytes through NAT.

Keys of RSA in software cost by operation only, and so do not appear.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.cell.ports import gateway_ports
from components.clouds.reach import EXPOSURES, Exposure
from components.cost.contract import Billed, Use, hourly

if TYPE_CHECKING:
    from components.cell.spec import CellBody


def cell(body: "CellBody", nodes: int) -> Iterator[Use]:
    """Control plane, disks of nodes, NAT, gateway, joins."""
    net = body.network
    yield hourly("kubernetes", "control plane", "kubernetes_hour", 1, "AKS cluster, tier Standard")
    what = f"{nodes} × 128 GiB Premium SSD"
    yield Use("disk", "disks of nodes", what, "system_disk_month", nodes, f"{nodes} disks")
    if net.existing is None:
        gateways = len(body.zones) if net.nat == "per-zone" else 1
        yield hourly("nat", "NAT gateways", "nat_hour", gateways, "NAT gateway")
        yield hourly("nat", "addresses of NAT", "public_address_hour", gateways, "public address")
    if net.has_gateway:
        yield hourly("load balancer", "gateway", "balancer_hour", len(gateway_ports(net)), "load balancer rule")
        if EXPOSURES[net.reachability] == "external":
            yield hourly("load balancer", "address of the gateway", "public_address_hour", 1, "public address")
    if net.links:
        yield hourly("link", "consumed links", "endpoint_hour", len(net.links), "private endpoint")
    if net.hub is not None:
        if net.hub.new is not None:
            yield hourly("link", "hub", "hub_hour", 1, "Virtual WAN hub")
        yield hourly("link", "attachment to the hub", "hub_attachment_hour", 1, "connection to the hub")


def balancers(body: "CellBody", number: int, exposure: Exposure) -> Iterator[Use]:
    """Rules on the cluster's own load balancer; each public Service has an address."""
    del body
    subject = f"load balancers, {exposure}"
    yield hourly("load balancer", subject, "balancer_hour", number, "load balancer rule")
    if exposure == "external":
        yield hourly("load balancer", f"addresses of {subject}", "public_address_hour", number, "public address")


def runs_most(body: "CellBody") -> bool:
    """AKS' autoscaler takes nodes away that nobody needs."""
    del body
    return False


BILLED = Billed(cell=cell, balancers=balancers, runs_most=runs_most)
