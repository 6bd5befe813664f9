"""The AWS cell under the stock engine, against the sandbox's AWS: made, same again, changed, taken down."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.clouds.aws.gateway import Gateway
from components.clouds.aws.kubernetes import Kubernetes
from components.clouds.aws.network import Network
from components.clouds.aws.provider import provider
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import Access, Identity, LinkRequest, NodePool
from components.clouds.resources import KubernetesRequest
from tests.components.clouds.aws_plan import gateway_request, request
from tests.engine.harness import Engine

ACCOUNT = "111122223333"
CELL = "aws-euw1-dev"
IDENTITY = Identity(
    cell=CELL,
    account=ACCOUNT,
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    production=False,
    tags={"fleet": "acme", "cell": CELL, "owner": "platform", "environment": "dev", "cost-center": "CC-1"},
)
PUBLIC = {"reachability": "public", "allowed_cidrs": ("203.0.113.0/24",)}


def cell(
    identity: Identity = IDENTITY,
    spec: AwsSpec | None = None,
    network: dict[str, Any] | None = None,
    **kubernetes: Any,
) -> Callable[[], None]:
    """A program that makes one cell's network and cluster."""

    def program() -> None:
        asked = request(identity, **(PUBLIC if network is None else network))
        section = spec or AwsSpec()
        made = provider(f"{identity.cell}-provider", identity, section)
        net = Network(f"{identity.cell}-network", asked, section, made)
        role = f"arn:aws:iam::{identity.account}:role/kafka-fleet-"
        plain = KubernetesRequest(
            identity=identity,
            ranges=asked.ranges,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("m7g.xlarge", 1, 3),
            system_nodes=NodePool("t4g.large", 1, 2),
            access=Access(f"{role}platform", f"{role}services", f"{role}apps"),
            log_retention_days=90,
        )
        cluster = Kubernetes(f"{identity.cell}-kubernetes", replace(plain, **kubernetes), section, made)
        if asked.spec.has_gateway:
            gateway = Gateway(f"{identity.cell}-gateway", gateway_request(asked, net, cluster), section, made)
            pulumi.export("gateway", dict(gateway.told))
        pulumi.export("network", dict(net.told))
        pulumi.export("endpoint", cluster.endpoint)
        pulumi.export("disk_key", cluster.disk_key)

    return program


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("aws-cell"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def applied(engine: Engine) -> Engine:
    preview = engine.run(cell(), "preview", "cell")
    assert preview.ok, preview.text
    created = engine.run(cell(), "up", "cell")
    assert created.ok, created.text
    assert created.summary == preview.summary
    assert created.outputs["endpoint"].endswith(".gr7.eu-west-1.eks.amazonaws.com")
    assert created.outputs["disk_key"].startswith(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/")
    return engine


def changed(engine: Engine, program: Callable[[], None]) -> dict[str, tuple[str, ...]]:
    """What a preview says will change: logical name without the cell's -> its operations."""
    result = engine.run(program, "preview", "cell")
    assert result.ok, result.text
    steps = {
        name.removeprefix(f"{CELL}-"): tuple(op for op in ops if op != "same") for name, ops in result.steps.items()
    }
    return {name: ops for name, ops in steps.items() if ops}


def test_a_second_run_changes_nothing(applied: Engine) -> None:
    again = applied.run(cell(), "up", "cell")
    assert again.ok, again.text
    assert set(again.summary) == {"same"}


def test_a_refresh_finds_nothing_to_tell(applied: Engine) -> None:
    refreshed = applied.run(cell(), "refresh", "cell")
    assert refreshed.ok, refreshed.text
    assert set(refreshed.summary) == {"same"}


def test_a_further_allowed_range_is_one_more_rule(applied: Engine) -> None:
    program = cell(network={**PUBLIC, "allowed_cidrs": ("198.51.100.0/24", "203.0.113.0/24")})
    assert changed(applied, program) == {"kafka-from-198-51-100-0-24": ("create",)}


def test_a_further_zone_moves_nothing(applied: Engine) -> None:
    two = replace(IDENTITY, cell="aws-euw1-grow", account="666677778888", zones=IDENTITY.zones[:2])
    assert applied.run(cell(two), "up", "grow").ok
    grown = applied.run(cell(replace(two, zones=IDENTITY.zones)), "up", "grow")
    assert grown.ok, grown.text
    changes = {name: ops for name, ops in grown.steps.items() if "create" not in ops and ops != ["same"]}
    assert {name for name, ops in changes.items() if set(ops) != {"same"}} == {"aws-euw1-grow-eks", "aws-euw1-grow-s3"}
    assert grown.summary["update"] == 2
    assert "delete" not in grown.summary
    assert "replace" not in grown.summary


def test_a_new_cost_centre_updates_tags_and_rolls_no_node(applied: Engine) -> None:
    tags = {**IDENTITY.tags, "cost-center": "CC-2"}
    result = applied.run(cell(replace(IDENTITY, tags=tags)), "preview", "cell")
    assert result.ok, result.text
    assert set(result.summary) == {"same", "update"}
    told = {path for name, paths in result.details.items() if not name.endswith("-provider") for path in paths}
    assert told == {"tags.cost-center"}


def test_another_size_of_machine_rolls_nodes_inside_their_groups(applied: Engine) -> None:
    found = changed(applied, cell(kafka_nodes=NodePool("m7g.2xlarge", 1, 3)))
    groups = {f"kafka-{zone}": ("update",) for zone in IDENTITY.zones}
    assert found == {"kafka-nodes": ("update",), **groups}


def test_another_architecture_makes_groups_beside_the_old_ones(applied: Engine) -> None:
    found = changed(applied, cell(kafka_nodes=NodePool("m7i.xlarge", 1, 3)))
    replaced = ("create-replacement", "replace", "delete-replaced")
    assert {ops for name, ops in found.items() if name.startswith("kafka-eu")} == {replaced}


def test_kubernetes_rises_in_place(applied: Engine) -> None:
    found = changed(applied, cell(version="1.35"))
    assert set(found.values()) == {("update",)}
    assert {name for name in found if not name.startswith(("kafka-eu", "system-eu"))} == {"eks"}


def test_kubernetes_never_jumps(applied: Engine) -> None:
    refused = applied.run(cell(version="1.36"), "preview", "cell")
    assert not refused.ok
    assert "unsupported Kubernetes minor version update from 1.34 to 1.36" in refused.text


def test_another_cell_with_the_same_names_is_refused(applied: Engine) -> None:
    refused = applied.run(cell(), "up", "other")
    assert not refused.ok
    assert "exists already" in refused.text


def test_a_cell_is_taken_down_in_order(engine: Engine) -> None:
    elsewhere = replace(IDENTITY, cell="aws-euw1-gone", account="444455556666")
    created = engine.run(cell(elsewhere), "up", "gone")
    assert created.ok, created.text
    destroyed = engine.run(cell(elsewhere), "destroy", "gone")
    assert destroyed.ok, destroyed.text
    assert destroyed.summary == {"delete": created.summary["create"]}


def test_what_is_protected_is_not_destroyed(engine: Engine) -> None:
    production = replace(IDENTITY, cell="aws-euw1-kept", account="555566667777", production=True)
    assert engine.run(cell(production), "up", "kept").ok
    refused = engine.run(cell(production), "destroy", "kept")
    assert not refused.ok
    assert "protected" in refused.text


TEAM = "222233334444"
"""The account of another team, whose network is joined to the cell's."""


def team() -> None:
    """What the other team has: a network with a route table."""
    made = aws.Provider("team", region="eu-west-1", allowed_account_ids=[TEAM])
    options = pulumi.ResourceOptions(provider=made)
    vpc = aws.ec2.Vpc("team", cidr_block="10.90.0.0/16", opts=options)
    pulumi.export("vpc", vpc.id)
    pulumi.export("table", aws.ec2.RouteTable("team", vpc_id=vpc.id, opts=options).id)


@pytest.fixture(scope="module")
def joined(engine: Engine) -> dict[str, Any]:
    """A cell with everything at once: a hub of its own, a peering made from both sides, a gateway with a link."""
    there = engine.run(team, "up", "team")
    assert there.ok, there.text
    peering = {
        "network": there.outputs["vpc"],
        "account": TEAM,
        "principal": f"arn:aws:iam::{TEAM}:role/peering",
        "cidrs": ("10.90.0.0/16",),
        "side": "both",
        "route_tables": (there.outputs["table"],),
    }
    return {
        "reachability": "privatelink",
        "privatelink": {"consumers": (ACCOUNT, TEAM)},
        "gateway": {"broker_ports": "9100-9105"},
        "hub": {"new": {"asn": 64700, "shared_with": (TEAM,)}, "cidrs": ("10.200.0.0/16",)},
        "peerings": {"team": peering},
    }


HUB_CELL = replace(IDENTITY, cell="aws-euw1-hub", account="777788889999")


@pytest.fixture(scope="module")
def provider_cell(engine: Engine, joined: dict[str, Any]) -> dict[str, Any]:
    """That cell applied: its outputs."""
    program = cell(HUB_CELL, network=joined)
    preview = engine.run(program, "preview", "hub")
    assert preview.ok, preview.text
    created = engine.run(program, "up", "hub")
    assert created.ok, created.text
    assert created.summary == preview.summary
    return created.outputs


@pytest.mark.parametrize("operation", ["up", "refresh"])
def test_a_joined_cell_stays_as_it_is(
    engine: Engine, joined: dict[str, Any], provider_cell: dict[str, Any], operation: str
) -> None:
    assert provider_cell["gateway"]["service"].startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")
    again = engine.run(cell(HUB_CELL, network=joined), operation, "hub")
    assert again.ok, again.text
    assert set(again.summary) == {"same"}


def test_more_broker_ports_are_added_beside_the_others(
    engine: Engine, joined: dict[str, Any], provider_cell: dict[str, Any]
) -> None:
    wider = {**joined, "gateway": {"broker_ports": "9100-9106"}}
    result = engine.run(cell(HUB_CELL, network=wider), "preview", "hub")
    assert result.ok, result.text
    touched = {name: ops for name, ops in result.steps.items() if set(ops) - {"same"}}
    created = {name.removeprefix("aws-euw1-hub-") for name, ops in touched.items() if ops == ["create"]}
    zones = {f"gateway-9106-{zone}" for zone in HUB_CELL.zones}
    assert created == {"gateway-9106", "gateway-9106-listener", *zones}
    # The runs of ports in the firewalls' rules end one later.
    assert {tuple(ops) for name, ops in touched.items() if ops != ["create"]} <= {("update",), ("same", "update")}


def test_another_cell_links_to_it_and_attaches_to_its_hub(engine: Engine, provider_cell: dict[str, Any]) -> None:
    consumer = replace(IDENTITY, cell="aws-euw1-user", account=TEAM)
    service = provider_cell["gateway"]["service"]
    network = {
        "block": "10.30.0.0/16",
        "reachability": "hub",
        "hub": {"id": provider_cell["network"]["hub"]["id"], "cidrs": ("10.20.0.0/16",)},
        "links": {"shared": LinkRequest(service=service, dns_zone="aws-euw1-hub.kafka.internal")},
    }
    created = engine.run(cell(consumer, network=network), "up", "user")
    assert created.ok, created.text
    told = created.outputs["network"]
    assert told["hub"]["attachment"].startswith("tgw-attach-")
    assert len(told["links"]["shared"]["addresses"]) == 4
    again = engine.run(cell(consumer, network=network), "up", "user")
    assert set(again.summary) == {"same"}
    destroyed = engine.run(cell(consumer, network=network), "destroy", "user")
    assert destroyed.ok, destroyed.text


def test_a_cell_in_a_network_that_is_there(engine: Engine) -> None:
    owner = replace(IDENTITY, cell="aws-euw1-own", account="888899990000", zones=IDENTITY.zones[:2])

    def company() -> None:
        made = aws.Provider("company", region="eu-west-1", allowed_account_ids=[owner.account])
        options = pulumi.ResourceOptions(provider=made)
        vpc = aws.ec2.Vpc("company", cidr_block="172.16.0.0/16", opts=options)
        pulumi.export("vpc", vpc.id)
        for n, zone in enumerate(owner.zones):
            for kind, cidr in (("nodes", f"172.16.{16 * n}.0/20"), ("lb", f"172.16.200.{32 * n}/27")):
                subnet = aws.ec2.Subnet(
                    f"{kind}-{zone}", vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone, opts=options
                )
                pulumi.export(f"{kind}-{zone}", subnet.id)

    there = engine.run(company, "up", "company")
    assert there.ok, there.text
    zones = {
        zone: {
            "nodes": {"id": there.outputs[f"nodes-{zone}"], "cidr": f"172.16.{16 * n}.0/20"},
            "load_balancers": {"id": there.outputs[f"lb-{zone}"], "cidr": f"172.16.200.{32 * n}/27"},
        }
        for n, zone in enumerate(owner.zones)
    }
    network = {
        "block": "10.40.0.0/16",
        "gateway": {},
        "existing": {"network": there.outputs["vpc"], "zones": zones},
    }
    created = engine.run(cell(owner, network=network), "up", "own")
    assert created.ok, created.text
    assert len(created.outputs["network"]["existing"]["instructions"]) == 4
    again = engine.run(cell(owner, network=network), "refresh", "own")
    assert set(again.summary) == {"same"}


def test_a_peering_within_one_account(engine: Engine) -> None:
    ours = replace(IDENTITY, cell="aws-euw1-peer", account=TEAM)
    there = engine.run(team, "up", "team")
    peering = {"network": there.outputs["vpc"], "cidrs": ("10.90.0.0/16",), "side": "both"}
    network = {"block": "10.50.0.0/16", "reachability": "peering", "peerings": {"team": peering}}
    created = engine.run(cell(ours, network=network), "up", "peer")
    assert created.ok, created.text
    again = engine.run(cell(ours, network=network), "refresh", "peer")
    assert set(again.summary) == {"same"}
    destroyed = engine.run(cell(ours, network=network), "destroy", "peer")
    assert destroyed.ok, destroyed.text


def test_a_cell_whose_way_out_is_an_allow_list(engine: Engine) -> None:
    closed = replace(IDENTITY, cell="aws-euw1-shut", account="999900001111")
    network = {"egress": {"allowed_cidrs": ("198.51.100.0/24",)}}
    created = engine.run(cell(closed, network=network), "up", "shut")
    assert created.ok, created.text
    again = engine.run(cell(closed, network=network), "up", "shut")
    assert set(again.summary) == {"same"}


def test_a_joined_cell_is_taken_down(engine: Engine, joined: dict[str, Any], provider_cell: dict[str, Any]) -> None:
    assert provider_cell["network"]["peerings"]["team"]["state"] == "active"
    destroyed = engine.run(cell(HUB_CELL, network=joined), "destroy", "hub")
    assert destroyed.ok, destroyed.text
