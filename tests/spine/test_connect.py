"""`fleet connect` for a declared cluster: every address of it, and properties for clients on either side."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from components.services.access import KafkaWay
from stacks.connect import addresses
from stacks.connect.idle import most_idle_ms
from stacks.connect.properties import Client, declared
from stacks.connect.target import ConnectError, Side, target
from stacks.fleet import Fleet
from stacks.load import load
from stacks.snapshot import snapshot
from tools.fleet_copy import REPOSITORY, copy_fleet

CLUSTER = "payments-prod"
ZONE = "aws-euw1-prod.kafka.acme.internal"


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return snapshot(REPOSITORY)


@pytest.fixture
def by_port(tmp_path: Path) -> Fleet:
    """The example fleet, its cell with a gateway and one cluster told apart by port."""
    copy_fleet(tmp_path)
    for name, path, value in (
        ("cells/aws-euw1-prod.yaml", ("network", "gateway"), {"broker_ports": "9100-9139"}),
        (
            f"clusters/payments/{CLUSTER}.yaml",
            ("services", "kafka", "listeners"),
            {"network": {"fan_out": "port-per-broker", "ports": "9100-9112"}},
        ),
    ):
        file = tmp_path / "fleet" / name
        body = yaml.safe_load(file.read_text("utf-8"))
        spot = body
        for key in path[:-1]:
            spot = spot.setdefault(key, {})
        spot[path[-1]] = value
        file.write_text(yaml.safe_dump(body, sort_keys=False), "utf-8")
    found = load(tmp_path)
    assert [str(p) for p in found.errors] == []
    return found


def test_every_listener_is_told_with_its_brokers_and_names(fleet: Fleet) -> None:
    found = addresses.data(addresses.access(fleet, CLUSTER))
    by_name = {one["name"]: one for one in found["listeners"]}
    assert set(by_name) == {"tls", "scram", "network"}
    assert by_name["tls"]["brokers"] == by_name["tls"]["names"] == []
    outside = by_name["network"]
    assert outside["fan_out"] == "lb-per-broker"
    assert outside["bootstrap"] == f"{CLUSTER}-network.{ZONE}:9095"
    assert outside["brokers"][0] == f"{CLUSTER}-network-100.{ZONE}:9095"
    assert outside["ports"] == [9095]
    assert outside["names"] == [f"{CLUSTER}-network.{ZONE}", f"{CLUSTER}-network-{{nodeId}}.{ZONE}"]
    assert json.loads(json.dumps(found)) == found


def test_the_table_has_a_line_a_listener_and_the_ports_for_a_firewall(by_port: Fleet) -> None:
    found = addresses.access(by_port, CLUSTER)
    brokers = len(next(way for way in found.ways if way.name == "network").brokers)
    text = addresses.text(found)
    assert text.splitlines()[0].split() == ["listener", "type", "fan-out", "authentication", "bootstrap"]
    assert f"network: ports 9100-{9100 + brokers}" in text
    assert f"  broker  {CLUSTER}-network.{ZONE}:9101" in text
    # One name leads to all of them.
    assert text.count("  in certificates  ") == 1


@pytest.mark.parametrize("client", list(Client))
def test_a_client_outside_gets_the_outside_address_and_no_secret(fleet: Fleet, client: Client) -> None:
    meant = target(fleet, CLUSTER, "payments-api", "api", Side.outside)
    text = declared(meant, client)
    assert f"bootstrap.servers={CLUSTER}-network.{ZONE}:9095" in text
    assert "for a client outside of the cell" in text
    assert "as files in /etc/kafka/payments-prod-cluster-ca-cert" in text
    # Below the 350 s after which AWS forgets a connection.
    assert "connections.max.idle.ms=297500" in text
    assert ("socket.keepalive.enable=true" in text) == (client is not Client.java)
    assert not [line for line in text.splitlines() if line.startswith("sasl.password=")]


def test_a_client_in_the_cell_gets_the_address_in_the_cell(fleet: Fleet) -> None:
    for side in (None, Side.cell):
        meant = target(fleet, CLUSTER, "payments-api", "api", side)
        assert meant.way.type == "internal"
        assert "connections.max.idle.ms" not in declared(meant, Client.java)


def test_a_side_without_a_listener_is_told_with_those_that_there_are(fleet: Fleet) -> None:
    with pytest.raises(ConnectError, match="no listener outside of the cell that takes tls") as found:
        target(fleet, CLUSTER, "fraud-detection", "scorer", Side.outside)
    assert "network (network, scram-sha-512)" in found.value.hint


@pytest.mark.parametrize(("cloud", "most"), [("aws", 297_500), ("azure", 204_000), ("gcp", 540_000)])
def test_connections_end_before_the_cloud_forgets_them(cloud: str, most: int) -> None:
    link = KafkaWay("link", "link", "orders-link.example:443", "scram-sha-512", fan_out="sni")
    assert most_idle_ms(cloud, link) == most
    assert most_idle_ms(cloud, replace(link, type="network", fan_out="direct")) is None
    assert most_idle_ms(cloud, replace(link, type="internal", fan_out="")) is None
