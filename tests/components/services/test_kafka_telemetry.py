"""What Kafka gives to monitoring: against what is declared, and only on metrics that the brokers may show."""

import re
from typing import Any

import pytest

from components.services.kafka.kafka import METRICS
from components.services.kafka.objects import objects
from components.services.kafka.spec import KafkaSpec
from components.services.kafka.telemetry import telemetry
from components.services.telemetry import Alert, Telemetry

from .expressions import all_of, labels, selectors
from .requests import PRIVATE, example, request

FULL = KafkaSpec.model_validate(example("full"))


def of(spec: KafkaSpec | str = "", **more: Any) -> Telemetry:
    return telemetry(request(spec, **more))


def alert(name: str, found: Telemetry) -> Alert:
    (one,) = [a for a in found.alerts if a.name == name]
    return one


NAMED_IN_THE_ISSUE = [
    "KafkaUnderReplicated",
    "KafkaUnderMinIsr",
    "KafkaOfflinePartitions",
    "KafkaNoActiveController",
    "KafkaSeveralActiveControllers",
    "KafkaOfflineLogDirectory",
    "KafkaDiskFilling",
    "KafkaDiskAlmostFull",
    "KafkaCertificateExpires",
    "KafkaConsumerLag",
    "KafkaUncleanElection",
    "KafkaBrokersMissing",
    "KafkaLogCleanerDead",
    "KafkaReconciliationFailing",
    "KafkaExporterDown",
]


@pytest.mark.parametrize("name", NAMED_IN_THE_ISSUE)
def test_what_kills_a_cluster_is_watched(name: str) -> None:
    found = alert(name, of())
    assert found.summary
    assert found.action


def test_the_reporter_s_allow_list_lets_through_all_that_is_asked_for() -> None:
    """The brokers show nothing else, and an alert on what is not shown never fires."""
    asked = {selector.name or labels(selector)["__name__"] for expr in all_of(of(FULL)) for selector in selectors(expr)}
    from_brokers = {name for name in asked if re.match(r"kafka_(server|controller|network|log|cluster|coord)", name)}
    assert len(from_brokers) > 40
    for name in from_brokers:
        assert any(re.match(pattern, name) for pattern in METRICS), name


def test_alerts_know_how_many_nodes_are_declared() -> None:
    six = of("{brokers: 6, controllers: 5}")
    assert alert("KafkaBrokersMissing", six).expr.endswith("< 6")
    assert "< 5)" in alert("KafkaControllersMissing", six).expr
    assert alert("KafkaControllersMissing", six).severity == "ticket"
    assert alert("KafkaControllersMissing", of()).severity == "page"


def test_alerts_know_what_the_size_promises() -> None:
    small, large = of("size: {name: small}"), of("size: {name: large}")
    assert "/ 5000000 " in alert("KafkaProducedBeyondSize", small).expr
    assert "/ 150000000 " in alert("KafkaProducedBeyondSize", large).expr
    assert "/ 6000 " in alert("KafkaPartitionsBeyondSize", large).expr


def test_nothing_is_asked_of_an_exporter_that_is_not_there() -> None:
    off = of("kafka_exporter: {enabled: false}", place=PRIVATE)
    names = {a.name for a in off.alerts}
    assert not names & {"KafkaConsumerLag", "KafkaExporterDown"}
    assert [s.name for s in off.scrapes] == ["kafka-nodes", "kafka-topic-operator", "kafka-user-operator"]
    for expr in all_of(off):
        assert "consumergroup" not in expr


def test_tiered_storage_is_watched_where_it_is_on() -> None:
    names = {a.name for a in of(FULL).alerts}
    assert {"KafkaTieredCopyFailing", "KafkaTieredFetchFailing"} <= names
    assert not {n for n in {a.name for a in of().alerts} if "Tiered" in n}


def test_a_consumption_of_nothing_divides_by_nothing() -> None:
    size = "size: {throughput: {produce_mb_per_s: 5, consume_fan_out: 0, retention_hours: 12, partitions: 300}}"
    assert "KafkaConsumedBeyondSize" not in {a.name for a in of(size).alerts}


def test_being_watched_changes_no_object() -> None:
    before = [m.body for m in objects(request())]
    of()
    assert [m.body for m in objects(request())] == before


def test_dashboards_have_a_panel_for_every_query_and_no_two_in_one_place() -> None:
    boards = of(FULL).dashboards
    assert [b.name for b in boards] == ["kafka-overview", "kafka-topics", "kafka-brokers", "kafka-controllers"]
    for board in boards:
        taken: set[tuple[int, int]] = set()
        ids = [panel["id"] for panel in board.model["panels"]]
        assert len(ids) == len(set(ids))
        for panel in board.model["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, panel["title"]
            assert max(x for x, _ in cells) < 24
            taken |= cells
            assert panel["type"] == "row" or panel["targets"], panel["title"]
