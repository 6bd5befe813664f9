"""What a cell on Azure registers, recorded: the program runs, and each resource of it is written down as plain data."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
from pulumi.runtime import mocks

from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.azure import ENTRY
from components.clouds.azure.gateway import Gateway
from components.clouds.azure.kubernetes import Kubernetes
from components.clouds.azure.network import Network
from components.clouds.azure.provider import provider
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import Access, Identity, LinkRequest, NetworkRequest, NodePool
from components.clouds.reach import EXPOSURES
from components.clouds.resources import GatewayRequest, KubernetesRequest
from stacks.rendition.record import Registered, record

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
OTHER = "66666666-7777-8888-9999-000000000000"
TENANT = "99999999-8888-7777-6666-555555555555"
GROUP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
CELL = "az-weu-prod"
ZONES = ("westeurope-1", "westeurope-2", "westeurope-3")
SPEC = AzureSpec(tenant_id=TENANT)
IDENTITY = Identity(CELL, SUBSCRIPTION, "westeurope", ZONES, True, {"cell": CELL, "owner": "platform"})
SMALL = replace(IDENTITY, zones=ZONES[:1])
"""One zone: where a test is not about zones, it has a third of the resources to wait for."""
BLOCK = "10.20.0.0/16"
ZONE = "az-weu-prod.kafka.internal"
PUBLIC_ZONE = "az-weu-prod.kafka.example.com"
CA = "Q0EtQ0VSVA=="
NETWORKS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.Network"
OTHERS = f"/subscriptions/{OTHER}/resourceGroups/theirs/providers/Microsoft.Network"


class _Cloud(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = {**args.inputs, "name": args.inputs.get("name") or args.name}
        outputs = {
            "PublicIPAddress": {"ipAddress": "20.1.2." + str(len(args.name))},
            "DiskEncryptionSet": {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id/disks": {}}}},
            "UserAssignedIdentity": {"principalId": f"{args.name}-principal", "clientId": f"{args.name}-client"},
            "Key": {"keyUriWithVersion": f"https://vault/keys/{args.name}/1"},
            "VirtualNetworkPeering": {"peeringState": "Initiated"},
            "Zone": {"nameServers": ["ns1.azure-dns.com.", "ns2.azure-dns.net."]},
            "ManagedCluster": {
                # Azure takes a list of identities and gives back a mapping.
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id/control": {}}},
                "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://westeurope.oic.example/issuer/"},
                "fqdn": "c.hcp.westeurope.azmk8s.io",
                "privateFQDN": "c.private",
                "name": "kf-cluster",
            },
        }.get(args.typ.rpartition(":")[2], {})
        return f"/id/{args.name}", {**state, **outputs}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        assert args.token == "azure-native:containerservice:listManagedClusterUserCredentials"  # noqa: S105 - a type token
        text = f"clusters: [{{name: c, cluster: {{certificate-authority-data: {CA}}}}}]"
        return {"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(text.encode()).decode()}]}


@dataclass
class Run:
    """What one construction of a cell registered, and what its components offer."""

    seen: list[Registered]
    outputs: dict[str, Any] = field(default_factory=dict)

    def of(self, type: str) -> dict[str, Registered]:
        return {r.name: r for r in self.seen if r.type == f"azure-native:{type}"}

    def one(self, name: str) -> Registered:
        (found,) = [r for r in self.seen if r.name == name]
        return found

    @property
    def custom(self) -> list[Registered]:
        return [r for r in self.seen if r.type.startswith("azure-native:")]

    @property
    def told(self) -> dict[str, Any]:
        """What the network tells people."""
        found: dict[str, Any] = self.outputs["told"]
        return found

    def gate(self, name: str, direction: str = "Inbound") -> dict[str, dict[str, Any]]:
        """Rules of a security group by name, of one direction."""
        rules = self.one(f"{CELL}-{name}-gate").inputs["securityRules"]
        return {rule["name"]: rule for rule in rules if rule["direction"] == direction}


def asked(**fields: Any) -> NetworkSpec:
    """The `network` of a cell file."""
    return NetworkSpec.model_validate({"address_block": BLOCK, **fields})


def build(
    identity: Identity = IDENTITY,
    spec: AzureSpec = SPEC,
    network: dict[str, Any] | None = None,
    kubernetes: dict[str, Any] | None = None,
    links: dict[str, LinkRequest] | None = None,
) -> Run:
    """Construct a cell, wait for every registration, and return plain data. `network` is of the cell file."""
    net_spec = asked(**(network or {}))
    cut = ranges(net_spec, identity.zones, ENTRY.zone_pattern)
    public = net_spec.reachability == "public"
    outputs: dict[str, Any] = {}

    def program() -> None:
        cloud = provider(f"{identity.cell}-provider", identity, spec)
        net = Network(
            f"{identity.cell}-network",
            NetworkRequest(
                identity=identity,
                ranges=cut,
                spec=net_spec,
                private_dns_zone=ZONE,
                public_dns_zone=PUBLIC_ZONE if public else "",
                links=links or {},
            ),
            spec,
            cloud,
        )
        request = KubernetesRequest(
            identity=identity,
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
        kube = Kubernetes(f"{identity.cell}-kubernetes", replace(request, **(kubernetes or {})), spec, cloud)
        offered = {
            "node_subnets": dict(net.node_subnet_ids),
            "lb_subnets": dict(net.load_balancer_subnet_ids),
            "egress": list(net.egress_ips),
            "network": net.id,
            "private_zone": net.private_dns_zone_id,
            "public_zone": net.public_dns_zone_id,
            "told": dict(net.told),
            "endpoint": kube.endpoint,
            "ca": kube.ca_certificate,
            "disk_key": kube.disk_key,
            "dns_writer": dict(kube.dns_writer),
            **(_gateway(identity, net_spec, cut, net, kube, spec, cloud) if net_spec.has_gateway else {}),
        }
        pulumi.Output.from_input(offered).apply(outputs.update)

    return Run(sorted(record(program, _Cloud()).seen, key=lambda r: (r.type, r.name)), outputs)


def _gateway(
    identity: Identity, net: NetworkSpec, cut: Any, made: Network, kube: Kubernetes, spec: AzureSpec, cloud: Any
) -> dict[str, Any]:
    public = net.reachability == "public"
    gateway = Gateway(
        f"{identity.cell}-gateway",
        GatewayRequest(
            identity=identity,
            ranges=cut,
            network=made,
            kubernetes=kube,
            exposure=EXPOSURES[net.reachability],
            allowed_cidrs=net.allowed_cidrs if public else (),
            client_cidrs=net.client_cidrs,
            ports=gateway_ports(net),
            link=net.privatelink if net.reachability == "privatelink" else None,
            dns_zone=PUBLIC_ZONE if public else ZONE,
            dns_zone_id=made.public_dns_zone_id or made.private_dns_zone_id,
            namespace="kafka-gateway",
            service="kafka-gateway",
        ),
        spec,
        cloud,
    )
    return {
        "service": {
            "type": gateway.service.type,
            "annotations": dict(gateway.service.annotations),
            "source_ranges": list(gateway.service.source_ranges),
        },
        "objects": len(gateway.objects),
        "gateway": dict(gateway.told),
    }


def names(found: Sequence[Registered] | dict[str, Registered]) -> set[str]:
    """Logical names without the cell's."""
    values = found.values() if isinstance(found, dict) else found
    return {r.name.removeprefix(f"{CELL}-") for r in values}
