"""The verdict on one key of the brokers' configuration. `tests/cluster/test_kafka_dynamic.py` asks Kafka itself."""

from typing import Any

import pytest

from components.config import forbidden
from components.config.keys import VERSIONS, known
from components.impact import losses
from components.impact.broker_config import verdict
from components.impact.contract import MISSING
from components.impact.controller_keys import RELEVANT

BOTH = ("brokers", "controllers")
VERSION = "4.3.1"


@pytest.mark.parametrize(
    ("key", "old", "new", "restarts"),
    [
        ("compression.type", "producer", "lz4", ()),
        ("compression.type", "lz4", MISSING, ()),
        ("num.io.threads", 8, 16, ()),
        ("num.io.threads", 8, 17, ("brokers",)),
        ("num.io.threads", 8, 4, ()),
        ("num.io.threads", 8, 3, ("brokers",)),
        ("num.io.threads", MISSING, 24, ("brokers",)),
        ("num.network.threads", 3, 12, ()),
        ("min.insync.replicas", 1, 2, ()),
        ("min.insync.replicas", 2, MISSING, BOTH),
        ("num.partitions", MISSING, 1, ()),
        ("num.partitions", 1, MISSING, BOTH),
        ("num.partitions", 1, 3, BOTH),
        ("auto.create.topics.enable", MISSING, True, ()),
        ("auto.create.topics.enable", MISSING, False, BOTH),
        ("group.initial.rebalance.delay.ms", MISSING, 5, ("brokers",)),
        ("controller.quorum.fetch.timeout.ms", MISSING, 5, ("controllers",)),
        ("listener.name.tls-9093.max.connections", MISSING, 5, BOTH),
        ("a.plugin.limit", MISSING, 5, BOTH),
        ("ssl.enabled.protocols", MISSING, "TLSv1.3", ()),
        ("ssl.keystore.location", MISSING, "/a", ("brokers",)),
    ],
)
def test_which_nodes_restart(key: str, old: Any, new: Any, restarts: tuple[str, ...]) -> None:
    said = verdict(key, old, new, VERSION)
    assert said.restarts == restarts
    assert said.why
    assert said.source


def test_a_version_that_nobody_knows_is_judged_by_the_newest() -> None:
    assert verdict("num.partitions", 1, 3, "9.9.9").restarts == BOTH


def test_a_key_of_another_version_counts_as_a_plugins() -> None:
    assert verdict("group.coordinator.background.threads", MISSING, 3, "4.3.1").restarts == ("brokers",)
    assert verdict("group.coordinator.background.threads", MISSING, 3, "4.2.1").restarts == BOTH


def test_the_operator_also_lists_keys_that_no_kafka_has_any_more() -> None:
    every = {name for version in VERSIONS for name in known("broker", version)}
    unknown = {name for name in RELEVANT - every if not forbidden.reason(name, "1.2.0")}
    assert len(unknown) < 12 < len(RELEVANT & every)


@pytest.mark.parametrize(
    ("key", "old", "new", "ends"),
    [
        ("log.retention.ms", 1000, 999, True),
        ("log.retention.ms", 1000, 1001, False),
        ("log.retention.ms", 1000, -1, False),
        ("log.retention.ms", -1, 10**15, True),
        ("log.retention.ms", MISSING, 86_400_000, True),
        ("log.retention.ms", MISSING, 30 * 86_400_000, False),
        ("log.retention.ms", 30 * 86_400_000, MISSING, True),
        ("log.retention.hours", MISSING, 24, True),
        ("log.retention.bytes", MISSING, 1, True),
        ("log.retention.bytes", 1, MISSING, False),
        ("offsets.retention.minutes", MISSING, 60, True),
        ("log.cleanup.policy", MISSING, "compact", True),
        ("log.cleanup.policy", "compact", MISSING, True),
        ("log.cleanup.policy", "delete", "compact,delete", True),
        ("log.cleanup.policy", "compact,delete", "delete", False),
        ("compression.type", "lz4", "zstd", False),
    ],
)
def test_what_ends_on_every_topic(key: str, old: Any, new: Any, ends: bool) -> None:
    assert bool(verdict(key, old, new, VERSION).loses) is ends


def test_what_brokers_kept_before_counts() -> None:
    hours = {"log.retention.hours": 1}
    assert not verdict("log.retention.ms", MISSING, 86_400_000, VERSION, config=hours).loses
    assert losses.retention_ms({"log.retention.minutes": 1}) == 60_000
    assert losses.retention_ms({"log.retention.hours": -1}) == -1
    assert losses.retention_ms({"log.retention.ms": 5, "log.retention.hours": 1}) == 5


def test_a_value_that_is_no_number_is_not_taken_for_a_longer_life() -> None:
    assert losses.of_topic("retention.ms", 5, "soon", {})
