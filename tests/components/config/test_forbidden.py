"""The operator's lists of what it keeps for itself, for each kind of configuration."""

import pytest

from components.config import forbidden
from components.config.keys import WORDS, known

OPERATOR = "1.2.0"
KINDS = forbidden.kinds(OPERATOR)


def test_every_kind_of_object_has_its_list() -> None:
    assert set(KINDS) == {
        *("broker", "connect_worker", "connector", "mirror_cluster", "cruise_control"),
        *("bridge", "bridge_producer", "bridge_consumer", "bridge_admin"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_forbidden_prefix_is_refused_and_every_exception_taken(kind: str) -> None:
    rules = forbidden.rules(OPERATOR, kind)
    assert rules is not None
    for prefix in rules.prefixes:
        assert forbidden.reason(f"{prefix}x", OPERATOR, kind), prefix
        assert forbidden.reason(f"{prefix}x".upper(), OPERATOR, kind), "the operator compares without case"
    for key in rules.options:
        assert forbidden.reason(key, OPERATOR, kind), key
        assert not forbidden.reason(f"{key}.more", OPERATOR, kind) or rules.prefixes, key
    for key in rules.exceptions:
        assert not forbidden.reason(key, OPERATOR, kind), key


@pytest.mark.parametrize(
    ("key", "kind", "why"),
    [
        ("listeners", "broker", "listeners are declared under `listeners`"),
        ("advertised.listeners", "broker", "addresses follow"),
        ("log.dirs", "broker", "volumes"),
        ("super.users", "broker", "`super_users`"),
        ("node.id", "broker", "the operator sets it itself"),
        ("group.id", "connect_worker", "named after the service"),
        ("rest.port", "connect_worker", "REST API"),
        ("plugin.path", "connect_worker", "image"),
        ("tasks.max", "source_connector", "`tasks_max`"),
        ("connector.class", "sink_connector", "`class`"),
        ("name", "mirror_source", "key in the file"),
        ("offset.storage.topic", "mirror_cluster", "three topics"),
        ("http.port", "bridge", "own fields"),
        ("group.id", "bridge_consumer", "each consumer"),
        ("sasl.jaas.config", "bridge_producer", "own credentials"),
    ],
)
def test_a_key_of_the_operators_has_a_reason(key: str, kind: str, why: str) -> None:
    assert why in forbidden.reason(key, OPERATOR, kind)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("ssl.protocol", "broker"),
        ("broker.heartbeat.interval.ms", "broker"),
        ("log.retention.ms", "broker"),
        ("listener.name.scram-9094.max.connections", "broker"),
        ("tasks.max.enforce", "source_connector"),
        ("group.id", "bridge_producer"),
        ("offset.flush.interval.ms", "connect_worker"),
    ],
)
def test_the_operator_lets_keys_through(key: str, kind: str) -> None:
    assert forbidden.reason(key, OPERATOR, kind) == ""


def test_a_listener_has_few_keys_of_its_own() -> None:
    assert forbidden.listener_of("listener.name.scram-9094.max.connections") == ("scram-9094", "max.connections")
    assert forbidden.listener_of("listener.security.protocol.map") == ("", "")
    # Kafka has it a listener, but the operator compares whole keys.
    assert forbidden.reason("listener.name.scram-9094.max.connections.per.ip", OPERATOR)
    assert forbidden.reason("listener.name.scram-9094.ssl.keystore.type", OPERATOR)


def test_an_operator_that_nobody_recorded_has_no_list() -> None:
    assert forbidden.reason("listeners", "9.9.9") == ""
    assert forbidden.exceptions("9.9.9") == ()


def test_an_exception_is_a_key_that_kafka_knows() -> None:
    """One that is not would be let through by the operator to nowhere. Old ones, and Cruise Control's, are."""
    unknown = set(forbidden.exceptions(OPERATOR)) - set(known("broker", "4.3.1"))
    assert all(key.startswith(("zookeeper.", "cruise.control.")) for key in unknown)
    for kind in ("connect_worker",):
        assert kind in WORDS
        assert set(forbidden.exceptions(OPERATOR, kind)) <= set(known(kind, "4.3.1"))
