"""The GCP provider of one cell.

Owns      the pin to project and region, and the labels that every resource gets by default.
Refuses   the environment: project, region and zone are always given, because the SDK would else take them from
          variables of the shell. GCP's provider has no list of allowed projects; every resource names its own.
"""

import pulumi_gcp as gcp

from components.clouds.contract import Identity
from components.clouds.gcp.labels import labels
from components.clouds.gcp.spec import GcpSpec


def provider(name: str, identity: Identity, spec: GcpSpec) -> gcp.Provider:  # noqa: ARG001 - the contract's signature
    """The provider through which everything of the cell is made."""
    return gcp.Provider(
        name,
        project=identity.account,
        region=identity.region,
        zone=min(identity.zones),
        default_labels=labels(identity.tags),
        # A label that only the provider knows would be a change on every resource when the tool changes.
        add_pulumi_attribution_label=False,
        # Quota and billing follow the resource's project, not the caller's.
        user_project_override=False,
    )
