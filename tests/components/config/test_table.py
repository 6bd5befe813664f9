"""A mapping of configuration: unknown keys with the nearest right one, families behind prefixes, plugins' keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.config.families import FAMILIES, family, split
from components.config.keys import VERSIONS, WORDS, known, table
from components.config.table import check, unjudged
from components.model import Scalar

NAMES = st.sampled_from([(kind, name) for kind in WORDS for name in known(kind, "4.3.1")])


@pytest.mark.parametrize("kind", WORDS)
def test_an_unknown_key_is_refused(kind: str) -> None:
    (found,) = check({"zzz": 1}, kind, "4.3.1", ("config",))
    assert found.code == f"unknown-{kind.replace('_', '-')}-config"
    assert found.path == ("config", "zzz")
    assert found.hint == "remove it"


@given(NAMES, st.integers(0, 200))
def test_a_slip_gets_the_nearest_key(one: tuple[str, str], place: int) -> None:
    """One letter less, anywhere in a key: the key is told, or one that is as near."""
    kind, name = one
    at = place % len(name)
    slip = name[:at] + name[at + 1 :]
    if len(name) < 8 or slip in known(kind, "4.3.1") or family(slip, kind):
        return
    (found,) = check({slip: 1}, kind, "4.3.1", ())
    assert found.hint.startswith("did you mean '")
    told = found.hint.removeprefix("did you mean '").removesuffix("'?")
    assert told in table(kind) or family(told, kind)


def test_a_key_that_only_some_versions_know_says_which() -> None:
    (found,) = check({"cordoned.log.dirs": "x"}, "broker", "4.2.1", ())
    assert found.code == "unknown-broker-config"
    assert found.message == "kafka 4.2.1 has no broker configuration 'cordoned.log.dirs'"
    assert found.allowed == "with 4.3.0, 4.3.1"


def test_a_value_is_judged_as_its_version_does() -> None:
    config = {"share.coordinator.snapshot.update.records.per.snapshot": 501}
    assert list(check(config, "broker", "4.2.1", ())) == []
    (found,) = check(config, "broker", "4.3.1", ())
    assert found.allowed == "0 to 500"


def test_a_wrong_type_is_told_apart_from_a_wrong_value() -> None:
    (found,) = check({"log.cleaner.threads": "two"}, "broker", "4.3.1", ())
    assert (found.message, found.allowed) == ("'log.cleaner.threads' is 'two', and its type is int", "an integer")
    (found,) = check({"acks": 1}, "producer", "4.3.1", ())
    assert found.allowed == "a text: put it in quotes"


@pytest.mark.parametrize(
    ("kind", "key", "value", "code"),
    [
        ("connect_worker", "producer.linger.ms", -1, "bad-producer-config"),
        ("connect_worker", "consumer.max.poll.record", 5, "unknown-consumer-config"),
        ("connect_worker", "config.storage.retention.ms", "x", "bad-topic-config"),
        ("source_connector", "producer.override.acks", "two", "bad-producer-config"),
        ("sink_connector", "consumer.override.auto.offset.reset", "first", "bad-consumer-config"),
        ("sink_connector", "admin.override.retries", -1, "bad-admin-config"),
        ("source_connector", "topic.creation.default.partitions", 0, "bad-topic-creation-config"),
        ("source_connector", "topic.creation.compacted.cleanup.policy", "squash", "bad-topic-config"),
        ("mirror_source", "target.producer.compression.type", "zip", "bad-producer-config"),
        ("mirror_source", "source.consumer.isolation.level", "any", "bad-consumer-config"),
        ("streams", "main.consumer.max.poll.records", 0, "bad-consumer-config"),
        ("streams", "topic.segment.bytes", "big", "bad-topic-config"),
    ],
)
def test_a_key_behind_a_prefix_is_judged_as_what_it_stands_for(
    kind: str, key: str, value: int | str, code: str
) -> None:
    (found,) = check({key: value}, kind, "4.3.1", ("config",))
    assert (found.code, found.path) == (code, ("config", key))


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("source_connector", {"transforms": "route", "transforms.route.type": "x.Router"}),
        ("source_connector", {"value.converter": "JsonConverter", "value.converter.schemas.enable": False}),
        ("connect_worker", {"config.providers": "env", "config.providers.env.class": "x.EnvVarConfigProvider"}),
        ("source_connector", {"topic.creation.default.partitions": -1, "topic.creation.default.retention.ms": 1}),
        ("broker", {"rsm.config.bucket": "x", "cruise.control.metrics.topic.num.partitions": 3}),
    ],
)
def test_what_belongs_to_a_plugin_passes(kind: str, config: dict[str, str | int | bool]) -> None:
    assert list(check(config, kind, "4.3.1", ())) == []


def test_a_connectors_own_keys_pass_where_they_are_expected() -> None:
    config: dict[str, Scalar] = {"connection.url": "jdbc:x", "topic": "orders", "tasks.max": 2}
    assert list(check(config, "source_connector", "4.3.1", (), open_ended=True)) == []
    assert {found.path[0] for found in check(config, "source_connector", "4.3.1", ())} == {"connection.url", "topic"}


@pytest.mark.parametrize(("key", "near"), [("errors.tolerence", "errors.tolerance"), ("task.max", "tasks.max")])
def test_a_slip_in_a_key_of_connects_own_is_told_even_there(key: str, near: str) -> None:
    (found,) = check({key: "all"}, "source_connector", "4.3.1", (), open_ended=True)
    assert found.hint == f"did you mean '{near}'?"


def test_a_known_key_is_judged_even_there() -> None:
    (found,) = check({"errors.tolerance": "some"}, "sink_connector", "4.3.1", (), open_ended=True)
    assert found.allowed == "none, all"


def test_what_nobody_judges_is_listed() -> None:
    config: dict[str, Scalar] = {
        "connection.url": "jdbc:x",
        "value.converter": "JsonConverter",
        "value.converter.schemas.enable": False,
        "transforms.route.type": "x.Router",
        "producer.override.linger.ms": 5,
        "errors.tolerance": "all",
    }
    assert unjudged(config, "source_connector", "4.3.1") == {
        "connection.url": "a plugin",
        "value.converter": "kafka: A class with a public, no-argument constructor",
        "value.converter.schemas.enable": "the converter",
        "transforms.route.type": "the transformation",
    }


def test_a_prefix_is_taken_off() -> None:
    config = {"producer.override.acks": "all", "producer.override.": "x", "acks": "1"}
    assert split(config, "producer.override.") == {"acks": "all"}


def test_families_lead_to_tables_that_exist() -> None:
    for kind, families in FAMILIES.items():
        assert kind in WORDS
        for one in families:
            assert set(one.kinds) <= set(WORDS)
            assert bool(one.kinds) != bool(one.owner), one


@pytest.mark.parametrize("version", VERSIONS)
def test_every_key_with_its_default_is_accepted(version: str) -> None:
    for kind in WORDS:
        config = {name: key.default for name, key in known(kind, version).items() if key.default is not None}
        for key in ("share.acknowledgement.mode", "share.acquire.mode"):
            config.pop(key, None)  # a consumer refuses them even where they say what they default to
        assert list(check(config, kind, version, ())) == []


@pytest.mark.parametrize(
    ("kind", "config", "key"),
    [
        ("producer", {"enable.idempotence": True, "acks": "1"}, "acks"),
        ("producer", {"enable.idempotence": True, "retries": 0}, "retries"),
        ("producer", {"enable.idempotence": False, "transactional.id": "x"}, "enable.idempotence"),
        (
            "source_connector",
            {
                "producer.override.enable.idempotence": True,
                "producer.override.max.in.flight.requests.per.connection": 6,
            },
            "producer.override.max.in.flight.requests.per.connection",
        ),
        ("consumer", {"group.instance.id": "a b"}, "group.instance.id"),
        ("consumer", {"group.remote.assignor": "uniform"}, "group.remote.assignor"),
        ("consumer", {"share.acquire.mode": "record_limit"}, "share.acquire.mode"),
        (
            "connect_worker",
            {"consumer.group.protocol": "consumer", "consumer.session.timeout.ms": 9000},
            "consumer.session.timeout.ms",
        ),
    ],
)
def test_a_client_is_held_to_laws_between_its_keys(kind: str, config: dict[str, Scalar], key: str) -> None:
    (found,) = check(config, kind, "4.3.1", ("config",))
    assert found.path == ("config", key)
    assert found.allowed


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("producer", {"enable.idempotence": True, "acks": "all", "max.in.flight.requests.per.connection": 5}),
        ("producer", {"max.in.flight.requests.per.connection": 10}),
        ("consumer", {"group.protocol": "consumer", "group.remote.assignor": "uniform"}),
        ("consumer", {"session.timeout.ms": 9000}),
    ],
)
def test_a_client_within_the_laws_passes(kind: str, config: dict[str, Scalar]) -> None:
    assert list(check(config, kind, "4.3.1", ())) == []
