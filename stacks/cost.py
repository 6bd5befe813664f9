"""What the cells and clusters of a fleet cost a month, and what a change adds.

Owns      what of a fleet is billed, to whom, and the comparison of two fleets.
Refuses   prices and formulas (`components/cost/`), Pulumi, and a bill of a cell whose clusters were not all read: the
          free room on its nodes would be wrong. Who names a cell has read its clusters.
"""

import math
from collections.abc import Iterable, Iterator

from components import catalog
from components.cell.packing import needed
from components.clouds.machines import Machine, machines, volumes
from components.cost import disks, nodes, traffic
from components.cost.bill import bill
from components.cost.contract import Bill, Billed, Line, Use, hourly
from components.cost.prices import Catalogue, catalogue
from components.services.contract import Traffic
from stacks import request
from stacks.check.placement import loads
from stacks.fleet import Cell, Cluster, Fleet
from stacks.plan import document
from stacks.spec import CostSettings

NOT_COUNTED_CELL = (
    "backups, snapshots, DNS zones and queries",
    "data through NAT, links, peerings and the hub, and to the internet",
    "extended support of Kubernetes versions",
    "logs: audit and flow logs cost by what is written",
    "taxes, support contracts, reservations",
)
NOT_COUNTED_CLUSTER = (
    "data to other regions, clouds and the internet",
    "clients' own machines",
    "object stores of tiered storage",
    "pods that run on system nodes",
)
"""What every bill leaves out; docs/cost.md says why."""


def bills(fleet: Fleet, names: Iterable[str] | None = None) -> tuple[Bill, ...]:
    """Bills of a whole fleet, cells before clusters, each sorted; only those called `cell.<c>`, `cluster.<c>`."""
    every = [f"cell.{name}" for name in sorted(fleet.cells)] + [f"cluster.{name}" for name in sorted(fleet.clusters)]
    wanted = set(every if names is None else names)
    found = (_of(fleet, name) for name in every if name in wanted)
    return tuple(each for each in found if each is not None)


def delta(before: Fleet, after: Fleet, cells: Iterable[str], clusters: Iterable[str]) -> document.Cost:
    """What changes for the named cells and clusters. Each fleet holds them whole, and of each cell every cluster.

    A name that one side does not have costs nothing there. Bills that stay the same are left out.
    """
    names = [f"cell.{name}" for name in sorted(set(cells))] + [f"cluster.{name}" for name in sorted(set(clusters))]
    found = [each for name in names if (each := _compared(_of(before, name), _of(after, name))) is not None]
    clouds = sorted({cloud for name in names for fleet in (before, after) for cloud in _clouds(fleet, name)})
    return document.Cost(
        catalogue="; ".join(catalogue(cloud).dates for cloud in clouds),
        before=round(sum(each.before for each in found), 2),
        after=round(sum(each.after for each in found), 2),
        bills=tuple(found),
    )


def _clouds(fleet: Fleet, name: str) -> Iterator[str]:
    kind, _, key = name.partition(".")
    cell = fleet.cells.get(fleet.clusters[key].cell if kind == "cluster" and key in fleet.clusters else key)
    if cell is not None and cell.spec.cloud in catalog.clouds():
        yield cell.spec.cloud


def _of(fleet: Fleet, name: str) -> Bill | None:
    """A bill by its name; None for what is not there, or not whole enough to be judged."""
    kind, _, key = name.partition(".")
    if kind == "cell":
        cell = fleet.cells.get(key)
        return _cell(fleet, cell) if cell is not None and cell.spec.cloud in catalog.clouds() else None
    cluster = fleet.clusters.get(key)
    return _cluster(fleet, cluster) if cluster is not None and fleet.stands(cluster) else None


def _settings(fleet: Fleet) -> CostSettings:
    return fleet.settings.cost if fleet.settings else CostSettings()


def _billed(cell: Cell) -> tuple[Billed, Catalogue]:
    cloud = catalog.clouds()[cell.spec.cloud]
    found: Billed = catalog.load(cloud.billed)
    return found, catalogue(cell.spec.cloud)


def _bill(fleet: Fleet, cell: Cell, name: str, uses: Iterable[Use], left_out: Iterable[str]) -> Bill:
    spec = cell.spec
    discount = _settings(fleet).discount_percent.get(spec.cloud, 0)
    return bill(name, uses, catalogue(spec.cloud), spec.region, discount_percent=discount, left_out=left_out)


def _cell(fleet: Fleet, cell: Cell) -> Bill:
    body, pools = cell.spec, cell.spec.kubernetes
    billed, _ = _billed(cell)
    zones, most = len(body.zones), billed.runs_most(body)
    system = pools.system_nodes.most_per_zone if most else pools.system_nodes.least_per_zone
    uses = [
        hourly(
            "compute",
            "system nodes",
            f"machine/{pools.system_nodes.machine}",
            system * zones,
            pools.system_nodes.machine,
        )
    ]
    kafka = 0
    if (machine := _machine(cell)) is not None:
        kafka, room = _room(fleet, cell, machine, runs_most=most)
        uses.append(room)
    uses += billed.cell(body, (system + kafka) * zones)
    return _bill(fleet, cell, f"cell.{cell.name}", uses, NOT_COUNTED_CELL)


def _room(fleet: Fleet, cell: Cell, machine: Machine, *, runs_most: bool) -> tuple[int, Use]:
    """Kafka nodes that stand in each zone, and the room on them that nobody has reserved."""
    pool, zones = cell.spec.kubernetes.kafka_nodes, len(cell.spec.zones)
    asked = [
        (cluster, cluster.name, load)
        for cluster in fleet.clusters.values()
        if cluster.cell == cell.name and fleet.stands(cluster)
        for _, load in loads(fleet, cluster)
    ]
    need = needed(machine, asked, zones)
    standing = pool.most_per_zone if runs_most else max(pool.least_per_zone, need)
    decided = "the most, which always runs" if runs_most else "clusters need them" if need == standing else "the least"
    bounds = f"least {pool.least_per_zone}, most {pool.most_per_zone}"
    why = f"a zone has {standing}: {decided}; clusters need {need}, {bounds}"
    return standing, nodes.free(machine.name, zones, standing, why, (nodes.share(load, machine) for *_, load in asked))


def _machine(cell: Cell) -> Machine | None:
    """The Kafka pool's node type; None where the cell's own check has refused it."""
    return machines(cell.spec.cloud).get(cell.spec.kubernetes.kafka_nodes.machine)


def _cluster(fleet: Fleet, cluster: Cluster) -> Bill:
    cell = fleet.cells[cluster.cell]
    machine = _machine(cell)
    uses = list(_cluster_uses(fleet, cluster, cell, machine)) if machine is not None else []
    return _bill(fleet, cell, f"cluster.{cluster.name}", uses, NOT_COUNTED_CLUSTER)


def _cluster_uses(fleet: Fleet, cluster: Cluster, cell: Cell, machine: Machine) -> Iterator[Use]:
    billed, prices = _billed(cell)
    load_percent, zones = _settings(fleet).average_load_percent, len(cell.spec.zones)
    yield from (nodes.reserved(key, load, machine) for key, load in loads(fleet, cluster))
    known = volumes(cell.spec.cloud)
    for key in cluster.services:
        entry, asked = request.service(fleet, cluster, key)
        for disk in disks.disks(catalog.load(entry.objects)(asked)):
            if disk.storage_class in known:
                yield from disks.uses(disk, known[disk.storage_class], prices)
    demands = [demand for _, demand in request.demands(fleet, cluster)]
    for exposure in sorted({demand.exposure for demand in demands}):
        number = sum(demand.load_balancers for demand in demands if demand.exposure == exposure)
        yield from billed.balancers(cell.spec, number, exposure)
    balanced = any(demand.fan_out != "direct" for demand in demands)
    for rates in _traffic(fleet, cluster):
        yield from traffic.cross_zone(rates, zones, load_percent)
        if balanced:
            yield from traffic.balanced(rates, prices, load_percent)


def _traffic(fleet: Fleet, cluster: Cluster) -> Iterator[Traffic]:
    for key in cluster.services:
        entry, asked = request.service(fleet, cluster, key)
        if entry.traffic and (found := catalog.load(entry.traffic)(asked)) is not None:
            yield found


def _compared(before: Bill | None, after: Bill | None) -> document.Bill | None:
    """Both as one; None where no amount differs and nothing else is left out."""
    one = after or before
    if one is None:
        return None
    old, new = _by_subject(before), _by_subject(after)
    lines = [_line(old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    same = all(math.isclose(line.before, line.after) for line in lines)
    if same and (before is None or after is None or before.not_counted == after.not_counted):
        return None
    return document.Bill(
        name=one.name,
        before=before.total if before else 0.0,
        after=after.total if after else 0.0,
        lines=tuple(lines),
        not_counted=one.not_counted,
    )


def _by_subject(one: Bill | None) -> dict[tuple[str, str], Line]:
    return {(line.part, line.subject): line for line in one.lines} if one else {}


def _line(before: Line | None, after: Line | None) -> document.CostLine:
    one = after or before
    assert one is not None  # noqa: S101 - a key is of one of both
    return document.CostLine(
        what=one.what,
        part=one.part,
        before=before.amount if before else 0.0,
        after=after.amount if after else 0.0,
        formula=one.formula,
    )
