"""The fleet's addresses, offline: who holds which range, what is free, and where a new cell goes.

Owns      the registry: every range that a file names, with its holder; allocation by environment and region; how soon
          a range is exhausted.
Refuses   a file of its own. The blocks stand in the cells' files and nowhere else, so that there is nothing to merge
          and nothing to lose: a retired cell keeps its block until its file is deleted.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from components import catalog
from components.cell.space import allocate, free
from stacks.fleet import Cell, Fleet
from stacks.spec import AddressRange, AddressSpace

Net = ipaddress.IPv4Network
Use = Literal["cell", "existing", "hub", "peer", "reserved"]

LOW = 4
"""A range is low when fewer blocks of the fleet's size are left in it, or fewer than a tenth of them."""


@dataclass(frozen=True)
class Holding:
    """One range that is taken. `holder` is a cell's name, or empty for what `fleet.yaml` reserves."""

    cidr: str
    use: Use
    holder: str
    file: str
    note: str = ""

    @property
    def net(self) -> Net:
        """The range as numbers."""
        return Net(self.cidr)


def own(cell: Cell) -> Iterator[Holding]:
    """Ranges that are a cell's own: its block, its subnets in an existing network, its hub's routers."""
    net, file = cell.spec.network, cell.resolved.file
    yield Holding(net.address_block, "cell", cell.name, file)
    if net.existing:
        for cidr in net.existing.cidrs:
            yield Holding(cidr, "existing", cell.name, file, net.existing.network)
    if net.hub and net.hub.new and net.hub.new.address_block:
        yield Holding(net.hub.new.address_block, "hub", cell.name, file, "the hub's routers")


def joined(cell: Cell) -> Iterator[Holding]:
    """Ranges of others that are routed to from a cell."""
    net, file = cell.spec.network, cell.resolved.file
    for name, peering in sorted(net.peerings.items()):
        for cidr in peering.cidrs:
            yield Holding(cidr, "peer", cell.name, file, f"peering {name}")
    for cidr in net.hub.cidrs if net.hub else ():
        yield Holding(cidr, "peer", cell.name, file, "over the hub")


def holdings(fleet: Fleet) -> list[Holding]:
    """Everything that a new cell must keep away from, by address.

    A summary over a hub, such as 10.0.0.0/8, is a route and no holder: it is left out where it spans a range of the
    fleet.
    """
    found: list[Holding] = []
    spans: list[Net] = []
    if fleet.settings:
        space = fleet.settings.address_space
        spans = [Net(each.cidr) for each in space.ranges]
        found += [Holding(cidr, "reserved", "", "fleet/fleet.yaml") for cidr in space.reserved]
    for cell in fleet.cells.values():
        found += own(cell)
        found += (h for h in joined(cell) if not any(span.subnet_of(h.net) for span in spans))
    return sorted(set(found), key=lambda h: (int(h.net.network_address), h.net.prefixlen, h.use, h.holder))


def ranges_for(space: AddressSpace, environment: str, region: str) -> list[AddressRange]:
    """The ranges in which a cell of that environment and region may lie, in the order of the file.

    A range that names the environment comes before those that name none, and among these one that names the region.
    """

    def near(each: AddressRange) -> bool:
        return any(fnmatchcase(region, pattern) for pattern in each.regions)

    found = [
        each
        for each in space.ranges
        if (not each.environments or environment in each.environments) and (not each.regions or near(each))
    ]
    found = [each for each in found if each.environments] or found
    return [each for each in found if each.regions] or found


def allocated(fleet: Fleet, cloud: str, environment: str, region: str, length: int) -> str | None:
    """The block that a new cell gets, or None where its ranges have none of that size left."""
    if fleet.settings is None:
        return None
    ranges = ranges_for(fleet.settings.address_space, environment, region)
    taken = [h.cidr for h in holdings(fleet)]
    entry = catalog.clouds().get(cloud)
    return allocate(length, [each.cidr for each in ranges], [*taken, *(entry.reserved if entry else ())])


@dataclass(frozen=True)
class Stock:
    """How full one range of the fleet is. Addresses are counted once, however many hold them.

    blocks_left  blocks of the fleet's size that could still be allocated
    blocks       blocks of that size in the whole range
    """

    cidr: str
    environments: Sequence[str]
    regions: Sequence[str]
    held: tuple[Holding, ...]
    free: tuple[Net, ...]
    blocks_left: int
    blocks: int

    @property
    def total(self) -> int:
        """Addresses of the range."""
        return Net(self.cidr).num_addresses

    @property
    def free_addresses(self) -> int:
        """Addresses that nobody holds."""
        return sum(part.num_addresses for part in self.free)

    @property
    def low(self) -> bool:
        """Whether it is time to think of more."""
        return self.blocks_left < LOW or self.blocks_left * 10 < self.blocks


def stocks(fleet: Fleet) -> list[Stock]:
    """Each range of `address_space.ranges`, in the order of the file."""
    if fleet.settings is None:
        return []
    space = fleet.settings.address_space
    held = holdings(fleet)
    found = []
    for each in space.ranges:
        area = Net(each.cidr)
        mine = tuple(h for h in held if h.net.overlaps(area))
        left = free(each.cidr, [h.cidr for h in mine])
        length = max(space.cell_prefix_length, area.prefixlen)
        found.append(
            Stock(
                cidr=each.cidr,
                environments=each.environments,
                regions=each.regions,
                held=mine,
                free=tuple(left),
                blocks_left=sum(2 ** (length - part.prefixlen) for part in left if part.prefixlen <= length),
                blocks=2 ** (length - area.prefixlen),
            )
        )
    return found
