"""Our tables of configuration against Kafka itself: what a running broker reports, and what it refuses."""

from collections.abc import Iterator

import pytest

from components.config import forbidden, laws
from components.config.keys import VERSIONS, WORDS, known
from components.config.values import allowed
from sandbox.kafka.bare import Bare, BrokerRefusedError, broker
from tests.cluster.config_cases import CASES, DROPPED, OPERATOR, UNKNOWN, VERSION, WRONG, Case
from tests.cluster.config_drawn import around, drawn
from tests.cluster.config_real import Real, real, text
from tests.cluster.config_table import CLIENTS, NODE, compared, theirs


@pytest.fixture(scope="module")
def kafka() -> Iterator[Real]:
    with real(VERSION) as found:
        yield found


@pytest.fixture(scope="module")
def node() -> Iterator[Bare]:
    with broker(VERSION) as found:
        yield found


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tables_are_what_a_running_broker_reports(version: str) -> None:
    """Keys, types, defaults and which are read-only, by DescribeConfigs."""
    brokers, topics = compared(version)
    assert brokers.differences == topics.differences == ()
    assert brokers.ours == brokers.theirs > 300
    assert topics.ours == topics.theirs == 33


@pytest.mark.parametrize("version", VERSIONS)
def test_every_verdict_on_a_value_is_kafkas_own(version: str) -> None:
    """Around every limit and word of every key: where its own class refuses a value, so do we, and nowhere else."""
    asked, missing, different = 0, set(), []
    with real(version) as kafka:
        for kind in WORDS:
            for name, key in known(kind, version).items():
                try:
                    verdicts = [(value, kafka.refuses(kind, name, text(value))) for value in around(key)]
                except LookupError:
                    missing.add(kind)
                    break
                asked += len(verdicts)
                for value, said in verdicts:
                    ours = allowed(value, key)
                    if bool(ours) is not bool(said) and not (key.judge == "opaque" and not ours):
                        different.append((kind, name, value, ours, said))
    assert different == []
    # Streams is not among a broker's jars, and MirrorMaker 2 of 4.2.1 not on Maven Central.
    assert missing <= {"streams", *(("mirror_source", "mirror_checkpoint") if version == "4.2.1" else ())}
    assert asked > 8000


@pytest.mark.parametrize("version", VERSIONS)
def test_a_node_reads_whatever_we_let_through(version: str) -> None:
    """The laws between keys too: a single value that nothing here refuses does not keep a broker from starting."""
    let_through = []
    with real(version) as kafka:
        assert kafka.start(NODE) == ""
        for name, key in known("broker", version).items():
            if forbidden.reason(name, OPERATOR):
                continue
            for value in around(key):
                passes = not allowed(value, key) and not list(laws.check({name: value}, version, ()))
                if passes and (said := kafka.start({**NODE, name: text(value)})):
                    let_through.append((name, value, said))
    assert let_through == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_node_reads_whole_configurations_that_we_let_through(version: str) -> None:
    """One to seven keys at once, drawn by seed, most of them from the laws: Kafka refuses no more than we do."""
    refused, let_through = 0, []
    with real(version) as kafka:
        for config in drawn(version, seed=4, count=500):
            said = kafka.start({**NODE, **{key: text(value) for key, value in config.items()}})
            refused += bool(said)
            if said and not list(laws.check(config, version, ())):
                let_through.append((config, said))
    assert let_through == []
    assert refused > 100, "the draw hardly meets a law"


def test_a_topic_is_made_with_whatever_we_let_through(kafka: Real, node: Bare) -> None:
    number = 0
    for name, key in known("topic", VERSION).items():
        for value in around(key):
            if allowed(value, key) or (name == "remote.storage.enable" and value is True):
                continue  # tiered storage is a matter of the brokers' plugin
            number += 1
            assert kafka.create(node.bootstrap, f"let-through-{number}", {name: text(value)}) == "", (name, value)
    assert number > 100


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_client_comes_up_with_whatever_we_let_through(kafka: Real, kind: str) -> None:
    from components.config.table import check

    assert kafka.make(kind, CLIENTS[kind]) == ""
    for name, key in known(kind, VERSION).items():
        for value in around(key):
            if list(check({name: value}, kind, VERSION, ())) or key.judge == "opaque":
                continue
            config = {name: value, "enable.idempotence": True} if kind == "producer" else {name: value}
            if list(check(config, kind, VERSION, ())):
                continue  # a plain producer is idempotent where nothing is said
            assert kafka.make(kind, {**CLIENTS[kind], name: text(value)}) == "", (name, value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_configuration_is_refused_with_what_to_do(case: Case) -> None:
    (found, *_) = case.ours()
    assert found.path == (case.key,)
    assert found.allowed or found.hint or "declared under" in found.message or "takes only" in found.message


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_kafka_refuses_it_too(case: Case, kafka: Real, node: Bare) -> None:
    assert theirs(case, kafka, node, starts=False)


@pytest.mark.parametrize("case", [*UNKNOWN, *DROPPED], ids=lambda case: case.name)
def test_kafka_takes_what_it_does_not_know_and_what_the_operator_drops(case: Case, kafka: Real, node: Bare) -> None:
    assert theirs(case, kafka, node, starts=False) == ""


def test_there_are_fifty_and_half_are_of_brokers() -> None:
    assert len(CASES) >= 50
    assert sum(1 for case in WRONG if case.kind == "broker") >= 25
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("config", [{"num.partitions": 0}, {"log.cleaner.dedupe.buffer.size": 100}])
def test_a_broker_really_does_not_start(config: dict[str, int]) -> None:
    (name,) = config
    with pytest.raises(BrokerRefusedError, match=name.replace(".", r"\.")), broker(VERSION, config):
        pass
