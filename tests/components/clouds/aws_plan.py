"""One AWS cell as the engine hears of it: every registration recorded, returned as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi
from pulumi.runtime import mocks

from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.aws import ENTRY
from components.clouds.aws.gateway import Gateway
from components.clouds.aws.kubernetes import Kubernetes
from components.clouds.aws.network import Network
from components.clouds.aws.provider import provider
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import Access, Identity, NetworkRequest, NodePool
from components.clouds.reach import EXPOSURES
from components.clouds.resources import GatewayRequest, KubernetesRequest
from stacks.rendition.record import Registered, record

ACCOUNT = "111122223333"
CELL = "aws-euw1-prod"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/kafka-fleet-"
IDENTITY = Identity(
    cell=CELL,
    account=ACCOUNT,
    region="eu-west-1",
    zones=ZONES,
    production=True,
    tags={
        "fleet": "acme",
        "cell": CELL,
        "owner": "platform",
        "environment": "prod",
        "cost-center": "CC-1",
    },
)
SPEC = AwsSpec()
SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"


class Cloud(mocks.Mocks):
    """Answers each registration: its inputs, and the computed outputs that the components read."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        computed = {
            "Cluster": {
                "endpoint": "https://ABC.gr7.eu-west-1.eks.amazonaws.com",
                "certificateAuthority": {"data": "Q0E="},
                "vpcConfig": {**args.inputs.get("vpcConfig", {}), "clusterSecurityGroupId": "sg-eks"},
            },
            "LaunchTemplate": {"latestVersion": 1},
            "Eip": {"publicIp": f"192.0.2.{len(args.name)}"},
            "Zone": {"zoneId": f"{args.name}-id", "nameServers": ["ns-1.example.net", "ns-2.example.net"]},
            "NodeGroup": {"resources": [{"autoscalingGroups": [{"name": f"{args.name}-asg"}]}]},
            "Subnet": {"availabilityZoneId": f"euw1-az{args.inputs.get('availabilityZone', '')[-1:]}"},
            "LoadBalancer": {"dnsName": f"{args.name}.elb.eu-west-1.amazonaws.com", "zoneId": "Z2IFOLAFXWLO4F"},
            "VpcEndpointService": {"serviceName": SERVICE},
            "VpcEndpoint": {
                "dnsEntries": [
                    {"dnsName": f"vpce-1-abc{zone}.vpce-svc-1.eu-west-1.vpce.amazonaws.com", "hostedZoneId": "Z1"}
                    for zone in ("", *(f"-{each}" for each in ZONES))
                ]
            },
        }.get(args.typ.rpartition(":")[2], {})
        return f"{args.name}-id", {"arn": f"arn:{args.name}", **args.inputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise AssertionError(f"the component asks the cloud: {args.token}")


@dataclass(frozen=True)
class Plan:
    """All registrations of one cell; `outputs` are the attributes that the rest of the fleet reads."""

    seen: tuple[Registered, ...]
    finished: frozenset[str]
    outputs: Mapping[str, Any]

    @property
    def cloud(self) -> list[Registered]:
        """What is made in AWS: neither components nor the provider."""
        return [r for r in self.seen if r.type.startswith("aws:")]

    def of(self, kind: str) -> dict[str, Registered]:
        """Registrations of one class, by logical name without the cell's."""
        return {r.name.removeprefix(f"{CELL}-"): r for r in self.cloud if r.type.rpartition(":")[2] == kind}

    def one(self, role: str, kind: str = "") -> Registered:
        """The registration with that logical name; `kind` where several classes share it."""
        (found,) = [r for r in self.cloud if r.name == f"{CELL}-{role}" and r.type.endswith(f":{kind}" if kind else "")]
        return found


def request(identity: Identity = IDENTITY, block: str = "10.20.0.0/16", **network: Any) -> NetworkRequest:
    """A network request for `identity`; `network` is what the cell's file says, beside `links` and a public zone."""
    more = {key: network.pop(key) for key in ("links",) if key in network}
    spec = NetworkSpec.model_validate({"address_block": block, **network})
    return NetworkRequest(
        identity=identity,
        ranges=ranges(spec, identity.zones, ENTRY.zone_pattern),
        spec=spec,
        private_dns_zone=f"{identity.cell}.kafka.internal",
        public_dns_zone=f"{identity.cell}.kafka.example.com" if spec.reachability == "public" else "",
        **more,
    )


def gateway_request(asked: NetworkRequest, net: Network, cluster: Kubernetes) -> GatewayRequest:
    """What a cell asks of its gateway."""
    external = asked.reachability == "public"
    zone_id = net.public_dns_zone_id if external else net.private_dns_zone_id
    assert zone_id is not None
    return GatewayRequest(
        identity=asked.identity,
        ranges=asked.ranges,
        network=net,
        kubernetes=cluster,
        exposure=EXPOSURES[asked.reachability],
        allowed_cidrs=asked.spec.allowed_cidrs if external else (),
        client_cidrs=asked.spec.client_cidrs,
        ports=gateway_ports(asked.spec),
        link=asked.spec.privatelink if asked.reachability == "privatelink" else None,
        dns_zone=asked.public_dns_zone if external else asked.private_dns_zone,
        dns_zone_id=zone_id,
        namespace="kafka-gateway",
        service="kafka-gateway",
    )


def plan(
    network: NetworkRequest | None = None,
    spec: AwsSpec = SPEC,
    cloud: mocks.Mocks | None = None,
    **kubernetes: Any,
) -> Plan:
    """Build one cell's network and Kubernetes, wait for every registration, and return them."""
    asked, outputs = network or request(), dict[str, Any]()

    def program() -> None:
        made = provider(f"{asked.identity.cell}-provider", asked.identity, spec)
        net = Network(f"{asked.identity.cell}-network", asked, spec, made)
        plain = KubernetesRequest(
            identity=asked.identity,
            ranges=asked.ranges,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("m7g.xlarge", 1, 3),
            system_nodes=NodePool("m7i.large", 1, 2),
            access=Access(f"{ROLE}platform", f"{ROLE}services", f"{ROLE}apps", f"{ROLE}preview"),
            log_retention_days=90,
        )
        made_cluster = Kubernetes(f"{asked.identity.cell}-kubernetes", replace(plain, **kubernetes), spec, made)
        found = {
            "id": net.id,
            "node_subnet_ids": dict(net.node_subnet_ids),
            "load_balancer_subnet_ids": dict(net.load_balancer_subnet_ids),
            "private_dns_zone_id": net.private_dns_zone_id,
            "egress_ips": list(net.egress_ips),
            "cluster_name": made_cluster.cluster_name,
            "cluster_id": made_cluster.cluster_id,
            "endpoint": made_cluster.endpoint,
            "ca_certificate": made_cluster.ca_certificate,
            "disk_key": made_cluster.disk_key,
            "dns_writer": dict(made_cluster.dns_writer),
            "told": dict(net.told),
        }
        if asked.spec.has_gateway:
            gateway = Gateway(f"{asked.identity.cell}-gateway", gateway_request(asked, net, made_cluster), spec, made)
            found["gateway"] = dict(gateway.told)
            outputs["service"] = gateway.service
        pulumi.Output.from_input(found).apply(outputs.update)
        outputs["ready"] = [r._name for r in (*net.ready, *made_cluster.ready)]

    recording = record(program, cloud or Cloud())
    return Plan(recording.seen, frozenset(recording.outputs), outputs)
