"""Virtual WANs and their hubs.

Owns      what a hub needs: a WAN of its kind, a range of its own that meets no other.
Refuses   networks that are connected: `hub_connections.py`.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.azure import arm, joins
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME, network, prefixes
from sandbox.contract import Properties, Record, Refusal, Request, World

WAN, HUB = "network:VirtualWan", "network:VirtualHub"
ASN = 65515
"""Every virtual hub's number for BGP; source: Microsoft's virtual WAN FAQ (general knowledge of it, 2026-11)."""
_LONGEST = 24
_ROUTER = 68
"""Offset of the first of the two router addresses in a hub's range, as hubs in the wild show it."""


def hubs_of(world: World, wan: str) -> list[Record]:
    """The hubs of a WAN."""
    return [one for one in world.all(arm.AZURE + HUB) if joins.same(arm.text(one.inputs, "virtualWan", "id"), wan)]


def connected(world: World, wan: str) -> list[tuple[Record, list[ipaddress.IPv4Network]]]:
    """The connections to any hub of a WAN, each with the ranges of its network."""
    hubs = {one.id.lower() for one in hubs_of(world, wan)}
    found = []
    for one in world.all(arm.AZURE + joins.CONNECTION):
        if joins.hub_of(one).lower() in hubs:
            far = arm.resolve(world, joins.NETWORK, joins.remote(one))
            found.append((one, prefixes(far.inputs) if far else []))
    return found


def _no_downgrade(request: Request, _world: World) -> Iterator[Refusal]:
    before = arm.text(request.old.inputs, "type") if request.old else ""
    if before == "Standard" and arm.text(request.inputs, "type") == "Basic":
        yield arm.refuse(
            "virtual-wan-downgrade", "a Standard WAN cannot become Basic: only the other way is open", "type"
        )


def _kind(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "type")
    if given and given not in ("Basic", "Standard"):
        yield arm.refuse("InvalidVirtualWanType", f"type is '{given}': allowed are Basic and Standard", "type")


def _range(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "addressPrefix")
    if "addressPrefix" not in request.inputs:
        yield arm.refuse("InvalidRequestFormat", "a virtual hub must have an address prefix", "addressPrefix")
    found = network(given)
    if given and (found is None or "/" not in given):
        yield arm.refuse(
            "InvalidCIDRNotation", f"The address prefix '{given}' has an invalid CIDR notation", "addressPrefix"
        )
    elif found is not None and found.prefixlen > _LONGEST:
        yield arm.refuse(
            "InvalidVirtualHubAddressPrefix",
            f"{found} is too small for a virtual hub: at least a /{_LONGEST}, better a /23",
            "addressPrefix",
        )
    asn = arm.known(request.inputs, "virtualRouterAsn")
    if asn is not None and asn != ASN:
        yield arm.refuse(
            "virtual-hub-asn",
            f"virtualRouterAsn is {asn}: a virtual hub's is {ASN} and cannot be chosen",
            "virtualRouterAsn",
        )


def _wan(request: Request, world: World) -> Iterator[Refusal]:
    path = ("virtualWan", "id")
    wan = arm.text(request.inputs, *path)
    if "virtualWan" not in request.inputs:
        yield arm.refuse("InvalidRequestFormat", "a virtual hub must name its virtual WAN", "virtualWan")
    yield from arm.reference(request, world, WAN, wan, path, anywhere=True)
    found = arm.resolve(world, WAN, wan)
    if found is None:
        return
    if arm.text(found.inputs, "type") == "Basic" and arm.text(request.inputs, "sku") == "Standard":
        yield arm.refuse(
            "VirtualHubSkuMismatch", f"{wan} is a Basic WAN: its hubs are Basic, and this one is Standard", "sku"
        )
    own = network(arm.text(request.inputs, "addressPrefix"))
    if own is None:
        return
    for hub in hubs_of(world, wan):
        other = network(arm.text(hub.inputs, "addressPrefix"))
        if not joins.same(hub.id, request.old.id if request.old else "") and other and other.overlaps(own):
            yield arm.refuse(
                "VirtualHubAddressPrefixOverlaps",
                f"{own} overlaps {other} of hub {hub.id} in the same virtual WAN",
                "addressPrefix",
            )
    for connection, ranges in connected(world, wan):
        if any(own.overlaps(one) for one in ranges):
            yield arm.refuse(
                "VirtualHubAddressPrefixOverlaps",
                f"{own} overlaps the address space of {joins.remote(connection)}, which {connection.id} connects",
                "addressPrefix",
            )


def _empty(request: Request, world: World) -> Iterator[Refusal]:
    own = request.old.id if request.old else ""
    for below in (joins.CONNECTION, "network:HubRouteTable"):
        for one in world.all(arm.AZURE + below):
            if joins.same(joins.hub_of(one), own):
                yield arm.refuse("VirtualHubInUse", f"virtual hub {own} still has {one.id}: delete it first")
                return


def _hub(request: Request, _world: World, id: str) -> Properties:
    own = network(arm.text(request.inputs, "addressPrefix"))
    room = own is not None and own.num_addresses > _ROUTER + 1
    return {
        "virtualRouterAsn": ASN,
        "virtualRouterIps": [str(own[_ROUTER]), str(own[_ROUTER + 1])] if own is not None and room else [],
        "routingState": "Provisioned",
        "etag": f'W/"{arm.guid(id)}"',
    }


TYPES = (
    model(
        WAN,
        "Microsoft.Network/virtualWans",
        api("network", "VirtualWAN"),
        name="virtualWANName",
        version="2024-05-01",
        laws=(
            arm.well_named("virtualWANName", NAME, ALLOWED),
            arm.said(_kind),
            arm.changing(_no_downgrade),
            arm.limited("virtual WANs"),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(type="Standard", allowBranchToBranchTraffic=True, disableVpnEncryption=False),
        in_use="VirtualWanInUse",
    ),
    model(
        HUB,
        "Microsoft.Network/virtualHubs",
        api("network", "VirtualHub"),
        name="virtualHubName",
        version="2024-05-01",
        laws=(
            arm.well_named("virtualHubName", NAME, ALLOWED),
            arm.said(_range),
            arm.within(2, 50, "virtualRouterAutoScaleConfiguration", "minCapacity"),
            arm.standing(_wan),
            arm.frozen_in_place("PropertyChangeNotAllowed", "addressPrefix", why="a hub's range is for life"),
            arm.frozen_in_place("PropertyChangeNotAllowed", "virtualWan.id", why="a hub stays in its WAN"),
            arm.leaving(_empty),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(sku="Standard", hubRoutingPreference="ExpressRoute"),
        extra=_hub,
        in_use="VirtualHubInUse",
    ),
)
