"""The trace where no cloud matters: places, listeners, names, policies, the gateway, and how it is shown."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox.store import Store
from sandbox.trace import Hop, Target, Trace, TraceError
from sandbox.trace.cluster import Broker
from sandbox.trace.render import lines, plain
from sandbox.trace.strimzi import port
from stacks.cli import application
from tests.sandbox import trace_aws as aws
from tests.sandbox.test_trace_aws import per_broker, through_gateway
from tests.sandbox.trace_world import (
    DNS,
    GATEWAY_PEERS,
    LISTENERS,
    World,
    ends,
    first,
    gateway,
    kafka,
    lb_per_broker,
    policy,
)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("somewhere", "is no place"),
        ("internet:here", "is no IPv4 address"),
        ("network:vpc-x", "the sandbox has no network 'vpc-x' (it has vpc-a)"),
        ("cell:b", "the sandbox has no cell 'b'"),
        ("hub:tgw-1", "has no address"),
        ("network:", "is no place"),
    ],
)
def test_a_place_that_is_none(source: str, said: str) -> None:
    with pytest.raises(TraceError, match=said.replace("(", r"\(").replace(")", r"\)")):
        per_broker().trace(source)


def test_a_cluster_or_listener_that_is_none() -> None:
    with pytest.raises(TraceError, match=r"no Kafka cluster 'other' \(it has orders\)"):
        per_broker().trace("cell:a", "other")
    with pytest.raises(TraceError, match=r"no listener 'other' \(it has tls, network\)"):
        per_broker().trace("cell:a", "orders", "other")


def test_an_address_in_a_network_finds_its_subnet() -> None:
    assert per_broker().trace("network:vpc-a:10.0.16.9").source == "10.0.16.9 in Vpc vpc-a"
    assert ends(per_broker().trace("network:vpc-a:10.0.16.9")) == {"reachable"}


@pytest.mark.parametrize(
    ("template", "found"),
    [(None, 9095), ("443", 443), ("9001 + {nodeId}", 9101), ("{nodeId}", 100), ("{nodeId} - 50", 50)],
)
def test_ports_of_templates(template: str | None, found: int) -> None:
    assert port(template, Broker(100, "broker", "orders-broker-100", {}, None), 9095) == found


def test_brokers_that_come_later_are_traced_too() -> None:
    world = per_broker()
    old = world.one("KafkaNodePool", "broker")
    world.change("KafkaNodePool", "broker", spec={**old.inputs["spec"], "replicas": 6})
    traced = world.trace("cell:a")
    assert [one.name for one in traced.targets[1:]] == [f"broker {id_}" for id_ in range(100, 106)]
    assert ends(traced) == {"reachable"}


def test_a_broker_without_a_port_at_the_gateway_is_lost() -> None:
    world = through_gateway("port-per-broker")
    old = world.one("KafkaNodePool", "broker")
    world.change("KafkaNodePool", "broker", spec={**old.inputs["spec"], "replicas": 4})
    found = {one.name: one.result for one in world.trace("cell:a").targets}
    assert found.pop("broker 103") == "broken"
    assert set(found.values()) == {"reachable"}


def test_annotations_of_a_list_miss_a_later_broker() -> None:
    """Strimzi's old way: brokers that are not in the list get no annotation, and so a public address."""
    world = aws.cell()
    listener = lb_per_broker(aws.NLB)
    template = listener["configuration"].pop("perBrokerAnnotationsTemplate")
    listener["configuration"]["brokers"] = [
        {"broker": id_, "annotations": {key: value.replace("{nodeId}", str(id_)) for key, value in template.items()}}
        for id_ in (100, 101)
    ]
    kafka(world, aws.KUBE, listener)
    found = {one.name: one.broken.kind if one.broken else one.result for one in world.trace("cell:a").targets}
    assert found == {
        "bootstrap": "reachable",
        "broker 100": "reachable",
        "broker 101": "reachable",
        "broker 102": "dns",
    }


def test_a_record_of_its_own_goes_before_a_wildcard_and_the_longest_zone_answers_alone() -> None:
    world = through_gateway()
    inputs = {"zoneId": "Z1", "name": f"orders-network-101.{DNS}", "type": "A", "records": ["10.9.9.9"]}
    own = world.add("aws:route53/record:Record", "own", aws.HERE, inputs)
    traced = world.trace("cell:a")
    assert {one.name for one in traced.targets if one.result == "broken"} == {"broker 101"}
    assert "nothing of the cluster's cloud has this address" in str(first(traced).broken)
    world.records.remove(own)
    world.add(
        "aws:route53/zone:Zone", "Z9", aws.HERE, {"name": f"orders-network-101.{DNS}", "vpcs": [{"vpcId": "vpc-a"}]}
    )
    traced = world.trace("cell:a")
    assert {one.name for one in traced.targets if one.result == "broken"} == {"broker 101"}
    assert "the zone has no such record" in str(first(traced).broken)


def test_aliases_in_a_circle_end() -> None:
    world = through_gateway()
    world.change("Record", "Z1", type="CNAME", aliases=[], records=[f"x.{DNS}"])
    assert "aliases follow one another" in str(first(world.trace("cell:a")).broken)


def test_a_public_zone_is_told_to_be_delegated() -> None:
    world = aws.cell()
    kafka(world, aws.KUBE, lb_per_broker(aws.PUBLIC))
    world.change("Zone", "Z1", vpcs=[])
    hops = world.trace("internet:198.51.100.7").targets[0].hops
    assert [(hop.verdict, hop.looked_up) for hop in hops if hop.verdict != "pass"] == [
        ("assumed", f"delegation of {DNS}")
    ]


def test_strimzi_policy_takes_the_named_peers_only() -> None:
    world = aws.cell()
    elsewhere = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}}]
    kafka(world, aws.KUBE, lb_per_broker(aws.NLB), elsewhere)
    assert ends(world.trace("cell:a")) == {"pod"}
    inside = aws.cell()
    kafka(inside, aws.KUBE, lb_per_broker(aws.NLB), [{"ipBlock": {"cidr": "10.0.0.0/16"}}])
    assert ends(inside.trace("cell:a")) == {"reachable"}
    but = aws.cell()
    kafka(but, aws.KUBE, lb_per_broker(aws.NLB), [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.0.0.0/17"]}}])
    assert ends(but.trace("cell:a")) == {"pod"}


def test_a_policy_of_ones_own_lets_in_what_strimzi_does_not() -> None:
    world = aws.cell()
    kafka(world, aws.KUBE, LISTENERS["sni"], [{"podSelector": {"matchLabels": {"app": "x"}}}])
    gateway(world, aws.KUBE, aws.service((443,)))
    aws.balancer(world, (443,))
    assert ends(world.trace("cell:a")) == {"pod"}
    rule = {"from": GATEWAY_PEERS, "ports": [{"protocol": "TCP", "port": 9090, "endPort": 9099}]}
    expression = {"matchExpressions": [{"key": "strimzi.io/broker-role", "operator": "In", "values": ["true"]}]}
    policy(
        world, aws.KUBE, "kafka-orders/own", {"podSelector": expression, "policyTypes": ["Ingress"], "ingress": [rule]}
    )
    assert ends(world.trace("cell:a")) == {"reachable"}


@pytest.mark.parametrize(
    ("kind", "part", "inputs", "why"),
    [
        ("Release", "gateway", None, "no release of gateway-helm"),
        ("GatewayClass", "", None, "it is not there"),
        ("GatewayClass", "", {"spec": {"controllerName": "other"}}, "it is for other"),
        ("Gateway", "", None, "has none"),
        ("Gateway", "", {"spec": {"gatewayClassName": "kafka", "listeners": []}}, "has node port none, not 30443"),
        ("EnvoyProxy", "", None, "has node port none, not 30443"),
    ],
)
def test_the_gateways_parts(kind: str, part: str, inputs: dict[str, object] | None, why: str) -> None:
    world = through_gateway()
    if inputs is None:
        world.remove(kind, part)
    else:
        world.change(kind, part, **inputs)
    broken = first(world.trace("cell:a")).broken
    assert broken is not None
    assert (broken.kind, why in broken.reason) == ("gateway", True), broken


def test_a_listener_for_its_own_namespace_takes_no_route_of_another() -> None:
    world = through_gateway()
    old = world.one("Gateway")
    listeners = [
        {key: value for key, value in one.items() if key != "allowedRoutes"} for one in old.inputs["spec"]["listeners"]
    ]
    world.change("Gateway", spec={**old.inputs["spec"], "listeners": listeners})
    assert "takes routes of kafka-gateway only" in str(first(world.trace("cell:a")).broken)


def test_a_proxy_that_may_not_leave_reaches_no_broker() -> None:
    world = through_gateway()
    old = world.one("NetworkPolicy", "proxy")
    world.change("NetworkPolicy", "proxy", spec={**old.inputs["spec"], "egress": []})
    broken = first(world.trace("cell:a")).broken
    assert broken is not None
    assert (broken.kind, broken.looked_up) == ("gateway", "proxy pods to brokers, port 9095")


def test_a_name_that_leads_to_another_broker_is_told() -> None:
    world = per_broker()
    old = world.one("Kafka")
    spec = json.loads(json.dumps(old.inputs["spec"]).replace("orders-network-{nodeId}", "orders-network-100"))
    world.change("Kafka", spec=spec)
    found = {one.name: one.result for one in world.trace("cell:a").targets}
    assert found["broker 101"] == "broken"


PASSED, FAILED = Hop("dns", "a name", "Record r", "pass", "found"), Hop("route", "back", "", "fail", "no way")


def test_what_follows_from_hops() -> None:
    good, bad = Target("bootstrap", "h", 1, (PASSED,)), Target("broker 1", "h", 1, (PASSED, FAILED))
    assert (good.result, bad.result, bad.broken_at, bad.broken) == ("reachable", "broken", 2, FAILED)
    assert Target("x", "h", 1, ()).result == "unknown"
    assert Target("x", "h", 1, (PASSED, Hop("hub", "", "", "unknown", "?"))).result == "unknown"
    assert not Trace("s", "c", "l", (good, bad)).reachable
    assert not Trace("s", "c", "l", ()).reachable
    assert Trace("s", "c", "l", (good,)).reachable


def test_text_shows_the_hops_of_what_is_not_reachable() -> None:
    traced = Trace(
        "s", "c", "l", (Target("bootstrap", "h", 1, (PASSED,)), Target("broker 1", "h", 1, (PASSED, FAILED)))
    )
    assert list(lines(traced, every_hop=False)) == [
        "c, listener l, from s",
        "  bootstrap  h:1  reachable",
        "  broker 1   h:1  broken at hop 2 (route): no way",
        "    1. dns: a name: ok: found [Record r]",
        "    2. route: back: FAILS: no way",
    ]
    assert plain(traced)["targets"][1]["broken_at"] == 2


def test_text_is_short_where_ids_are_long() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/gw/1"
    vnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v"
    url = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"
    hop = Hop(
        "firewall", f"LoadBalancer {arn}: tcp 443", f"VirtualNetwork {vnet}", "fail", f"{url} has no way, nor {vnet}"
    )
    shown = list(lines(Trace("s", "c", "l", (Target("bootstrap", "h", 1, (hop,)),)), every_hop=False))
    assert shown[1].endswith("broken at hop 1 (firewall): n has no way, nor v")
    assert (
        shown[2]
        == "    1. firewall: LoadBalancer loadbalancer/net/gw/1: tcp 443: FAILS: n has no way, nor v [VirtualNetwork v]"
    )


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own."""
    (tmp_path / "Pulumi.yaml").write_text("name: kafka-fleet\nruntime: python\n", "utf-8")
    monkeypatch.setenv("FLEET_ROOT", str(tmp_path))
    return tmp_path


def _fill(root: Path, world: World) -> None:
    store = Store(root / ".fleet" / "sandbox")
    with store.effect() as connection:
        for record in world.records:
            store.insert(connection, record, frozenset())


def test_the_command(fleet: Path) -> None:
    run = CliRunner()
    said = run.invoke(application(), ["sandbox", "trace", "--from", "cell:a", "--to", "orders"])
    assert (said.exit_code, "holds no sandbox" in said.stderr) == (2, True)
    _fill(fleet, per_broker())
    said = run.invoke(application(), ["sandbox", "trace", "--from", "cell:a", "--to", "orders"])
    assert (said.exit_code, said.stdout.count("reachable")) == (0, 4)
    arguments = ["sandbox", "trace", "--from", "internet:198.51.100.7", "--to", "orders", "--output", "json"]
    said = run.invoke(application(), arguments)
    assert said.exit_code == 1
    told = json.loads(said.stdout)
    assert (told["reachable"], {one["result"] for one in told["targets"]}) == (False, {"broken"})
    said = run.invoke(application(), ["sandbox", "trace", "--from", "here", "--to", "orders"])
    assert (said.exit_code, "is no place" in said.stderr) == (2, True)
