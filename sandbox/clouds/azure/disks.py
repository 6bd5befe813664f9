"""Disk encryption sets.

Owns      which key a set may use, and the identity that it has.
Refuses   disks: Kubernetes makes those, and the sandbox has no nodes.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Properties, Refusal, Request, World


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


def _identity(request: Request, _world: World) -> Iterator[Refusal]:
    if "identity" not in request.inputs:
        yield arm.refuse("InvalidParameter", "a disk encryption set needs an identity that may use its key", "identity")


def _outputs(request: Request, _world: World, id: str) -> Properties:
    given = dict(request.inputs.get("identity") or {})
    return {
        "identity": {
            "type": given.get("type", "SystemAssigned"),
            "principalId": arm.guid(id, "principal"),
            "tenantId": arm.guid(request.scope.account, "tenant"),
        },
        "previousKeys": [],
    }


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
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(encryptionType="EncryptionAtRestWithCustomerKey"),
        extra=_outputs,
        in_use="disk-encryption-set-in-use",
    ),
)
