"""A mirror can do its work with the rights of its two rendered KafkaUsers, and touches nothing else.

MirrorMaker 2 itself between two real brokers whose authorizer denies what no ACL allows.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.cimpl import NewTopic

from components.services.mirror.objects import objects
from tests.cluster.mirror_world import SECONDS, Worker, allow, broker, client, worker
from tests.components.services.test_mirror_objects import asked

RECORDS = 200
SECTION = """
config: {{exactly.once.source.support: {eos}}}
sources:
  orders:
    topics: ["orders.*"]
    exclude: ["orders.not*"]
    groups: ["orders.*"]
    names: {names}
    refresh_seconds: 10
    checkpoint_seconds: 5
    offset_lag_max: 0
    tasks: 2
"""


@dataclass
class Pair:
    """Two brokers and the mirror between them."""

    names: str
    source: str
    target: str
    worker: Worker

    @property
    def copy(self) -> str:
        return "orders.orders.one" if self.names == "prefixed" else "orders.one"


def _filled(bootstrap: str) -> None:
    topics = [
        NewTopic("orders.one", 2, 1, config={"retention.ms": "7200000"}),
        NewTopic("orders.not.this", 1, 1),
        NewTopic("secret", 1, 1),
    ]
    admin = AdminClient(client(bootstrap))  # its answers end with it
    for future in admin.create_topics(topics).values():
        future.result()
    producer = Producer(client(bootstrap))
    for number in range(RECORDS):
        producer.produce("orders.one", f"{number}".encode(), partition=number % 2)
    producer.produce("orders.not.this", b"x")
    producer.produce("secret", b"x")
    assert producer.flush(30) == 0
    consumer = Consumer({**client(bootstrap), "group.id": "orders.app", "auto.offset.reset": "earliest"})
    consumer.subscribe(["orders.one"])
    assert len(_read(consumer, RECORDS)) == RECORDS
    consumer.commit(asynchronous=False)
    consumer.close()


def _read(consumer: Consumer, wanted: int) -> set[bytes]:
    found: set[bytes] = set()
    deadline = time.monotonic() + SECONDS
    while len(found) < wanted and time.monotonic() < deadline:
        message = consumer.poll(1)
        if message is not None and message.error() is None:
            found.add(message.value() or b"")
    return found


def _until(what: Callable[[], Any], enough: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + SECONDS
    while not enough(found := what()) and time.monotonic() < deadline:
        time.sleep(1)
    return found


@pytest.fixture(scope="module", params=[("same", "disabled"), ("prefixed", "enabled")], ids="-".join)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    names, eos = request.param
    folder: Path = tmp_path_factory.mktemp("mirror")
    rendered: Mapping[str, Any] = {m.role: m.body for m in objects(asked(SECTION.format(names=names, eos=eos)))}
    with broker(folder / "source") as source, broker(folder / "target") as target:
        _filled(source)
        allow(source, rendered["orders-user"])
        allow(target, rendered["user"])
        with worker(folder / "worker", rendered["workers"]["spec"], source, target) as running:
            yield Pair(names, source, target, running)


def _topics(bootstrap: str) -> set[str]:
    return set(AdminClient(client(bootstrap)).list_topics(timeout=10).topics)


def test_every_record_is_copied(pair: Pair) -> None:
    assert _until(lambda: _topics(pair.target), lambda topics: topics >= {pair.copy}) >= {pair.copy}
    consumer = Consumer({**client(pair.target), "group.id": "check", "auto.offset.reset": "earliest"})
    consumer.subscribe([pair.copy])
    assert len(_read(consumer, RECORDS)) == RECORDS
    consumer.close()


def test_a_topic_s_configuration_is_copied(pair: Pair) -> None:
    admin = AdminClient(client(pair.target))

    def retention() -> str:
        resource = ConfigResource(ConfigResource.Type.TOPIC, pair.copy)
        found: str = admin.describe_configs([resource])[resource].result()["retention.ms"].value
        return found

    assert _until(retention, lambda value: value == "7200000") == "7200000"


def test_positions_of_consumers_are_translated(pair: Pair) -> None:
    admin = AdminClient(client(pair.target))

    def positions() -> dict[tuple[str, int], int]:
        asked_for = ConsumerGroupTopicPartitions("orders.app")
        (found,) = admin.list_consumer_group_offsets([asked_for]).values()
        return {(one.topic, one.partition): one.offset for one in found.result().topic_partitions or []}

    whole = {(pair.copy, 0): RECORDS // 2, (pair.copy, 1): RECORDS // 2}
    assert _until(positions, lambda found: set(found) == set(whole)).keys() == whole.keys()


def test_nothing_is_written_to_the_source_and_nothing_else_is_copied(pair: Pair) -> None:
    assert _topics(pair.source) == {"__consumer_offsets", "orders.one", "orders.not.this", "secret"}
    own = {"mm2-offset-syncs.orders.internal", "orders.checkpoints.internal"}
    own |= {f"standby-mirror-{what}" for what in ("configs", "offsets", "status")}
    assert _topics(pair.target) - {"__consumer_offsets", "__transaction_state"} == {pair.copy, *own}


def test_both_connectors_run_and_the_authorizer_refused_nothing(pair: Pair) -> None:
    for name in ("source", "checkpoint"):
        status = pair.worker.ask("GET", f"/connectors/{name}/status")
        assert {status["connector"]["state"], *(task["state"] for task in status["tasks"])} == {"RUNNING"}
    assert [line for line in pair.worker.log.read_text("utf-8").splitlines() if "uthorizationException" in line] == []
