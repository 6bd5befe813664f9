"""The nodes of a cell: one system pool and one Kafka pool in each zone.

Owns      what an AKS agent pool of either kind is.
Refuses   pools over several zones: a disk lives in one zone, and so must the nodes that can take its broker.
Identity  AKS takes 12 lower-case letters and digits as a pool's name, and never renames one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi_azure_native import containerservice

from components.base import Component
from components.clouds.azure import ids
from components.clouds.contract import NodePool
from components.clouds.resources import KubernetesRequest

Kind = Literal["kafka", "system"]

_PODS = 110
"""Pods a node: kubelet keeps memory aside for this many, which `machines.json` counts in."""


@dataclass(frozen=True)
class Pool:
    """The pool of one kind in one zone."""

    kind: Kind
    zone: str
    size: NodePool

    @property
    def name(self) -> str:
        """`kafka1`, `system3` …"""
        return f"{self.kind}{ids.zone_number(self.zone)}"


def pools(request: KubernetesRequest, kind: Kind) -> list[Pool]:
    """One pool a zone, by zone."""
    size = request.kafka_nodes if kind == "kafka" else request.system_nodes
    return [Pool(kind, zone, size) for zone in ids.zones(request.identity)]


def _common(request: KubernetesRequest, pool: Pool) -> Mapping[str, Any]:
    """What the inline form and the separate form of a pool have in common: Azure's API has two models for it."""
    kafka = pool.kind == "kafka"
    return {
        "mode": "User" if kafka else "System",
        "type": "VirtualMachineScaleSets",
        "vm_size": pool.size.machine,
        "availability_zones": [ids.zone_number(pool.zone)],
        "vnet_subnet_id": request.network.node_subnet_ids[pool.zone],
        "enable_auto_scaling": True,
        "count": pool.size.least_per_zone,
        "min_count": pool.size.least_per_zone,
        "max_count": pool.size.most_per_zone,
        "max_pods": _PODS,
        "orchestrator_version": request.version,
        "os_type": "Linux",
        "os_sku": "AzureLinux",
        "os_disk_type": "Managed",
        "os_disk_size_gb": 128,
        "kubelet_disk_type": "OS",
        "enable_encryption_at_host": True,
        "enable_node_public_ip": False,
        "scale_down_mode": "Delete",
        "node_labels": {"dedicated": pool.kind},
        "node_taints": ["dedicated=kafka:NoSchedule"] if kafka else None,
        "tags": dict(request.identity.tags),
        "upgrade_settings": containerservice.AgentPoolUpgradeSettingsArgs(
            max_surge="1",
            # A broker may take this long to hand over its partitions; a node that cannot be drained stays as it is.
            drain_timeout_in_minutes=120 if kafka else 30,
            node_soak_duration_in_minutes=5 if kafka else 0,
            undrainable_node_behavior="Cordon",
        ),
    }


def inline(request: KubernetesRequest, pool: Pool) -> containerservice.ManagedClusterAgentPoolProfileArgs:
    """The pool that AKS wants together with the cluster."""
    return containerservice.ManagedClusterAgentPoolProfileArgs(name=pool.name, **_common(request, pool))


def separate(
    owner: Component,
    request: KubernetesRequest,
    pool: Pool,
    cluster: containerservice.ManagedCluster,
    provider: pulumi.ProviderResource,
    *,
    after: Sequence[pulumi.Resource] = (),
) -> containerservice.AgentPool:
    """A pool of its own: it can be added, changed and removed without touching the cluster."""
    identity = request.identity
    return containerservice.AgentPool(
        f"{identity.cell}-{pool.kind}-{pool.zone}",
        agent_pool_name=pool.name,
        resource_name_=cluster.name,
        resource_group_name=ids.resource_group(identity),
        **_common(request, pool),
        opts=owner.child(
            provider,
            # Replacing a Kafka pool takes all of a zone's brokers at once.
            protect=identity.production and pool.kind == "kafka",
            # The autoscaler moves it between least and most.
            ignore_changes=["count"],
            after=after,
        ),
    )
