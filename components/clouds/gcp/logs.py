"""Keeping one kind of log as long as the cell says.

Owns      a log bucket with its retention, the sink that fills it, and the exclusion from the default bucket.
Refuses   to leave logs in the default bucket: its retention is the project's, and a line would be paid for twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity


@dataclass(frozen=True)
class Logs:
    """`role` names the three resources; `query` chooses the log lines, in the language of Cloud Logging."""

    role: str
    query: str
    retention_days: int


def keep(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    logs: Logs,
    after: Sequence[pulumi.Resource],
) -> None:
    """Keep what `logs.query` finds for `logs.retention_days`."""
    name, physical = f"{identity.cell}-{logs.role}", names.cell_resource(identity.cell, logs.role)
    bucket = gcp.logging.ProjectBucketConfig(
        f"{name}-bucket",
        project=identity.account,
        location=identity.region,
        bucket_id=physical,
        retention_days=logs.retention_days,
        opts=parent.child(provider, after=after),
    )
    sink = gcp.logging.ProjectSink(
        f"{name}-sink",
        project=identity.account,
        name=physical,
        destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
        filter=logs.query,
        unique_writer_identity=True,
        opts=parent.child(provider),
    )
    gcp.logging.ProjectExclusion(
        f"{name}-exclusion",
        project=identity.account,
        name=physical,
        filter=logs.query,
        # Until the sink stands, the default bucket is the only place that keeps the lines.
        opts=parent.child(provider, after=[sink]),
    )
