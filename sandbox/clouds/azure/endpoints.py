"""Private endpoints: the consumer's side of a private link.

Owns      where an endpoint may stand and what it may lead to, and what became of its connection.
Refuses   what Azure's own services ask of `groupIds` beyond there being one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sandbox.clouds.azure import addresses, arm, joins, link_services, quotas
from sandbox.clouds.azure.model import CREATE_ONLY, FORCE_NEW, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME
from sandbox.contract import Properties, Record, Refusal, Request, World

TYPE = "network:PrivateEndpoint"
_AUTOMATIC, _MANUAL = "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"
_ACCEPTED = "azure-native:network:PrivateLinkServicePrivateEndpointConnection"
_OWN_SERVICES = {
    "microsoft.storage/storageaccounts": "storage:StorageAccount",
    "microsoft.keyvault/vaults": "keyvault:Vault",
    "microsoft.containerservice/managedclusters": "containerservice:ManagedCluster",
}
"""Services of Azure's that the sandbox knows and that have endpoints."""


def _connections(inputs: Properties) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for key in (_AUTOMATIC, _MANUAL):
        for index, one in enumerate(arm.items(inputs, key)):
            yield key, index, one


def _target(inputs: Properties) -> tuple[str, bool]:
    """What an endpoint leads to, and whether its connection asks for approval."""
    for key, _, one in _connections(inputs):
        return arm.text(one, "privateLinkServiceId"), key == _MANUAL
    return "", False


def service_of(world: World, endpoint: Record) -> link_services.Service | None:
    """The private link service that an endpoint leads to; None for Azure's own services."""
    return link_services.find(world, _target(endpoint.inputs)[0])


def connected(world: World, service: str) -> list[Record]:
    """The endpoints that lead to a private link service, given its id."""
    found = link_services.find(world, service)
    names = {service.lower(), found.alias.lower()} if found else {service.lower()}
    return [one for one in world.all(arm.AZURE + TYPE) if _target(one.inputs)[0].lower() in names]


def connection_status(world: World, endpoint: Record) -> str:
    """`Approved`, `Pending`, `Rejected`, or `Disconnected` where the service is gone: as it is now."""
    return _status(world, endpoint.id, endpoint.scope.account, endpoint.inputs)


def _status(world: World, endpoint: str, subscription: str, inputs: Properties) -> str:
    target, manual = _target(inputs)
    service = link_services.find(world, target)
    if service is None or service.broken:
        own = arm.resolve(world, _OWN_SERVICES.get(_kind(target), TYPE), target)
        return "Disconnected" if own is None else "Pending" if manual else "Approved"
    said = f"{service.id}/privateEndpointConnections/{link_services.connection_name(endpoint)}"
    for word in world.all(_ACCEPTED):
        if joins.same(word.id, said):
            return arm.text(word.inputs, "privateLinkServiceConnectionState", "status") or "Pending"
    if service.approves(subscription) or (not manual and _open(service, subscription)):
        return "Approved"
    return "Pending"


def _open(service: link_services.Service, subscription: str) -> bool:
    """Whether a connection need not ask: whose the service is may approve it, and does so at once."""
    return service.approves(subscription) or service.subscription == subscription.lower()


def _kind(id: str) -> str:
    parts = id.partition("/providers/")[2].split("/")
    return "/".join(parts[:2]).lower()


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    given = list(_connections(request.inputs))
    lists = [request.inputs.get(key) for key in (_AUTOMATIC, _MANUAL)]
    if len(given) != 1 and arm.wholly_known(lists):
        yield arm.refuse(
            "InvalidRequestFormat",
            f"a private endpoint has one connection, automatic or manual, and {len(given)} are given",
            _AUTOMATIC,
        )
    for key, index, one in given:
        path = (key, index, "privateLinkServiceId")
        target = arm.text(one, "privateLinkServiceId")
        if target and not target.startswith("/") and key == _AUTOMATIC:
            yield arm.refuse(
                "LinkedInvalidPropertyId",
                f"Property id '{target}' at path 'properties.{_AUTOMATIC}[{index}].properties.privateLinkServiceId' is "
                "invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or "
                "'/providers/{resourceProviderNamespace}/': an alias goes with a manual connection.",
                *path,
            )
        groups, kind = arm.items(one, "groupIds"), _kind(target)
        if kind in _OWN_SERVICES and "groupIds" not in one:
            yield arm.refuse(
                "MissingParameterOnPrivateLinkService", f"{target} needs groupIds: which part of it is meant", *path
            )
        if groups and (kind == link_services.KIND.lower() or (target and not target.startswith("/"))):
            yield arm.refuse(
                "group-of-private-link-service", "a private link service has no groups: leave groupIds out", *path
            )
        if len(arm.text(one, "requestMessage")) > 140:
            yield arm.refuse(
                "RequestMessageTooLong", "requestMessage has at most 140 characters", key, index, "requestMessage"
            )


def _visible(request: Request, world: World) -> Iterator[Refusal]:
    for key, index, one in _connections(request.inputs):
        path = (key, index, "privateLinkServiceId")
        target = arm.text(one, "privateLinkServiceId")
        kind = _kind(target)
        if not target:
            continue
        if kind in _OWN_SERVICES:
            yield from arm.reference(request, world, _OWN_SERVICES[kind], target, path, anywhere=True)
            continue
        if target.startswith("/") and kind != link_services.KIND.lower():
            yield arm.refuse(
                "InvalidPrivateLinkServiceIdType",
                f"Private link service Id {target} has an invalid resource type. Permitted type(s): "
                f"{link_services.KIND}, {', '.join(_OWN_SERVICES)}.",
                *path,
            )
            continue
        service = link_services.find(world, target)
        if service is None or service.broken or not service.seen_by(request.scope.account):
            why = f" AKS could not make it: {service.broken}." if service and service.broken else ""
            yield arm.refuse(
                "ThirdPartyPrivateLinkServiceProvidedDuringPrivateEndpointCreationDoesNotExistOrIsNotVisible",
                f"Third-party Private Link Service Id {target} provided during private endpoint creation does not "
                f"exist or is not visible to subscription {request.scope.account}.{why}",
                *path,
            )
        elif key == _AUTOMATIC and not _open(service, request.scope.account):
            yield arm.refuse(
                "LinkedAuthorizationFailed",
                f"{target} is in subscription '{service.subscription}', which does not approve connections of "
                f"'{request.scope.account}' by itself: ask with {_MANUAL}",
                *path,
            )


def _room(request: Request, world: World) -> Iterator[Refusal]:
    others = [one for one in world.all(request.type) if not joins.same(one.id, _own(request))]
    network = addresses.network_of(arm.text(request.inputs, "subnet", "id"))
    here = [one for one in others if joins.same(addresses.network_of(arm.text(one.inputs, "subnet", "id")), network)]
    name = "private endpoints of a virtual network"
    yield from quotas.over(name, len(here) + 1, network, "PrivateEndpointCountPerVirtualNetworkLimitReached", "subnet")
    service = link_services.find(world, _target(request.inputs)[0])
    if service is not None:
        there = [one for one in connected(world, service.id) if not joins.same(one.id, _own(request))]
        name = "private endpoints of a private link service"
        yield from quotas.over(
            name, len(there) + 1, service.id, "PrivateEndpointCountPerPrivateLinkServiceLimitReached"
        )


def _own(request: Request) -> str:
    group, name = arm.text(request.inputs, "resourceGroupName"), arm.name_of(request, "privateEndpointName")
    kind = "Microsoft.Network/privateEndpoints"
    return request.old.id if request.old else arm.resource_id(request.scope.account, group, kind, name)


def _wanted(inputs: Properties) -> list[addresses.Wanted]:
    subnet = arm.text(inputs, "subnet", "id")
    return [
        addresses.Wanted(subnet, arm.text(one, "privateIPAddress"), ("ipConfigurations", index, "privateIPAddress"))
        for index, one in enumerate(arm.items(inputs, "ipConfigurations"))
    ] or [addresses.Wanted(subnet, "", ("subnet", "id"))]


def _placed(request: Request, world: World) -> Iterator[Refusal]:
    subnet = arm.text(request.inputs, "subnet", "id")
    yield from addresses.fits(request, world, _own(request), _wanted(request.inputs))
    network = arm.resolve(world, joins.NETWORK, addresses.network_of(subnet))
    there = arm.region(arm.text(network.outputs, "location")) if network else ""
    if there and there != arm.place(request):
        yield arm.refuse(
            "InvalidResourceReference",
            f"a private endpoint stands in the region of its subnet, '{there}', and not in '{arm.place(request)}'",
            "location",
        )


def _no_subnet(request: Request, _world: World) -> Iterator[Refusal]:
    if "subnet" not in request.inputs:
        yield arm.refuse("InvalidRequestFormat", "a private endpoint must have a subnet", "subnet")


def _outputs(request: Request, world: World, id: str) -> Properties:
    before = arm.text(request.old.outputs, "privateAddress") if request.old else ""
    first = _wanted(request.inputs)[0]
    (address,) = addresses.give(world, id, [replace(first, asked=first.asked or before)])
    name = arm.text(request.inputs, "customNetworkInterfaceName") or f"{id.rpartition('/')[2]}.nic.{arm.guid(id)}"
    service = link_services.find(world, _target(request.inputs)[0])
    found: dict[str, Any] = {
        "networkInterfaces": [{"id": f"{id.rpartition('/privateEndpoints/')[0]}/networkInterfaces/{name}"}],
        "customDnsConfigs": [{"fqdn": one, "ipAddresses": [address]} for one in (service.fqdns if service else ())],
        # Azure tells the address by the network interface alone; here it stands beside the name of that.
        "privateAddress": address,
    }
    return {**found, **_states(world, id, request.scope.account, request.inputs)}


def _states(world: World, id: str, subscription: str, inputs: Properties) -> dict[str, Any]:
    """The connections as Azure tells them, with what the other side said of each."""
    status = _status(world, id, subscription, inputs)
    state = {"status": status, "description": "", "actionsRequired": "None"}
    found: dict[str, Any] = {_AUTOMATIC: [], _MANUAL: []}
    for key, _, one in _connections(inputs):
        made = {"id": f"{id}/{key}/{arm.text(one, 'name')}", "provisioningState": "Succeeded"}
        found[key].append({**one, **made, "privateLinkServiceConnectionState": state})
    return found


TYPES = (
    model(
        TYPE,
        "Microsoft.Network/privateEndpoints",
        api("network", "PrivateEndpoint"),
        name="privateEndpointName",
        version="2024-05-01",
        laws=(
            arm.well_named("privateEndpointName", NAME, ALLOWED),
            arm.said(_no_subnet),
            arm.said(_said),
            arm.standing(_visible),
            arm.standing(_placed),
            arm.standing(_room),
            arm.frozen_in_place(
                "PropertyChangeNotAllowed", "ipConfigurations", why="the address of an endpoint is for life"
            ),
            arm.limited("private endpoints"),
        ),
        immutable={"location": CREATE_ONLY, "subnet": FORCE_NEW},
        extra=_outputs,
        observed=lambda record, world: _states(world, record.id, record.scope.account, record.inputs),
        in_use="PrivateEndpointInUse",
        reshaped=(_AUTOMATIC, _MANUAL),
    ),
)
