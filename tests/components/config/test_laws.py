"""Laws between a broker's keys, which Kafka only tells at its start."""

import pytest

from components.config.keys import VERSIONS, known
from components.config.laws import check
from components.model import Scalar


@pytest.mark.parametrize("version", VERSIONS)
def test_kafkas_defaults_break_no_law(version: str) -> None:
    config = {name: key.default for name, key in known("broker", version).items() if key.default is not None}
    config.pop("early.start.listeners", None)
    assert list(check(config, version, ())) == []


@pytest.mark.parametrize(
    ("config", "key", "right"),
    [
        ({"group.consumer.session.timeout.ms": 1}, "group.consumer.session.timeout.ms", "at most"),
        (
            {"group.consumer.heartbeat.interval.ms": 45000, "group.consumer.max.heartbeat.interval.ms": 60000},
            "group.consumer.heartbeat.interval.ms",
            "less than",
        ),
        ({"group.share.max.share.sessions": 10}, "group.share.max.share.sessions", "at most"),
        ({"replica.lag.time.max.ms": 100}, "replica.lag.time.max.ms", "at most"),
        ({"log.cleaner.threads": 0}, "log.cleaner.threads", "1 to"),
        ({"log.cleaner.threads": 200}, "log.cleaner.threads", "mebibyte"),
        ({"log.cleaner.dedupe.buffer.size": 100}, "log.cleaner.dedupe.buffer.size", "mebibyte"),
        ({"log.retention.ms": 0}, "log.retention.ms", "-1"),
        ({"log.roll.ms": 0}, "log.roll.ms", "1 to"),
        ({"offsets.topic.compression.codec": 9}, "offsets.topic.compression.codec", "0 to 4"),
        ({"connections.max.idle.ms": 50}, "connections.max.idle.ms", "above"),
        ({"max.connections.per.ip": 0}, "max.connections.per.ip", "1 or more"),
        ({"max.connections.per.ip.overrides": "10.0.0.7"}, "max.connections.per.ip.overrides", "10.0.0.7:100"),
        ({"queued.max.request.bytes": 10}, "queued.max.request.bytes", "socket.request.max.bytes"),
        ({"log.local.retention.ms": -1}, "log.local.retention.ms", "at most"),
        ({"group.coordinator.rebalance.protocols": "consumer"}, "group.coordinator.rebalance.protocols", "classic"),
        ({"group.consumer.assignors": "unifrom"}, "group.consumer.assignors", "uniform"),
        ({"early.start.listeners": "x"}, "early.start.listeners", "nothing"),
    ],
)
def test_a_broken_law_is_told_at_the_key_that_is_said(config: dict[str, Scalar], key: str, right: str) -> None:
    (found, *_) = check(config, "4.3.1", ("config",))
    assert (found.code, found.path) == ("bad-broker-config", ("config", key))
    assert right in found.allowed


def test_what_the_service_says_counts_too() -> None:
    assert list(check({"log.local.retention.ms": 3_600_000}, "4.3.1", ())) == []
    (found,) = check({"log.local.retention.ms": 3_600_000}, "4.3.1", (), {"log.retention.ms": 60_000})
    assert "'log.retention.ms' is 60000" in found.message


def test_a_value_that_the_table_refuses_is_left_to_it() -> None:
    assert list(check({"log.cleaner.threads": "two", "group.consumer.session.timeout.ms": -5}, "4.3.1", ())) == []


def test_every_key_of_a_law_is_one_of_kafkas() -> None:
    """A misspelt key in a law would be a law that never holds anyone."""
    from components.config.laws import CONCERNED

    assert set(known("broker", VERSIONS[-1])) >= CONCERNED
