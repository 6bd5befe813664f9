"""Networks that the company has already: the right zones, and subnets that are what they must be.

Owns      zones one by one, subnets in two places, ranges that the cell's block would hide.
Refuses   what only the cloud knows (that the ids have these ranges): the first preview tells.
"""

import ipaddress
from collections.abc import Iterable, Iterator

from components import catalog
from components.cell.network_spec import Existing
from components.clouds.contract import Cloud
from stacks.check.told import told
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem
from stacks.resolve import Path

_Net = ipaddress.IPv4Network


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What is wrong with the existing network of each cell that has one."""
    for cell in fleet.cells.values():
        cloud = catalog.clouds().get(cell.spec.cloud)
        existing = cell.spec.network.existing
        if cloud is not None and existing is not None:
            yield from _zones(cell, existing)
            yield from _subnets(cell, cloud, existing)


def _zones(cell: Cell, existing: Existing) -> Iterator[Problem]:
    missing = [zone for zone in cell.spec.zones if zone not in existing.zones]
    if missing:
        yield _told(
            cell,
            ("zones",),
            "zone-without-subnets",
            f"the cell's zones {', '.join(missing)} have no subnets here",
            hint="state their subnets, or take the zones out of the cell",
        )
    for zone in existing.zones:
        if zone not in cell.spec.zones:
            yield _told(
                cell,
                ("zones", zone),
                "subnets-without-zone",
                f"'{zone}' is no zone of the cell",
                ", ".join(cell.spec.zones),
                key=True,
            )


def _subnets(cell: Cell, cloud: Cloud, existing: Existing) -> Iterator[Problem]:
    seen: dict[str, tuple[str, str]] = {}
    for zone, subnets in existing.zones.items():
        for role in ("nodes", "load_balancers"):
            subnet, path = getattr(subnets, role), ("zones", zone, role)
            zone_before, cidr = seen.get(subnet.id, (zone, subnet.cidr))
            if zone_before != zone and not cloud.regional_subnets:
                message = (
                    f"subnet {subnet.id} stands under zone '{zone_before}' too: a subnet of {cloud.title} lies in one"
                )
                yield _told(
                    cell, (*path, "id"), "subnet-in-two-zones", message, hint=f"state the one that lies in {zone}"
                )
            elif cidr != subnet.cidr:
                yield _told(
                    cell,
                    (*path, "cidr"),
                    "subnet-with-two-ranges",
                    f"subnet {subnet.id} has {cidr} above and {subnet.cidr} here",
                    hint="a subnet has one range: correct the id or the range",
                )
            seen.setdefault(subnet.id, (zone, subnet.cidr))


_AT: Path = ("existing",)


def _told(
    cell: Cell, path: Path, code: str, message: str, allowed: str = "", hint: str = "", key: bool = False
) -> Problem:
    return told(cell.resolved, (*cell.at, "network", *_AT, *path), code, message, allowed, hint, key)
