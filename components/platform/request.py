"""What a cell asks of its platform.

Owns      the request: plain data, except that storage parameters may hold Pulumi outputs.
Refuses   Pulumi: the objects are rendered offline from the same request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.clouds.contract import GatewayService, StorageClass
from components.services.contract import Manifest

GATEWAY_NAMESPACE = "kafka-gateway"
GATEWAY_NAME = "kafka"
"""The Gateway that clusters' routes attach to: its listeners are `sni` (443) and `port-<port>`."""
GATEWAY_SERVICE = "kafka-gateway"
"""Name of the Service in front of the gateway's pods, in GATEWAY_NAMESPACE."""
DNS_NAMESPACE = "external-dns"


@dataclass(frozen=True)
class FromCloud:
    """What the cell's cloud gives to the platform. Values may be Pulumi outputs, or names for them offline.

    disk_key    key of the storage classes
    dns_writer  values of external-dns' chart by which it may write to the cell's zones
    gateway     what the Service in front of the gateway must say; None where the cell has no gateway
    objects     Kubernetes objects that the cloud needs beside that Service
    """

    disk_key: Any
    dns_writer: Mapping[str, Any]
    gateway: GatewayService | None = None
    objects: Sequence[Manifest] = ()


@dataclass(frozen=True)
class PlatformGateway:
    """The gateway of a cell: a proxy that forwards by name (port 443) and by port, and never opens TLS.

    ports  443 and the broker ports, sorted
    """

    ports: tuple[int, ...]
    replicas: int
    service: GatewayService
    objects: Sequence[Manifest] = ()


@dataclass(frozen=True)
class PlatformRequest:
    """One platform, ready to be built.

    chart_digest    `sha256:…` of the operator's chart; without it the version alone picks the chart
    image_registry  mirror that replaces every image's registry; empty means the images' own
    subjects        RBAC subjects by Kubernetes group (`components.clouds.contract.KUBERNETES_GROUPS`)
    annotations     ownership and cost, on every object
    crds            folder with Strimzi's CRDs as `crds.json` (they are obtained at set-up, not committed)
    apis            API groups with version that somebody else installs in the cell: rights only for what is there
    dns_zones       zones of the cell, no final dot: external-dns writes records there and nowhere else
    dns_writer      values of external-dns' chart by which it may
    gateway         None where the cell has none
    """

    cell: str
    production: bool
    strimzi_version: str
    chart_digest: str | None
    image_registry: str
    zones: tuple[str, ...]
    storage_classes: tuple[StorageClass, ...]
    subjects: Mapping[str, Mapping[str, Any]]
    annotations: Mapping[str, str]
    crds: Path
    apis: tuple[str, ...] = ()
    dns_zones: tuple[str, ...] = ()
    dns_writer: Mapping[str, Any] = field(default_factory=dict)
    gateway: PlatformGateway | None = None
