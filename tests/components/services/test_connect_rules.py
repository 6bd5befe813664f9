"""Each law of a connect section, broken by one section and kept by its nearest neighbour."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from components.services.connect.rules import check, loads
from components.services.contract import Place

from .requests import PUBLIC
from .test_connect_objects import asked

SUM = "ab" * 64
JAR = f"{{type: jar, url: 'https://x.example.com/a.jar', sha512sum: {SUM}}}"


def build(artifact: str = JAR, more: str = "push_secret: push", name: str = "x.example.com/connect:1") -> str:
    return f"plugins: {{build: {{image: '{name}', {more}, plugins: [{{name: one, artifacts: [{artifact}]}}]}}}}"


def codes(text: str, place: Place = PUBLIC, *, production: bool = True) -> list[tuple[str, str]]:
    found = check(asked(text, place, production=production))
    return [(f.code, ".".join(map(str, f.path))) for f in found]


AT = "plugins.build.plugins.0.artifacts.0"

BAD = [
    ("version: '4.1.0'", "worker-version-unsupported", "version"),
    ("version: '4.4.0'", "worker-version-unsupported", "version"),
    ("replicas: 1", "too-few-replicas", "replicas"),
    ("{replicas: 4, autoscaling: {most: 4}}", "autoscaling-has-no-room", "autoscaling.most"),
    ("{memory_mib: 1024, heap_mib: 2048}", "heap-too-large", "heap_mib"),
    ("{memory_mib: 1024, heap_mib: 800}", "heap-too-large", "heap_mib"),
    ("memory_mib: 800", "heap-too-large", "memory_mib"),
    ("plugins: {image: x.example.com/connect}", "image-not-pinned", "plugins.image"),
    ("plugins: {image: 'x.example.com/connect:latest'}", "image-not-pinned", "plugins.image"),
    ("plugins: {contains: [jdbc]}", "contains-without-image", "plugins.contains"),
    (build(name="x.example.com/connect"), "image-not-pinned", "plugins.build.image"),
    (build(more="memory_mib: 1024"), "build-without-push-secret", "plugins.build"),
    (build("{type: jar, url: 'https://x.example.com/a.jar'}"), "artifact-without-checksum", AT),
    (build(f"{{type: zip, sha512sum: {SUM}}}"), "artifact-incomplete", AT),
    (build(JAR.replace("type: jar", "type: jar, group: g")), "artifact-field-ignored", f"{AT}.group"),
    (build("{type: maven, group: g, artifact: a}"), "artifact-incomplete", AT),
    (build("{type: maven, group: g, artifact: a, version: 1-SNAPSHOT}"), "artifact-not-pinned", f"{AT}.version"),
    (build("{type: maven, group: g, artifact: a, version: LATEST}"), "artifact-not-pinned", f"{AT}.version"),
    (
        build(f"{{type: maven, group: g, artifact: a, version: '1.0', sha512sum: {SUM}}}"),
        "artifact-field-ignored",
        f"{AT}.sha512sum",
    ),
    (
        build().replace("plugins: [", f"plugins: [{{name: one, artifacts: [{JAR}]}}, "),
        "plugin-twice",
        "plugins.build.plugins.1.name",
    ),
    ("config: {group.id: x}", "forbidden-worker-config", "config.group.id"),
    ("config: {rest.port: 1}", "forbidden-worker-config", "config.rest.port"),
    ("config: {ssl.keystore.location: /x}", "forbidden-worker-config", "config.ssl.keystore.location"),
    ("config: {bootstrap.servers: x}", "forbidden-worker-config", "config.bootstrap.servers"),
    ("config: {config.providers: env}", "worker-config-provider", "config.config.providers"),
    ("config: {config.providers.env.class: X}", "worker-config-provider", "config.config.providers.env.class"),
    (
        "config: {config.storage.replication.factor: 2}",
        "worker-topic-copies",
        "config.config.storage.replication.factor",
    ),
    ("config: {offset.flush.intervall.ms: 1}", "unknown-connect-worker-config", "config.offset.flush.intervall.ms"),
    ("config: {offset.flush.interval.ms: soon}", "bad-connect-worker-config", "config.offset.flush.interval.ms"),
    ("egress: [{cidr: 0.0.0.0/0, ports: [443]}]", "egress-everywhere", "egress.0.cidr"),
]


@pytest.mark.parametrize(("text", "code", "path"), BAD, ids=[f"{code}-{n}" for n, (_, code, _) in enumerate(BAD)])
def test_a_broken_law_is_told_at_its_value(text: str, code: str, path: str) -> None:
    assert codes(text) == [(code, path)]


GOOD = [
    "version: '4.2.0'",
    "version: '4.3.1'",
    "{memory_mib: 1024, heap_mib: 768}",
    "plugins: {image: 'x.example.com/connect:1.0', contains: [jdbc]}",
    build(),
    build("{type: maven, group: g, artifact: a, version: '1.0', repository: 'https://x.example.com/m2'}"),
    "config: {ssl.protocol: TLSv1.3, offset.flush.interval.ms: 5000}",
    "config: {config.storage.replication.factor: 3}",
    "config: {connector.client.config.override.policy: None}",
    "config: {producer.linger.ms: 5}",
    "egress: [{cidr: 10.0.0.0/8, ports: [443]}]",
    "{replicas: 3, autoscaling: {enabled: false, most: 2}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_the_nearest_right_section_is_accepted(text: str) -> None:
    assert codes(text) == []


def test_development_may_be_small_and_open() -> None:
    assert codes("{replicas: 1, egress: [{cidr: 0.0.0.0/0, ports: [443]}]}", production=False) == []


def test_an_unknown_operator_is_the_cell_s_finding() -> None:
    assert codes("version: '4.1.0'", replace(PUBLIC, operator_version="9.9.9")) == []


def test_a_typo_gets_the_nearest_key() -> None:
    (found,) = check(asked("config: {offset.flush.intervall.ms: 1}"))
    assert found.hint == "did you mean 'offset.flush.interval.ms'?"


@pytest.mark.parametrize(
    "text",
    [
        f"plugins: {{image: 'x.example.com/c:1', {build().removeprefix('plugins: {')}",
        build("{type: jar, url: 'http://x.example.com/a.jar'}"),
        build("{type: jar, sha512sum: abc}"),
        "plugins: {build: {image: 'x.example.com/c:1', push_secret: p, plugins: []}}",
        "egress: [{cidr: 10.0.0.1/8, ports: [443]}]",
        "egress: [{cidr: 10.0.0.0/8, ports: []}]",
        "log_levels: {root: LOUD}",
        "replica: 3",
    ],
)
def test_shapes_that_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        asked(text)


def test_nothing_runs_on_kafka_nodes() -> None:
    assert loads(asked()) == ()


def test_a_build_asks_for_a_namespace_that_allows_it() -> None:
    from components.services.connect.worker import connect_spec

    assert connect_spec(asked(build())).pod_security == "baseline"
    assert connect_spec(asked()).pod_security == "restricted"
