"""A cell on Azure as a program for the engine: the very components that a fleet is made of."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi

from components.cell.layout import cut
from components.clouds.azure import ENTRY
from components.clouds.azure.kubernetes import Kubernetes
from components.clouds.azure.network import Network
from components.clouds.azure.provider import provider
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import Access, Identity, NetworkRequest, NodePool
from components.clouds.resources import KubernetesRequest

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
GROUP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SPEC = AzureSpec(tenant_id=TENANT)


def identity(cell: str, zones: int = 3) -> Identity:
    """A development cell of so many zones."""
    names = tuple(f"westeurope-{number}" for number in range(1, zones + 1))
    return Identity(cell, SUBSCRIPTION, "westeurope", names, False, {"cell": cell, "cost-center": "cc-1"})


def program(
    who: Identity,
    spec: AzureSpec = SPEC,
    network: dict[str, Any] | None = None,
    kubernetes: dict[str, Any] | None = None,
) -> Callable[[], None]:
    """Network and Kubernetes of one cell; the mappings replace fields of the two requests."""

    def run() -> None:
        ranges = cut(1, "10.20.0.0/16", who.zones, ENTRY.zone_pattern)
        cloud = provider(f"{who.cell}-provider", who, spec)
        asked = NetworkRequest(
            identity=who,
            ranges=ranges,
            reachability="private",
            allowed_cidrs=(),
            private_dns_zone=f"{who.cell}.kafka.internal",
            flow_logs_retention_days=30,
            nat="per-zone",
        )
        net = Network(f"{who.cell}-network", replace(asked, **(network or {})), spec, cloud)
        request = KubernetesRequest(
            identity=who,
            ranges=ranges,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("Standard_D8ds_v5", 1, 4),
            system_nodes=NodePool("Standard_D2ds_v5", 1, 2),
            access=Access(platform=GROUP, services=GROUP, apps=GROUP),
            log_retention_days=90,
        )
        kube = Kubernetes(f"{who.cell}-kubernetes", replace(request, **(kubernetes or {})), spec, cloud)
        pulumi.export("endpoint", kube.endpoint)
        pulumi.export("ca_certificate", kube.ca_certificate)
        pulumi.export("disk_key", kube.disk_key)
        pulumi.export("egress_ips", list(net.egress_ips))

    return run
