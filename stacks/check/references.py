"""What a cell's network names outside of the fleet, in the forms of its own cloud; then what only that cloud refuses.

Owns      the list of such references, their patterns, and the call of each cloud's own laws (`Cloud.check`).
Refuses   a cloud's laws over references that are not in its form: they take them apart.
"""

import re
from collections.abc import Iterable, Iterator

from components import catalog
from components.clouds.contract import Cloud
from stacks.check.told import found, told
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem
from stacks.resolve import Path

Reference = tuple[str, Path, str]
"""Its kind (a key of `Cloud.references`), its path below `network`, the text."""


def problems(fleet: Fleet) -> Iterable[Problem]:
    """References in a form that the cloud does not have, or else what the cloud refuses of the cell."""
    for cell in fleet.cells.values():
        cloud = catalog.clouds().get(cell.spec.cloud)
        if cloud is None:
            continue
        wrong = list(_wrong(cell, cloud))
        yield from wrong
        if not wrong and cloud.check and _whole(cell, cloud):
            yield from found(cell.resolved, cell.at, catalog.load(cloud.check)(cell.spec))


def _whole(cell: Cell, cloud: Cloud) -> bool:
    """Whether account, region, zones and existing subnets are such that a cloud's laws can look at them."""
    spec, existing = cell.spec, cell.spec.network.existing
    return (
        re.fullmatch(cloud.account_pattern, spec.account) is not None
        and re.fullmatch(cloud.region_pattern, spec.region) is not None
        and all(re.fullmatch(cloud.zone_pattern, zone) for zone in spec.zones)
        and (existing is None or existing.zones.keys() == set(spec.zones))
    )


def _wrong(cell: Cell, cloud: Cloud) -> Iterator[Problem]:
    for kind, path, value in references(cell):
        pattern, word = cloud.references.get(kind), kind.replace("_", " ")
        at = (*cell.at, "network", *path)
        if pattern is None:
            message = f"{cloud.title} has no such thing as a {word}"
            yield told(cell.resolved, at, f"no-{kind.replace('_', '-')}", message, hint="remove it", key=True)
        elif not re.fullmatch(pattern, value):
            message = f"'{value}' is no {word} of {cloud.title}"
            yield told(cell.resolved, at, f"bad-{kind.replace('_', '-')}", message, f"text that matches {pattern}")


def references(cell: Cell) -> Iterator[Reference]:
    """Everything outside of the fleet that a cell's network names."""
    net = cell.spec.network
    for name, peering in net.peerings.items():
        at: Path = ("peerings", name)
        for kind, field in (("network", "network"), ("account", "account"), ("principal", "principal")):
            if value := getattr(peering, field):
                yield kind, (*at, field), value
        if peering.request:
            yield "request", (*at, "request"), peering.request
        yield from (("route_table", (*at, "route_tables", n), t) for n, t in enumerate(peering.route_tables))
    if net.hub and net.hub.id:
        yield "hub", ("hub", "id"), net.hub.id
    if net.hub and net.hub.new:
        yield from (("account", ("hub", "new", "shared_with", n), a) for n, a in enumerate(net.hub.new.shared_with))
    if net.privatelink:
        yield from (("account", ("privatelink", "consumers", n), a) for n, a in enumerate(net.privatelink.consumers))
        yield from (("connection", ("privatelink", "accepted", n), c) for n, c in enumerate(net.privatelink.accepted))
    yield from (("service", ("links", name, "service"), link.service) for name, link in net.links.items())
    if net.existing:
        yield "network", ("existing", "network"), net.existing.network
        if net.existing.private_dns_zone:
            yield "dns_zone", ("existing", "private_dns_zone"), net.existing.private_dns_zone
        for zone, subnets in net.existing.zones.items():
            for role in ("nodes", "load_balancers"):
                yield "subnet", ("existing", "zones", zone, role, "id"), getattr(subnets, role).id
