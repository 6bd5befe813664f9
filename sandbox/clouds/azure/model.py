"""How a resource type of Azure becomes a `TypeModel`: what all of them share is written once.

Owns      ids from path parameters, outputs that every resource has, and what replaces any resource.
Refuses   laws: each service has its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.clouds.azure import arm
from sandbox.contract import ApiModel, Law, Properties, Record, Request, TypeModel, World

URI = "azure-native: the property is part of the resource's address, and the provider replaces what has another one"
FORCE_NEW = "pulumi-azure-native, provider/pkg/gen/replacement.go (forceNewMap)"
CREATE_ONLY = "azure-rest-api-specs: x-ms-mutability is create and read only (general knowledge)"

Extra = Callable[[Request, World, str], Mapping[str, Any]]


def api(service: str, shape: str, rename: Mapping[str, str] | None = None) -> ApiModel:
    """The model of an azure-mgmt package that judges a type."""
    return ApiModel(
        source="azure-mgmt",
        service=f"azure.mgmt.{service}.models",
        shape=shape,
        rename=dict(rename or {}),
        constants={},
    )


def model(
    type: str,
    kind: str,
    judged_by: ApiModel,
    *,
    name: str,
    parents: Sequence[str] = (),
    version: str,
    laws: Sequence[Law],
    immutable: Mapping[str, str] | None = None,
    normalize: Callable[[Properties], Properties] | None = None,
    extra: Extra = lambda _request, _world, _id: {},
    in_use: str = "",
    unique_in_cloud: bool = False,
    tracked: bool = True,
    reshaped: Sequence[str] = (),
    in_group: bool = True,
    observed: Callable[[Record, World], Properties] | None = None,
) -> TypeModel:
    """A type that lives in a resource group: `parents` and `name` are the inputs that its address is made of.

    unique_in_cloud  the name is unique in all of Azure, not only in its group and parents
    tracked  it has a region and a provisioning state, which is what Azure calls a tracked resource
    in_group  its resource group must be one that the sandbox knows
    """

    def identify(request: Request, _world: World) -> str:
        above = [arm.text(request.inputs, key) for key in parents]
        return arm.resource_id(
            request.scope.account,
            arm.text(request.inputs, "resourceGroupName"),
            kind,
            *above,
            arm.name_of(request, name),
        )

    def outputs(request: Request, world: World, id: str) -> Properties:
        found: dict[str, Any] = {**request.inputs, **arm.common(kind, id.rpartition("/")[2], api_version=version)}
        if tracked:
            found |= {"location": arm.place(request), "provisioningState": "Succeeded"}
        return {**found, **extra(request, world, id)}

    address = ("resourceGroupName", *parents, name)
    path = dict.fromkeys(address, "")
    return TypeModel(
        token=arm.AZURE + type,
        api=ApiModel(
            judged_by.source, judged_by.service, judged_by.shape, {**path, **judged_by.rename}, judged_by.constants
        ),
        identify=identify,
        outputs=outputs,
        immutable={**dict.fromkeys(address, URI), **(immutable or {})},
        laws=(*((arm.in_group,) if in_group else ()), arm.in_region, *laws),
        normalize=normalize or arm.normal(),
        in_use_code=in_use,
        reshaped=reshaped,
        observed=observed,
        unique=(name,) if unique_in_cloud else (name, *parents, "resourceGroupName"),
        unique_in="cloud" if unique_in_cloud else "account",
    )
