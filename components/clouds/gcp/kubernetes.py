"""The Kubernetes cluster of a cell on GCP: a regional, private GKE cluster.

Owns      the order of keys, identities, control plane and node pools, and what the rest of the fleet may know.
Refuses   to hand out credentials: callers log in as themselves (`access.py`).
Identity  the cluster is protected in production twice: by Pulumi and by GKE's own deletion protection.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.clouds import resources
from components.clouds.gcp import apis, iam, logs
from components.clouds.gcp.cluster import cluster_args, cluster_name
from components.clouds.gcp.dns_writer import dns_writer
from components.clouds.gcp.keys import keys
from components.clouds.gcp.nodes import Place, node_pools
from components.clouds.gcp.spec import GcpSpec
from components.clouds.resources import KubernetesRequest

APIS = ("cloudkms", "container", "iam")


def _ca(auth: gcp.container.outputs.ClusterMasterAuth) -> str:
    return auth.cluster_ca_certificate or ""


def control_plane_logs(cluster: str, region: str, retention_days: int) -> logs.Logs:
    """Where the cluster's own logs go. Audit logs of admin activity are always kept by GCP, 400 days."""
    return logs.Logs(
        role="gke-logs",
        query=(
            'resource.type=("k8s_cluster" OR "k8s_control_plane_component" OR "k8s_node") '
            f'AND resource.labels.cluster_name="{cluster}" AND resource.labels.location="{region}"'
        ),
        retention_days=retention_days,
    )


class Kubernetes(resources.Kubernetes):
    """Build the cluster that `request` asks for."""

    cluster_name: pulumi.Output[str]
    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    ca_certificate: pulumi.Output[str]
    disk_key: pulumi.Output[str]
    dns_writer: Mapping[str, Any]
    ready: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        request: KubernetesRequest,
        spec: GcpSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        identity, physical = request.identity, cluster_name(request.identity)
        enabled = apis.enable(self, provider, identity, APIS)
        keyring = keys(self, provider, identity, spec.project_number, enabled)
        account, account_grant = iam.node_account(self, provider, identity, enabled)
        cluster = gcp.container.Cluster(
            f"{identity.cell}-cluster",
            cluster_args(request, spec, keyring, account.email),
            opts=self.child(
                provider,
                protect=identity.production,
                after=[*keyring.grants, account_grant, *request.network.ready],
                # Describes the default pool, which is gone; GKE then shows some other pool's there.
                ignore_changes=["node_config"],
            ),
        )
        iam.principals(self, provider, identity, request.access, physical)
        pools = node_pools(
            self,
            provider,
            Place(identity=identity, cluster=cluster, account=account.email, disk_key=keyring.disks.id),
            {"kafka": request.kafka_nodes, "system": request.system_nodes},
            [*keyring.grants, account_grant],
        )
        kept = control_plane_logs(physical, identity.region, request.log_retention_days)
        logs.keep(self, provider, identity, kept, request.network.ready)

        self.cluster_name = cluster.name
        self.cluster_id = cluster.id
        self.endpoint = pulumi.Output.concat("https://", cluster.endpoint)
        self.ca_certificate = cluster.master_auth.apply(_ca)
        self.disk_key = keyring.disks.id
        self.dns_writer = dns_writer(self, provider, identity, request.network, enabled, cluster)
        self.ready = [cluster, *pools]
        self.done({"cluster_name": self.cluster_name, "endpoint": self.endpoint})
