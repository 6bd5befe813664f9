"""The picture of a cell: who reaches its clusters, over what, through which load balancers.

Owns      which boxes a cell is drawn with.
Refuses   anything that only an apply tells, such as addresses of load balancers.
"""

import textwrap
from collections.abc import Iterator, Sequence

from components import catalog
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.contract import Ranges
from components.services.contract import Demand
from stacks import request
from stacks.draw.drawing import Arrow, Box, Drawing, Frame
from stacks.fleet import Cell, Cluster, Fleet

CLIENT, JOIN, ENTRY, CLUSTER = range(4)
"""Columns, in the order of the packets. The subnets stand in a band of their own below."""


def draw(fleet: Fleet, cell: Cell, only: Cluster | None = None) -> Drawing:
    """A cell with all its clusters, or with one of them."""
    clusters = [only] if only else sorted((c for c in fleet.clusters.values() if c.cell == cell.name), key=_name)
    net = cell.spec.network
    cut = ranges(net, cell.spec.zones, catalog.clouds()[cell.spec.cloud].zone_pattern)
    boxes, arrows = [*_joins(cell)], [*_join_arrows(cell)]
    inside: list[str] = []
    for cluster in clusters:
        demands = [demand for _, demand in request.demands(fleet, cluster)]
        for demand in demands:
            entry = _entry(cell, cluster, demand)
            if entry.id not in inside:
                boxes.append(entry)
                inside.append(entry.id)
                arrows += (Arrow(source, entry.id) for source in _sources(cell, demand))
            arrows.append(Arrow(entry.id, f"cluster-{cluster.name}"))
        boxes.append(_cluster(fleet, cluster, demands))
        inside.append(f"cluster-{cluster.name}")
    boxes += _network(cell, cut)
    inside += [box.id for box in boxes if box.kind in {"subnet", "dns"}]
    return Drawing(
        title=f"Cluster {only.name}" if only else f"Cell {cell.name}",
        boxes=boxes,
        frames=[Frame(_frame_title(cell), [*inside])],
        arrows=arrows,
        notes=_notes(fleet, cell),
    )


def _name(cluster: Cluster) -> str:
    return cluster.name


def _frame_title(cell: Cell) -> str:
    cloud = catalog.clouds()[cell.spec.cloud]
    net = cell.spec.network
    where = f"{cloud.kubernetes_title} in {cell.spec.region}, {cloud.account_word} {cell.spec.account}"
    what = f"network {net.existing.network}" if net.existing else f"network {net.address_block}"
    return f"{cell.name}: {where}, {what}"


def _joins(cell: Cell) -> Iterator[Box]:
    """Who is outside, and what joins them to the network."""
    net = cell.spec.network
    # Beside the joins, not among the others outside: its packets pass none of them.
    yield Box("inside", "client", "In the network", [*cell.spec.zones], JOIN)
    if net.reachability == "public":
        yield Box("internet", "client", "Internet", net.allowed_cidrs, CLIENT)
        yield Box("public", "join", "Internet gateway", ["allowed ranges only"], JOIN)
    for name, peering in sorted(net.peerings.items()):
        yield Box(f"peer-{name}", "client", f"Peer {name}", [peering.network, *peering.cidrs], CLIENT)
        side = "both sides by the fleet" if peering.side == "both" else "our side"
        yield Box(f"peering-{name}", "join", "Peering", [side, "DNS shared" if peering.dns else "no DNS"], JOIN)
    if net.hub:
        yield Box("behind-hub", "client", "Behind the hub", net.hub.cidrs, CLIENT)
        yield Box("hub", "hub", "Transit hub", [net.hub.id or "made by this cell"], JOIN)
    if net.privatelink:
        yield Box("consumers", "client", "Consumers", net.privatelink.consumers, CLIENT)
        yield Box("service", "join", "Endpoint service", [f"acceptance: {net.privatelink.acceptance}"], JOIN)
    for name, link in sorted(net.links.items()):
        lines = [link.service, f"*.{link.dns_zone or link.cell}"]
        yield Box(f"link-{name}", "join", f"Endpoint {name} (outwards)", lines, JOIN)


def _join_arrows(cell: Cell) -> Iterator[Arrow]:
    net = cell.spec.network
    if net.reachability == "public":
        yield Arrow("internet", "public")
    for name in sorted(net.peerings):
        yield Arrow(f"peer-{name}", f"peering-{name}", dashed=True)
    if net.hub:
        yield Arrow("behind-hub", "hub", dashed=True)
    if net.privatelink:
        yield Arrow("consumers", "service", dashed=True)


def _sources(cell: Cell, demand: Demand) -> Iterator[str]:
    """Where the packets for an entry come from."""
    net = cell.spec.network
    if demand.exposure == "external":
        yield "public"
        return
    yield "inside"
    yield from (f"peering-{name}" for name in sorted(net.peerings))
    if net.hub:
        yield "hub"
    if demand.exposure == "link":
        yield "service"


def _entry(cell: Cell, cluster: Cluster, demand: Demand) -> Box:
    """What packets of a listener meet first in the network."""
    if demand.fan_out in ("sni", "port-per-broker"):
        ports = gateway_ports(cell.spec.network)
        lines = [f"{ports[0]}: by name"]
        if len(ports) > 1:
            lines.append(f"{ports[1]}-{ports[-1]}: by port")
        return Box("gateway", "entry", "Gateway", ["one load balancer", *lines], ENTRY)
    if demand.fan_out == "direct":
        return Box(f"direct-{cluster.name}-{demand.what}", "entry", "Pods' own addresses", [demand.what], ENTRY)
    number = f"{demand.load_balancers} load balancers"
    scheme = "public addresses" if demand.exposure == "external" else "private addresses"
    return Box(f"lbs-{cluster.name}-{demand.what}", "entry", number, [demand.what, scheme], ENTRY)


def _cluster(fleet: Fleet, cluster: Cluster, demands: Sequence[Demand]) -> Box:
    lines = [f"team {cluster.team}, {cluster.spec.environment}"]
    if fleet.stands(cluster):
        access = request.kafka_access(fleet, cluster)
        lines.append(f"Kafka {access.version}, {access.brokers} brokers")
    lines += textwrap.wrap(", ".join(sorted(cluster.services)), 44)
    lines += (demand.address for demand in demands)
    return Box(f"cluster-{cluster.name}", "cluster", cluster.name, lines, CLUSTER)


def _network(cell: Cell, cut: Ranges) -> Iterator[Box]:
    """The subnets, below the way of the packets."""
    regional = catalog.clouds()[cell.spec.cloud].regional_subnets
    if regional and len({each.private for each in cut.zones.values()}) == 1:
        nodes, balancers = [cut.regional], [cut.regional_public]
    else:
        nodes = [f"{zone}: {each.private}" for zone, each in sorted(cut.zones.items())]
        balancers = [f"{zone}: {each.public}" for zone, each in sorted(cut.zones.items())]
    yield Box("nodes", "subnet", "Nodes", nodes, CLUSTER, band=1)
    yield Box("balancers", "subnet", "Load balancers, NAT", balancers, ENTRY, band=1)
    if cell.spec.network.privatelink:
        yield Box("link-nat", "subnet", "NAT of the link", [cut.link_nat], ENTRY, band=1)


def _notes(fleet: Fleet, cell: Cell) -> list[str]:
    net = cell.spec.network
    notes = [f"private names *.{request.dns_zone(fleet, cell)}"]
    if public := request.public_dns_zone(fleet, cell):
        notes.append(f"public names *.{public}")
    out = ", ".join(net.egress.allowed_cidrs) if net.egress else "anywhere"
    notes.append(f"out to {out}, by NAT {net.nat}")
    return notes
