"""Networks that are connected to a virtual hub, and the hub's route tables.

Owns      one hub a network, address spaces apart, and routes that lead to something.
Refuses   rights: a network of another subscription is taken to be open to whoever connects it.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm, joins, peerings, quotas, wans
from sandbox.clouds.azure.model import api, model
from sandbox.clouds.azure.network import ALLOWED, NAME, network
from sandbox.contract import Properties, Refusal, Request, World

_HUBS = "Microsoft.Network/virtualHubs"
_TABLE = "network:HubRouteTable"
_BUILT_IN = ("defaultRouteTable", "noneRouteTable")
_NEXT_HOPS = "ResourceId"


def _hub(request: Request) -> str:
    group, name = (arm.text(request.inputs, key) for key in ("resourceGroupName", "virtualHubName"))
    return arm.resource_id(request.scope.account, group, _HUBS, name)


def _remote(request: Request) -> str:
    return arm.text(request.inputs, "remoteVirtualNetwork", "id")


def _joined(request: Request, world: World) -> Iterator[Refusal]:
    path = ("remoteVirtualNetwork", "id")
    far, own = _remote(request), request.old.id if request.old else ""
    if "remoteVirtualNetwork" not in request.inputs:
        yield arm.refuse("InvalidRequestFormat", "a connection must name its virtual network", "remoteVirtualNetwork")
    yield from arm.reference(request, world, joins.NETWORK, far, path, "InvalidGlobalResourceReference", anywhere=True)
    other = joins.connection(world, far)
    if other is not None and not joins.same(other.id, own):
        yield arm.refuse(
            "VirtualNetworkAlreadyConnectedToVirtualHub",
            f"{far} is connected to a virtual hub by {other.id}: a virtual network is connected to one",
            *path,
        )
    if gateway := joins.gateway(world, far):
        yield arm.refuse(
            "VirtualNetworkWithGatewayCannotBeConnected",
            f"{far} has a gateway of its own, {gateway.id}: a network that uses the hub's has none",
            *path,
        )
    for peering in joins.peerings(world, far):
        if peering.inputs.get("useRemoteGateways") is True:
            yield arm.refuse(
                "VirtualNetworkWithGatewayCannotBeConnected",
                f"{far} uses another network's gateway by {peering.id}: a network that uses the hub's does not",
                *path,
            )


def _apart(request: Request, world: World) -> Iterator[Refusal]:
    path = ("remoteVirtualNetwork", "id")
    hub = arm.resolve(world, wans.HUB, _hub(request))
    if hub is None:
        return
    ours = peerings.ranges(world, _remote(request))
    wan = arm.text(hub.inputs, "virtualWan", "id")
    for one in wans.hubs_of(world, wan):
        prefix = network(arm.text(one.inputs, "addressPrefix"))
        if prefix and (found := peerings.overlap(ours, [prefix])):
            yield arm.refuse(
                "VnetAddressSpacesOverlap",
                f"{_remote(request)} cannot be connected because its address space overlaps with that of hub {one.id}. "
                f"Overlapping address prefixes: {found}.",
                *path,
            )
    for other, theirs in wans.connected(world, wan):
        if joins.same(joins.remote(other), _remote(request)):
            continue
        if found := peerings.overlap(ours, theirs):
            yield arm.refuse(
                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                f"{_remote(request)} cannot be connected because its address space overlaps with that of "
                f"{joins.remote(other)}, which {other.id} connects. Overlapping address prefixes: {found}.",
                *path,
            )


def _room(request: Request, world: World) -> Iterator[Refusal]:
    own = request.old.id if request.old else ""
    there = [
        one
        for one in world.all(request.type)
        if joins.same(joins.hub_of(one), _hub(request)) and not joins.same(one.id, own)
    ]
    name = "connections of a virtual hub"
    yield from quotas.over(name, len(there) + 1, _hub(request), "VirtualHubConnectionLimitReached")


def _routing(request: Request, world: World) -> Iterator[Refusal]:
    tables: list[tuple[str | int, ...]] = [("associatedRouteTable", "id")]
    tables += [
        ("propagatedRouteTables", "ids", index, "id")
        for index, _ in enumerate(arm.items(request.inputs, "routingConfiguration", "propagatedRouteTables", "ids"))
    ]
    for path in tables:
        table = arm.text(request.inputs, "routingConfiguration", *path)
        hub, _, name = table.rpartition("/hubRouteTables/")
        if not table or (joins.same(hub, _hub(request)) and name in _BUILT_IN):
            continue
        if not joins.same(hub, _hub(request)) or arm.resolve(world, _TABLE, table) is None:
            yield arm.refuse(
                "InvalidResourceReference",
                f"{table} is not a route table of {_hub(request)}",
                "routingConfiguration",
                *path,
            )


def _connection(request: Request, _world: World, id: str) -> Properties:
    table = {"id": f"{_hub(request)}/hubRouteTables/{_BUILT_IN[0]}"}
    given = arm.known(request.inputs, "routingConfiguration") or {}
    default = {"associatedRouteTable": table, "propagatedRouteTables": {"ids": [table], "labels": ["default"]}}
    return {
        "routingConfiguration": {**default, **given},
        "provisioningState": "Succeeded",
        "etag": f'W/"{arm.guid(id)}"',
    }


def _routes(request: Request, _world: World) -> Iterator[Refusal]:
    seen: set[str] = set()
    for index, route in enumerate(arm.items(request.inputs, "routes")):
        kind, hop = arm.text(route, "destinationType"), arm.text(route, "nextHopType")
        if hop and hop != _NEXT_HOPS:
            yield arm.refuse(
                "InvalidHubRouteNextHopType", f"nextHopType is '{hop}': allowed is {_NEXT_HOPS}", "routes", index
            )
        if kind and kind not in ("CIDR", "ResourceId", "Service"):
            yield arm.refuse(
                "InvalidHubRouteDestinationType",
                f"destinationType is '{kind}': allowed are CIDR, ResourceId and Service",
                "routes",
                index,
            )
        for destination in arm.items(route, "destinations"):
            if kind == "CIDR" and network(str(destination)) is None:
                yield arm.refuse(
                    "InvalidCIDRNotation", f"'{destination}' has an invalid CIDR notation", "routes", index
                )
            if destination in seen:
                yield arm.refuse(
                    "HubRouteConflict", f"two routes lead to '{destination}'", "routes", index, "destinations"
                )
            seen.add(destination)


def _hops(request: Request, world: World) -> Iterator[Refusal]:
    for index, route in enumerate(arm.items(request.inputs, "routes")):
        hop = arm.text(route, "nextHop")
        if "/hubvirtualnetworkconnections/" in hop.lower():
            yield from arm.reference(request, world, joins.CONNECTION, hop, ("routes", index, "nextHop"), anywhere=True)


def _table_in_use(request: Request, world: World) -> Iterator[Refusal]:
    own = request.old.id if request.old else ""
    for one in world.mentions(own):
        if one.id != own:
            yield arm.refuse("HubRouteTableInUse", f"{own} is used by {one.id}: change that first")
            return


_PARENT = arm.under(wans.HUB, _HUBS, virtualHubName="virtualHubName", resourceGroupName="resourceGroupName")

TYPES = (
    model(
        joins.CONNECTION,
        f"{_HUBS}/hubVirtualNetworkConnections",
        api("network", "HubVirtualNetworkConnection"),
        name="connectionName",
        parents=("virtualHubName",),
        version="2024-05-01",
        laws=(
            arm.well_named("connectionName", NAME, ALLOWED),
            _PARENT,
            arm.standing(_joined),
            arm.standing(_apart),
            arm.standing(_room),
            arm.standing(_routing),
            arm.frozen_in_place(
                "ChangingRemoteVirtualNetworkNotAllowed",
                "remoteVirtualNetwork.id",
                why="a connection leads to one network for life; make another one",
            ),
        ),
        normalize=arm.normal(enableInternetSecurity=False),
        extra=_connection,
        tracked=False,
        reshaped=("routingConfiguration",),
    ),
    model(
        _TABLE,
        f"{_HUBS}/hubRouteTables",
        api("network", "HubRouteTable"),
        name="routeTableName",
        parents=("virtualHubName",),
        version="2024-05-01",
        laws=(
            arm.well_named("routeTableName", NAME, ALLOWED),
            _PARENT,
            arm.no_double("routes", by="name", code="DuplicateResourceName"),
            arm.said(_routes),
            arm.standing(_hops),
            arm.leaving(_table_in_use),
        ),
        extra=lambda _request, _world, own: {"provisioningState": "Succeeded", "etag": f'W/"{arm.guid(own)}"'},
        tracked=False,
    ),
)
