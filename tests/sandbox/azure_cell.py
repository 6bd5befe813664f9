"""A cell on Azure as a program for the engine: the very components that a fleet is made of, and a company around it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_azure_native as azure
import pulumi_kubernetes as kubernetes_sdk
from pulumi_azure_native import network, resources

from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.azure import ENTRY
from components.clouds.azure.gateway import Gateway
from components.clouds.azure.kubernetes import Kubernetes
from components.clouds.azure.network import Network
from components.clouds.azure.provider import provider
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import Access, ClusterAddress, Identity, LinkRequest, NetworkRequest, NodePool
from components.clouds.reach import EXPOSURES
from components.clouds.resources import GatewayRequest, KubernetesRequest
from components.kubeconfig import kubeconfig

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
OTHER = "22222222-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
GROUP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SPEC = AzureSpec(tenant_id=TENANT)
COMPANY = f"/subscriptions/{OTHER}/resourceGroups/company/providers/Microsoft.Network"
SHARED = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/shared"


def identity(cell: str, zones: int = 3, account: str = SUBSCRIPTION) -> Identity:
    """A development cell of so many zones."""
    names = tuple(f"westeurope-{number}" for number in range(1, zones + 1))
    return Identity(cell, account, "westeurope", names, False, {"cell": cell, "cost-center": "cc-1"})


def program(
    who: Identity,
    spec: AzureSpec = SPEC,
    network: Mapping[str, Any] | None = None,
    kubernetes: Mapping[str, Any] | None = None,
    links: Mapping[str, LinkRequest] | None = None,
) -> Callable[[], None]:
    """Network, Kubernetes and gateway of one cell. `network` is of the cell file; `kubernetes` replaces fields."""

    def run() -> None:
        asked = NetworkSpec.model_validate({"address_block": "10.20.0.0/16", **(network or {})})
        cut = ranges(asked, who.zones, ENTRY.zone_pattern)
        zone, public = f"{who.cell}.kafka.internal", f"{who.cell}.kafka.example.com"
        cloud = provider(f"{who.cell}-provider", who, spec)
        request = NetworkRequest(
            identity=who,
            ranges=cut,
            spec=asked,
            private_dns_zone=zone,
            public_dns_zone=public if asked.reachability == "public" else "",
            links=links or {},
        )
        net = Network(f"{who.cell}-network", request, spec, cloud)
        wanted = KubernetesRequest(
            identity=who,
            ranges=cut,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("Standard_D8ds_v5", 1, 4),
            system_nodes=NodePool("Standard_D2ds_v5", 1, 2),
            access=Access(platform=GROUP, services=GROUP, apps=GROUP),
            log_retention_days=90,
        )
        kube = Kubernetes(f"{who.cell}-kubernetes", replace(wanted, **(kubernetes or {})), spec, cloud)
        pulumi.export("id", net.id)
        pulumi.export("endpoint", kube.endpoint)
        pulumi.export("ca_certificate", kube.ca_certificate)
        pulumi.export("disk_key", kube.disk_key)
        pulumi.export("egress_ips", list(net.egress_ips))
        pulumi.export("told", dict(net.told))
        if asked.has_gateway:
            _gateway(who, asked, request, net, kube, spec, cloud)

    return run


def _gateway(
    who: Identity,
    asked: NetworkSpec,
    request: NetworkRequest,
    net: Network,
    kube: Kubernetes,
    spec: AzureSpec,
    cloud: pulumi.ProviderResource,
) -> None:
    """The gateway, and a Service that says what the platform's would."""
    public = asked.reachability == "public"
    made = Gateway(
        f"{who.cell}-gateway",
        GatewayRequest(
            identity=who,
            ranges=request.ranges,
            network=net,
            kubernetes=kube,
            exposure=EXPOSURES[asked.reachability],
            allowed_cidrs=asked.allowed_cidrs if public else (),
            client_cidrs=asked.client_cidrs,
            ports=gateway_ports(asked),
            link=asked.privatelink,
            dns_zone=request.public_dns_zone or request.private_dns_zone,
            dns_zone_id=net.public_dns_zone_id or net.private_dns_zone_id,
            namespace="default",
            service="kafka-gateway",
        ),
        spec,
        cloud,
    )
    pulumi.export("gateway", dict(made.told))
    parts = pulumi.Output.all(kube.cluster_name, kube.cluster_id, kube.endpoint, kube.ca_certificate)
    cluster = kubernetes_sdk.Provider(
        f"{who.cell}-cluster",
        kubeconfig=parts.apply(lambda at: kubeconfig(ClusterAddress("azure", who.account, who.region, *at))),
        cluster_identifier=kube.cluster_id,
    )
    kubernetes_sdk.core.v1.Service(
        f"{who.cell}-gateway-service",
        metadata=kubernetes_sdk.meta.v1.ObjectMetaArgs(
            name="kafka-gateway", namespace="default", annotations=dict(made.service.annotations)
        ),
        spec=kubernetes_sdk.core.v1.ServiceSpecArgs(
            type=made.service.type,
            selector={"app": "gateway"},
            ports=[kubernetes_sdk.core.v1.ServicePortArgs(name="sni", port=443)],
        ),
        opts=pulumi.ResourceOptions(provider=cluster),
    )


def company() -> None:
    """What a company has already, in a subscription of its own: an office's network and a virtual WAN hub."""
    cloud = azure.Provider("company", subscription_id=OTHER, tenant_id=TENANT)
    opts = pulumi.ResourceOptions(provider=cloud)
    group = resources.ResourceGroup("group", resource_group_name="company", location="westeurope", opts=opts)
    here: dict[str, Any] = {"resource_group_name": group.name, "location": "westeurope", "opts": opts}
    space = network.AddressSpaceArgs(address_prefixes=["10.90.0.0/16"])
    network.VirtualNetwork("office", virtual_network_name="office", address_space=space, **here)
    wan = network.VirtualWan("wan", virtual_wan_name="wan", type="Standard", **here)
    network.VirtualHub(
        "hub",
        virtual_hub_name="hub",
        address_prefix="10.91.0.0/23",
        sku="Standard",
        virtual_wan=network.SubResourceArgs(id=wan.id),
        **here,
    )


def shared() -> None:
    """A network that the company has already, in the cell's subscription: nodes leave it by a NAT gateway."""
    opts = pulumi.ResourceOptions(provider=azure.Provider("shared", subscription_id=SUBSCRIPTION, tenant_id=TENANT))
    group = resources.ResourceGroup("group", resource_group_name="shared", location="westeurope", opts=opts)
    here: dict[str, Any] = {"resource_group_name": group.name, "location": "westeurope", "opts": opts}
    space = network.AddressSpaceArgs(address_prefixes=["10.70.0.0/16"])
    found = network.VirtualNetwork("shared", virtual_network_name="shared", address_space=space, **here)
    row = network.PublicIPPrefix(
        "row",
        public_ip_prefix_name="row",
        prefix_length=30,
        sku=network.PublicIPPrefixSkuArgs(name="Standard", tier="Regional"),
        **here,
    )
    out = network.NatGateway(
        "out",
        nat_gateway_name="out",
        sku=network.NatGatewaySkuArgs(name="Standard"),
        public_ip_prefixes=[network.SubResourceArgs(id=row.id)],
        **here,
    )
    inside: dict[str, Any] = {"resource_group_name": group.name, "virtual_network_name": found.name}
    nodes = network.Subnet(
        "nodes",
        subnet_name="nodes",
        address_prefix="10.70.0.0/24",
        nat_gateway=network.SubResourceArgs(id=out.id),
        opts=opts,
        **inside,
    )
    network.Subnet(
        "front",
        subnet_name="front",
        address_prefix="10.70.1.0/26",
        private_link_service_network_policies="Disabled",
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[nodes])),
        **inside,
    )
