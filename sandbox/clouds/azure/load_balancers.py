"""Load balancers that are made by hand: what a private link service of one's own ends at.

Owns      laws of the SKU and of the frontends.
Refuses   rules, probes and backend pools: they change nothing that another type's law asks. The load balancers that AKS
          makes are no records.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import addresses, arm, joins
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME
from sandbox.contract import Properties, Refusal, Request, World

TYPE = "network:LoadBalancer"
KIND = "Microsoft.Network/loadBalancers"
FRONTENDS = "frontendIPConfigurations"


def _own(request: Request) -> str:
    group = arm.text(request.inputs, "resourceGroupName")
    name = arm.name_of(request, "loadBalancerName")
    return request.old.id if request.old else arm.resource_id(request.scope.account, group, KIND, name)


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    if arm.text(request.inputs, "sku", "name") == "Basic" or "sku" not in request.inputs:
        yield arm.refuse(
            "BasicLoadBalancerRetired", "Basic load balancers were retired in September 2025: set sku.name", "sku"
        )
    for index, one in enumerate(arm.items(request.inputs, FRONTENDS)):
        if ("subnet" in one) == ("publicIPAddress" in one):
            yield arm.refuse(
                "InvalidFrontendIPConfiguration",
                f"frontend '{arm.text(one, 'name')}' has exactly one of subnet and publicIPAddress",
                FRONTENDS,
                index,
            )


def _frontends(request: Request, world: World) -> Iterator[Refusal]:
    wanted = [one for one in _wanted(request.inputs, request.old.outputs if request.old else {}) if one.subnet]
    yield from addresses.fits(request, world, _own(request), wanted)
    for index, one in enumerate(arm.items(request.inputs, FRONTENDS)):
        path = (FRONTENDS, index, "publicIPAddress", "id")
        address = arm.text(one, "publicIPAddress", "id")
        yield from arm.reference(request, world, "network:PublicIPAddress", address, path)


def _wanted(inputs: Properties, before: Properties) -> list[addresses.Wanted]:
    """One for each frontend: no subnet where it is public; the address that it has already stays."""
    had = {arm.text(one, "name"): arm.text(one, "privateIPAddress") for one in arm.items(before, FRONTENDS)}
    return [
        addresses.Wanted(
            arm.text(one, "subnet", "id"),
            arm.text(one, "privateIPAddress") or had.get(arm.text(one, "name"), ""),
            (FRONTENDS, index, "subnet", "id"),
        )
        for index, one in enumerate(arm.items(inputs, FRONTENDS))
    ]


def _outputs(request: Request, world: World, id: str) -> Properties:
    given = addresses.give(world, id, _wanted(request.inputs, request.old.outputs if request.old else {}))
    found = []
    for one, address in zip(arm.items(request.inputs, FRONTENDS), given, strict=True):
        made = {**one, "id": f"{id}/{FRONTENDS}/{arm.text(one, 'name')}", "provisioningState": "Succeeded"}
        found.append({**made, "privateIPAddress": address} if address else made)
    return {FRONTENDS: found, "resourceGuid": arm.guid(id)}


def frontend_exists(world: World, frontend: str) -> bool:
    """Whether an id is one of a frontend of a load balancer."""
    found = arm.resolve(world, TYPE, frontend.rpartition(f"/{FRONTENDS}/")[0])
    return found is not None and any(
        joins.same(arm.text(one, "id"), frontend) for one in arm.items(found.outputs, FRONTENDS)
    )


def _unused(request: Request, world: World) -> Iterator[Refusal]:
    own = request.old.id.lower() if request.old else ""
    for service in world.all("azure-native:network:PrivateLinkService"):
        for end in arm.items(service.inputs, "loadBalancerFrontendIpConfigurations"):
            if arm.text(end, "id").lower().startswith(f"{own}/"):
                yield arm.refuse("LoadBalancerInUse", f"private link service {service.id} ends at {own}")


TYPES = (
    model(
        TYPE,
        KIND,
        api("network", "LoadBalancer"),
        name="loadBalancerName",
        version="2024-05-01",
        laws=(
            arm.well_named("loadBalancerName", NAME, ALLOWED),
            arm.said(_said),
            arm.no_double(FRONTENDS, by="name", code="DuplicateResourceName"),
            arm.standing(_frontends),
            arm.limited("load balancers"),
            arm.leaving(_unused),
        ),
        immutable={"location": CREATE_ONLY},
        extra=_outputs,
        in_use="LoadBalancerInUse",
        reshaped=(FRONTENDS,),
    ),
)
