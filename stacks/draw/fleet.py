"""The picture of the whole fleet: every cell, and what joins them.

Owns      which cells share a hub, are peered with the same network or linked privately.
Refuses   clusters one by one: a cell's box lists them, and the cell has a picture of its own.
"""

from collections.abc import Iterator

from components import catalog
from stacks.draw.drawing import Arrow, Box, Drawing, Frame
from stacks.fleet import Cell, Fleet

OUTSIDE, JOIN, CELL = range(3)


def draw(fleet: Fleet) -> Drawing:
    """All cells by cloud and region, with hubs, peers and links."""
    by_place: dict[str, list[Cell]] = {}
    for cell in sorted(fleet.cells.values(), key=lambda each: (each.spec.cloud, each.spec.region, each.name)):
        cloud = catalog.clouds()[cell.spec.cloud]
        by_place.setdefault(f"{cloud.title}, {cell.spec.region}", []).append(cell)
    boxes: dict[str, Box] = {}
    arrows: list[Arrow] = []
    frames: list[Frame] = []
    for band, (place, cells) in enumerate(by_place.items()):
        for cell in cells:
            found = [_cell(fleet, cell, band), *_joins(cell, band)]
            boxes |= {box.id: box for box in found if box.id not in boxes}
            arrows += _arrows(fleet, cell)
        frames.append(Frame(place, [f"cell-{cell.name}" for cell in cells]))
    name = fleet.settings.name if fleet.settings else ""
    return Drawing(title=f"Fleet {name}", boxes=list(boxes.values()), frames=frames, arrows=arrows)


def _cell(fleet: Fleet, cell: Cell, band: int) -> Box:
    clusters = sorted(c.name for c in fleet.clusters.values() if c.cell == cell.name)
    lines = [f"{cell.environment}, {cell.spec.network.address_block}", f"reached: {cell.spec.network.reachability}"]
    return Box(f"cell-{cell.name}", "cell", cell.name, [*lines, *clusters], CELL, band)


def _hub_id(cell: Cell) -> str:
    hub = cell.spec.network.hub
    return f"hub-{hub.id or cell.name}" if hub else ""


def _joins(cell: Cell, band: int) -> Iterator[Box]:
    net = cell.spec.network
    if net.reachability == "public":
        yield Box("internet", "client", "Internet", ["allowed ranges only"], OUTSIDE, band)
    for peering in net.peerings.values():
        yield Box(f"network-{peering.network}", "client", peering.network, peering.cidrs, OUTSIDE, band)
    if net.hub:
        yield Box(_hub_id(cell), "hub", "Transit hub", [net.hub.id or f"of {cell.name}"], JOIN, band)
        yield Box(f"behind-{_hub_id(cell)}", "client", "Behind the hub", net.hub.cidrs, OUTSIDE, band)
    if net.privatelink:
        yield Box(f"service-{cell.name}", "join", "Endpoint service", net.privatelink.consumers, JOIN, band)


def _arrows(fleet: Fleet, cell: Cell) -> Iterator[Arrow]:
    net, me = cell.spec.network, f"cell-{cell.name}"
    if net.reachability == "public":
        yield Arrow("internet", me)
    for name, peering in sorted(net.peerings.items()):
        yield Arrow(f"network-{peering.network}", me, f"peering {name}", dashed=True)
    if net.hub:
        yield Arrow(f"behind-{_hub_id(cell)}", _hub_id(cell), dashed=True)
        yield Arrow(_hub_id(cell), me, dashed=True)
    if net.privatelink:
        yield Arrow(f"service-{cell.name}", me)
    for name, link in sorted(net.links.items()):
        if link.cell in fleet.cells:
            yield Arrow(me, f"service-{link.cell}", f"link {name}", dashed=True)
