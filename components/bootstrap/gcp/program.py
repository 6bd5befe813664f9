"""Google Cloud before the first cell: state, keys, and who CI is.

Owns      the component and the provider that is pinned to the project.
Refuses   cells' projects other than this one: run the bootstrap in each (docs/bootstrap.md).
"""

import pulumi
import pulumi_gcp as gcp

from components.bootstrap.base import BootstrapComponent
from components.bootstrap.contract import BootstrapRequest
from components.bootstrap.gcp import roles, state
from components.clouds.gcp.labels import labels


class GcpBootstrap(BootstrapComponent):
    """Bucket, keys, the workload identity pool and the three accounts."""

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
            "state_backend": pulumi.Output.format("gs://{0}", kept.bucket.name),
            "state_encryption": pulumi.Output.format("gcpkms://{0}", kept.secrets.id),
            **{role: one.email for role, one in sorted(found.items())},
        }
        self.done(self.outputs)


def provider(name: str, request: BootstrapRequest) -> pulumi.ProviderResource:
    """An explicit provider of one project."""
    return gcp.Provider(
        name,
        project=request.account,
        region=request.region,
        default_labels=labels(request.tags),
        add_pulumi_attribution_label=False,
        user_project_override=False,
    )
