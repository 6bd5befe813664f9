"""Each law of a mirror section, broken by one section and kept by its nearest neighbour."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from components.services.access import Peer
from components.services.contract import ServiceRequest
from components.services.mirror.rules import check, loads

from .test_mirror_objects import FAR, REMOTE, SCRAM, TLS, UNNAMED, asked, mirror, one, peer


def codes(request: ServiceRequest) -> list[tuple[str, str]]:
    return [(f.code, ".".join(map(str, f.path))) for f in check(request)]


def back(text: str) -> Peer:
    """The source, mirroring back from `standby`."""
    return peer(services={"mirror": mirror(f"sources: {{standby: {{{text}}}}}")})


S = "sources.orders"

BAD = [
    (asked("{}"), "mirror-of-nothing", "sources"),
    (asked("{version: '4.1.0', sources: {orders: {topics: [a]}}}"), "worker-version-unsupported", "version"),
    (asked("{replicas: 1, sources: {orders: {topics: [a]}}}"), "too-few-replicas", "replicas"),
    (asked("{heap_mib: 4000, sources: {orders: {topics: [a]}}}"), "heap-too-large", "heap_mib"),
    (
        asked("{config: {group.id: x}, sources: {orders: {topics: [a]}}}"),
        "forbidden-worker-config",
        "config.group.id",
    ),
    (
        asked("{config: {offset.flush.intervall.ms: 1}, sources: {orders: {topics: [a]}}}"),
        "unknown-connect-worker-config",
        "config.offset.flush.intervall.ms",
    ),
    (one("topics: [a]", peer(team="web")), "mirror-not-allowed", S),
    (
        one("topics: [a]", peer(team="web", services={"mirror": mirror("targets: [another]")})),
        "mirror-not-allowed",
        S,
    ),
    (one(TLS), "remote-not-needed", f"{S}.remote"),
    (one("topics: [a]", place=replace(asked("targets: [a]").place, apis=())), "external-secrets-missing", S),
    (one("topics: [a]", FAR), "source-on-other-cell", S),
    (one(f"topics: [a], {REMOTE}}}", FAR), "remote-without-username", f"{S}.remote"),
    (one(UNNAMED, FAR), "remote-without-address", f"{S}.remote"),
    (
        one(TLS.replace("authentication: tls", "authentication: tls, username: x"), FAR),
        "remote-username-ignored",
        f"{S}.remote.username",
    ),
    (one("topics: ['orders.*']", back("topics: ['orders.eu.*']")), "mirror-loop", f"{S}.topics"),
    (one("topics: [orders.a]", back("topics: ['orders.*'], state: paused")), "mirror-loop", f"{S}.topics"),
    (one("topics: ['a.*', a.b]"), "pattern-covered", f"{S}.topics.1"),
    (one("topics: [a.b, 'a.*']"), "pattern-covered", f"{S}.topics.0"),
    (one("topics: [a, a]"), "pattern-covered", f"{S}.topics.1"),
    (one("topics: ['a.*'], exclude: [b]"), "exclude-of-nothing", f"{S}.exclude.0"),
    (one("topics: [a], consumer: {group.id: x}"), "client-config-owned", f"{S}.consumer.group.id"),
    (one("topics: [a], producer: {ssl.protocol: x}"), "client-config-owned", f"{S}.producer.ssl.protocol"),
    (one("topics: [a], producer: {compresion.type: zstd}"), "unknown-producer-config", f"{S}.producer.compresion.type"),
    (one("topics: [a], consumer: {fetch.max.bytes: many}"), "bad-consumer-config", f"{S}.consumer.fetch.max.bytes"),
]


@pytest.mark.parametrize(("request_", "code", "path"), BAD, ids=[f"{code}-{n}" for n, (_, code, _) in enumerate(BAD)])
def test_a_broken_law_is_told_at_its_value(request_: ServiceRequest, code: str, path: str) -> None:
    assert codes(request_) == [(code, path)]


GOOD = [
    one("topics: [a]", peer(team="web", services={"mirror": mirror("targets: [standby]")})),
    one("topics: [a]", peer(team="web"), team="web"),
    one(SCRAM, FAR),
    one("topics: ['orders.*']", back("topics: ['payments.*']")),
    one("topics: ['orders.*'], state: promoted", back("topics: ['orders.*']")),
    one("topics: ['orders.*']", back("topics: ['orders.*'], state: promoted")),
    one("topics: ['orders.*'], names: prefixed", back("topics: ['orders.*'], names: prefixed")),
    one("topics: ['a.*'], exclude: ['a.b.*']"),
    one("topics: [a], consumer: {max.poll.records: 100}, producer: {linger.ms: 20}"),
    asked("targets: [orders]"),
    asked("{replicas: 1, sources: {orders: {topics: [a]}}}", production=False),
]


@pytest.mark.parametrize("request_", GOOD)
def test_the_nearest_right_section_is_accepted(request_: ServiceRequest) -> None:
    assert codes(request_) == []


def test_a_source_that_does_not_exist_is_the_spine_s_finding() -> None:
    assert codes(asked("sources: {gone: {topics: [a]}}")) == []


@pytest.mark.parametrize(
    "source",
    [
        "topics: []",
        "topics: ['*']",
        "topics: ['a.*.b']",
        "topics: ['orders\\..*']",
        "topics: [a], state: stopped",
        "topics: [a], tasks: 0",
        "topics: [a], remote: {address: nowhere}",
        "topic: [a]",
    ],
)
def test_shapes_that_are_refused(source: str) -> None:
    with pytest.raises(ValidationError):
        one(source)


def test_nothing_runs_on_kafka_nodes() -> None:
    assert loads(asked("targets: [orders]")) == ()
