"""What this repository's own components make of a cell's network, recorded by the sandbox as it accepts it.

Owns      running network, cluster and gateway of an AWS cell, in each form that a cell can have, without an engine.
Refuses   the platform inside of the cluster: AWS hears nothing of it.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, stack
from pulumi.runtime.sync_await import _sync_await

from components import catalog
from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports
from components.cell.ranges import ranges
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import Access, Identity, LinkRequest, NetworkRequest, NodePool
from components.clouds.reach import EXPOSURES
from components.clouds.resources import GatewayRequest, KubernetesRequest
from sandbox.clouds.aws import MODEL
from sandbox.contract import Record, Scope
from sandbox.instances import decoded
from tools.moto_witness.asked import Asked
from tools.moto_witness.compare import WitnessError
from tools.moto_witness.program import OURS, THEIRS
from tools.moto_witness.sandbox_side import Sandbox

ACCOUNT = "111122223333"
CELL = "aws-euw1-prod"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/kafka-fleet-"


class _Answers(mocks.Mocks):
    """The sandbox, in place of the engine and its providers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._scopes: dict[str, Scope] = {}
        self.records: list[Record] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == "pulumi:providers:aws":
            self._scopes[args.name] = MODEL.scope(decoded(MODEL.sdk, args.inputs))
            return f"{args.name}-id", dict(args.inputs)
        if not args.typ.startswith("aws:"):
            return f"{args.name}-id", dict(args.inputs)
        provider = (args.provider or "").rpartition("::")[0].rpartition("::")[2]
        record = self.make(Asked(args.typ, args.name, args.inputs, self._scopes[provider]))
        return record.id, dict(record.outputs)

    def make(self, asked: Asked) -> Record:
        said = self._sandbox.create(asked)
        if said.record is None:
            raise WitnessError(f"the sandbox refuses '{asked.name}' of a cell: {said.code}: {said.message}")
        self.records.append(said.record)
        return said.record

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise WitnessError(f"a component asks the cloud: {args.token}")


Before = Callable[[_Answers], tuple[dict[str, Any], dict[str, LinkRequest]]]
"""Makes what others have made before the cell; returns what the cell's file says of it, and its links."""


def _alone(**network: Any) -> Before:
    return lambda _answers: (network, {})


def _a_network(answers: _Answers, scope: Scope = THEIRS) -> tuple[Record, Record, list[Record]]:
    """A company's own network, by a plain program; of another account, where no scope is given."""
    block = {"cidrBlock": "10.90.0.0/16", "enableDnsHostnames": True}
    vpc = answers.make(Asked("aws:ec2/vpc:Vpc", "their", block, scope))
    table = answers.make(Asked("aws:ec2/routeTable:RouteTable", "their", {"vpcId": vpc.id}, scope))
    subnets = [
        answers.make(
            Asked(
                "aws:ec2/subnet:Subnet",
                f"their-{zone}",
                {"vpcId": vpc.id, "cidrBlock": f"10.90.{number}.0/24", "availabilityZone": zone},
                scope,
            )
        )
        for number, zone in enumerate(ZONES)
    ]
    return vpc, table, subnets


def _peered(answers: _Answers) -> tuple[dict[str, Any], dict[str, LinkRequest]]:
    vpc, table, _subnets = _a_network(answers)
    peering = {
        "network": vpc.id,
        "account": THEIRS.account,
        "principal": f"arn:aws:iam::{THEIRS.account}:role/peering",
        "cidrs": ["10.90.0.0/16"],
        "side": "both",
        "route_tables": [table.id],
    }
    return {"reachability": "peering", "peerings": {"team": peering}}, {}


def _consumer(answers: _Answers) -> tuple[dict[str, Any], dict[str, LinkRequest]]:
    _vpc, _table, subnets = _a_network(answers)
    balancer = {"name": "theirs", "internal": True, "loadBalancerType": "network", "subnets": [s.id for s in subnets]}
    made = answers.make(Asked("aws:lb/loadBalancer:LoadBalancer", "theirs", balancer, THEIRS))
    offered = {
        "acceptanceRequired": False,
        "networkLoadBalancerArns": [made.id],
        "allowedPrincipals": [f"arn:aws:iam::{ACCOUNT}:root"],
    }
    service = answers.make(Asked("aws:ec2/vpcEndpointService:VpcEndpointService", "theirs", offered, THEIRS))
    return {}, {"shared": LinkRequest(str(service.outputs["serviceName"]), "their.kafka.internal")}


def _existing(answers: _Answers) -> tuple[dict[str, Any], dict[str, LinkRequest]]:
    vpc, _table, subnets = _a_network(answers, OURS)
    zones = {}
    for zone, subnet in zip(ZONES, subnets, strict=True):
        place = {"id": subnet.id, "cidr": subnet.inputs["cidrBlock"]}
        zones[zone] = {"nodes": place, "load_balancers": place}
    # EKS takes no range of the network for services.
    existing = {"network": vpc.id, "zones": zones, "services": "172.20.0.0/20"}
    return {"address_block": "10.90.0.0/16", "existing": existing}, {}


FORMS: dict[str, Before] = {
    "private": _alone(),
    "public": _alone(reachability="public", allowed_cidrs=["203.0.113.0/24"]),
    "peering, both sides, two accounts": _peered,
    "hub of its own, shared": _alone(
        reachability="hub",
        hub={"new": {"asn": 64600, "shared_with": [THEIRS.account]}, "cidrs": ["10.0.0.0/8"]},
    ),
    "gateway, four broker ports": _alone(gateway={"broker_ports": "9100-9103"}),
    "privatelink": _alone(reachability="privatelink", privatelink={"consumers": [THEIRS.account]}),
    "consumer of a private link": _consumer,
    "in a network that is there": _existing,
}
"""Each way in and out that a cell can have."""


def cell(form: str) -> list[Record]:
    """Everything that the cell of this form makes in AWS, and what was there before, in the order of creation."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder))
        try:
            answers = _Answers(sandbox)
            network, links = FORMS[form](answers)
            _run(answers, network, links)
            return answers.records
        finally:
            sandbox.close()


def _run(answers: _Answers, network: dict[str, Any], links: dict[str, LinkRequest]) -> None:
    # Another run in this process may have closed the loop that it made.
    asyncio.set_event_loop(asyncio.new_event_loop())
    mocks.set_mocks(answers, project="kafka-fleet", stack="cell.witness", preview=False)

    async def program() -> None:
        _cell(network, links)

    _sync_await(stack.run_pulumi_func(program))


def _cell(network: dict[str, Any], links: dict[str, LinkRequest]) -> None:
    cloud, section = catalog.clouds()["aws"], AwsSpec()
    spec = NetworkSpec.model_validate({"address_block": "10.20.0.0/16", **network})
    tags = {"fleet": "acme", "cell": CELL, "owner": "platform", "environment": "prod", "cost-center": "CC-1"}
    identity = Identity(cell=CELL, account=ACCOUNT, region="eu-west-1", zones=ZONES, production=True, tags=tags)
    public = f"{CELL}.kafka.example.com" if spec.reachability == "public" else ""
    asked = NetworkRequest(
        identity=identity,
        ranges=ranges(spec, ZONES, cloud.zone_pattern),
        spec=spec,
        private_dns_zone=f"{CELL}.kafka.internal",
        public_dns_zone=public,
        links=links,
    )
    provider: pulumi.ProviderResource = catalog.load(cloud.provider)(f"{CELL}-provider", identity, section)
    net = catalog.load(cloud.network)(f"{CELL}-network", asked, section, provider)
    kubernetes = catalog.load(cloud.kubernetes)(
        f"{CELL}-kubernetes",
        KubernetesRequest(
            identity=identity,
            ranges=asked.ranges,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("m7g.xlarge", 1, 3),
            system_nodes=NodePool("m7i.large", 1, 2),
            access=Access(f"{_ROLE}platform", f"{_ROLE}services", f"{_ROLE}apps"),
            log_retention_days=90,
        ),
        section,
        provider,
    )
    if not spec.has_gateway:
        return
    catalog.load(cloud.gateway)(
        f"{CELL}-gateway",
        GatewayRequest(
            identity=identity,
            ranges=asked.ranges,
            network=net,
            kubernetes=kubernetes,
            exposure=EXPOSURES[spec.reachability],
            allowed_cidrs=spec.allowed_cidrs if public else (),
            client_cidrs=spec.client_cidrs,
            ports=gateway_ports(spec),
            link=spec.privatelink if spec.reachability == "privatelink" else None,
            dns_zone=public or asked.private_dns_zone,
            dns_zone_id=net.public_dns_zone_id if public else net.private_dns_zone_id,
            namespace="kafka-gateway",
            service="kafka-gateway",
        ),
        section,
        provider,
    )
