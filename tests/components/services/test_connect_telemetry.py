"""What Connect gives to monitoring: queries that parse, ask only its own pods, and name metrics that exist."""

import json
import re

from components.services.connect.telemetry import telemetry
from components.services.connect.worker import METRICS as ALLOWED

from .expressions import all_of, labels, selectors
from .test_connect_objects import FILES, REQUESTS, asked

METRICS = json.loads((FILES.parent / "metrics.json").read_text("utf-8"))


def test_every_query_asks_the_workers_of_this_cluster() -> None:
    for expr in all_of(telemetry(REQUESTS["full"])):
        found = list(selectors(expr))
        assert found, expr
        for selector in found:
            assert labels(selector)["namespace"] == "kafka-orders", expr
            assert labels(selector)["pod"] == "orders-connect-connect-[0-9]+", expr


def test_every_metric_has_a_source_and_none_is_listed_in_vain() -> None:
    used = {selector.name for expr in all_of(telemetry(REQUESTS["full"])) for selector in selectors(expr)}
    assert used == set(METRICS)


def test_the_reporter_is_asked_for_every_metric_that_is_used() -> None:
    for name in METRICS:
        assert name.startswith("jvm_") or any(re.match(pattern, name) for pattern in ALLOWED), name


def test_pods_are_scraped_by_the_operator_s_port() -> None:
    (scrape,) = telemetry(REQUESTS["full"]).scrapes
    assert scrape.port == "tcp-prometheus"
    assert scrape.labels == {"strimzi.io/cluster": "orders-connect", "strimzi.io/kind": "KafkaConnect"}


def test_a_lost_worker_is_missed() -> None:
    (alert,) = [a for a in telemetry(asked("replicas: 5")).alerts if a.name == "ConnectWorkersMissing"]
    assert alert.threshold == 5
    assert alert.severity == "page"
