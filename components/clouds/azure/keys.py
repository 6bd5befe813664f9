"""The keys of a cell: one for disks, one for the secrets in etcd.

Owns      the key vault, both keys, the disk encryption set, and who may use them.
Refuses   deletion: a vault with purge protection keeps its keys 90 days, because without the key every disk is noise.
Identity  vault and key names are part of each disk's encryption.
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, compute, keyvault

from components import names
from components.base import Component
from components.clouds.azure import identities, ids
from components.clouds.azure.spec import AzureSpec
from components.clouds.resources import KubernetesRequest


@dataclass(frozen=True)
class Keys:
    """`disks` is what storage classes and node disks name; `etcd` is the versioned id that AKS wants."""

    disks: compute.DiskEncryptionSet
    etcd: pulumi.Output[str]
    grants: tuple[authorization.RoleAssignment, ...]


def build(
    owner: Component,
    request: KubernetesRequest,
    spec: AzureSpec,
    who: identities.Identities,
    provider: pulumi.ProviderResource,
) -> Keys:
    """Make vault, keys and disk encryption set, then let disks and control plane use their key."""
    identity = request.identity
    vault = _vault(owner, request, spec, provider)
    disk_key = _key(owner, request, vault, provider, role="disks", rotate=True)
    # AKS takes one version of the etcd key, and a new one means writing every secret again: a planned change.
    etcd_key = _key(owner, request, vault, provider, role="etcd", rotate=False)

    def grant(
        role: str, purpose: str, scope: pulumi.Input[str], principal: pulumi.Input[str]
    ) -> authorization.RoleAssignment:
        return identities.grant(
            owner,
            request,
            provider,
            role=role,
            purpose=purpose,
            scope=scope,
            principal=principal,
            protect=identity.production,
        )

    disks_use_key = grant("key-vault-crypto-service-encryption-user", "disks-use-key", vault.id, who.disks.principal_id)
    disks = compute.DiskEncryptionSet(
        f"{identity.cell}-disks",
        disk_encryption_set_name=names.cell_resource(identity.cell, limit=80),
        resource_group_name=ids.resource_group(identity),
        location=identity.region,
        encryption_type="EncryptionAtRestWithCustomerKey",
        active_key=compute.KeyForDiskEncryptionSetArgs(
            key_url=disk_key.key_uri_with_version, source_vault=compute.SourceVaultArgs(id=vault.id)
        ),
        rotation_to_latest_key_version_enabled=True,
        identity=compute.EncryptionSetIdentityArgs(type="UserAssigned", user_assigned_identities=[who.disks.id]),
        tags=identity.tags,
        # Azure tries the key when it makes the set.
        opts=owner.child(provider, protect=identity.production, after=(disks_use_key,)),
    )
    grants = (
        disks_use_key,
        grant("key-vault-crypto-user", "control-uses-etcd-key", vault.id, who.control.principal_id),
        grant("reader", "control-reads-disks-key", disks.id, who.control.principal_id),
    )
    return Keys(disks, etcd_key.key_uri_with_version, grants)


def _vault(
    owner: Component, request: KubernetesRequest, spec: AzureSpec, provider: pulumi.ProviderResource
) -> keyvault.Vault:
    identity = request.identity
    return keyvault.Vault(
        f"{identity.cell}-vault",
        vault_name=ids.vault(identity),
        resource_group_name=ids.resource_group(identity),
        location=identity.region,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=spec.tenant_id,
            sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.PREMIUM),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=90,
            enable_purge_protection=True,
            enabled_for_disk_encryption=True,
            enabled_for_deployment=False,
            enabled_for_template_deployment=False,
            # AKS reaches a vault that is closed to the internet only with API server VNet integration.
            public_network_access="Enabled",
            network_acls=keyvault.NetworkRuleSetArgs(bypass="AzureServices", default_action="Allow"),
        ),
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production, after=request.network.ready),
    )


def key_properties(*, rotate: bool) -> keyvault.KeyPropertiesArgs:
    """A key that wraps others; with `rotate` it has a new version every year."""
    rotation = keyvault.RotationPolicyArgs(
        lifetime_actions=[
            keyvault.LifetimeActionArgs(
                action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                trigger=keyvault.TriggerArgs(time_after_create="P1Y"),
            )
        ]
    )
    return keyvault.KeyPropertiesArgs(
        kty="RSA",
        key_size=3072,
        key_ops=["decrypt", "encrypt", "unwrapKey", "wrapKey"],
        attributes=keyvault.KeyAttributesArgs(enabled=True),
        rotation_policy=rotation if rotate else None,
    )


def _key(
    owner: Component,
    request: KubernetesRequest,
    vault: keyvault.Vault,
    provider: pulumi.ProviderResource,
    *,
    role: str,
    rotate: bool,
) -> keyvault.Key:
    identity = request.identity
    return keyvault.Key(
        f"{identity.cell}-{role}-key",
        key_name=names.cell_resource(identity.cell, role, limit=127),
        vault_name=vault.name,
        resource_group_name=ids.resource_group(identity),
        properties=key_properties(rotate=rotate),
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production),
    )
