"""Disk encryption sets.

Owns      which key a set may use, and the identity that it has.
Refuses   disks: Kubernetes makes those, and the sandbox has no nodes.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm, identity
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Properties, Refusal, Request, World

_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"


def _key(request: Request, world: World) -> Iterator[Refusal]:
    vault_id = arm.text(request.inputs, "activeKey", "sourceVault", "id")
    url = arm.text(request.inputs, "activeKey", "keyUrl")
    path = ("activeKey", "sourceVault", "id")
    yield from arm.reference(request, world, "keyvault:Vault", vault_id, path, "KeyVaultNotFound")
    vault = arm.resolve(world, "keyvault:Vault", vault_id, request.scope) if vault_id else None
    if vault is not None and arm.known(vault.inputs, "properties", "enablePurgeProtection") is not True:
        yield arm.refuse(
            "KeyVaultPurgeProtectionNotEnabled",
            f"Key Vault '{vault_id}' must have purge protection: a purged key would make every disk unreadable",
            *path,
        )
    if not url:
        return
    known = [*world.by_output("keyUriWithVersion", url), *world.by_output("keyUri", url)]
    if not known:
        yield arm.refuse("KeyVaultKeyNotFound", f"The key '{url}' was not found in its vault.", "activeKey", "keyUrl")
    elif vault is not None and not url.startswith(arm.text(vault.outputs, "properties", "vaultUri")):
        yield arm.refuse("KeyVaultMismatch", f"The key '{url}' is not in vault '{vault_id}'.", "activeKey", "keyUrl")


def _access(request: Request, world: World) -> Iterator[Refusal]:
    vault_id = arm.text(request.inputs, "activeKey", "sourceVault", "id")
    for one in arm.items(request.inputs, "identity", "userAssignedIdentities"):
        path = ("identity", "userAssignedIdentities")
        yield from arm.reference(request, world, identity.IDENTITY, str(one), path, "FailedIdentityOperation")
        found = arm.resolve(world, identity.IDENTITY, str(one), request.scope)
        if found is None or not vault_id:
            continue
        principal = arm.text(found.outputs, "principalId")
        if not identity.has_role(world, principal, _ENCRYPTION_USER, vault_id):
            yield arm.refuse(
                "KeyVaultAccessForbidden",
                f"Unable to access key vault resource '{vault_id}' to enable encryption at rest: identity '{one}' has "
                "no role 'Key Vault Crypto Service Encryption User' on it.",
                *path,
            )


def _identity(request: Request, _world: World) -> Iterator[Refusal]:
    if "identity" not in request.inputs:
        yield arm.refuse("InvalidParameter", "a disk encryption set needs an identity that may use its key", "identity")
    own, named = arm.text(request.inputs, "identity", "type"), arm.known(request.inputs, "identity") or {}
    if "UserAssigned" in own.replace(" ", "") and "userAssignedIdentities" not in named:
        message = f"identity type '{own}' needs userAssignedIdentities"
        yield arm.refuse("InvalidIdentityValues", message, "identity", "userAssignedIdentities")


def _outputs(request: Request, world: World, id: str) -> Properties:
    given = identity.given_back(request.inputs.get("identity") or {}, world)
    if given.get("type", "SystemAssigned").startswith("SystemAssigned"):
        given |= {
            "principalId": arm.guid(id, "principal"),
            "tenantId": arm.guid(request.scope.account, "tenant"),
        }
    return {"identity": given, "previousKeys": []}


TYPES = (
    model(
        "compute:DiskEncryptionSet",
        "Microsoft.Compute/diskEncryptionSets",
        api("compute", "DiskEncryptionSet", {"identity.userAssignedIdentities": ""}),
        name="diskEncryptionSetName",
        version="2024-03-02",
        laws=(
            arm.well_named("diskEncryptionSetName", r"[\w-]{1,80}", "1 to 80 letters, digits, '_' or '-'"),
            arm.said(_identity),
            arm.standing(_key),
            arm.standing(_access),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(encryptionType="EncryptionAtRestWithCustomerKey"),
        extra=_outputs,
        in_use="disk-encryption-set-in-use",
        reshaped=("identity",),
    ),
)
