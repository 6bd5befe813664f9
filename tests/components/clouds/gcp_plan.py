"""What a cell on GCP registers, recorded: the program runs, and every resource of it is written down."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks

from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.contract import Access, Identity, LinkRequest, NetworkRequest, NodePool
from components.clouds.gcp import ENTRY
from components.clouds.gcp.gateway import Gateway
from components.clouds.gcp.kubernetes import Kubernetes
from components.clouds.gcp.network import Network
from components.clouds.gcp.provider import provider
from components.clouds.gcp.spec import GcpSpec
from components.clouds.reach import EXPOSURES
from components.clouds.resources import GatewayRequest, KubernetesRequest
from stacks.rendition.record import Registered, record

HERE = Path(__file__).parents[3] / "components/clouds/gcp"
SPEC = GcpSpec(project_number="104729104729")
IDENTITY = Identity(
    cell="gcp-euw1-prod",
    account="acme-kafka-prod",
    region="europe-west1",
    zones=("europe-west1-d", "europe-west1-b", "europe-west1-c"),
    production=True,
    tags={"owner": "platform", "cell": "gcp-euw1-prod", "cost-center": "CC-1001"},
)
POOL = NodePool(machine="n4-standard-4", least_per_zone=1, most_per_zone=3)
ACCESS = Access(
    "p@acme-kafka-prod.iam.gserviceaccount.com",
    "s@acme-kafka-prod.iam.gserviceaccount.com",
    "a@acme-kafka-prod.iam.gserviceaccount.com",
    "v@acme-kafka-prod.iam.gserviceaccount.com",
)
COMPUTED: dict[str, dict[str, Any]] = {
    "gcp:container/cluster:Cluster": {"endpoint": "10.0.0.2", "masterAuth": {"clusterCaCertificate": "Q0E="}},
    "gcp:serviceaccount/account:Account": {
        "email": "nodes@x.iam.gserviceaccount.com",
        "member": "serviceAccount:n@x",
        "name": "projects/x/serviceAccounts/nodes@x",
    },
    "gcp:compute/address:Address": {"address": "198.51.100.7"},
    "gcp:dns/managedZone:ManagedZone": {"nameServers": ["ns-cloud-a1.googledomains.com."]},
}


class _Mocks(mocks.Mocks):
    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a cell must not ask the cloud while it is planned: {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        computed = {"selfLink": f"https://gcp/{args.name}", "name": args.inputs.get("name", args.name)}
        return f"{args.name}-id", computed | COMPUTED.get(args.typ, {}) | args.inputs


@dataclass(frozen=True)
class Given:
    """Everything that a cell can ask of GCP, as one flat record: a test changes one field."""

    identity: Identity = IDENTITY
    spec: GcpSpec = SPEC
    block: str = "10.68.0.0/16"
    network: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, LinkRequest] = field(default_factory=dict)
    dns_zone: str = "gcp-euw1-prod.kafka.internal"
    public_dns_zone: str = "gcp-euw1-prod.kafka.example.com"
    version: str = "1.34"
    api: str = "public"
    api_allowed_cidrs: tuple[str, ...] = ("198.51.100.16/28",)
    kafka_nodes: NodePool = POOL
    system_nodes: NodePool = POOL
    access: Access = ACCESS
    log_retention_days: int = 90


DATA = "projects/acme-data/global/networks/data"
SERVICE = "projects/acme-orders/regions/europe-west1/serviceAttachments/k8s1-sa-orders"
ROBOT = "fleet-platform@acme-data.iam.gserviceaccount.com"

JOINED: dict[str, Any] = {
    "peerings": {
        "data": {
            "network": DATA,
            "account": "acme-data",
            "cidrs": ["10.200.0.0/16"],
            "side": "both",
            "principal": ROBOT,
        },
        "apps": {"network": "projects/acme-apps/global/networks/apps", "cidrs": ["10.201.0.0/16"]},
    },
    "hub": {"new": {"shared_with": ["acme-data", "acme-apps"]}, "cidrs": ["10.0.0.0/12"]},
    "egress": {"allowed_cidrs": ["192.0.2.0/24"]},
}
LINKS = {"orders": LinkRequest(service=SERVICE, dns_zone="orders.example.com")}
PRIVATE_LINK: dict[str, Any] = {
    "reachability": "privatelink",
    "privatelink": {"consumers": ["acme-web", "acme-data"]},
    "gateway": {"broker_ports": "9100-9139"},
}
PUBLIC: dict[str, Any] = {"reachability": "public", "allowed_cidrs": ["203.0.113.0/24", "198.51.100.0/28"]}

EVERYTHING = Given(network={**JOINED, **PRIVATE_LINK}, links=LINKS)
"""A cell with every kind of thing that a cell can have at once."""

SUBNETS = {
    "nodes": {"id": "shared-nodes", "cidr": "10.140.0.0/20"},
    "load_balancers": {"id": "shared-lb", "cidr": "10.140.16.0/24"},
}
EXISTING: dict[str, Any] = {
    "network": "projects/acme-kafka-prod/global/networks/shared",
    "zones": dict.fromkeys(IDENTITY.zones, SUBNETS),
    "pods": "10.141.0.0/16",
    "pods_name": "shared-pods",
    "services": "10.142.0.0/20",
    "services_name": "shared-services",
}


@dataclass
class Built:
    """The components of a cell, and what was registered for them by logical name."""

    network: Network
    kubernetes: Kubernetes
    gateway: Gateway | None
    resources: dict[str, Registered] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    """What people are told, with every output resolved: `network` and `gateway`."""


def cell(given: Given) -> Built:
    """Make the components of a cell: what a program does."""
    identity, spec = given.identity, given.spec
    net = NetworkSpec.model_validate({"address_block": given.block, **given.network})
    cut = ranges(net, identity.zones, ENTRY.zone_pattern)
    pinned = provider(f"{identity.cell}-provider", identity, spec)
    public = net.reachability == "public"
    network = Network(
        f"{identity.cell}-network",
        NetworkRequest(
            identity=identity,
            ranges=cut,
            spec=net,
            private_dns_zone=given.dns_zone,
            public_dns_zone=given.public_dns_zone if public else "",
            links=given.links,
        ),
        spec,
        pinned,
    )
    cluster = Kubernetes(
        f"{identity.cell}-kubernetes",
        KubernetesRequest(
            identity=identity,
            ranges=cut,
            network=network,
            version=given.version,
            api=given.api,  # type: ignore[arg-type]  # a test may only give the two words
            api_allowed_cidrs=given.api_allowed_cidrs,
            kafka_nodes=given.kafka_nodes,
            system_nodes=given.system_nodes,
            access=given.access,
            log_retention_days=given.log_retention_days,
        ),
        spec,
        pinned,
    )
    gateway = None
    if net.has_gateway:
        zone = network.public_dns_zone_id if public else network.private_dns_zone_id
        assert zone is not None
        gateway = Gateway(
            f"{identity.cell}-gateway",
            GatewayRequest(
                identity=identity,
                ranges=cut,
                network=network,
                kubernetes=cluster,
                exposure=EXPOSURES[net.reachability],
                allowed_cidrs=net.allowed_cidrs if public else (),
                client_cidrs=net.client_cidrs,
                ports=gateway_ports(net),
                link=net.privatelink if net.reachability == "privatelink" else None,
                dns_zone=given.public_dns_zone if public else given.dns_zone,
                dns_zone_id=zone,
                namespace="kafka-gateway",
                service="kafka-gateway",
            ),
            spec,
            pinned,
        )
    for made in filter(None, (network, cluster, gateway)):
        promised = [name for base in type(made).__mro__ for name in vars(base).get("__annotations__", {})]
        assert all(hasattr(made, name) for name in promised if not name.startswith("_"))
    return Built(network=network, kubernetes=cluster, gateway=gateway)


def plan(given: Given = Given(), answers: mocks.Mocks | None = None) -> Built:
    """Register a cell; logical names are unique within it, which this asserts too."""
    found: list[Built] = []

    def program() -> None:
        built = cell(given)
        found.append(built)
        told = {"network": built.network.told, "dns_writer": built.kubernetes.dns_writer, "gateway": {}}
        if gateway := built.gateway:
            told |= {"gateway": gateway.told, "service": gateway.service.annotations}
            told["objects"] = [one.body for one in gateway.objects]
        pulumi.Output.from_input(told).apply(built.told.update)

    seen = [one for one in record(program, answers or _Mocks()).seen if one.type != "pulumi:pulumi:Stack"]
    counted = Counter(one.name for one in seen)
    assert not [name for name, n in counted.items() if n > 1]
    (built,) = found
    built.resources = {one.name: one for one in seen}
    return built


def build(given: Given = Given(), answers: mocks.Mocks | None = None) -> dict[str, Registered]:
    """What a cell registers, by logical name."""
    return plan(given, answers).resources


def resources(registered: Mapping[str, Registered]) -> Iterator[Registered]:
    """Those of the cloud itself."""
    return (r for r in registered.values() if r.type.startswith("gcp:"))
