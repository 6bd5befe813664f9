"""Azure before the first cell: state, keys, and who CI is.

Owns      the component and the provider that is pinned to the subscription.
Refuses   cells' subscriptions other than this one: run the bootstrap in each (docs/bootstrap.md).
"""

import pulumi
import pulumi_azure_native as azure

from components.bootstrap.azure import roles, state
from components.bootstrap.base import BootstrapComponent
from components.bootstrap.contract import BootstrapRequest


class AzureBootstrap(BootstrapComponent):
    """Storage account, key vault, identities and roles."""

    def __init__(
        self,
        name: str,
        request: BootstrapRequest,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, request, provider, opts)
        kept = state.build(self)
        found = roles.build(self, kept)
        self.outputs = {
            "state_backend": pulumi.Output.format(
                "azblob://{0}?storage_account={1}", kept.container.name, kept.account.name
            ),
            "state_encryption": pulumi.Output.format(
                "azurekeyvault://{0}.vault.azure.net/keys/{1}", kept.vault.name, kept.secrets.name
            ),
            **{role: one.client_id for role, one in sorted(found.items())},
        }
        self.done(self.outputs)


def provider(name: str, request: BootstrapRequest) -> pulumi.ProviderResource:
    """An explicit provider of one subscription and tenant."""
    return azure.Provider(
        name,
        subscription_id=request.account,
        tenant_id=request.tenant,
        location=request.region,
        environment="public",
        disable_pulumi_partner_id=True,
    )
