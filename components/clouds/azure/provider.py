"""The Azure provider of one cell, pinned to its subscription.

Owns      the provider's configuration.
Refuses   another subscription or tenant: each id that the cell uses is made from this subscription, and the provider
          signs in to this tenant whatever the machine's own Azure login points to.
"""

import pulumi
import pulumi_azure_native as azure

from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import Identity


def provider(name: str, identity: Identity, spec: AzureSpec) -> pulumi.ProviderResource:
    """The provider that makes everything of the cell `identity`."""
    return azure.Provider(
        name,
        subscription_id=identity.account,
        tenant_id=spec.tenant_id,
        location=identity.region,
        environment="public",
        # Requests would otherwise carry an id by which Pulumi's partner programme counts usage.
        disable_pulumi_partner_id=True,
    )
