"""A cluster's Connect worker here: an app's connector runs as the app's own user, and goes with its object."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from confluent_kafka import Producer

from sandbox.kafka import control
from tests.cluster.kafka_world import CLUSTER, World

APP = "fleet/apps/logistics/routes-trial.yaml"
CLUSTER_FILE = f"fleet/clusters/logistics/{CLUSTER}.yaml"
USERS = """users:
  sink:
    authentication: scram-sha-512
    roles: [{ role: consume, topics: [trial.totals], groups: [trial.sink] }]
"""
CONNECTORS = """connectors:
  sink:
    direction: sink
    class_name: org.apache.kafka.connect.file.FileStreamSinkConnector
    user: sink
    group: trial.sink
    config: { topics: trial.totals, file: TARGET, value.converter: org.apache.kafka.connect.storage.StringConverter }
"""


@pytest.fixture
def connected(world: World) -> Iterator[World]:
    """The world with a Connect worker, which other files must not find there: its user would be one of theirs."""
    before = {path: path.read_text("utf-8") for path in (world.fleet.root / APP, world.fleet.root / CLUSTER_FILE)}
    world.fleet.edit(CLUSTER_FILE, "kafka: {}", "kafka: {}\n  connect: {}")
    yield world
    gone = world.fleet.run("destroy", f"connect.{CLUSTER}")
    for path, text in before.items():
        path.write_text(text, "utf-8")
    world.up(f"app.{CLUSTER}.routes-trial")
    assert gone.code == 0, gone.said()


def test_a_connector_reads_as_its_user_and_goes_with_its_object(connected: World, tmp_path: Path) -> None:
    world = connected
    target = tmp_path / "out.txt"
    before = (world.fleet.root / APP).read_text("utf-8")
    world.fleet.edit(APP, "users:\n", USERS)
    (world.fleet.root / APP).open("a", encoding="utf-8").write(CONNECTORS.replace("TARGET", str(target)))
    world.up(f"connect.{CLUSTER}", f"app.{CLUSTER}.routes-trial")
    said = ready(world, "routes-trial.sink")
    assert any(one["what"].endswith("config.providers.secrets.class") for one in said["adapted"])
    producer = Producer({**world.credential("routes-trial.mover").properties, "log_level": 0})
    producer.produce("trial.totals", b"through connect")
    assert producer.flush(20) == 0
    deadline = time.monotonic() + 60
    while not target.exists() or "through connect" not in target.read_text("utf-8"):
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    (world.fleet.root / APP).write_text(before, "utf-8")
    said = world.up(f"app.{CLUSTER}.routes-trial")
    address = f"{said['connect'][f'{CLUSTER}-connect']}/connectors"
    assert requests.get(address, timeout=20).json() == []


def ready(world: World, connector: str) -> dict[str, list[dict[str, str]]]:
    """Wait until the reconciler says that a connector runs; its status then."""
    deadline = time.monotonic() + 120
    while True:
        said = control.of(world.state, CLUSTER)
        if any(
            one["name"] == connector and one["kind"] == "KafkaConnector" and one["ready"] for one in said["objects"]
        ):
            return said
        assert time.monotonic() < deadline, said["objects"]
        time.sleep(0.5)
