"""Resource groups.

Owns      the group's laws.
Refuses   the cascade: Azure deletes a group with everything in it; the sandbox refuses rather than lose track.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.locks import held
from sandbox.clouds.azure.model import FORCE_NEW, URI, api
from sandbox.contract import Properties, Refusal, Request, TypeModel, World


def _name(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "resourceGroupName")
    if given.endswith("."):
        yield arm.refuse("InvalidResourceGroup", f"the name '{given}' ends with a period", "resourceGroupName")


def _empty(request: Request, world: World) -> Iterator[Refusal]:
    name = arm.text(request.old.inputs, "resourceGroupName") if request.old else ""
    for token in TOKENS_IN_GROUPS:
        inside = arm.named(world, token, request.scope, resourceGroupName=name)
        if inside is not None:
            yield arm.refuse(
                "resource-group-not-empty",
                f"resource group '{name}' still holds {inside.type} '{inside.id}': Azure would delete it too, without "
                "a word; delete it first",
            )
            return


TOKENS_IN_GROUPS = (
    "network:VirtualNetwork",
    "network:NatGateway",
    "network:PublicIPAddress",
    "network:NetworkSecurityGroup",
    "network:RouteTable",
    "network:PublicIPPrefix",
    "network:LoadBalancer",
    "network:PrivateEndpoint",
    "network:PrivateLinkService",
    "network:VirtualHub",
    "network:VirtualWan",
    "privatedns:PrivateZone",
    "dns:Zone",
    "storage:StorageAccount",
    "managedidentity:UserAssignedIdentity",
    "keyvault:Vault",
    "compute:DiskEncryptionSet",
    "containerservice:ManagedCluster",
)


def _id(request: Request, _world: World) -> str:
    return arm.group_id(request.scope.account, arm.name_of(request, "resourceGroupName"))


def _outputs(request: Request, _world: World, id: str) -> Properties:
    return {
        **request.inputs,
        **arm.common("Microsoft.Resources/resourceGroups", id.rpartition("/")[2], api_version="2024-03-01"),
        "location": arm.place(request),
        "properties": {"provisioningState": "Succeeded"},
    }


TYPES = (
    TypeModel(
        token="azure-native:resources:ResourceGroup",  # noqa: S106 - a type token
        api=api("resource.resources", "ResourceGroup", {"resourceGroupName": ""}),
        identify=_id,
        outputs=_outputs,
        immutable={"resourceGroupName": URI, "location": FORCE_NEW},
        laws=(
            arm.well_named(
                "resourceGroupName",
                r"[-\w._()]{1,90}",
                "1 to 90 letters, digits, '_', '-', '.', '(' or ')'",
                "InvalidResourceGroup",
            ),
            arm.said(_name),
            arm.in_region,
            arm.limited("resource groups"),
            arm.leaving(_empty),
            arm.leaving(held),
        ),
        normalize=arm.normal(),
        unique=("resourceGroupName",),
    ),
)
