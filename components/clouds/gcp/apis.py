"""The APIs of GCP that a cell uses, switched on in its project.

Owns      one `projects.Service` an API.
Refuses   to switch an API off: other cells and other people use the project too.
"""

from collections.abc import Iterable

import pulumi
import pulumi_gcp as gcp

from components.base import Component
from components.clouds.contract import Identity


def enable(
    parent: Component, provider: pulumi.ProviderResource, identity: Identity, apis: Iterable[str]
) -> list[pulumi.Resource]:
    """Switch on each API, given without its `.googleapis.com`."""
    return [
        gcp.projects.Service(
            f"{identity.cell}-api-{api}",
            project=identity.account,
            service=f"{api}.googleapis.com",
            disable_on_destroy=False,
            opts=parent.child(provider),
        )
        for api in sorted(apis)
    ]
