"""AWS before the first cell: state, keys, and who CI is.

Owns      the component and the provider that is pinned to the account.
Refuses   cells' accounts other than this one: run the bootstrap in each (docs/bootstrap.md).
"""

import pulumi
import pulumi_aws as aws

from components.bootstrap.aws import roles, state
from components.bootstrap.base import BootstrapComponent
from components.bootstrap.contract import BootstrapRequest


class AwsBootstrap(BootstrapComponent):
    """Bucket, keys, the forge's OIDC provider and the three roles."""

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
            "state_backend": f"s3://{kept.bucket}?region={request.region}",
            "state_encryption": f"awskms://{kept.alias}?region={request.region}",
            **{role: one.arn for role, one in sorted(found.items())},
        }
        self.done(self.outputs)


def provider(name: str, request: BootstrapRequest) -> pulumi.ProviderResource:
    """An explicit provider, which refuses any other account."""
    return aws.Provider(
        name,
        region=request.region,
        allowed_account_ids=[request.account],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(sorted(request.tags.items()))),
    )
