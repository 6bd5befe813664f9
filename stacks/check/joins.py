"""What a cell's network is joined to: peerings, the hub, private links that it consumes.

Owns      ranges that would be routed two ways, what goes with what.
Refuses   what only the other side knows (that the ranges given are its real ones).
"""

import ipaddress
from collections.abc import Iterable, Iterator

from components import catalog
from components.cell.network_spec import Hub, Peering
from components.clouds.contract import Cloud
from stacks.addresses import own
from stacks.check.told import in_network
from stacks.fleet import Cell, Fleet
from stacks.nearest import nearest
from stacks.problem import Problem
from stacks.resolve import Path

_Net = ipaddress.IPv4Network


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What is wrong with the joins of each cell, and with two cells on one hub."""
    for cell in fleet.cells.values():
        cloud = catalog.clouds().get(cell.spec.cloud)
        if cloud is not None:
            yield from _isolated(cell)
            yield from _routes(cell)
            for name, peering in cell.spec.network.peerings.items():
                yield from _peering(cell, cloud, ("peerings", name), peering)
            if cell.spec.network.hub:
                yield from _hub(cell, cloud, cell.spec.network.hub)
            yield from _links(fleet, cell)


def _isolated(cell: Cell) -> Iterator[Problem]:
    net = cell.spec.network
    for field, there in (("peerings", bool(net.peerings)), ("hub", net.hub is not None)):
        if net.isolated and there:
            yield in_network(
                cell,
                (field,),
                "isolated-joined",
                f"an isolated network with `{field}`: its block may lie over another's, so nothing may be routed to it",
                hint="remove it, or `isolated`",
                key=True,
            )


def _joined(cell: Cell) -> Iterator[tuple[Path, str]]:
    net = cell.spec.network
    for name, peering in net.peerings.items():
        for n, cidr in enumerate(peering.cidrs):
            yield ("peerings", name, "cidrs", n), cidr
    for n, cidr in enumerate(net.hub.cidrs if net.hub else ()):
        yield ("hub", "cidrs", n), cidr


def _routes(cell: Cell) -> Iterator[Problem]:
    """Ranges over two ways at once. A summary over the hub may span the cell: the more exact route wins everywhere."""
    mine = list(own(cell))
    seen: list[tuple[Path, str]] = []
    for path, cidr in _joined(cell):
        there = _Net(cidr)
        for held in mine:
            summary = path[0] == "hub" and held.net.subnet_of(there) and held.net != there
            if there.overlaps(held.net) and not summary:
                yield in_network(
                    cell,
                    path,
                    "join-overlap",
                    f"{cidr} overlaps {held.cidr}, which is the cell's own: packets to it never leave the cell",
                    hint="networks that overlap are joined by private link alone",
                )
                break
        for before, other in seen:
            summary = _Net(other) != there and "hub" in (path[0], before[0])
            if there.overlaps(_Net(other)) and not summary:
                where = ".".join(str(part) for part in before)
                message = f"{cidr} overlaps {other} of network.{where}"
                yield in_network(cell, path, "route-twice", message, hint="leave it where its packets are to go")
                break
        seen.append((path, cidr))


def _peering(cell: Cell, cloud: Cloud, at: Path, peering: Peering) -> Iterator[Problem]:
    elsewhere = peering.account is not None and peering.account != cell.spec.account
    both = peering.side == "both"
    for wrong, path, message, hint in (
        (
            not both and peering.principal is not None,
            "principal",
            "a principal for the other side, which the fleet does not make",
            "remove it, or say `side: both`",
        ),
        (
            not both and bool(peering.route_tables),
            "route_tables",
            "route tables of the other side, which the fleet does not touch",
            "remove them, or say `side: both`",
        ),
        (
            both and peering.request is not None,
            "request",
            "a request of the others, while the fleet makes both sides",
            "remove it, or say `side: ours`",
        ),
        (
            both and elsewhere and peering.principal is None,
            "side",
            f"both sides, and the other one is in {cloud.account_word} {peering.account}",
            "state the `principal` that the fleet acts as there, or say `side: ours`",
        ),
    ):
        if wrong:
            yield in_network(cell, (*at, path), "peering-sides", message, hint=hint, key=path != "side")


def _hub(cell: Cell, cloud: Cloud, hub: Hub) -> Iterator[Problem]:
    if hub.new is None:
        return
    lengths, block = cloud.hub_block, hub.new.address_block
    if lengths is None and block is not None:
        yield in_network(
            cell,
            ("hub", "new", "address_block"),
            "unused-hub-block",
            f"a hub of {cloud.title} has no addresses of its own",
            hint="remove it",
            key=True,
        )
    elif lengths is not None and block is None:
        yield in_network(
            cell,
            ("hub", "new"),
            "no-hub-block",
            f"a hub of {cloud.title} needs a range for its routers",
            hint=f"add address_block, a /{lengths[0]} to a /{lengths[1]} that is nobody's",
        )
    elif lengths is not None and block is not None and not lengths[0] <= _Net(block).prefixlen <= lengths[1]:
        yield in_network(
            cell,
            ("hub", "new", "address_block"),
            "hub-block-size",
            f"{block} is a /{_Net(block).prefixlen}",
            f"a /{lengths[0]} to a /{lengths[1]}",
        )


def _links(fleet: Fleet, cell: Cell) -> Iterator[Problem]:
    zones: dict[str, str] = {}
    for name, link in cell.spec.network.links.items():
        at: Path = ("links", name)
        zone = link.dns_zone or link.cell or ""
        if zone in zones:
            message = f"link '{zones[zone]}' has the names of '{zone}' already: one network, one way to a name"
            field = "dns_zone" if link.dns_zone else "cell"
            yield in_network(cell, (*at, field), "link-twice", message, hint="remove one of the two")
        zones.setdefault(zone, name)
        if link.cell is None or link.cell in fleet.declared["cell"] - fleet.cells.keys():
            continue
        provider = fleet.cells.get(link.cell)
        if provider is None:
            yield in_network(
                cell,
                (*at, "cell"),
                "unknown-cell",
                f"there is no cell '{link.cell}'",
                hint=nearest(link.cell, fleet.cells),
            )
        else:
            yield from _provided(cell, (*at, "cell"), provider)


def _provided(cell: Cell, path: Path, provider: Cell) -> Iterator[Problem]:
    net = provider.spec.network
    if provider.name == cell.name:
        message = "a link of a cell to itself"
        yield in_network(cell, path, "link-to-itself", message, hint="its clusters are reached already")
    elif provider.spec.cloud != cell.spec.cloud:
        yield in_network(
            cell,
            path,
            "link-across-clouds",
            f"cell '{provider.name}' is on {provider.spec.cloud}: a private link ends inside of its own cloud",
            hint="mirror the topics to a cluster on this cloud, or reach it by hub or public address",
        )
    elif net.reachability != "privatelink":
        yield in_network(
            cell,
            path,
            "link-not-offered",
            f"cell '{provider.name}' is reached by {net.reachability}: it has no endpoint service",
            hint="say `reachability: privatelink` there",
        )
    elif net.privatelink is not None and cell.spec.account not in net.privatelink.consumers:
        yield in_network(
            cell,
            path,
            "link-not-allowed",
            f"cell '{provider.name}' lets {', '.join(net.privatelink.consumers)} connect, and not {cell.spec.account}",
            hint=f"add it to network.privatelink.consumers of {provider.resolved.file}",
        )
