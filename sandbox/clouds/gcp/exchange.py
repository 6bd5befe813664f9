"""Which networks of GCP know each other's ranges: through peerings with two ends, and through hubs.

Owns      who is joined to a network, and which ranges each exports to the other.
Refuses   custom and dynamic routes, and ranges of networks that nobody declared in the sandbox.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.links import cidr, network_name, relative, value, values
from sandbox.contract import Properties, Record, World

_PATHS = ("ipCidrRange", "secondaryIpRanges[].ipCidrRange")


@dataclass(frozen=True)
class Held:
    """One range of one subnetwork."""

    network: str
    subnetwork: str
    range: ipaddress.IPv4Network


def of(world: World, network: str) -> list[Held]:
    """Every range of a network, primary and secondary."""
    found = []
    for record in world.all(tokens.SUBNETWORK):
        if network_name(str(record.inputs.get("network")), record.scope.account) != network:
            continue
        for path in _PATHS:
            held = [cidr(text) for _, text in values(record.inputs, path)]
            found += [Held(network, record.id, one) for one in held if one is not None]
    return found


def ends(inputs: Properties, account: str) -> tuple[str, str]:
    """Local and peer network of a peering."""
    return (
        network_name(str(inputs.get("network")), account),
        network_name(str(inputs.get("peerNetwork")), account),
    )


def mirror(world: World, ours: str, theirs: str) -> Record | None:
    """The other half of a peering of `ours` with `theirs`, made in their project."""
    for record in world.all(tokens.NETWORK_PEERING):
        if ends(record.inputs, record.scope.account) == (theirs, ours):
            return record
    return None


def peers(world: World, network: str) -> list[str]:
    """Networks that are peered with this one, from both ends. What they are peered with is not among them."""
    found = []
    for record in world.all(tokens.NETWORK_PEERING):
        ours, theirs = ends(record.inputs, record.scope.account)
        if ours == network and mirror(world, ours, theirs) is not None:
            found.append(theirs)
    return sorted(set(found))


def spoke_network(record: Record) -> str:
    """The network that a spoke joins to its hub; empty where it joins none."""
    uri = value(record.inputs, "linkedVpcNetwork.uri")
    return relative(uri) if isinstance(uri, str) else ""


def spokes(world: World, hub: str) -> list[Record]:
    """The spokes of a hub that take part: those that its owner has accepted."""
    found = [r for r in world.all(tokens.SPOKE) if relative(str(r.inputs.get("hub"))) == hub]
    return [r for r in found if r.outputs.get("state") == "ACTIVE"]


def spoke_of(world: World, network: str) -> Record | None:
    """The spoke, accepted or not, that joins a network to a hub."""
    return next((r for r in world.all(tokens.SPOKE) if spoke_network(r) == network), None)


def exports(linked: Properties, held: ipaddress.IPv4Network) -> bool:
    """Whether a spoke with these filters tells its hub of a range."""
    excluded = [cidr(text) for _, text in values(linked, "excludeExportRanges[]")]
    included = [cidr(text) for _, text in values(linked, "includeExportRanges[]") if text != "ALL_IPV4_RANGES"]
    inside = not included or any(one and held.subnet_of(one) for one in included)
    return inside and not any(one and held.subnet_of(one) for one in excluded)


def through_peerings(world: World, network: str) -> Iterator[Held]:
    """What no new range of a network may overlap: its peers' ranges, and those of its peers' other peers."""
    for peer in peers(world, network):
        yield from of(world, peer)
        for other in peers(world, peer):
            if other != network:
                yield from of(world, other)


def through_hub(world: World, hub: str, network: str) -> Iterator[Held]:
    """What no range that a network exports to a hub may overlap: what others export, and what those are peered with."""
    for spoke in spokes(world, hub):
        other = spoke_network(spoke)
        if other == network:
            continue
        linked = spoke.inputs.get("linkedVpcNetwork") or {}
        yield from (held for held in of(world, other) if exports(linked, held.range))
        for peer in peers(world, other):
            if peer != network:
                yield from of(world, peer)
