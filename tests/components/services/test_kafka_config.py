"""Kafka's own tables of configuration, and the operator's list of what it drops."""

from typing import Any

import pytest

from components.config import forbidden
from components.config import table as config_table
from components.config.table import Key, allowed, table


def test_the_tables_come_from_kafka() -> None:
    topics, brokers = table("topic"), table("broker")
    assert len(topics) == 33
    assert len(brokers) > 300
    assert topics["retention.ms"].type == "long"
    assert topics["cleanup.policy"].values == ("compact", "delete")
    assert brokers["process.roles"].mode == "read-only"
    assert brokers["num.network.threads"].mode == "cluster-wide"


def test_no_topic_key_of_kafka_4_is_missing() -> None:
    """Names from Kafka's documentation of topic configuration, so from another hand than the generated table."""
    documented = """cleanup.policy compression.type delete.retention.ms file.delete.delay.ms flush.messages flush.ms
        index.interval.bytes max.compaction.lag.ms max.message.bytes message.timestamp.type min.cleanable.dirty.ratio
        min.compaction.lag.ms min.insync.replicas preallocate retention.bytes retention.ms segment.bytes
        segment.index.bytes segment.jitter.ms segment.ms unclean.leader.election.enable remote.storage.enable
        local.retention.ms local.retention.bytes follower.replication.throttled.replicas
        leader.replication.throttled.replicas message.timestamp.before.max.ms message.timestamp.after.max.ms"""
    assert set(documented.split()) <= set(table("topic"))


def _key(kind: str, **more: Any) -> Key:
    plain: dict[str, Any] = {"mode": "dynamic", "least": None, "most": None, "values": (), "versions": ()}
    return Key(type=kind, **{**plain, **more})


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("boolean", [True, False], ["true", 1, 0]),
        ("int", [0, 2**31 - 1, -(2**31)], [2**31, 1.5, "1", True]),
        ("short", [32767], [32768]),
        ("long", [2**63 - 1], [2**63, "x"]),
        ("double", [0.5, 1], ["0.5", False]),
        ("string", ["x"], [1, True]),
        ("list", ["a,b"], [1]),
    ],
)
def test_values_are_of_the_type_that_kafka_wants(kind: str, good: list[Any], bad: list[Any]) -> None:
    assert [v for v in good if allowed(v, _key(kind))] == []
    assert [v for v in bad if not allowed(v, _key(kind))] == []


def test_values_are_within_limits() -> None:
    assert allowed(0, _key("int", least=1)) != ""
    assert allowed(2.0, _key("double", least=0, most=1)) == "0 to 1"
    assert allowed("a, b", _key("list", values=("a", "b"))) == ""
    assert allowed("a,c", _key("list", values=("a", "b"))) == "a, b"


def test_a_key_that_only_some_versions_know_says_which() -> None:
    partial = {name: key for name, key in table("broker").items() if key.versions}
    assert partial
    name, key = next(iter(partial.items()))
    missing = next(v for v in ("4.2.0", "4.3.1") if v not in key.versions)
    (found,) = config_table.check({name: "x"}, "broker", missing, ())
    assert found.code == "unknown-broker-config"
    assert found.allowed.startswith("with 4.")


@pytest.mark.parametrize(
    "key",
    ["listeners", "advertised.listeners", "broker.id", "log.dirs", "ssl.keystore.type", "super.users", "node.id"],
)
def test_the_operator_keeps_keys_for_itself(key: str) -> None:
    assert forbidden.reason(key, "1.2.0")


@pytest.mark.parametrize(
    "key",
    ["ssl.protocol", "broker.heartbeat.interval.ms", "listener.name.scram-9094.max.connections", "log.retention.ms"],
)
def test_the_operator_lets_keys_through(key: str) -> None:
    assert forbidden.reason(key, "1.2.0") == ""


def test_every_forbidden_prefix_is_refused() -> None:
    from components.config.forbidden import _data

    row = _data()["1.2.0"]
    for prefix in row["forbidden_prefixes"]:
        assert forbidden.reason(f"{prefix}x", "1.2.0"), prefix
    for key in row["exceptions"]:
        assert not forbidden.reason(key, "1.2.0"), key
