"""Where the engine keeps its state in Azure, and the keys that encrypt it.

Owns      a storage account with versions and soft deletion, a key vault with two keys, and a lock over both.
Refuses   account keys (whoever has one reads everything), public blobs, and deletion while the lock is there.
"""

from dataclasses import dataclass

from pulumi_azure_native import authorization, keyvault, managedidentity, resources, storage

from components.bootstrap.azure.names import group, guid, plain
from components.bootstrap.base import BootstrapComponent
from components.clouds.azure import ids
from components.clouds.azure.keys import key_properties

CONTAINER = "state"
_DAYS_OF_A_VAULT = 90


@dataclass(frozen=True)
class State:
    """The group that holds everything, the account and the keys."""

    group: resources.ResourceGroup
    account: storage.StorageAccount
    container: storage.BlobContainer
    vault: keyvault.Vault
    secrets: keyvault.Key


def build(owner: BootstrapComponent) -> State:
    """Make the group, the vault and its keys, then the account."""
    request = owner.request
    made = resources.ResourceGroup(
        "group",
        resource_group_name=group(owner),
        location=request.region,
        tags=request.tags,
        opts=owner.kept(),
    )
    vault = _vault(owner, made)
    secrets, objects = (_key(owner, made, vault, role) for role in ("secrets", "state"))
    account = _account(owner, made, vault, objects)
    storage.BlobServiceProperties(
        "state-versions",
        blob_services_name="default",
        account_name=account.name,
        resource_group_name=made.name,
        is_versioning_enabled=True,
        delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=request.keep_days),
        container_delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=request.keep_days),
        opts=owner.kept(),
    )
    container = storage.BlobContainer(
        "state-container",
        container_name=CONTAINER,
        account_name=account.name,
        resource_group_name=made.name,
        public_access=storage.PublicAccess.NONE,
        opts=owner.kept(),
    )
    _lifecycle(owner, made, account)
    authorization.ManagementLockByScope(
        "lock",
        lock_name=owner.name("bootstrap", 90),
        scope=made.id,
        level=authorization.LockLevel.CAN_NOT_DELETE,
        notes="The state of the whole fleet is in this group. Remove this lock first, and mean it.",
        opts=owner.kept(account, vault),
    )
    return State(made, account, container, vault, secrets)


def _vault(owner: BootstrapComponent, made: resources.ResourceGroup) -> keyvault.Vault:
    request = owner.request
    return keyvault.Vault(
        "vault",
        vault_name=plain(owner, "keys"),
        resource_group_name=made.name,
        location=request.region,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=request.tenant,
            sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.PREMIUM),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=_DAYS_OF_A_VAULT,
            enable_purge_protection=True,
            public_network_access="Enabled",
            # CI's jobs come from addresses that nobody knows beforehand; who may do what is for roles to say.
            network_acls=keyvault.NetworkRuleSetArgs(bypass="AzureServices", default_action="Allow"),
        ),
        tags=request.tags,
        opts=owner.kept(),
    )


def _key(owner: BootstrapComponent, made: resources.ResourceGroup, vault: keyvault.Vault, role: str) -> keyvault.Key:
    return keyvault.Key(
        f"{role}-key",
        key_name=role,
        vault_name=vault.name,
        resource_group_name=made.name,
        properties=key_properties(rotate=True),
        tags=owner.request.tags,
        opts=owner.kept(),
    )


def _account(
    owner: BootstrapComponent, made: resources.ResourceGroup, vault: keyvault.Vault, key: keyvault.Key
) -> storage.StorageAccount:
    request = owner.request
    reader = managedidentity.UserAssignedIdentity(
        "state-identity",
        resource_name_=owner.name("state", 128),
        resource_group_name=made.name,
        location=request.region,
        tags=request.tags,
        opts=owner.kept(),
    )
    use = "key-vault-crypto-service-encryption-user"
    granted = authorization.RoleAssignment(
        "state-uses-key",
        role_assignment_name=guid(owner, f"assignment/{use}"),
        role_definition_id=ids.role_definition(request.account, use),
        scope=vault.id,
        principal_id=reader.principal_id,
        principal_type="ServicePrincipal",
        opts=owner.kept(),
    )
    return storage.StorageAccount(
        "state",
        account_name=plain(owner, "state").replace("-", ""),
        resource_group_name=made.name,
        location=request.region,
        kind="StorageV2",
        sku=storage.SkuArgs(name="Standard_ZRS"),
        access_tier=storage.AccessTier.HOT,
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        allow_shared_key_access=False,
        default_to_o_auth_authentication=True,
        enable_https_traffic_only=True,
        minimum_tls_version="TLS1_2",
        public_network_access="Enabled",
        network_rule_set=storage.NetworkRuleSetArgs(default_action=storage.DefaultAction.ALLOW, bypass="AzureServices"),
        identity=storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[reader.id]),
        encryption=storage.EncryptionArgs(
            key_source="Microsoft.Keyvault",
            require_infrastructure_encryption=True,
            encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=reader.id),
            # Without a version: Azure follows the rotation.
            key_vault_properties=storage.KeyVaultPropertiesArgs(
                key_name=key.name, key_vault_uri=vault.properties.vault_uri
            ),
            services=storage.EncryptionServicesArgs(
                blob=storage.EncryptionServiceArgs(enabled=True, key_type="Account")
            ),
        ),
        tags=request.tags,
        opts=owner.kept(granted),
    )


def _lifecycle(owner: BootstrapComponent, made: resources.ResourceGroup, account: storage.StorageAccount) -> None:
    storage.ManagementPolicy(
        "state-lifecycle",
        management_policy_name="default",
        account_name=account.name,
        resource_group_name=made.name,
        policy=storage.ManagementPolicySchemaArgs(
            rules=[
                storage.ManagementPolicyRuleArgs(
                    name="old-versions",
                    type="Lifecycle",
                    enabled=True,
                    definition=storage.ManagementPolicyDefinitionArgs(
                        actions=storage.ManagementPolicyActionArgs(
                            version=storage.ManagementPolicyVersionArgs(
                                delete=storage.DateAfterCreationArgs(
                                    days_after_creation_greater_than=owner.request.keep_days + 60
                                )
                            )
                        ),
                        filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"]),
                    ),
                )
            ]
        ),
        opts=owner.plain(),
    )
