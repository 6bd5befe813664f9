"""A cluster's broker configuration, where the operator's, Kafka's and the cluster's own words meet."""

import pytest

from components.finding import Finding
from components.services.kafka.rules import check

from .requests import request


def told(text: str) -> list[Finding]:
    return [finding for finding in check(request(text)) if finding.path[0] == "config"]


def test_a_key_of_a_listener_that_is_not_there_would_be_dropped() -> None:
    (found,) = told("config: {listener.name.scram-9999.max.connections: 100}")
    assert found.code == "forbidden-config"
    assert "no listener is 'scram-9999'" in found.message
    assert "scram-9094" in found.allowed


def test_a_key_of_a_listener_is_judged_as_the_brokers() -> None:
    assert told("config: {listener.name.scram-9094.max.connections: 100}") == []
    (found,) = told("config: {listener.name.scram-9094.max.connections: many}")
    assert (found.code, found.allowed) == ("bad-broker-config", "an integer")
    assert found.path == ("config", "listener.name.scram-9094.max.connections")


@pytest.mark.parametrize("key", ["max.connections.per.ip", "ssl.keystore.type", "sasl.jaas.config"])
def test_the_operator_takes_few_keys_of_a_listener(key: str) -> None:
    (found,) = told(f"config: {{listener.name.scram-9094.{key}: 1}}")
    assert found.code == "forbidden-config"
    assert "would drop" in found.message


def test_a_law_between_keys_counts_what_the_service_sets() -> None:
    """The service says how long records are kept; nothing is kept longer on the brokers than at all."""
    (found,) = told("config: {log.local.retention.ms: 99999999999}")
    assert found.path == ("config", "log.local.retention.ms")
    assert told("config: {log.local.retention.ms: 3600000}") == []


def test_a_law_between_keys_is_told_once_and_where_the_file_speaks() -> None:
    (found,) = told("config: {group.consumer.session.timeout.ms: 1000}")
    assert found.path == ("config", "group.consumer.session.timeout.ms")
    assert "'group.consumer.min.session.timeout.ms' is 45000" in found.message
