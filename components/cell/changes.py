"""What a change of a cell may not do, on any cloud: the laws of old and new.

Owns      what a cell is for its life (account, region, addresses, zones), and ways in that would be torn down under
          production.
Refuses   a cloud's own (`Cloud.changes`), and what one state shows (`stacks/check`).
"""

from collections.abc import Iterator

from components import catalog
from components.cell import upgrades
from components.cell.network_spec import ExistingZone, NetworkSpec
from components.cell.ranges import ranges
from components.cell.spec import CellBody
from components.clouds.contract import Ranges
from components.finding import Finding

Path = tuple[str | int, ...]

_FOR_LIFE: tuple[tuple[Path, str], ...] = (
    (("cloud",), "everything would be made anew elsewhere, and what is here would be deleted"),
    (("account",), "everything would be made anew there, and what is here would be deleted"),
    (("region",), "everything would be made anew there, and what is here would be deleted"),
    (("network", "address_block"), "every subnet would move, and with it every address that is in use"),
    (("network", "layout"), "every subnet would move, and with it every address that is in use"),
    (("network", "ip_family"), "no cloud changes the address families of a Kubernetes that stands"),
)

ANOTHER = "make a new cell (`fleet new cell`), place new clusters there, mirror the data, and retire this one"


def changes(before: CellBody, after: CellBody, production: bool) -> Iterator[Finding]:
    """Every law of old and new that the change breaks, the cloud's own included. Paths are from the cell's root."""
    for path, why in _FOR_LIFE:
        old, new = _at(before, path), _at(after, path)
        if old != new:
            name = ".".join(map(str, path))
            yield Finding("cell-immutable", path, f"{name} '{old}' -> '{new}': {why}", str(old), ANOTHER)
    yield from _zones(before.zones, after.zones)
    yield from _existing(before.network, after.network)
    if _same_place(before, after):
        yield from _addresses(before, after)
    yield from _ways_in(before.network, after.network, production)
    yield from _nodes(before, after)
    yield from upgrades.changes(before, after)
    cloud = catalog.clouds().get(after.cloud)
    if cloud is not None and cloud.changes and before.cloud == after.cloud:
        yield from catalog.load(cloud.changes)(before, after, production)


def _at(body: CellBody, path: Path) -> object:
    here: object = body
    for part in path:
        here = getattr(here, str(part))
    return here


def _same_place(before: CellBody, after: CellBody) -> bool:
    """Whether nothing that was told already moves the addresses."""
    same = all(_at(before, path) == _at(after, path) for path, _ in _FOR_LIFE)
    return same and before.network.existing == after.network.existing and before.cloud in catalog.clouds()


def _zones(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Finding]:
    gone = [zone for zone in old if zone not in new]
    if gone:
        yield Finding(
            "zone-removed",
            ("zones",),
            f"{', '.join(gone)} removed: subnets and nodes go, and with them brokers, whose disks stay behind",
            ", ".join(old),
            "a zone is added and never removed; " + ANOTHER,
        )
    elif new[: len(old)] != old:
        yield Finding(
            "zones-reordered",
            ("zones",),
            f"zones {', '.join(old)} -> {', '.join(new)}: the first one has parts of its own (the single NAT, the "
            "gateway's front), which would move",
            f"{', '.join(old)}, and further ones behind",
        )


def _existing(old: NetworkSpec, new: NetworkSpec) -> Iterator[Finding]:
    was, will = old.existing, new.existing
    if (was is None) != (will is None):
        yield Finding(
            "cell-immutable",
            ("network", "existing") if will else ("network",),
            f"the cell's network {'becomes the company’s' if will else 'is no longer the company’s'}: everything in it "
            "would be made anew in the other one",
            hint=ANOTHER,
        )
        return
    if was is None or will is None:
        return
    for name in ("network", "pods", "pods_name", "services", "services_name", "private_dns_zone"):
        before, after = getattr(was, name), getattr(will, name)
        if before != after:
            yield Finding(
                "cell-immutable",
                ("network", "existing", name) if after is not None else ("network", "existing"),
                f"network.existing.{name} '{before}' -> '{after}': Kubernetes is made in it, and stays there",
                str(before),
                ANOTHER,
            )
    for zone, subnets in was.zones.items():
        now = will.zones.get(zone)
        if now is not None:
            yield from _subnets(zone, subnets, now)


def _subnets(zone: str, was: ExistingZone, will: ExistingZone) -> Iterator[Finding]:
    for use in ("nodes", "load_balancers"):
        before, after = getattr(was, use), getattr(will, use)
        for part in ("id", "cidr"):
            old, new = getattr(before, part), getattr(after, part)
            if old != new:
                yield Finding(
                    "cell-immutable",
                    ("network", "existing", "zones", zone, use, part),
                    f"the {part} of zone '{zone}', {use.replace('_', ' ')}, '{old}' -> '{new}': what has an address in "
                    "a subnet stays in it",
                    old,
                    ANOTHER,
                )


def _addresses(before: CellBody, after: CellBody) -> Iterator[Finding]:
    """Whatever makes a range move or shrink, also where no field above says so."""
    pattern = catalog.clouds()[after.cloud].zone_pattern
    try:
        was = _all(ranges(before.network, before.zones, pattern))
        will = _all(ranges(after.network, after.zones, pattern))
    except (KeyError, ValueError):
        return  # one of the two cannot be cut at all, which its own check says
    for what, cidr in was.items():
        if what in will and will[what] != cidr:
            yield Finding(
                "address-moves",
                ("network", "address_block"),
                f"the range of {what} moves from {cidr} to {will[what]}: what has an address in it would be made anew",
                cidr,
            )


def _all(cut: Ranges) -> dict[str, str]:
    found = {
        name: str(getattr(cut, name))
        for name in ("regional", "regional_public", "pods", "services", "control_plane", "endpoints", "link_nat")
    }
    found |= {f"the hub's attachment in {zone}": cidr for zone, cidr in cut.attachments.items()}
    for zone, part in cut.zones.items():
        found |= {f"nodes in {zone}": part.private, f"load balancers in {zone}": part.public}
    return found


def _ways_in(old: NetworkSpec, new: NetworkSpec, production: bool) -> Iterator[Finding]:
    """What clients and other networks have written down, and the change takes away."""
    gone: list[tuple[Path, str]] = []
    if old.reachability == "public" != new.reachability:
        gone.append(
            (("network", "reachability"), "the public zone with the names of all clusters, and their addresses")
        )
    if old.reachability == "privatelink" != new.reachability:
        gone.append((("network", "reachability"), "the endpoint service, and every consumer's endpoint with it"))
    if old.has_gateway and not new.has_gateway:
        gone.append((("network",), "the gateway's load balancer, to which the names of all clusters lead"))
    if old.hub is not None and old.hub.new is not None:
        if new.hub is None or new.hub.new is None:
            gone.append((("network", "hub") if new.hub else ("network",), "the hub, to which others are attached"))
        elif old.hub.new.address_block != new.hub.new.address_block:
            gone.append(
                (("network", "hub", "new", "address_block"), "the hub of that range, to which others are attached")
            )
    for path, what in gone:
        yield Finding(
            "way-in-removed",
            path,
            f"the change removes {what}" + (", and it is protected in production" if production else ""),
            hint="add the other way in on another cell, let clients change over, and retire this one"
            if production
            else "let clients change over first",
            severity="error" if production else "warning",
        )


def _nodes(before: CellBody, after: CellBody) -> Iterator[Finding]:
    """Fewer nodes are allowed where everything still fits, which is judged elsewhere; they are told."""
    for pool in ("kafka_nodes", "system_nodes"):
        old, new = getattr(before.kubernetes, pool), getattr(after.kubernetes, pool)
        if new.most_per_zone < old.most_per_zone:
            yield Finding(
                "nodes-shrink",
                ("kubernetes", pool, "most_per_zone"),
                f"{pool} may have {new.most_per_zone} instead of {old.most_per_zone} nodes a zone: pods of the others "
                "are moved, each broker after the one before it is in sync",
                severity="warning",
            )
