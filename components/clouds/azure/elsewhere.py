"""Work in another subscription than the cell's own.

Owns      the provider for the other side of a peering, a company's hub or DNS zone.
Refuses   another tenant: one login is good for all subscriptions of a tenant, and for no other tenant's.
"""

import pulumi
import pulumi_azure_native as azure

from components.base import Component
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import Identity


def provider(
    owner: Component,
    identity: Identity,
    spec: AzureSpec,
    own: pulumi.ProviderResource,
    *,
    subscription: str,
    purpose: str,
    client_id: str | None = None,
) -> pulumi.ProviderResource:
    """The cell's own provider where `subscription` is the cell's, else one that is pinned to `subscription`.

    client_id  the application as which a federated or managed login acts there; `az login` acts as itself
    """
    if subscription == identity.account and client_id is None:
        return own
    return azure.Provider(
        f"{identity.cell}-{purpose}-provider",
        subscription_id=subscription,
        tenant_id=spec.tenant_id,
        client_id=client_id,
        environment="public",
        disable_pulumi_partner_id=True,
        opts=pulumi.ResourceOptions(parent=owner),
    )
