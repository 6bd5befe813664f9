"""What a cell on GCP is billed for.

Owns      which resources of this cloud cost, and how many a cell has of them; a test counts them in the program.
Refuses   prices (`prices.json`), and what follows the data that somebody sends: requests, logs, bytes through NAT.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.clouds.reach import Exposure
from components.cost.contract import HOURS, Billed, Use, hourly

if TYPE_CHECKING:
    from components.cell.spec import CellBody

KEYS = ("disks", "etcd")
BOOT_GIB = 100
NAT_MACHINES_MOST = 32
"""From here on Cloud NAT costs the same, however many machines are behind it."""


def cell(body: "CellBody", nodes: int) -> Iterator[Use]:
    """Control plane, disks of nodes, NAT, gateway, joins, keys."""
    net = body.network
    yield hourly("kubernetes", "control plane", "kubernetes_hour", 1, "GKE cluster")
    what = f"{nodes} × {BOOT_GIB} GiB Hyperdisk Balanced"
    yield Use("disk", "disks of nodes", what, "disk_gib_month", nodes * BOOT_GIB, f"{nodes} × {BOOT_GIB} GiB")
    if net.existing is None:
        addresses = len(body.zones) if net.nat == "per-zone" else 1
        yield _nat(nodes)
        yield hourly("nat", "addresses of NAT", "public_address_hour", addresses, "public address")
    if net.has_gateway:
        yield hourly("load balancer", "gateway", "balancer_hour", 1, "forwarding rule")
    if net.links:
        yield hourly("link", "consumed links", "endpoint_hour", len(net.links), "Private Service Connect endpoint")
    if net.hub is not None:
        yield hourly("link", "attachment to the hub", "hub_attachment_hour", 1, "VPC spoke")
    yield Use("key", "keys", f"{len(KEYS)} × key version", "key_month", len(KEYS), f"{len(KEYS)} key versions")


def _nat(nodes: int) -> Use:
    what = f"Cloud NAT of {nodes} machines"
    if nodes > NAT_MACHINES_MOST:
        return Use("nat", "Cloud NAT", what, "nat_most_hour", HOURS, f"{HOURS:g} h")
    return Use("nat", "Cloud NAT", what, "nat_machine_hour", nodes * HOURS, f"{nodes} machines × {HOURS:g} h")


def balancers(body: "CellBody", number: int, exposure: Exposure) -> Iterator[Use]:
    """Forwarding rules of a listener. The address of a rule in use costs nothing."""
    del body
    subject = f"load balancers, {exposure}"
    yield hourly("load balancer", subject, "balancer_hour", number, "forwarding rule")


def runs_most(body: "CellBody") -> bool:
    """GKE's autoscaler takes nodes away that nobody needs."""
    del body
    return False


BILLED = Billed(cell=cell, balancers=balancers, runs_most=runs_most)
