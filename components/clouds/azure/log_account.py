"""A storage account that holds logs and nothing else.

Owns      encryption, closed access and the days after which logs are deleted.
Refuses   reading: the account answers only Azure's own services; people read through the portal or an export.
"""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import storage

from components.base import Component
from components.clouds.azure import ids
from components.clouds.contract import Identity


def build(
    owner: Component,
    identity: Identity,
    role: str,
    *,
    retention_days: int,
    group: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    after: Sequence[pulumi.Resource] = (),
) -> storage.StorageAccount:
    """An account for logs of one kind, kept for `retention_days`."""
    account = storage.StorageAccount(
        f"{identity.cell}-{role}-logs",
        account_name=ids.storage_account(identity, role),
        resource_group_name=group,
        location=identity.region,
        kind="StorageV2",
        sku=storage.SkuArgs(name="Standard_ZRS"),
        access_tier=storage.AccessTier.HOT,
        enable_https_traffic_only=True,
        minimum_tls_version="TLS1_2",
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        public_network_access="Enabled",
        # Closed to every network; "AzureServices" is the one door, through which Azure itself writes the logs.
        network_rule_set=storage.NetworkRuleSetArgs(default_action=storage.DefaultAction.DENY, bypass="AzureServices"),
        encryption=storage.EncryptionArgs(
            key_source="Microsoft.Storage",
            require_infrastructure_encryption=True,
            services=storage.EncryptionServicesArgs(
                blob=storage.EncryptionServiceArgs(enabled=True, key_type="Account")
            ),
        ),
        tags=identity.tags,
        opts=owner.child(provider, protect=identity.production, after=after),
    )
    storage.ManagementPolicy(
        f"{identity.cell}-{role}-logs-retention",
        # Azure knows no other name for an account's only policy.
        management_policy_name="default",
        account_name=account.name,
        resource_group_name=group,
        policy=storage.ManagementPolicySchemaArgs(
            rules=[
                storage.ManagementPolicyRuleArgs(
                    name="retention",
                    type="Lifecycle",
                    enabled=True,
                    definition=storage.ManagementPolicyDefinitionArgs(
                        actions=storage.ManagementPolicyActionArgs(
                            base_blob=storage.ManagementPolicyBaseBlobArgs(
                                delete=storage.DateAfterModificationArgs(
                                    days_after_modification_greater_than=retention_days
                                )
                            )
                        ),
                        filters=storage.ManagementPolicyFilterArgs(blob_types=["appendBlob", "blockBlob"]),
                    ),
                )
            ]
        ),
        opts=owner.child(provider),
    )
    return account
