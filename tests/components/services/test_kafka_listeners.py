"""How a listener is reached: each fan-out as Strimzi is told, the objects beside it, and the addresses of clients."""

from dataclasses import replace
from typing import Any

import pytest

from components.services.contract import Place
from components.services.kafka import addresses
from components.services.kafka.demands import demands
from components.services.kafka.fan_outs import HOSTNAME
from components.services.kafka.listeners import ways
from components.services.kafka.objects import objects
from components.services.kafka.place import kafka_spec
from components.services.kafka.publish import publish
from components.services.kafka.rules import check

from .judge import all_refusals
from .requests import GATEWAY, HUB, LINKED, PRIVATE, PUBLIC, request

ZONE = "aws-euw1-prod.kafka.internal"
PUBLIC_ZONE = "aws-euw1-prod.kafka.example.com"
BY_PORT = 'listeners: {network: {fan_out: port-per-broker, ports: "9100-9112"}}'
BY_NAME = "listeners: {network: {fan_out: sni}}"
DIRECT = "listeners: {network: {fan_out: direct}}"

CASES: dict[str, tuple[str, Place]] = {
    "lb-per-broker private": ("", PRIVATE),
    "lb-per-broker public": ("", PUBLIC),
    "lb-per-broker hub": ("", HUB),
    "sni private": (BY_NAME, GATEWAY),
    "sni hub": (BY_NAME, HUB),
    "sni public": ("listeners: {external: {fan_out: sni}}", replace(PUBLIC, gateway=True)),
    "sni link": ("", LINKED),
    "port-per-broker private": (BY_PORT, GATEWAY),
    "port-per-broker hub": (BY_PORT, HUB),
    "port-per-broker link": (
        'listeners: {link: {fan_out: port-per-broker, ports: "9100-9112"}}',
        LINKED,
    ),
    "direct private": (DIRECT, PRIVATE),
    "direct hub": (DIRECT, HUB),
    "network on a public cell": ("listeners: {network: {type: network, port: 9096, authentication: tls}}", PUBLIC),
}


def listener(text: str, place: Place, name: str = "network") -> dict[str, Any]:
    kafka = dict(objects(request(text, place))[-1].body)
    (found,) = [one for one in kafka["spec"]["kafka"]["listeners"] if one["name"] == name]
    return dict(found)


def of_kind(kind: str, text: str, place: Place, **more: Any) -> list[dict[str, Any]]:
    return [dict(m.body) for m in objects(request(text, place, **more)) if m.body["kind"] == kind]


@pytest.mark.parametrize("case", CASES)
def test_every_fan_out_is_accepted_strictly(case: str) -> None:
    text, place = CASES[case]
    asked = request(text, place)
    assert [f.code for f in check(asked)] == []
    assert all_refusals(objects(asked)) == []


def test_a_load_balancer_for_each_broker_has_a_name_and_a_certificate_by_template() -> None:
    found = listener("", PRIVATE)
    assert (found["type"], found["port"]) == ("loadbalancer", 9095)
    config = found["configuration"]
    assert config["bootstrap"]["annotations"][HOSTNAME] == f"orders-network.{ZONE}"
    assert config["bootstrap"]["alternativeNames"] == [f"orders-network.{ZONE}"]
    assert config["perBrokerAnnotationsTemplate"][HOSTNAME] == f"orders-network-{{nodeId}}.{ZONE}"
    assert config["advertisedHostTemplate"] == f"orders-network-{{nodeId}}.{ZONE}"
    # Per broker, a list would leave out those that come later.
    assert "brokers" not in config


def test_public_names_are_in_the_public_zone_and_private_ones_are_not() -> None:
    text = "listeners: {network: {type: network, port: 9096, authentication: tls}}"
    assert listener(text, PUBLIC, "external")["configuration"]["advertisedHostTemplate"].endswith(f".{PUBLIC_ZONE}")
    assert listener(text, PUBLIC)["configuration"]["advertisedHostTemplate"].endswith(f".{ZONE}")


def test_by_name_strimzi_makes_a_route_for_each_broker_on_the_cells_gateway() -> None:
    found = listener(BY_NAME, GATEWAY)
    assert found["type"] == "tlsroute"
    config = found["configuration"]
    (parent,) = config["parentRefs"]
    assert (parent["namespace"], parent["name"], parent["sectionName"]) == ("kafka-gateway", "kafka", "sni")
    assert config["bootstrap"] == {"host": f"orders-network.{ZONE}"}
    assert config["hostTemplate"] == f"orders-network-{{nodeId}}.{ZONE}"
    assert config["advertisedPortTemplate"] == "443"
    assert not of_kind("TLSRoute", BY_NAME, GATEWAY)


def test_a_private_link_has_a_bootstrap_name_for_each_zone_too() -> None:
    names = [f"orders-link.{zone}.{ZONE}" for zone in LINKED.zones]
    found = listener("", LINKED, "link")
    assert found["configuration"]["bootstrap"]["alternativeNames"] == names
    (route,) = of_kind("TLSRoute", "", LINKED)
    assert route["spec"]["hostnames"] == names
    (rule,) = route["spec"]["rules"]
    assert rule["backendRefs"][0]["name"] == "orders-kafka-link-bootstrap"
    assert rule["backendRefs"][0]["port"] == 9095


def _ports(place: Place, text: str = BY_PORT, **more: Any) -> dict[str, tuple[str, int]]:
    """Section of the gateway -> Service and port that it leads to."""
    found = {}
    for route in of_kind("TCPRoute", text, place, **more):
        (parent,), (rule,) = route["spec"]["parentRefs"], route["spec"]["rules"]
        (backend,) = rule["backendRefs"]
        found[parent["sectionName"]] = (backend["name"], backend["port"])
    return found


def test_by_port_the_advertised_port_is_the_one_that_leads_to_that_broker() -> None:
    found = listener(BY_PORT, GATEWAY)
    assert found["type"] == "cluster-ip"
    config = found["configuration"]
    assert config["advertisedHostTemplate"] == f"orders-network.{ZONE}"
    first, _, placeholder = config["advertisedPortTemplate"].partition(" + ")
    assert placeholder == "{nodeId}"
    ports = _ports(GATEWAY)
    assert ports["port-9100"] == ("orders-kafka-network-bootstrap", 9095)
    for broker in range(100, 112):
        assert ports[f"port-{int(first) + broker}"] == (f"orders-broker-network-{broker}", 9095)
    assert len(ports) == 13


def test_growing_moves_no_address_and_makes_no_route() -> None:
    """Also when brokers with low ids were removed once: those that stay keep their ports."""
    for text, place in ((BY_PORT, GATEWAY), (BY_NAME, GATEWAY), (DIRECT, PRIVATE), ("", PUBLIC), ("", LINKED)):
        small = [m for m in objects(request(f"brokers: 3\n{text}", place)) if "pool" not in m.role]
        large = [m for m in objects(request(f"brokers: 6\n{text}", place)) if "pool" not in m.role]
        assert [m.role for m in small] == [m.role for m in large]
        for before, after in zip(small[:-1], large[:-1], strict=True):
            assert before.body == after.body
        listeners = [dict(found[-1].body)["spec"]["kafka"]["listeners"] for found in (small, large)]
        assert listeners[0] == listeners[1]


def test_direct_brokers_have_the_names_of_their_pods_and_controllers_have_none() -> None:
    found = listener(DIRECT, PRIVATE)
    assert found["type"] == "internal"
    assert found["configuration"]["advertisedHostTemplate"] == f"{{nodePodName}}.orders-network.{ZONE}"
    assert found["configuration"]["bootstrap"]["alternativeNames"] == [f"orders-network.{ZONE}"]
    (service,) = of_kind("Service", DIRECT, PRIVATE)
    assert service["metadata"]["annotations"][HOSTNAME] == f"orders-network.{ZONE}"
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["selector"]["strimzi.io/broker-role"] == "true"


def test_who_may_reach_the_brokers_port() -> None:
    gateway = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kafka-gateway"}}}]
    assert listener(BY_NAME, GATEWAY)["networkPolicyPeers"] == gateway
    assert listener(BY_PORT, GATEWAY)["networkPolicyPeers"] == gateway
    # Load balancers keep the sources' addresses or not, and have rules of their own.
    assert "networkPolicyPeers" not in listener("", PRIVATE)
    blocks = [one["ipBlock"]["cidr"] for one in listener(DIRECT, HUB)["networkPolicyPeers"] if "ipBlock" in one]
    assert blocks == ["10.0.0.0/16", "10.200.0.0/16"]
    narrow = "listeners: {network: {fan_out: direct, allowed_cidrs: [10.200.8.0/24]}}"
    blocks = [one["ipBlock"]["cidr"] for one in listener(narrow, HUB)["networkPolicyPeers"] if "ipBlock" in one]
    assert blocks == ["10.200.8.0/24"]
    assert listener("", PRIVATE, "tls")["networkPolicyPeers"] == [{"namespaceSelector": {}}]


@pytest.mark.parametrize(
    ("case", "bootstrap", "broker"),
    [
        ("lb-per-broker private", f"orders-network.{ZONE}:9095", f"orders-network-101.{ZONE}:9095"),
        ("lb-per-broker public", f"orders-external.{PUBLIC_ZONE}:9095", f"orders-external-101.{PUBLIC_ZONE}:9095"),
        ("sni link", f"orders-link.{ZONE}:443", f"orders-link-101.{ZONE}:443"),
        ("port-per-broker hub", f"orders-network.{ZONE}:9100", f"orders-network.{ZONE}:9102"),
        ("direct private", f"orders-network.{ZONE}:9095", f"orders-broker-101.orders-network.{ZONE}:9095"),
    ],
)
def test_clients_are_told_the_address_that_brokers_advertise(case: str, bootstrap: str, broker: str) -> None:
    asked = request(*CASES[case])
    (way,) = [one for one in publish(asked).ways if one.type != "internal"]
    assert way.bootstrap == bootstrap
    assert way.brokers[1] == broker
    assert addresses.endpoints(asked)[way.name] == bootstrap


@pytest.mark.parametrize("case", CASES)
def test_certificates_hold_every_name_that_a_client_is_told(case: str) -> None:
    """Strimzi puts these into them: the bootstrap's host and alternative names, and what each broker advertises."""
    asked = request(*CASES[case])
    listeners = {one["name"]: one for one in dict(objects(asked)[-1].body)["spec"]["kafka"]["listeners"]}
    for way in ways(kafka_spec(asked), asked.place):
        if way.fan_out is None:
            continue
        config = listeners[way.name]["configuration"]
        held = {*config["bootstrap"].get("alternativeNames", ()), config["bootstrap"].get("host")}
        held |= {config.get("advertisedHostTemplate"), config.get("hostTemplate")}
        assert set(addresses.names(asked.cluster, way, asked.place)) <= held


def test_what_a_cluster_takes_of_its_cells_network_is_told_by_listener() -> None:
    (by_port,) = demands(request(BY_PORT, GATEWAY))
    assert (by_port.ports, by_port.load_balancers, by_port.path) == ((9100, 9112), 0, ("listeners", "network"))
    (by_name,) = demands(request(BY_NAME, GATEWAY))
    assert (by_name.ports, by_name.load_balancers, by_name.fan_out) == (None, 0, "sni")
    (each,) = demands(request("", PUBLIC))
    assert (each.ports, each.load_balancers, each.exposure) == (None, 4, "external")
    assert each.address.endswith(":9095")


def test_strimzis_oldest_listener_has_services_by_another_name() -> None:
    (way,) = [w for w in ways(kafka_spec(request("", PUBLIC)), PUBLIC) if w.type == "external"]
    assert addresses.broker_service("orders", way, 100) == "orders-broker-external-100"
    assert addresses.broker_service("orders", replace(way, port=9094), 100) == "orders-broker-100"


def test_a_cell_that_makes_none_has_no_listener_outside() -> None:
    """Its own file is wrong then, and its own check says so."""
    for place in (
        replace(PRIVATE, fan_out="sni"),
        replace(LINKED, fan_out="direct"),
        replace(PRIVATE, load_balancers={}),
    ):
        assert {way.type for way in ways(kafka_spec(request("", place)), place)} == {"internal"}
