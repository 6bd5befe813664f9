"""Internal addresses of GCP's subnetworks: which are free, and who has which.

Owns      what a subnetwork can give out, and what reserved addresses and forwarding rules have taken.
Refuses   addresses of nodes, and of load balancers that GKE makes: they are not in the sandbox.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.links import project, region, regional_name, relative, segment
from sandbox.contract import Record, Request, World

RESERVED_FIRST = 2
RESERVED_LAST = 2
"""Network and gateway address, and the last two: cloud.google.com/vpc/docs/subnets#unusable-ip-addresses."""


def subnetwork_of(record: Record) -> str:
    """Relative name of the subnetwork that an address or rule is cut from; empty where it is cut from none."""
    text = record.outputs.get("subnetwork") or record.inputs.get("subnetwork")
    if not isinstance(text, str) or not text:
        return ""
    where = record.inputs.get("region")
    in_region = segment(where, "regions") or where if isinstance(where, str) else record.scope.region
    return regional_name(text, "subnetworks", record.scope.account, str(in_region))


def asked_subnetwork(request: Request, world: World) -> Record | None:
    """The subnetwork that a request names, in whatever form."""
    text = request.inputs.get("subnetwork")
    name = regional_name(text, "subnetworks", project(request), region(request)) if isinstance(text, str) else ""
    return world.find(tokens.SUBNETWORK, name) if name else None


def usable(subnetwork: Record) -> tuple[int, int]:
    """First and last address, as numbers, that a subnetwork gives out."""
    net = ipaddress.IPv4Network(subnetwork.inputs["ipCidrRange"])
    return int(net.network_address) + RESERVED_FIRST, int(net.broadcast_address) - RESERVED_LAST


def taken(world: World, subnetwork: str) -> Iterator[tuple[str, Record]]:
    """Every address of a subnetwork that somebody has, with who has it."""
    for record in world.all(tokens.ADDRESS):
        if subnetwork_of(record) == subnetwork:
            yield str(record.outputs.get("address")), record
    for record in world.all(tokens.FORWARDING_RULE):
        if subnetwork_of(record) == subnetwork:
            yield str(record.outputs.get("ipAddress")), record


def free(world: World, subnetwork: Record) -> str | None:
    """The lowest address that nobody has; None where all are taken."""
    have = {address for address, _ in taken(world, subnetwork.id)}
    first, last = usable(subnetwork)
    for number in range(first, last + 1):
        if (text := str(ipaddress.IPv4Address(number))) not in have:
            return text
    return None


def inside(subnetwork: Record, address: str) -> bool:
    """Whether a subnetwork could give out an address."""
    first, last = usable(subnetwork)
    return first <= int(ipaddress.IPv4Address(address)) <= last


def is_address(text: object) -> bool:
    """Whether a text is an IPv4 address."""
    try:
        ipaddress.IPv4Address(str(text))
    except ValueError:
        return False
    return True


def reserved(world: World, value: str, in_project: str, in_region: str) -> Record | None:
    """The reserved address that a rule means: by link or name, or by the address itself."""
    if is_address(value):
        same = [r for r in world.by_output("address", value, tokens.ADDRESS) if r.scope.account == in_project]
        return same[0] if same else None
    name = relative(value) if "projects/" in value else value.rsplit("/", 1)[-1]
    return world.find(tokens.ADDRESS, regional_name(name, "addresses", in_project, in_region))


def users(world: World, address: Record) -> list[Record]:
    """Forwarding rules that have a reserved address; another network may well have an equal one."""
    found = world.by_output("ipAddress", address.outputs.get("address"), tokens.FORWARDING_RULE)
    cut = subnetwork_of(address)
    return [rule for rule in found if rule.scope.account == address.scope.account and subnetwork_of(rule) == cut]
