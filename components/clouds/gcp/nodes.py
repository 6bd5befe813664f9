"""Node pools: one a zone for Kafka, one a zone for everything else.

Owns      machine, disk, labels, taint and upgrade behaviour of the nodes.
Refuses   a pool over several zones: a broker's disk stays in its zone, so the node for it must come up there; and
          GCE labels on pools: GKE hands the cluster's labels to the nodes, and a pool's own would be a second truth.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity, NodePool
from components.clouds.gcp.firewall import node_tag
from components.clouds.gcp.pods import MAX_PODS

BOOT_DISK = "hyperdisk-balanced"
"""The node types of `machines.json` take no other kind, and neither do the volumes of the storage classes."""


@dataclass(frozen=True)
class Place:
    """Where pools are put: the cell, its cluster, the account of the nodes, the key of their disks."""

    identity: Identity
    cluster: gcp.container.Cluster
    account: pulumi.Output[str]
    disk_key: pulumi.Output[str]


def _config(place: Place, role: str, machine: str) -> gcp.container.NodePoolNodeConfigArgs:
    return gcp.container.NodePoolNodeConfigArgs(
        machine_type=machine,
        image_type="COS_CONTAINERD",
        disk_type=BOOT_DISK,
        disk_size_gb=100,
        boot_disk_kms_key=place.disk_key,
        service_account=place.account,
        # What the account may do is said by its roles; a scope narrower than those only confuses.
        oauth_scopes=["https://www.googleapis.com/auth/cloud-platform"],
        workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
            enable_integrity_monitoring=True, enable_secure_boot=True
        ),
        kubelet_config=gcp.container.NodePoolNodeConfigKubeletConfigArgs(
            insecure_kubelet_readonly_port_enabled="FALSE"
        ),
        gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True),
        metadata={"disable-legacy-endpoints": "true"},
        labels={"dedicated": role},
        taints=[gcp.container.NodePoolNodeConfigTaintArgs(key="dedicated", value="kafka", effect="NO_SCHEDULE")]
        if role == "kafka"
        else None,
        tags=[node_tag(place.identity.cell)],
    )


def node_pools(
    parent: Component,
    provider: pulumi.ProviderResource,
    place: Place,
    wanted: dict[str, NodePool],
    after: list[pulumi.Resource],
) -> list[gcp.container.NodePool]:
    """Make a pool for each role of `wanted` in each zone."""
    identity = place.identity
    return [
        gcp.container.NodePool(
            f"{identity.cell}-{role}-{zone}",
            project=identity.account,
            cluster=place.cluster.id,
            location=identity.region,
            node_locations=[zone],
            name=names.bounded(f"{role}-{zone}", 40),
            initial_node_count=pool.least_per_zone,
            autoscaling=gcp.container.NodePoolAutoscalingArgs(
                min_node_count=pool.least_per_zone, max_node_count=pool.most_per_zone, location_policy="BALANCED"
            ),
            max_pods_per_node=MAX_PODS[role],
            network_config=gcp.container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
            management=gcp.container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            # A new node first, then an old one leaves: brokers never have fewer places than before.
            upgrade_settings=gcp.container.NodePoolUpgradeSettingsArgs(
                strategy="SURGE", max_surge=1, max_unavailable=0
            ),
            node_drain_configs=[gcp.container.NodePoolNodeDrainConfigArgs(respect_pdb_during_node_pool_deletion=True)],
            node_config=_config(place, role, pool.machine),
            # A changed first count would replace the pool; after creation the autoscaler's limits say it.
            opts=parent.child(provider, after=after, ignore_changes=["initial_node_count"]),
        )
        for role, pool in sorted(wanted.items())
        for zone in sorted(identity.zones)
    ]
