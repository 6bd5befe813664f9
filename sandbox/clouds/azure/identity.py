"""Managed identities and role assignments.

Owns      who may be given which role on what, and that no two assignments say the same.
Refuses   Entra: groups and people are outside, so a principal of that kind is taken to exist.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.facts import facts
from sandbox.clouds.azure.model import CREATE_ONLY, FORCE_NEW, URI, api, model
from sandbox.contract import Properties, Refusal, Request, TypeModel, World

GUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

IDENTITY = "managedidentity:UserAssignedIdentity"


def given_back(given: Mapping[str, Any], world: World) -> dict[str, Any]:
    """A resource's `identity` as Azure returns it: a list of identities becomes a mapping with what each is."""
    found = dict(given)
    if "userAssignedIdentities" in found:
        assigned = {}
        for one in arm.items(found, "userAssignedIdentities"):
            record = arm.resolve(world, IDENTITY, str(one))
            assigned[str(one)] = {
                key: record.outputs.get(key) for key in ("clientId", "principalId") if record is not None
            }
        found["userAssignedIdentities"] = assigned
    return found


def has_role(world: World, principal: str, role: str, scope: str) -> bool:
    """Whether a principal has a role on a resource or on something above it."""
    return any(
        record.type == "azure-native:authorization:RoleAssignment"
        and arm.text(record.inputs, "principalId") == principal
        and arm.text(record.inputs, "roleDefinitionId").rpartition("/")[2] == role
        and f"{scope.lower()}/".startswith(f"{arm.text(record.inputs, 'scope').lower()}/")
        for record in world.mentions(principal)
    )


def _principals(request: Request, _world: World, id: str) -> Properties:
    return {
        "principalId": arm.guid(id, "principal"),
        "clientId": arm.guid(id, "client"),
        "tenantId": arm.guid(request.scope.account, "tenant"),
    }


def _role(request: Request, world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "roleDefinitionId")
    builtin = given.rpartition("/")[2].lower() in facts()["roles"]
    # A role of one's own may be made by the same run, which a preview cannot see.
    own = request.operation == "check" or arm.resolve(world, "authorization:RoleDefinition", given) is not None
    if given and not builtin and not own:
        yield arm.refuse(
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{given.rpartition('/')[2]}' does not exist.",
            "roleDefinitionId",
        )
    named = arm.subscription_of(given)
    if named and named != request.scope.account.lower():
        yield arm.refuse(
            "LinkedAuthorizationFailed", f"role definition '{given}' is of another subscription", "roleDefinitionId"
        )
    scope = arm.text(request.inputs, "scope")
    if scope and not scope.startswith("/"):
        yield arm.refuse("InvalidScope", f"scope '{scope}' is not an id: it starts with /subscriptions/", "scope")


def _principal(request: Request, world: World) -> Iterator[Refusal]:
    principal = arm.text(request.inputs, "principalId")
    if not principal or arm.text(request.inputs, "principalType") != "ServicePrincipal":
        return
    if world.by_output("principalId", principal):
        return
    for record in world.all("azure-native:compute:DiskEncryptionSet"):
        if arm.text(record.outputs, "identity", "principalId") == principal:
            return
    yield arm.refuse(
        "PrincipalNotFound",
        f"Principal {principal} does not exist in the directory. If you are creating this principal and then "
        "immediately assigning a role, this error might be related to a replication delay.",
        "principalId",
    )


_SCOPES = {
    "resourcegroups": "resources:ResourceGroup",
    "virtualnetworks": "network:VirtualNetwork",
    "subnets": "network:Subnet",
    "userassignedidentities": "managedidentity:UserAssignedIdentity",
    "vaults": "keyvault:Vault",
    "keys": "keyvault:Key",
    "diskencryptionsets": "compute:DiskEncryptionSet",
    "managedclusters": "containerservice:ManagedCluster",
    "privatednszones": "privatedns:PrivateZone",
    "dnszones": "dns:Zone",
    "virtualhubs": "network:VirtualHub",
    "publicipaddresses": "network:PublicIPAddress",
    "storageaccounts": "storage:StorageAccount",
}


def _scope(request: Request, world: World) -> Iterator[Refusal]:
    scope = arm.text(request.inputs, "scope")
    parts = scope.strip("/").split("/")
    target = _SCOPES.get(parts[-2].lower()) if len(parts) > 2 else None
    if arm.subscription_of(scope) and arm.subscription_of(scope) != request.scope.account.lower():
        yield arm.refuse("LinkedAuthorizationFailed", f"scope '{scope}' is in another subscription", "scope")
    elif parts[-2:-1] == ["resourceGroups"] and arm.group_exists(world, request.scope, parts[-1]):
        return
    elif target and arm.resolve(world, target, scope, request.scope) is None:
        yield arm.refuse(
            "ResourceNotFound", f"The Resource '{scope}' under which a role is given was not found.", "scope"
        )


def _once(request: Request, world: World) -> Iterator[Refusal]:
    keys = ("scope", "principalId", "roleDefinitionId")
    values = {key: arm.text(request.inputs, key) for key in keys}
    if not all(values.values()):
        return
    for other in world.mentions(values["principalId"]):
        if other.type != request.type or other.id == (request.old.id if request.old else ""):
            continue
        if all(arm.text(other.inputs, key).lower() == value.lower() for key, value in values.items()):
            yield arm.refuse("RoleAssignmentExists", f"The role assignment already exists: {other.id}")
    most = facts()["quotas"]["role assignments"]["most"]
    if request.operation == "create" and len(world.all(request.type, request.scope)) >= most:
        yield arm.refuse(
            "RoleAssignmentLimitExceeded", f"No more role assignments can be created (the limit is {most})."
        )


def _assignment_id(request: Request, _world: World) -> str:
    scope = arm.text(request.inputs, "scope").rstrip("/")
    given = arm.text(request.inputs, "roleAssignmentName") or arm.guid(request.urn)
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{given}"


def _assignment(request: Request, _world: World, id: str) -> Properties:
    return {
        **request.inputs,
        **arm.common("Microsoft.Authorization/roleAssignments", id.rpartition("/")[2], api_version="2022-04-01"),
        # The API says ServicePrincipal of whatever it was told nothing about and finds as an application.
        "principalType": arm.text(request.inputs, "principalType") or "User",
    }


TYPES = (
    model(
        IDENTITY,
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        api("msi.v2024_11_30", "Identity"),
        name="resourceName",
        version="2023-01-31",
        laws=(
            arm.well_named(
                "resourceName",
                r"[A-Za-z0-9][-\w]{2,127}",
                "3 to 128 letters, digits, '_' or '-', starting with a letter or digit",
                "InvalidIdentityName",
            ),
        ),
        immutable={"location": CREATE_ONLY},
        extra=_principals,
        in_use="identity-in-use",
    ),
    TypeModel(
        token="azure-native:authorization:RoleAssignment",  # noqa: S106 - a type token
        api=api("authorization.v2022_04_01", "RoleAssignmentCreateParameters", {"scope": "", "roleAssignmentName": ""}),
        identify=_assignment_id,
        outputs=_assignment,
        immutable={
            "roleAssignmentName": URI,
            "scope": FORCE_NEW,
            "principalId": FORCE_NEW,
            "roleDefinitionId": "Azure: RoleAssignmentUpdateNotPermitted (general knowledge); the provider's own table "
            "has only principalId and scope",
        },
        laws=(
            arm.well_named("roleAssignmentName", GUID, "it must be a GUID", "InvalidRoleAssignmentId"),
            arm.well_named("principalId", GUID, "a principal is named by its object id, a GUID", "InvalidPrincipalId"),
            arm.said(_role),
            arm.standing(_scope),
            arm.standing(_principal),
            arm.standing(_once),
        ),
        normalize=arm.normal(),
        unique=("roleAssignmentName", "scope"),
    ),
)
