"""Roles of one's own.

Owns      ids, scopes and the form of actions.
Refuses   to evaluate actions: the sandbox lets every caller do everything in its subscription.
Source    learn.microsoft.com/azure/role-based-access-control/custom-roles, read 2026-11.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.identity import GUID
from sandbox.clouds.azure.model import URI, api
from sandbox.contract import Properties, Refusal, Request, TypeModel, World

ROLE = "authorization:RoleDefinition"

_ACTION = r"\*|[A-Z][A-Za-z]*(\.[A-Za-z0-9]+)+(/[A-Za-z0-9*.-]+)+"


def _role_id(request: Request, _world: World) -> str:
    name = arm.text(request.inputs, "roleDefinitionId") or arm.guid(request.urn)
    scope = arm.text(request.inputs, "scope").rstrip("/")
    return f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{name}"


def _role_outputs(request: Request, _world: World, id: str) -> Properties:
    return {
        **request.inputs,
        **arm.common("Microsoft.Authorization/roleDefinitions", id.rpartition("/")[2], api_version="2022-04-01"),
        "roleType": "CustomRole",
    }


def _actions(request: Request, _world: World) -> Iterator[Refusal]:
    for index, one in enumerate(arm.items(request.inputs, "permissions")):
        for key in ("actions", "dataActions", "notActions", "notDataActions"):
            for action in arm.items(one, key):
                if not re.fullmatch(_ACTION, str(action)):
                    message = f"'{action}' is no operation: write it like Microsoft.Compute/disks/read"
                    yield arm.refuse("InvalidActionOrNotAction", message, "permissions", index, key)
    scopes = [str(one) for one in arm.items(request.inputs, "assignableScopes")]
    if not scopes:
        yield arm.refuse("BadRequestFormat", "a custom role says where it can be assigned", "assignableScopes")
    for scope in scopes:
        if not re.fullmatch(r"/subscriptions/[^/]+(/resourceGroups/[^/]+)?|/providers/Microsoft\.Management/.+", scope):
            yield arm.refuse("InvalidAssignableScopes", f"'{scope}' is no subscription or group", "assignableScopes")


def _name_once(request: Request, world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "roleName")
    for other in world.all(arm.AZURE + ROLE):
        if arm.text(other.inputs, "roleName") == name and other.id != (request.old.id if request.old else ""):
            yield arm.refuse("RoleDefinitionWithSameNameExists", f"a role is named '{name}' already", "roleName")


def _assigned(request: Request, world: World) -> Iterator[Refusal]:
    name = request.old.id.rpartition("/")[2] if request.old else ""
    for one in world.all("azure-native:authorization:RoleAssignment"):
        if arm.text(one.inputs, "roleDefinitionId").rpartition("/")[2] == name:
            yield arm.refuse("RoleDefinitionHasAssignments", f"the role is assigned: {one.id}")
            return


TYPES = (
    TypeModel(
        token=arm.AZURE + ROLE,
        api=api(
            "authorization.v2022_04_01",
            "RoleDefinition",
            {"scope": "", "roleDefinitionId": "", "roleType": ""},
        ),
        identify=_role_id,
        outputs=_role_outputs,
        immutable={"roleDefinitionId": URI, "scope": URI},
        laws=(
            arm.well_named("roleDefinitionId", GUID, "it must be a GUID", "InvalidRoleDefinitionId"),
            arm.said(_actions),
            arm.standing(_name_once),
            arm.leaving(_assigned),
        ),
        normalize=arm.normal(),
        unique=("roleDefinitionId",),
    ),
)
