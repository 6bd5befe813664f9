"""The clouds' limits, counted over the whole fleet before anything is made.

Owns      what is counted, per cell and per region of an account; where the error stands.
Refuses   the numbers: they are each cloud's data. What others made in the same account nobody here can count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from components import catalog
from components.cell.ports import gateway_ports
from components.clouds.limits import KEYS, Limit, limits
from components.services.contract import Demand
from stacks import request
from stacks.check.told import told
from stacks.fleet import Cell, Cluster, Fleet
from stacks.problem import Problem
from stacks.resolve import Path, Resolved

NEAR = 0.8
"""Above this share a limit that a growing fleet comes nearer to is told before it is passed."""
GROWING = frozenset(
    {
        "endpoints_per_network",
        "hub_attachments",
        "load_balancers_per_cell",
        "load_balancers_per_region",
        "nat_addresses_per_region",
        "networks_per_region",
        "peerings_per_network",
    }
)


Granted = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Counted:
    """One thing that counts against a limit, and where the file says so."""

    number: int
    resolved: Resolved
    path: Path


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Limits that are passed, or nearly so; gateway ports that two listeners of a cell take."""
    demands = {cell: list(found) for cell, found in _demands(fleet).items()}
    yield from _ports(demands)
    granted: Granted = fleet.settings.granted_limits if fleet.settings else {}
    yield from _granted(fleet)
    regional: dict[tuple[str, str, str, str], list[Counted]] = defaultdict(list)
    hubs: dict[tuple[str, str], list[Counted]] = defaultdict(list)
    for cell in sorted(fleet.cells.values(), key=lambda each: each.name):
        if cell.spec.cloud not in catalog.clouds():
            continue
        mine = demands.get(cell.name, [])
        for key, path, number in _of_cell(cell, mine):
            yield from _judged(
                granted, cell.spec.cloud, key, [Counted(number, cell.resolved, (*cell.at, *path))], cell.name
            )
        where = (cell.spec.cloud, cell.spec.account, cell.spec.region)
        for key, counted in _of_region(cell, mine):
            regional[(*where, key)].append(counted)
        net = cell.spec.network
        if net.hub:
            hub = net.hub.id or f"the hub of {cell.name}"
            hubs[(cell.spec.cloud, hub)].append(Counted(1, cell.resolved, (*cell.at, "network", "hub")))
    for (cloud, account, region, key), found in regional.items():
        yield from _judged(granted, cloud, key, found, f"{region} of {account}")
    for (cloud, hub), found in hubs.items():
        yield from _judged(granted, cloud, "hub_attachments", found, hub)


def _granted(fleet: Fleet) -> Iterator[Problem]:
    """Limits that were granted and that nobody counts, or that no vendor raises."""
    if fleet.settings is None or fleet.settings_resolved is None:
        return
    for cloud, found in fleet.settings.granted_limits.items():
        known = limits(cloud) if cloud in catalog.clouds() else {}
        for key in found:
            path: Path = ("granted_limits", cloud, key)
            if key not in known:
                message = f"no limit '{key}' of '{cloud}' is counted"
                yield told(fleet.settings_resolved, path, "unknown-limit", message, ", ".join(sorted(known)), key=True)
            elif not known[key].adjustable:
                message = f"{cloud} grants no more than {known[key].limit} ({known[key].what})"
                yield told(fleet.settings_resolved, path, "fixed-limit", message, hint="remove it", key=True)


def _demands(fleet: Fleet) -> Mapping[str, list[tuple[Cluster, str, Demand]]]:
    found: dict[str, list[tuple[Cluster, str, Demand]]] = defaultdict(list)
    for cluster in fleet.clusters.values():
        found[cluster.cell] += ((cluster, key, each) for key, each in request.demands(fleet, cluster))
    return found


def _of_cell(cell: Cell, demands: Iterable[tuple[Cluster, str, Demand]]) -> Iterator[tuple[str, Path, int]]:
    net = cell.spec.network
    egress = len(net.egress.allowed_cidrs) if net.egress else 1
    yield "peerings_per_network", ("network", "peerings"), len(net.peerings)
    yield "routes_per_table", ("network",), len(net.joined_cidrs) + egress + 1
    # The gateway's own group has two rules a source where it listens on broker ports beside 443.
    rules = 2 if net.has_gateway and net.gateway_or_default.broker_ports else 1
    yield "firewall_rules_per_group", ("network",), (len(net.client_cidrs) + 1) * rules
    yield "endpoints_per_network", ("network", "links"), len(net.links)
    if net.has_gateway:
        path: Path = ("network", "gateway", "broker_ports") if net.gateway else ("network", "reachability")
        yield "listeners_per_load_balancer", path, len(gateway_ports(net))
    if net.privatelink:
        yield "consumers_per_link", ("network", "privatelink", "consumers"), len(net.privatelink.consumers)
    if net.existing is None:
        yield "address_ranges_per_network", ("zones",), len(cell.spec.zones) + 1 + (net.hub is not None)
    balancers = sum(demand.load_balancers for _, _, demand in demands)
    yield "load_balancers_per_cell", ("network",), balancers + net.has_gateway


def _of_region(cell: Cell, demands: Iterable[tuple[Cluster, str, Demand]]) -> Iterator[tuple[str, Counted]]:
    net = cell.spec.network
    if net.existing is None:
        yield "networks_per_region", Counted(1, cell.resolved, (*cell.at, "region"))
        addresses = len(cell.spec.zones) if net.nat == "per-zone" else 1
        yield "nat_addresses_per_region", Counted(addresses, cell.resolved, (*cell.at, "network"))
    if net.has_gateway:
        yield "load_balancers_per_region", Counted(1, cell.resolved, (*cell.at, "network"))
    for cluster, key, demand in demands:
        if demand.load_balancers:
            path = ("services", key, *demand.path)
            yield "load_balancers_per_region", Counted(demand.load_balancers, cluster.resolved, path)


def _judged(granted: Granted, cloud: str, key: str, found: list[Counted], where: str) -> Iterator[Problem]:
    """The error stands where the count passes the limit: what was there before, by name, is not at fault."""
    limit = limits(cloud).get(key)
    if limit is None:
        return
    most = granted.get(cloud, {}).get(key, limit.limit)
    total = sum(each.number for each in found)
    if total <= most * (NEAR if key in GROWING else 1):
        return
    so_far = 0
    for each in found:
        so_far += each.number
        if so_far > most:
            break
    problem = told(
        each.resolved, each.path, "limit-passed", _said(limit, most, total, where), hint=_way_out(cloud, limit)
    )
    yield problem if total > most else replace(problem, code="limit-near", severity="warning")


def _said(limit: Limit, most: int, total: int, where: str) -> str:
    return f"{total} {KEYS[limit.key]} in {where}, of {most} ({limit.what}; {limit.source}, {limit.date})"


def _way_out(cloud: str, limit: Limit) -> str:
    more = (
        f"ask the vendor for more and write it down as granted_limits.{cloud}.{limit.key} in fleet/fleet.yaml, or "
        if limit.adjustable
        else ""
    )
    fewer = " or the fan-out sni, which takes one for all clusters of a cell" if "balancers" in limit.key else ""
    return f"{more}use another cell, account or region{fewer}"


def _ports(demands: Mapping[str, list[tuple[Cluster, str, Demand]]]) -> Iterator[Problem]:
    for cell in sorted(demands):
        taken: list[tuple[int, int, str]] = []
        for cluster, key, demand in sorted(demands[cell], key=lambda each: (each[2].ports or (0, 0), each[0].name)):
            if demand.ports is None:
                continue
            first, last = demand.ports
            mine = f"{demand.what} of cluster '{cluster.name}'"
            for begin, end, other in taken:
                if first <= end and begin <= last:
                    yield told(
                        cluster.resolved,
                        ("services", key, *demand.path, "ports"),
                        "gateway-port-taken",
                        f"ports {first}-{last} overlap {begin}-{end} of {other}, on the one gateway of cell '{cell}'",
                        hint=f"begin at {max(e for _, e, _ in taken) + 1}, within the cell's broker_ports",
                    )
                    break
            taken.append((first, last, mine))
