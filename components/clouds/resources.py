"""The two components that every cloud provides, as base classes. The rules: CONTRACT.md beside this file.

Owns      the constructor signatures and the attributes that the rest of the fleet may rely on.
Refuses   knowledge of any one cloud.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.base import Component
from components.clouds.contract import Access, Identity, NodePool, Ranges


class Network(Component):
    """The network of one cell. Each cloud subclasses it as `Network` in its `network.py`.

    Constructor: `(name: str, request: NetworkRequest, spec: <Cloud>Spec, provider: ProviderResource, opts=None)`.
    After it, every attribute below is set. Zone keys are `request.identity.zones`; where a cloud's subnets are
    regional the same id stands under each zone.
    """

    id: pulumi.Output[str]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_dns_zone_id: pulumi.Output[str]
    egress_ips: Sequence[pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    """What must exist before nodes can start (routes, NAT): Kubernetes depends on these."""


@dataclass(frozen=True)
class KubernetesRequest:
    """What a cell asks of a cloud's managed Kubernetes.

    api           `private`: endpoint inside the network only; `public`: also from `api_allowed_cidrs`
    kafka_nodes   tainted `dedicated=kafka:NoSchedule`, labelled `dedicated: kafka`; one pool a zone
    system_nodes  untainted pool for operators and add-ons, one a zone, labelled `dedicated: system`
    """

    identity: Identity
    ranges: Ranges
    network: Network
    version: str
    api: Literal["private", "public"]
    api_allowed_cidrs: tuple[str, ...]
    kafka_nodes: NodePool
    system_nodes: NodePool
    access: Access
    log_retention_days: int


class Kubernetes(Component):
    """The Kubernetes cluster of one cell. Each cloud subclasses it as `Kubernetes` in its `kubernetes.py`.

    Constructor: `(name: str, request: KubernetesRequest, spec: <Cloud>Spec, provider, opts=None)`.
    """

    cluster_name: pulumi.Output[str]
    cluster_id: pulumi.Output[str]
    """Never changes while the cluster lives: becomes `cluster_identifier` of every Kubernetes provider."""
    endpoint: pulumi.Output[str]
    """`https://…`"""
    ca_certificate: pulumi.Output[str]
    """PEM, base64: as it stands in a kubeconfig's `certificate-authority-data`."""
    disk_key: pulumi.Output[str]
    """Customer-managed key (or disk encryption set) that the storage classes name."""
    ready: Sequence[pulumi.Resource]
    """What must exist before pods can run (node pools, CNI and CSI add-ons): the platform depends on these."""
