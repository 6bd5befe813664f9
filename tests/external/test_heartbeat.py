"""The example package by itself: objects that an API server takes, the least of rights, examples that set everything.

That it is found, declared and deployed is `tests/engine/test_external.py`.
"""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.services.contract import ServiceRequest
from tests.components.services import requests
from tests.components.services.judge import all_refusals
from tests.components.services.ksqldb_requests import KAFKA

HERE = Path(__file__).parent / "kafka-fleet-heartbeat"


@pytest.fixture(scope="module", autouse=True)
def package() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HERE / "src")
        yield


def part(name: str) -> Any:
    return importlib.import_module(f"kafka_fleet_heartbeat.{name}")


def request(**section: Any) -> ServiceRequest:
    spec = part("spec").HeartbeatSpec.model_validate({"version": "2.2.12", "licence": "mit", **section})
    return replace(requests.request(), spec=spec, published={"kafka": KAFKA})


def bodies(**section: Any) -> dict[str, Any]:
    return {manifest.role: manifest.body for manifest in part("objects").objects(request(**section))}


def full() -> dict[str, Any]:
    section: dict[str, Any] = yaml.safe_load((HERE / "examples/full.yaml").read_text("utf-8"))["services"]["heartbeat"]
    return section


def test_every_object_is_accepted_strictly() -> None:
    assert all_refusals(part("objects").objects(request())) == []
    assert all_refusals(part("objects").objects(request(**full()))) == []


def test_every_broker_is_asked_and_only_the_own_topic_touched() -> None:
    found = bodies()
    assert found["topic"]["spec"]["partitions"] == KAFKA.brokers
    acls = found["kafka-user"]["spec"]["authorization"]["acls"]
    named = {acl["resource"].get("name", "orders-heartbeat") for acl in acls}
    assert named == {found["topic"]["spec"]["topicName"]} == {"orders-heartbeat"}


def test_full_sets_every_field_and_each_reaches_something() -> None:
    assert set(full()) == set(part("spec").HeartbeatSpec.model_fields)
    other = {"version": "2.2.8", "image": "docker.io/a/b:1", "interval_ms": 900, "lost_after_ms": 9000, "slow_ms": 900}
    plain = part("objects").objects(request()), part("telemetry").telemetry(request())
    for field, value in other.items():
        asked = request(**{field: value})
        assert (part("objects").objects(asked), part("telemetry").telemetry(asked)) != plain, field


def test_times_that_contradict_each_other_are_told() -> None:
    assert list(part("rules").check(request())) == []
    (found,) = part("rules").check(request(slow_ms=2000, lost_after_ms=1000))
    assert (found.code, found.path) == ("heartbeat-slow-after-lost", ("slow_ms",))
    (found,) = part("rules").check(request(image="docker.io/a/b:latest"))
    assert found.code == "image-not-pinned"
    assert list(part("rules").loads(request())) == []


def test_it_is_scraped_by_a_port_that_its_pods_have() -> None:
    (scrape,) = part("telemetry").telemetry(request()).scrapes
    template = bodies()["pods"]["spec"]["template"]
    assert scrape.labels.items() <= template["metadata"]["labels"].items()
    assert scrape.port in {port["name"] for port in template["spec"]["containers"][0]["ports"]}
