"""The laws of a ksqlDB section, each broken once."""

from dataclasses import replace

import pytest

from components.finding import Finding
from components.services.ksqldb.rules import check, loads

from .ksqldb_requests import AUTH, TLS, request


def findings(text: str, *, production: bool = True) -> list[Finding]:
    return list(check(request(text, production=production)))


GOOD = [
    "",
    f"mode: {{{TLS}, {AUTH}, open_to: cell}}",
    "mode: {queries: 'SELECT 1;'}",
    "{reads: [clicks.], writes: [totals.], output_prefix: out.}",
    "config: {ksql.query.pull.metrics.enabled: true}",
]
STREAMS = [
    "streams: {num.stream.threads: 4}",
    "streams: {producer.compression.type: zstd, consumer.max.poll.records: 100}",
    "streams: {max.poll.records: 100}",
    "streams: {topic.cleanup.policy: compact}",
]
BAD = [
    ("version: 7.9.1", "ksqldb-version-unsupported", ("version",)),
    ("image: docker.io/acme/ksqldb:latest", "image-not-pinned", ("image",)),
    ("{replicas: 1, standby_replicas: 0}", "too-few-replicas", ("replicas",)),
    ("{replicas: 2, standby_replicas: 2}", "too-many-standbys", ("standby_replicas",)),
    ("storage_class: gp9", "unknown-storage-class", ("storage_class",)),
    (f"mode: {{{AUTH}}}", "auth-needs-tls", ("mode", "auth")),
    ("mode: {open_to: cell}", "open-needs-auth", ("mode", "open_to")),
    (f"mode: {{queries: 'x', {TLS}}}", "headless-has-no-rest", ("mode", "tls")),
    ("reads: [_schemas]", "reserved-prefix", ("reads", 0)),
    ("writes: [a, __consumer]", "reserved-prefix", ("writes", 1)),
    ("output_prefix: _x", "reserved-prefix", ("output_prefix",)),
    ("config: {ksql.service.id: x}", "ksqldb-sets-it", ("config", "ksql.service.id")),
    ("config: {ssl.keystore.location: x}", "ksqldb-sets-it", ("config", "ssl.keystore.location")),
    (
        "config: {ksql.streams.num.stream.threads: 4}",
        "streams-elsewhere",
        ("config", "ksql.streams.num.stream.threads"),
    ),
    ("config: {num.threads: 4}", "not-ksqldb-config", ("config", "num.threads")),
    ("streams: {ksql.streams.num.stream.threads: 4}", "streams-prefix", ("streams", "ksql.streams.num.stream.threads")),
    ("streams: {application.id: x}", "ksqldb-sets-it", ("streams", "application.id")),
    ("streams: {producer.ssl.keystore.location: x}", "ksqldb-sets-it", ("streams", "producer.ssl.keystore.location")),
    ("streams: {num.standby.replicas: 2}", "ksqldb-sets-it", ("streams", "num.standby.replicas")),
    ("streams: {num.stream.thread: 2}", "unknown-streams-config", ("streams", "num.stream.thread")),
    ("streams: {num.stream.threads: two}", "bad-streams-config", ("streams", "num.stream.threads")),
    ("streams: {producer.compresion.type: zstd}", "unknown-producer-config", ("streams", "producer.compresion.type")),
]


@pytest.mark.parametrize("text", GOOD + STREAMS)
def test_what_is_right_is_not_told(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(("text", "code", "path"), BAD, ids=[f"{code}-{path[-1]}" for _, code, path in BAD])
def test_what_is_wrong_is_told_once_where_it_stands(text: str, code: str, path: tuple[str | int, ...]) -> None:
    (found,) = findings(text)
    assert (found.code, found.path) == (code, path)
    assert found.allowed or found.hint


def test_a_licence_is_stated_and_may_forbid() -> None:
    asked = request("licence: confluent-community")
    assert [f.code for f in check(replace(asked, offered_as_a_service=True))] == ["licence-forbids"]
    unsaid = replace(asked, spec=asked.spec.model_copy(update={"licence": None}))
    assert [f.code for f in check(unsaid)] == ["licence-not-stated"]


def test_one_server_is_enough_outside_of_production() -> None:
    assert findings("{replicas: 1, standby_replicas: 0}", production=False) == []


def test_it_takes_no_kafka_nodes() -> None:
    assert list(loads(request())) == []
