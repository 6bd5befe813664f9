"""The networks that a change touches: addresses and a picture of each cell.

Owns      which of a cell's ranges are told, and in which words.
Refuses   to draw a second time what `stacks/draw` draws.
"""

from collections.abc import Iterable, Iterator

from components import catalog
from components.cell.ranges import ranges
from stacks.draw.cell import draw
from stacks.draw.mermaid import mermaid
from stacks.draw.svg import svg
from stacks.fleet import Cell, Fleet
from stacks.pull.document import Network, Range


def networks(fleet: Fleet, names: Iterable[str]) -> tuple[Network, ...]:
    """The named cells as `fleet` declares them; those that it no longer has are left out."""
    return tuple(_network(fleet, fleet.cells[name]) for name in names if name in fleet.cells)


def _network(fleet: Fleet, cell: Cell) -> Network:
    drawing = draw(fleet, cell)
    return Network(
        cell=cell.name,
        block=cell.spec.network.address_block,
        ranges=tuple(_ranges(cell)),
        mermaid=mermaid(drawing),
        svg=svg(drawing),
    )


def _ranges(cell: Cell) -> Iterator[Range]:
    cloud = catalog.clouds()[cell.spec.cloud]
    cut = ranges(cell.spec.network, cell.spec.zones, cloud.zone_pattern)
    if cloud.regional_subnets:
        yield Range(what="nodes", cidr=cut.regional)
        yield Range(what="load balancers and NAT", cidr=cut.regional_public)
    else:
        for zone, each in sorted(cut.zones.items()):
            yield Range(what=f"nodes in {zone}", cidr=each.private)
            yield Range(what=f"load balancers and NAT in {zone}", cidr=each.public)
    yield Range(what="pods", cidr=cut.pods)
    yield Range(what="Kubernetes services", cidr=cut.services)
    yield Range(what="control plane", cidr=cut.control_plane)
    yield Range(what="private endpoints", cidr=cut.endpoints)
    if cell.spec.network.hub:
        for zone, cidr in sorted(cut.attachments.items()):
            yield Range(what=f"hub attachment in {zone}", cidr=cidr)
    if cell.spec.network.privatelink:
        yield Range(what="NAT of the private link", cidr=cut.link_nat)
