"""Private link services, and the provider's word on who is connected to them.

Owns      laws of a service's own addresses, of what it ends at, and of accepting a connection.
Refuses   the services that AKS makes: `link_services.py` finds them, and AKS' controller judges them.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import addresses, arm, endpoints, identity, joins, link_services, load_balancers, quotas
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME
from sandbox.contract import Properties, Refusal, Request, World

_FRONTENDS = "loadBalancerFrontendIpConfigurations"
_CONNECTION = "network:PrivateLinkServicePrivateEndpointConnection"


def _own(request: Request) -> str:
    group, name = arm.text(request.inputs, "resourceGroupName"), arm.name_of(request, "serviceName")
    return request.old.id if request.old else arm.resource_id(request.scope.account, group, link_services.KIND, name)


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    configurations = arm.items(request.inputs, "ipConfigurations")
    most = quotas.most("addresses of a private link service")
    if "ipConfigurations" not in request.inputs or len(configurations) > most:
        yield arm.refuse(
            "PrivateLinkServiceIpConfigurationsCountLimitReached",
            f"a private link service has 1 to {most} addresses of its own, and this one {len(configurations)}",
            "ipConfigurations",
        )
    if configurations and sum(one.get("primary") is True for one in configurations) > 1:
        yield arm.refuse("InvalidRequestFormat", "one IP configuration is the primary one", "ipConfigurations")
    if bool(request.inputs.get(_FRONTENDS)) == bool(request.inputs.get("destinationIPAddress")):
        yield arm.refuse(
            "InvalidRequestFormat",
            "a private link service ends at a load balancer's frontend or at destinationIPAddress: give one of them",
            _FRONTENDS,
        )


def _subscriptions(request: Request, _world: World) -> Iterator[Refusal]:
    most = quotas.most("subscriptions of a private link service")
    seen = arm.items(request.inputs, "visibility", "subscriptions")
    for key in ("visibility", "autoApproval"):
        listed = arm.items(request.inputs, key, "subscriptions")
        if len(listed) > most:
            yield arm.refuse("InvalidRequestFormat", f"{key} lists {len(listed)}, and the limit is {most}", key)
        for index, one in enumerate(listed):
            path = (key, "subscriptions", index)
            if one != "*" and not re.fullmatch(identity.GUID, str(one)):
                yield arm.refuse("InvalidSubscriptionId", f"'{one}' is neither a subscription id nor '*'", *path)
            elif key == "autoApproval" and arm.wholly_known(seen) and not {one, "*"} & set(seen):
                yield arm.refuse(
                    "auto-approval-not-visible",
                    f"subscription {one} would be approved and cannot find the service: put it into visibility too",
                    *path,
                )


def _ends(request: Request, world: World) -> Iterator[Refusal]:
    own = _own(request)
    for index, one in enumerate(arm.items(request.inputs, _FRONTENDS)):
        path = (_FRONTENDS, index, "id")
        frontend = arm.text(one, "id")
        if frontend and not load_balancers.frontend_exists(world, frontend):
            yield arm.refuse(
                "InvalidResourceReference",
                f"Resource {frontend} referenced by resource {own} was not found. Please make sure that the referenced "
                "resource exists, and that both resources are in the same region.",
                *path,
            )
        balancer = frontend.rpartition(f"/{load_balancers.FRONTENDS}/")[0]
        sharing = [
            other
            for other in world.all(request.type)
            if not joins.same(other.id, own)
            and any(
                arm.text(end, "id").lower().startswith(f"{balancer.lower()}/")
                for end in arm.items(other.inputs, _FRONTENDS)
            )
        ]
        name = "private link services of a load balancer"
        yield from quotas.over(
            name, len(sharing) + 1, balancer, "PrivateLinkServicesPerLoadBalancerLimitReached", *path
        )


def _wanted(inputs: Properties, before: Properties) -> list[addresses.Wanted]:
    """The service's own addresses: those that it has already, by the name of their configurations, stay."""
    had = {arm.text(one, "name"): arm.text(one, "privateIPAddress") for one in arm.items(before, "ipConfigurations")}
    return [
        addresses.Wanted(
            arm.text(one, "subnet", "id"),
            arm.text(one, "privateIPAddress") or had.get(arm.text(one, "name"), ""),
            ("ipConfigurations", index, "subnet", "id"),
        )
        for index, one in enumerate(arm.items(inputs, "ipConfigurations"))
    ]


def _addresses(request: Request, world: World) -> Iterator[Refusal]:
    wanted = [one for one in _wanted(request.inputs, request.old.outputs if request.old else {}) if one.subnet]
    yield from addresses.fits(request, world, _own(request), wanted)
    for one in wanted:
        if arm.resolve(world, addresses.SUBNET, one.subnet) and link_services.unfit(world, one.subnet):
            yield arm.refuse(
                "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
                f"Private link service {_own(request)} cannot be created in a subnet {one.subnet} since it has private "
                "link service network policies enabled.",
                *one.path,
            )


def _unconnected(request: Request, world: World) -> Iterator[Refusal]:
    for endpoint in endpoints.connected(world, request.old.id if request.old else ""):
        yield arm.refuse(
            "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted",
            f"private endpoint {endpoint.id} is connected: reject or remove its connection first",
        )


def _outputs(request: Request, world: World, id: str) -> Properties:
    given = addresses.give(world, id, _wanted(request.inputs, request.old.outputs if request.old else {}))
    made = [
        {**one, "id": f"{id}/ipConfigurations/{arm.text(one, 'name')}", "privateIPAddress": address}
        for one, address in zip(arm.items(request.inputs, "ipConfigurations"), given, strict=True)
    ]
    name = id.rpartition("/")[2]
    return {
        "alias": link_services.alias(id, arm.place(request)),
        "ipConfigurations": made,
        "networkInterfaces": [{"id": f"{_group(id)}/networkInterfaces/{name}.nic.{arm.guid(id)}"}],
        **_connected(world, id),
    }


def _connected(world: World, id: str) -> Properties:
    """Who is connected, as the provider sees it."""
    return {
        "privateEndpointConnections": [
            {
                "name": link_services.connection_name(one.id),
                "id": f"{id}/privateEndpointConnections/{link_services.connection_name(one.id)}",
                "privateEndpoint": {"id": one.id},
                "privateLinkServiceConnectionState": {"status": endpoints.connection_status(world, one)},
            }
            for one in endpoints.connected(world, id)
        ]
    }


def _group(id: str) -> str:
    return id.rpartition("/privateLinkServices/")[0]


def _connection_exists(request: Request, world: World) -> Iterator[Refusal]:
    service = _service_id(request)
    found = link_services.find(world, service)
    wanted = arm.text(request.inputs, "peConnectionName")
    if found is None:
        yield arm.refuse(
            "ParentResourceNotFound",
            f"Failed to perform 'write' on resource of type '{request.type}', because the parent resource '{service}' "
            "could not be found.",
            "serviceName",
        )
    elif wanted not in [link_services.connection_name(one.id) for one in endpoints.connected(world, found.id)]:
        yield arm.refuse(
            "PrivateEndpointConnectionNotFound",
            f"{service} has no connection '{wanted}': the consumer's endpoint comes first, and its name and a GUID are "
            "the connection's name",
            "peConnectionName",
        )


def _service_id(request: Request) -> str:
    group, name = (arm.text(request.inputs, key) for key in ("resourceGroupName", "serviceName"))
    return arm.resource_id(request.scope.account, group, link_services.KIND, name)


def _status(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "privateLinkServiceConnectionState", "status")
    if given and given not in ("Approved", "Rejected"):
        yield arm.refuse(
            "InvalidPrivateLinkServiceConnectionStatus",
            f"status is '{given}': a provider says Approved or Rejected",
            "privateLinkServiceConnectionState",
            "status",
        )


def _connection(_request: Request, world: World, id: str) -> Properties:
    name = id.rpartition("/")[2]
    service = id.rpartition("/privateEndpointConnections/")[0]
    far = next((e for e in endpoints.connected(world, service) if link_services.connection_name(e.id) == name), None)
    return {
        "privateEndpoint": {"id": far.id if far else ""},
        "privateEndpointLocation": arm.text(far.outputs, "location") if far else "",
        "linkIdentifier": str(int(arm.digest(id), 16)),
        "provisioningState": "Succeeded",
    }


TYPES = (
    model(
        link_services.TYPE,
        link_services.KIND,
        api("network", "PrivateLinkService"),
        name="serviceName",
        version="2024-05-01",
        laws=(
            arm.well_named("serviceName", NAME, ALLOWED),
            arm.said(_said),
            arm.no_double("ipConfigurations", by="name", code="DuplicateResourceName"),
            arm.said(_subscriptions),
            arm.standing(_ends),
            arm.standing(_addresses),
            arm.leaving(_unconnected),
            arm.limited("private link services"),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(enableProxyProtocol=False),
        extra=_outputs,
        reshaped=("ipConfigurations",),
        observed=lambda record, world: _connected(world, record.id),
    ),
    model(
        _CONNECTION,
        f"{link_services.KIND}/privateEndpointConnections",
        api("network", "PrivateEndpointConnection", {"name": "name"}),
        name="peConnectionName",
        parents=("serviceName",),
        version="2024-05-01",
        laws=(arm.said(_status), arm.standing(_connection_exists)),
        extra=_connection,
        tracked=False,
    ),
)
