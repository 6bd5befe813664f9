"""Whether the capacity that a cell declares fits into its ranges, as its cloud counts addresses.

Owns      the comparison; the counting is each cloud's (`Cloud.room`).
Refuses   cells whose block or zones are wrong already: nothing can be counted there.
"""

from collections.abc import Iterable
from dataclasses import replace

from components import catalog
from components.cell.ranges import ranges
from components.clouds.machines import machines
from stacks.check.told import range_path, told
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem

FULL = 0.8
"""Above this share of a range growth is foreseen to end: a warning, while there is time for another cell."""


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Ranges that are too small for what their cell may grow to, and those that are nearly so."""
    for cell in fleet.cells.values():
        yield from _cell(cell)


def _cell(cell: Cell) -> Iterable[Problem]:
    cloud = catalog.clouds().get(cell.spec.cloud)
    pools = (cell.spec.kubernetes.kafka_nodes, cell.spec.kubernetes.system_nodes)
    if cloud is None or any(pool.machine not in machines(cell.spec.cloud) for pool in pools):
        return
    try:
        cut = ranges(cell.spec.network, cell.spec.zones, cloud.zone_pattern)
    except (KeyError, ValueError):
        return
    for each in catalog.load(cloud.room)(cell.spec, cut):
        path = range_path(cell, each.range)
        if each.needed > each.available:
            yield told(
                cell.resolved,
                (*cell.at, *path),
                "too-small",
                f"{each.range} has {each.available:,} addresses for {each.what} and needs {each.needed:,}: {each.why}",
                hint="fewer nodes (most_per_zone), or a new cell with a larger block: this one never changes",
            )
        elif each.needed > each.available * FULL:
            full = f"{each.needed / each.available:.0%}"
            message = f"{each.range} will be {full} full of {each.what} at the declared capacity: {each.why}"
            hint = "plan another cell: this block never grows"
            yield replace(told(cell.resolved, (*cell.at, *path), "room-low", message, hint=hint), severity="warning")
