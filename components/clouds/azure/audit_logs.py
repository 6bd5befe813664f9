"""What the control plane of a cell writes down, and for how long it is kept.

Owns      the diagnostic setting of the cluster and its storage account.
Refuses   `kube-audit` with every read of every controller: `kube-audit-admin` has the changes, at a tenth of the size.
"""

import pulumi
from pulumi_azure_native import containerservice, monitor

from components import names
from components.base import Component
from components.clouds.azure import ids, log_account
from components.clouds.resources import KubernetesRequest

CATEGORIES = (
    "cloud-controller-manager",
    "cluster-autoscaler",
    "csi-azuredisk-controller",
    "guard",
    "kube-apiserver",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
)


def build(
    owner: Component,
    request: KubernetesRequest,
    cluster: containerservice.ManagedCluster,
    provider: pulumi.ProviderResource,
) -> None:
    """Keep the control plane's logs for `request.log_retention_days`."""
    identity = request.identity
    account = log_account.build(
        owner,
        identity,
        "audit",
        retention_days=request.log_retention_days,
        group=ids.resource_group(identity),
        provider=provider,
        after=request.network.ready,
    )
    monitor.DiagnosticSetting(
        f"{identity.cell}-audit",
        name=names.cell_resource(identity.cell, limit=64),
        resource_uri=cluster.id,
        storage_account_id=account.id,
        logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in CATEGORIES],
        opts=owner.child(provider),
    )
