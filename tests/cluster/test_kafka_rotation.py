"""Must 6 of the issue: a credential is rotated on the real broker under load, and the retired generation is refused.

Also what else an app's stack brings to a broker that runs: quotas, a topic's configuration, and a killed reconciler or
broker that comes back as it was.
"""

import os
import signal
import time
from collections.abc import Mapping

import pytest
from confluent_kafka import KafkaError, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from sandbox.kafka import control, declared
from sandbox.kafka.admin import Admin
from tests.cluster.kafka_world import CLUSTER, World, day

REQUESTS = 1_000
TOPIC = "trial.orders"
AUTHENTICATION = (KafkaError._AUTHENTICATION, KafkaError.SASL_AUTHENTICATION_FAILED)


class Client:
    """Sends one message a request, as a service does that answers only when Kafka has it."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        self.failures: list[KafkaError] = []
        self.answers: list[KafkaError | None] = []
        settings = {**properties, "linger.ms": 0, "log_level": 0, "message.timeout.ms": 20000}
        self._producer = Producer({**settings, "error_cb": self.failures.append})

    def send(self, number: int) -> None:
        for _ in range(number):
            self._producer.produce(TOPIC, b"under load", on_delivery=lambda error, _message: self.answers.append(error))
            assert self._producer.flush(20) == 0

    def wrong(self) -> list[KafkaError]:
        return [one for one in (*self.failures, *self.answers) if one is not None]


def refused(properties: Mapping[str, str], seconds: float = 30) -> bool:
    """Whether a new connection with these properties is turned away for its credential."""
    said: list[KafkaError] = []
    admin = AdminClient({**properties, "log_level": 0, "error_cb": said.append})
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not any(one.code() in AUTHENTICATION for one in said):
        admin.poll(0.1)
    return any(one.code() in AUTHENTICATION for one in said)


def test_a_client_changes_over_without_a_failure_and_the_old_generation_is_refused(world: World) -> None:
    old, new = (world.credential(f"routes-trial.changing.{one}").properties for one in ("old", "new"))
    assert old["sasl.password"] != new["sasl.password"]
    before, after = Client(old), Client(new)
    before.send(REQUESTS // 2)
    after.send(1)
    before.send(REQUESTS // 10)
    after.send(REQUESTS // 2)
    world.write(until=day(-1), since=day(-9))
    said = world.up(f"app.{CLUSTER}.routes-trial")
    after.send(REQUESTS // 10)
    assert [str(one) for one in (*before.wrong(), *after.wrong())] == []
    assert len(before.answers) + len(after.answers) > REQUESTS
    names = {one["name"] for one in said["objects"]}
    assert "routes-trial.changing.new" in names
    assert "routes-trial.changing.old" not in names
    assert refused(old), "the retired generation may still log in"
    # A connection that was open is not cut, but it has lost its rights.
    before.send(1)
    assert before.answers[-1] is not None
    assert "AUTHORIZATION_FAILED" in before.answers[-1].name()
    assert not refused(new, seconds=2)
    assert not control.secret(world.state, CLUSTER, "routes-trial.changing.old").exists()


def test_quotas_of_users_are_what_the_objects_say(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    wanted = {}
    for body in world.cluster.users:
        for key, value in body["spec"].get("quotas", {}).items():
            wanted[declared.name_of(body), key] = float(value)
    assert wanted
    admin = Admin(tmp_path_factory.mktemp("admin") / "admin.log")
    try:
        folder = world.state / "kafka" / CLUSTER
        own = world.operator()
        admin.open(
            CLUSTER,
            {
                "bootstrap.servers": str(own["bootstrap.servers"]),
                "security.protocol": "SSL",
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(folder / "operator" / "keystore.pem"),
                "ssl.truststore.type": "PEM",
                "ssl.truststore.location": str(own["ssl.ca.location"]),
            },
        )
        there = admin.state(CLUSTER)["quotas"]
    finally:
        admin.stop()
    words = {"producerByteRate": "producer_byte_rate", "requestPercentage": "request_percentage"}
    assert {(user, key): there[user][words[key]] for user, key in wanted} == wanted


def test_a_changed_topic_arrives(world: World) -> None:
    name = "other.private"
    file = "fleet/apps/logistics/routes-other.yaml"
    after = "{ partitions: 4, config: { retention.ms: 7200000 } }"
    world.fleet.edit(file, f"{name}: {{ partitions: 1 }}", f"{name}: {after}")
    said = world.up(f"app.{CLUSTER}.routes-other")
    assert all(one["ready"] for one in said["objects"] if one["kind"] == "KafkaTopic")
    admin = AdminClient(world.operator())
    (future,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, name)]).values()
    assert future.result(30)["retention.ms"].value == "7200000"
    assert len(admin.list_topics(name, timeout=20).topics[name].partitions) == 4


def test_a_killed_reconciler_finds_its_broker_and_a_killed_broker_comes_back(world: World) -> None:
    node, keeper = control.of(world.state, CLUSTER)["pid"], control.process(world.state)
    properties = world.credential("routes-trial.writer").properties
    os.kill(keeper, signal.SIGKILL)
    client = Client(properties)
    client.send(3)
    assert control.start(world.state) != keeper
    assert control.wait(world.state, [CLUSTER])[CLUSTER]["pid"] == node
    os.kill(node, signal.SIGKILL)
    deadline = time.monotonic() + 90
    while (said := control.of(world.state, CLUSTER))["pid"] == node or said["state"] != "ready":
        assert time.monotonic() < deadline, said
        time.sleep(0.1)
    client.send(3)
    assert [one for one in client.answers if one is not None] == []
    assert len(client.answers) == 6
