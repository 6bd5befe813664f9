"""Who talked to whom in a cell's network.

Owns      the flow log and the storage account behind it.
"""

import pulumi
from pulumi_azure_native import network

from components import names
from components.base import Component
from components.clouds.azure import log_account
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import NetworkRequest


def build(
    owner: Component,
    request: NetworkRequest,
    spec: AzureSpec,
    watched: network.VirtualNetwork,
    group: pulumi.Input[str],
    provider: pulumi.ProviderResource,
) -> network.FlowLog:
    """Log the flows of `watched` for as many days as the cell says."""
    identity, days = request.identity, request.spec.flow_logs_retention_days
    account = log_account.build(owner, identity, "flow", retention_days=days, group=group, provider=provider)
    return network.FlowLog(
        f"{identity.cell}-flow-log",
        flow_log_name=names.cell_resource(identity.cell, limit=80),
        # Azure makes the region's watcher when the first virtual network appears there, so this waits for ours.
        network_watcher_name=f"NetworkWatcher_{identity.region}",
        resource_group_name=spec.network_watcher_resource_group,
        location=identity.region,
        target_resource_id=watched.id,
        storage_id=account.id,
        enabled=True,
        format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
        retention_policy=network.RetentionPolicyParametersArgs(days=days, enabled=True),
        tags=identity.tags,
        opts=owner.child(provider),
    )
