"""The provider of one cell: one account, one region, ownership and cost on everything.

Owns      which account and region a cell's resources may be made in.
Refuses   credentials: they are the caller's own, and a caller of another account is refused by the provider.
"""

import pulumi
import pulumi_aws as aws

from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import Identity


def provider(name: str, identity: Identity, spec: AwsSpec) -> pulumi.ProviderResource:
    """An explicit AWS provider. `spec` is part of the contract; nothing of it concerns AWS's provider."""
    del spec
    return aws.Provider(
        name,
        region=identity.region,
        allowed_account_ids=[identity.account],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(sorted(identity.tags.items()))),
    )
