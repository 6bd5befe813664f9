"""Connectors run as a user of their app, with its rights, and no secret stands in a file or is read by another."""

import json
from typing import Any

import pytest

from components.apps.connector_rules import check
from components.apps.contract import AppRequest
from components.apps.objects import objects
from tests.components.services.judge import all_refusals
from tests.components.services.requests import request as kafka

from .requests import app

USER = """
users:
  u:
    authentication: scram-sha-512
    roles: [{role: consume, topics: [orders.a], groups: [orders.g]}, {role: produce, topics: [orders.dead]}]
"""
SINK = {"direction": "sink", "class_name": "com.example.Sink", "user": "u", "group": "orders.g"}
SOURCE = {"direction": "source", "class_name": "com.example.Source", "user": "u"}
TEXTS = {"config": {"topics": "orders.a"}}


def connected(connector: dict[str, Any], more: str = USER, **how: Any) -> AppRequest:
    import yaml

    return app({**yaml.safe_load(more), "connectors": {"c": connector}}, **how)


def body(request: AppRequest, kind: str) -> Any:
    (found,) = [manifest.body for manifest in objects(request) if manifest.body["kind"] == kind]
    return found


def config(connector: dict[str, Any], more: str = USER, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = body(connected(connector, more, **how), "KafkaConnector")["spec"]["config"]
    return found


AS_USER = {
    "bootstrap.servers": "orders-kafka-bootstrap.kafka-orders.svc:9094",
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.jaas.config": "${secrets:kafka-orders/orders.u:sasl.jaas.config}",
}


def overrides(*clients: str) -> dict[str, str]:
    return {f"{client}.override.{key}": value for client in clients for key, value in AS_USER.items()}


def test_a_sink_reads_as_the_apps_user_in_the_apps_group() -> None:
    assert config({**SINK, **TEXTS}) == {
        "topics": "orders.a",
        **overrides("consumer"),
        "consumer.override.group.id": "orders.g",
    }


def test_what_a_sink_could_not_use_is_written_as_the_apps_user_too() -> None:
    found = config({**SINK, "config": {"errors.deadletterqueue.topic.name": "orders.dead"}})
    assert overrides("admin", "consumer", "producer").items() <= found.items()


def test_a_source_writes_as_the_apps_user() -> None:
    assert config(SOURCE) == overrides("admin", "producer")


def test_the_newest_generation_is_used_and_connect_may_read_both() -> None:
    rotating = USER + '    credentials: {a: {until: "2026-12-31"}, b: {since: "2026-12-01"}}\n'
    request = connected(SOURCE, rotating)
    jaas = body(request, "KafkaConnector")["spec"]["config"]["producer.override.sasl.jaas.config"]
    assert jaas == "${secrets:kafka-orders/orders.u.b:sasl.jaas.config}"
    (rule,) = body(request, "Role")["rules"]
    assert rule["resourceNames"] == ["orders.u.a", "orders.u.b"]


def test_connect_may_get_the_apps_secrets_and_nothing_else() -> None:
    stored = USER + "secrets: {db: {store: vault}, other: {store: vault}}\n"
    request = connected({**SOURCE, "config": {"database.password": "${secret:db:password}"}}, stored)
    assert body(request, "Role")["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": ["orders.db.from.store", "orders.u"],
            "verbs": ["get"],
        }
    ]
    binding = body(request, "RoleBinding")
    assert binding["roleRef"]["name"] == body(request, "Role")["metadata"]["name"]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "orders-connect-connect", "namespace": "kafka-orders"}
    ]
    found = body(request, "KafkaConnector")["spec"]["config"]
    assert found["database.password"] == "${secrets:kafka-orders/orders.db.from.store:password}"
    assert all_refusals(objects(request)) == []


def test_the_object_says_what_the_file_says() -> None:
    spec = body(
        connected({**SOURCE, "plugin_version": "1.2", "tasks_max": 4, "state": "stopped", "auto_restart": {"most": 3}}),
        "KafkaConnector",
    )
    assert spec["metadata"]["labels"] == {"strimzi.io/cluster": "orders-connect"}
    assert {key: spec["spec"][key] for key in ("class", "version", "tasksMax", "state", "autoRestart")} == {
        "class": "com.example.Source",
        "version": "1.2",
        "tasksMax": 4,
        "state": "stopped",
        "autoRestart": {"enabled": True, "maxRestarts": 3},
    }


def told(connector: dict[str, Any], more: str = USER, **how: Any) -> set[str]:
    return {f"{f.code} {'.'.join(map(str, f.path))}" for f in check(connected(connector, more, **how))}


def source(config: dict[str, Any]) -> dict[str, Any]:
    return {**SOURCE, "config": config}


BAD: list[tuple[dict[str, Any], str]] = [
    ({**SINK, "user": "nobody"}, "connector-user connectors.c.user"),
    ({**SINK, "group": None}, "connector-group connectors.c"),
    ({**SOURCE, "group": "orders.g"}, "connector-group connectors.c.group"),
    ({**SINK, "group": "orders.other"}, "connector-right connectors.c.group"),
    ({**SINK, "config": {"topics": "orders.a, orders.b"}}, "connector-right connectors.c.config.topics"),
    (
        {**SINK, "config": {"errors.deadletterqueue.topic.name": "orders.x"}},
        "connector-right connectors.c.config.errors.deadletterqueue.topic.name",
    ),
    (source({"name": "x"}), "connector-key connectors.c.config.name"),
    (source({"connector.class": "x"}), "connector-key connectors.c.config.connector.class"),
    (source({"tasks.max": 2}), "connector-key connectors.c.config.tasks.max"),
    (
        source({"producer.override.sasl.jaas.config": "x"}),
        "connector-key connectors.c.config.producer.override.sasl.jaas.config",
    ),
    (
        source({"producer.override.bootstrap.servers": "x:1"}),
        "connector-key connectors.c.config.producer.override.bootstrap.servers",
    ),
    (
        source({"database.history.producer.sasl.jaas.config": "x"}),
        "connector-key connectors.c.config.database.history.producer.sasl.jaas.config",
    ),
    (source({"database.password": "hunter2"}), "connector-secret connectors.c.config.database.password"),
    (source({"aws.secret.access.key": "AKIA"}), "connector-secret connectors.c.config.aws.secret.access.key"),
    (source({"connection.url": "jdbc:x://u:pass@db/x"}), "connector-secret connectors.c.config.connection.url"),
    (
        source({"connection.url": "jdbc:x://db/x?user=u&password=p"}),
        "connector-secret connectors.c.config.connection.url",
    ),
    (
        source({"database.password": "${secrets:kafka-orders/other.u:password}"}),
        "connector-reference connectors.c.config.database.password",
    ),
    (source({"some.key": "${file:/opt/kafka/x:y}"}), "connector-reference connectors.c.config.some.key"),
    (source({"some.key": "${secret:nothing:y}"}), "connector-reference connectors.c.config.some.key"),
    (source({"errors.tolerance": "some"}), "bad-source-connector-config connectors.c.config.errors.tolerance"),
    (
        source({"producer.override.linger.ms": "soon"}),
        "bad-producer-config connectors.c.config.producer.override.linger.ms",
    ),
]


@pytest.mark.parametrize(("connector", "expected"), BAD, ids=[expected for _, expected in BAD])
def test_a_connector_that_would_fail_or_leak_is_told(connector: dict[str, Any], expected: str) -> None:
    assert expected in told(connector)


GOOD = [
    {**SINK, **TEXTS},
    source({"database.hostname": "db.internal", "database.password": "${secret:db:password}"}),
    source({"connection.url": "jdbc:x://db.internal:5432/x", "database.secret.name": "x"}),
    source({"producer.override.linger.ms": 50, "snapshot.mode": "initial"}),
]


@pytest.mark.parametrize("connector", GOOD)
def test_the_nearest_right_connector_passes(connector: dict[str, Any]) -> None:
    uses = "${secret:db" in json.dumps(connector)
    assert told(connector, USER + ("secrets: {db: {store: vault}}\n" if uses else "")) == set()


def test_a_secret_is_never_repeated_in_the_message() -> None:
    (finding,) = check(connected(source({"database.password": "hunter2"})))
    assert "hunter2" not in str(finding)


def test_only_password_users_can_run_connectors() -> None:
    tls = "users: {u: {authentication: tls, roles: [{role: produce, topics: [orders.]}]}}"
    assert told(SOURCE, tls) == {"connector-user connectors.c.user"}
    off = kafka("listeners: {scram: {enabled: false}}")
    assert told(SOURCE, cluster=off) == {"connector-no-listener connectors.c.user"}


def test_without_connect_there_is_nothing_to_run_on() -> None:
    request = connected(SOURCE, connect=None)
    assert {f.code for f in check(request)} == {"connector-without-connect"}
    assert "KafkaConnector" not in {manifest.body["kind"] for manifest in objects(request)}


def test_a_secret_that_nobody_uses_is_told() -> None:
    assert told(SOURCE, USER + "secrets: {db: {store: vault}}\n") == {"secret-unused secrets.db"}
