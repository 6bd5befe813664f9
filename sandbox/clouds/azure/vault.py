"""Key vaults and keys.

Owns      the name that is unique in all of Azure, purge protection that cannot be lifted, keys that cannot change.
Refuses   soft deletion: a deleted vault's name stays taken for 90 days in Azure, and is free at once here.
"""

import re
from collections.abc import Iterator, Mapping

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.identity import GUID
from sandbox.clouds.azure.locks import held
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Properties, Refusal, Request, World

_SIZES = (2048, 3072, 4096)


def _vault(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "properties", "tenantId")
    if given and re.fullmatch(GUID, given) is None:
        yield arm.refuse("BadRequest", f"tenantId '{given}' is not a GUID", "properties", "tenantId")
    days = arm.known(request.inputs, "properties", "softDeleteRetentionInDays")
    if isinstance(days, int | float) and not 7 <= days <= 90:
        yield arm.refuse(
            "BadRequest",
            f"softDeleteRetentionInDays is {days:.0f}: it must be between 7 and 90",
            "properties",
            "softDeleteRetentionInDays",
        )
    access = arm.text(request.inputs, "properties", "publicNetworkAccess")
    if access and access.lower() not in {"enabled", "disabled"}:
        yield arm.refuse(
            "BadRequest",
            f"The property \"publicNetworkAccess\" is '{access}': it must be enabled or disabled",
            "properties",
            "publicNetworkAccess",
        )
    if arm.known(request.inputs, "properties", "enablePurgeProtection") is False:
        yield arm.refuse(
            "BadRequest",
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault '
            "is an irreversible action.",
            "properties",
            "enablePurgeProtection",
        )
    if arm.known(request.inputs, "properties", "enableSoftDelete") is False:
        yield arm.refuse(
            "BadRequest",
            'The property "enableSoftDelete" cannot be set to false: every vault has soft delete.',
            "properties",
            "enableSoftDelete",
        )
    properties = request.inputs.get("properties")
    policies = isinstance(properties, Mapping) and "accessPolicies" in properties
    if arm.wholly_known(properties) and not policies and not arm.known(properties, "enableRbacAuthorization"):
        yield arm.refuse(
            "BadRequest",
            'The parameter accessPolicies is not specified: give it, or set "enableRbacAuthorization"',
            "properties",
            "accessPolicies",
        )


def _lifted(request: Request, _world: World) -> Iterator[Refusal]:
    old = request.old.inputs if request.old else {}
    before = arm.known(old, "properties", "enablePurgeProtection")
    after = (arm.known(request.inputs, "properties") or {}).get("enablePurgeProtection")
    if before is True and after is None:
        yield arm.refuse(
            "BadRequest",
            'The property "enablePurgeProtection" of a vault that has it cannot be left out: it cannot be turned off.',
            "properties",
            "enablePurgeProtection",
        )


def _key(request: Request, _world: World) -> Iterator[Refusal]:
    kind, size = arm.text(request.inputs, "properties", "kty"), arm.known(request.inputs, "properties", "keySize")
    if kind.startswith("RSA") and size is not None and size not in _SIZES:
        yield arm.refuse("BadRequest", f"an RSA key has 2048, 3072 or 4096 bits, not {size}", "properties", "keySize")
    if kind.startswith("EC") and size is not None:
        yield arm.refuse("BadRequest", "an EC key has a curve and no size", "properties", "keySize")


def _vault_empty(request: Request, world: World) -> Iterator[Refusal]:
    name = arm.text(request.old.inputs, "vaultName") if request.old else ""
    found = arm.named(world, "keyvault:Key", request.scope, vaultName=name)
    if found is not None:
        yield arm.refuse(
            "vault-not-empty", f"vault '{name}' still has key '{found.id}': Azure would take it along; delete it first"
        )


def _vault_outputs(request: Request, _world: World, id: str) -> Properties:
    given = request.inputs.get("properties", {})
    return {
        "properties": {
            **given,
            "vaultUri": f"https://{id.rpartition('/')[2].lower()}.vault.azure.net/",
            "provisioningState": "Succeeded",
            "hsmPoolResourceId": "00000000-0000-0000-0000-000000000000",
        }
    }


def _key_outputs(request: Request, _world: World, id: str) -> Properties:
    vault, name = arm.text(request.inputs, "vaultName").lower(), id.rpartition("/")[2]
    uri = f"https://{vault}.vault.azure.net/keys/{name}"
    given = dict(request.inputs.get("properties", {}))
    return {**given, "keyUri": uri, "keyUriWithVersion": f"{uri}/{arm.digest(id, 32)}", "location": arm.place(request)}


def _normal_vault(inputs: Properties) -> Properties:
    found = dict(arm.normal()(inputs))
    properties = found.get("properties")
    if isinstance(properties, dict):
        found["properties"] = {
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "publicNetworkAccess": "Enabled",
            **properties,
        }
    return found


TYPES = (
    model(
        "keyvault:Vault",
        "Microsoft.KeyVault/vaults",
        api("keyvault", "VaultCreateOrUpdateParameters"),
        name="vaultName",
        version="2024-11-01",
        laws=(
            arm.well_named(
                "vaultName",
                r"[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]",
                "3 to 24 letters, digits and hyphens, starting with a letter, ending with a letter or digit, without "
                "two hyphens in a row",
                "VaultNameNotValid",
            ),
            arm.said(_vault),
            arm.changing(_lifted),
            arm.frozen_in_place(
                "BadRequest", "properties.softDeleteRetentionInDays", why="the retention of a vault is for life"
            ),
            arm.leaving(_vault_empty),
            arm.leaving(held),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=_normal_vault,
        extra=_vault_outputs,
        in_use="vault-in-use",
        reshaped=("properties",),
        unique_in_cloud=True,
    ),
    model(
        "keyvault:Key",
        "Microsoft.KeyVault/vaults/keys",
        api("keyvault", "KeyCreateParameters", {"properties.releasePolicy": "properties.release_policy"}),
        name="keyName",
        parents=("vaultName",),
        version="2024-11-01",
        laws=(
            arm.well_named("keyName", r"[A-Za-z0-9-]{1,127}", "1 to 127 letters, digits and hyphens", "BadRequest"),
            arm.under(
                "keyvault:Vault",
                "Microsoft.KeyVault/vaults",
                vaultName="vaultName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_key),
        ),
        immutable=dict.fromkeys(("properties.kty", "properties.keySize", "properties.curveName"), CREATE_ONLY),
        extra=_key_outputs,
        tracked=False,
    ),
)
