"""The three components that every cloud provides, as base classes. The rules: CONTRACT.md beside this file.

Owns      the constructor signatures and the attributes that the rest of the fleet may rely on.
Refuses   knowledge of any one cloud.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi

from components.base import Component
from components.cell.network_spec import PrivateLink
from components.clouds.contract import Access, GatewayService, Identity, NodePool, Ranges
from components.clouds.reach import Exposure
from components.services.contract import Manifest


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
    public_dns_zone_id: pulumi.Output[str] | None
    """The public zone of a `public` cell; None for any other."""
    egress_ips: Sequence[pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    """What must exist before nodes can start (routes, NAT): Kubernetes depends on these."""
    told: Mapping[str, Any]
    """What people must know of how the network is joined to others, exported as the cell's `network`: plain data or
    outputs, no secret. Keys, each only where there is such a thing: `peerings` (name -> {id, state, instructions}),
    `hub` ({id, attachment}), `links` (name -> {endpoint, addresses}), `name_servers` (of the public zone), `existing`
    ({instructions}: what the owner of an existing network has to do for the cell)."""


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


@dataclass(frozen=True)
class GatewayRequest:
    """What a cell asks of the load balancer in front of its gateway.

    exposure     `external`: public addresses, for `allowed_cidrs` only; `network` and `link`: private addresses
    ports        443 (told apart by name) and the broker ports, sorted
    link         who may connect by private link; None where the cell offers none
    dns_zone     zone in which the wildcard `*.<dns_zone>` leads to the load balancer (and `*.<zone>.<dns_zone>`)
    dns_zone_id  its id
    namespace, service  where the Service of the gateway's pods stands, and its name
    """

    identity: Identity
    ranges: Ranges
    network: Network
    kubernetes: "Kubernetes"
    exposure: Exposure
    allowed_cidrs: tuple[str, ...]
    client_cidrs: tuple[str, ...]
    ports: tuple[int, ...]
    link: PrivateLink | None
    dns_zone: str
    dns_zone_id: pulumi.Output[str]
    namespace: str
    service: str


class Gateway(Component):
    """The load balancer of the cell's gateway, its DNS names, and the private link that ends at it.

    Constructor: `(name: str, request: GatewayRequest, spec: <Cloud>Spec, provider, opts=None)`.
    """

    service: GatewayService
    """What the Service in front of the gateway's pods must say."""
    objects: Sequence[Manifest]
    """Kubernetes objects that the cloud needs beside the Service, e.g. GKE's ServiceAttachment."""
    told: Mapping[str, Any]
    """What people must know, exported as the cell's `gateway`: `address`, and with a private link `service` (what a
    consumer writes into its `links`). No secret."""


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
    dns_writer: Mapping[str, Any]
    """Values of external-dns' Helm chart by which it may write to the cell's zones and to no other: `provider`,
    `serviceAccount`, `podLabels`, `extraArgs`, … ; may hold outputs. The identity is bound to service account
    `external-dns` in namespace `external-dns`."""
    ready: Sequence[pulumi.Resource]
    """What must exist before pods can run (node pools, CNI and CSI add-ons): the platform depends on these."""
