"""The addresses of GCP's networks.

Owns      which ranges a subnetwork may have, and that no two in one network overlap, control planes included, nor with
          what is joined to it by peerings and hubs.
Refuses   nothing that GCP takes: privately used public ranges are legal there too.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.gcp import exchange, tokens
from sandbox.clouds.gcp.links import Path, cidr, network_name, project, relative, segment, value, values
from sandbox.clouds.gcp.rules import SHAPE, WORLD, on, refusal
from sandbox.contract import Properties, Refusal, Request, World

PROHIBITED = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "199.36.153.4/30", "199.36.153.8/30", "224.0.0.0/4",
        "255.255.255.255/32",
    )
)  # fmt: skip
"""cloud.google.com/vpc/docs/subnets, prohibited IPv4 ranges (general knowledge of it, 2026-11)."""

PATHS = ("ipCidrRange", "secondaryIpRanges[].ipCidrRange")


def of(inputs: Properties) -> list[tuple[Path, ipaddress.IPv4Network]]:
    """Every range of a subnetwork with its path."""
    found = [(at, cidr(text)) for path in PATHS for at, text in values(inputs, path)]
    return [(at, net) for at, net in found if net is not None]


@on(*SHAPE)
def legal(request: Request, _: World) -> Iterator[Refusal]:
    """Canonical, of a size that a subnetwork may have, and nothing that is reserved; none overlaps another."""
    for path in PATHS:
        for at, text in values(request.inputs, path):
            net = cidr(text)
            if net is None:
                message = f"invalid value for field '{path}': '{text}': must be an IPv4 range without host bits"
                yield refusal("invalid", message, at)
                continue
            if not 8 <= net.prefixlen <= 29:
                yield refusal("invalid", f"invalid IPCidrRange: {text}: the prefix must be between /8 and /29", at)
            clash = next((p for p in PROHIBITED if p.overlaps(net)), None)
            if clash is not None:
                yield refusal("invalid", f"invalid IPCidrRange: {text} overlaps the prohibited range {clash}", at)
    own = of(request.inputs)
    for number, (at, net) in enumerate(own):
        for _other_at, other in own[:number]:
            if net.overlaps(other):
                yield refusal(
                    "invalid", f"invalid IPCidrRange: {net} conflicts with {other} of the same subnetwork", at
                )


@on(*WORLD)
def apart(request: Request, world: World) -> Iterator[Refusal]:
    """No range of another subnetwork of the network, or of a control plane in it, is touched."""
    network = request.inputs.get("network")
    if not isinstance(network, str):
        return
    taken = list(_taken(request, world, network_name(network, project(request))))
    for at, net in of(request.inputs):
        for owner, where, other in taken:
            if net.overlaps(other):
                message = f"invalid IPCidrRange: {net} conflicts with {owner} (range {other}) in region '{where}'"
                yield refusal("invalid", message, at)


@on(*WORLD)
def apart_from_joined(request: Request, world: World) -> Iterator[Refusal]:
    """Nor is a range of a network that this one exchanges routes with: peers, their peers, spokes of the same hub."""
    text = request.inputs.get("network")
    if not isinstance(text, str):
        return
    network = network_name(text, project(request))
    spoke = exchange.spoke_of(world, network)
    active = spoke is not None and spoke.outputs.get("state") == "ACTIVE"
    peered = list(exchange.through_peerings(world, network))
    for at, net in of(request.inputs):
        for held in peered:
            if net.overlaps(held.range):
                message = (
                    f"invalid IPCidrRange: {net} conflicts with {held.range} of '{held.subnetwork}' in a peer network"
                )
                yield refusal("invalid", message, at)
        linked = (spoke.inputs.get("linkedVpcNetwork") or {}) if spoke is not None and active else {}
        if spoke is None or not active or not exchange.exports(linked, net):
            continue
        for held in exchange.through_hub(world, relative(str(spoke.inputs.get("hub"))), network):
            if net.overlaps(held.range):
                message = (
                    f"invalid IPCidrRange: {net} conflicts with {held.range} of '{held.subnetwork}', another spoke of "
                    f"'{spoke.inputs.get('hub')}'"
                )
                yield refusal("invalid", message, at)


def _taken(request: Request, world: World, network: str) -> Iterator[tuple[str, str, ipaddress.IPv4Network]]:
    for other in world.all(tokens.SUBNETWORK, request.scope):
        itself = request.old is not None and other.id == request.old.id
        if not itself and network_name(str(other.inputs.get("network")), request.scope.account) == network:
            for _, net in of(other.inputs):
                yield f"existing subnetwork '{other.inputs.get('name')}'", segment(other.id, "regions"), net
    for cluster in world.all(tokens.CLUSTER, request.scope):
        control = cidr(value(cluster.inputs, "privateClusterConfig.masterIpv4CidrBlock"))
        if control is not None and relative(str(cluster.inputs.get("network"))) == network:
            where = str(cluster.inputs.get("location"))
            yield f"the control plane of '{cluster.inputs.get('name')}'", where, control
