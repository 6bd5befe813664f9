"""Public addresses, NAT gateways and route tables: how a network reaches the outside.

Owns      SKU and zone laws, and who may hold an address.
Refuses   load balancers: AKS makes its own.
"""

import hashlib
from collections.abc import Iterator

from sandbox.clouds.azure import arm, prefixes
from sandbox.clouds.azure.facts import facts
from sandbox.clouds.azure.model import CREATE_ONLY, FORCE_NEW, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME, network
from sandbox.contract import Properties, Refusal, Request, World

_SAME = ("ResourceAvailabilityZonesCannotBeModified", "zones")
HOPS = "VirtualNetworkGateway, VnetLocal, Internet, VirtualAppliance or None"


def zones_exist(request: Request, _world: World) -> Iterator[Refusal]:
    """Zones must be some that the region has."""
    there = facts()["regions"].get(arm.place(request), {"zones": []})["zones"]
    for index, zone in enumerate(arm.items(request.inputs, "zones")):
        if zone not in there:
            yield arm.refuse(
                "AvailabilityZoneNotSupported",
                f"The zone '{zone}' is not supported for '{request.type}' in location '{arm.place(request)}' "
                f"(zones there: {', '.join(there) or 'none'})",
                "zones",
                index,
            )


def _address_sku(request: Request, _world: World) -> Iterator[Refusal]:
    standard = arm.text(request.inputs, "sku", "name") == "Standard"
    if standard and arm.text(request.inputs, "publicIPAllocationMethod") == "Dynamic":
        yield arm.refuse(
            "StandardSkuPublicIPAddressesMustBeStatic",
            f"Standard sku public IP '{arm.name_of(request, 'publicIpAddressName')}' must have AllocationMethod set to "
            "Static.",
            "publicIPAllocationMethod",
        )
    if not standard and "sku" not in request.inputs:
        yield arm.refuse(
            "IPv4BasicSkuPublicIpCountLimitReached",
            "Basic public addresses were retired in September 2025: set sku.name to Standard",
            "sku",
        )


def _nat(request: Request, _world: World) -> Iterator[Refusal]:
    zones = arm.items(request.inputs, "zones")
    if len(zones) > 1:
        yield arm.refuse(
            "NatGatewayMultipleZones",
            f"a Standard NAT gateway stands in one zone or in none, and {len(zones)} are given: {', '.join(zones)}",
            "zones",
        )
    sku = arm.text(request.inputs, "sku", "name")
    if sku and sku != "Standard":
        yield arm.refuse(
            "InvalidNatGatewaySku", f"NAT gateway sku '{sku}' is not modelled: use Standard", "sku", "name"
        )


def _nat_addresses(request: Request, world: World) -> Iterator[Refusal]:
    own = sorted(arm.items(request.inputs, "zones"))
    for index, _ in enumerate(arm.items(request.inputs, "publicIpAddresses")):
        path = ("publicIpAddresses", index, "id")
        address = arm.text(request.inputs, *path)
        yield from arm.reference(request, world, "network:PublicIPAddress", address, path)
        found = arm.resolve(world, "network:PublicIPAddress", address, request.scope)
        if found is None:
            continue
        if arm.text(found.inputs, "sku", "name") != "Standard":
            yield arm.refuse(
                "NatGatewayPublicIpSkuMismatch",
                f"NAT gateway needs a Standard public address, and {address} is {found.inputs.get('sku')}",
                *path,
            )
        theirs = sorted(arm.items(found.inputs, "zones"))
        if own and theirs != own:
            yield arm.refuse(
                "NatGatewayPublicIpZoneMismatch",
                f"NAT gateway in zone {', '.join(own)} and public address {address} in zone "
                f"{', '.join(theirs) or 'none'}: a zonal gateway takes addresses of its own zone",
                *path,
            )
        for other in world.mentions(address):
            if other.type == request.type and other.id != (request.old.id if request.old else ""):
                yield arm.refuse(
                    "PublicIPAddressInUse",
                    f"Resource {request.urn.rpartition('::')[2]} is referencing public IP address {address} that is "
                    f"already allocated to resource {other.id}.",
                    *path,
                )


def _routes(request: Request, _world: World) -> Iterator[Refusal]:
    seen: dict[str, int] = {}
    ranges: dict[str, str] = {}
    routes = arm.items(request.inputs, "routes")
    if len(routes) > facts()["quotas"]["routes of a route table"]["most"]:
        yield arm.refuse(
            "RouteCountLimitReached", f"a route table with {len(routes)} routes is over the limit", "routes"
        )
    for index, route in enumerate(routes):
        name, prefix, hop = (arm.text(route, key) for key in ("name", "addressPrefix", "nextHopType"))
        if name and name.lower() in seen:
            yield arm.refuse("DuplicateResourceName", f"two routes are named '{name}'", "routes", index, "name")
        seen[name.lower()] = index
        other = ranges.setdefault(prefix.lower(), name) if prefix else name
        if other != name:
            yield arm.refuse(
                "RouteConflict",
                f"Route {name} conflicts with route {other}. Routes cannot have the same AddressPrefix: {prefix}.",
                "routes",
                index,
                "addressPrefix",
            )
        # A route may also name a service tag, which is a word (`Storage.WestEurope`).
        if prefix and not prefix[0].isalpha() and ("/" not in prefix or network(prefix) is None):
            yield arm.refuse(
                "InvalidCIDRNotation",
                f"The address prefix '{prefix}' of route '{name}' has an invalid CIDR notation",
                "routes",
                index,
                "addressPrefix",
            )
        if (hop == "VirtualAppliance") != bool(route.get("nextHopIpAddress")):
            yield arm.refuse(
                "InvalidRouteNextHop",
                f"route '{name}' has next hop {hop}: an address of the next hop goes with VirtualAppliance, and only "
                f"with it (allowed: {HOPS})",
                "routes",
                index,
                "nextHopIpAddress",
            )


def _nat_prefixes(request: Request, world: World) -> Iterator[Refusal]:
    for index, _ in enumerate(arm.items(request.inputs, "publicIpPrefixes")):
        path = ("publicIpPrefixes", index, "id")
        yield from arm.reference(request, world, prefixes.TYPE, arm.text(request.inputs, *path), path)


def _address(request: Request, world: World, id: str) -> Properties:
    # Drawn from a range that is Microsoft's, by the id alone: a second look finds the same address.
    numbers = hashlib.sha256(id.encode()).digest()
    return {
        "ipAddress": prefixes.address_of(request, world) or f"20.{numbers[0]}.{numbers[1]}.{numbers[2] % 254 + 1}",
        "resourceGuid": arm.guid(id),
        "ipTags": request.inputs.get("ipTags", []),
    }


TYPES = (
    model(
        "network:PublicIPAddress",
        "Microsoft.Network/publicIPAddresses",
        api("network", "PublicIPAddress"),
        name="publicIpAddressName",
        version="2024-05-01",
        laws=(
            arm.well_named("publicIpAddressName", NAME, ALLOWED),
            arm.said(_address_sku),
            arm.within(4, 30, "idleTimeoutInMinutes", code="InvalidIdleTimeout"),
            arm.said(zones_exist),
            arm.frozen_in_place(_SAME[0], "zones", why="zones of an address are for life"),
            arm.standing(prefixes.room),
            arm.limited("public addresses"),
        ),
        immutable=dict.fromkeys(("location", "publicIPAddressVersion", "publicIPPrefix", "sku"), FORCE_NEW),
        normalize=arm.normal(publicIPAddressVersion="IPv4", publicIPAllocationMethod="Dynamic", idleTimeoutInMinutes=4),
        extra=_address,
        in_use="PublicIPAddressCannotBeDeleted",
    ),
    model(
        "network:NatGateway",
        "Microsoft.Network/natGateways",
        api("network", "NatGateway"),
        name="natGatewayName",
        version="2024-05-01",
        laws=(
            arm.well_named("natGatewayName", NAME, ALLOWED),
            arm.said(_nat),
            arm.within(4, 120, "idleTimeoutInMinutes", code="InvalidIdleTimeout"),
            arm.no_double("publicIpAddresses", by="id", code="InvalidRequestFormat"),
            arm.said(zones_exist),
            arm.standing(_nat_addresses),
            arm.standing(_nat_prefixes),
            arm.frozen_in_place(_SAME[0], "zones", why="zones of a NAT gateway are for life"),
            arm.limited("NAT gateways"),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(idleTimeoutInMinutes=4),
        extra=lambda _request, _world, own: {"resourceGuid": arm.guid(own)},
        in_use="InUseNatGatewayCannotBeDeleted",
    ),
    model(
        "network:RouteTable",
        "Microsoft.Network/routeTables",
        api("network", "RouteTable"),
        name="routeTableName",
        version="2024-05-01",
        laws=(
            arm.well_named("routeTableName", NAME, ALLOWED),
            arm.said(_routes),
            arm.limited("route tables"),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(disableBgpRoutePropagation=False),
        extra=lambda _request, _world, own: {"resourceGuid": arm.guid(own)},
        in_use="InUseRouteTableCannotBeDeleted",
    ),
)
