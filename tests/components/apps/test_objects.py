"""The objects of an app: judged by the CRDs, named by what they are, each field of the file in them."""

import json
from typing import Any

import pytest

from components.apps.objects import objects
from components.apps.rules import check
from components.apps.spec import AppSpec
from components.apps.tenants import Tenants
from tests.components.services.judge import all_refusals, refusals

from .requests import app, example

FULL = example("full")


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_examples_keep_every_law_and_pass_the_crds(name: str) -> None:
    request = app(example(name))
    assert list(check(request, Tenants.of([request, app("", "billing")]))) == []
    assert all_refusals(objects(request)) == []


@pytest.mark.parametrize("role", [m.role for m in objects(app(FULL))])
def test_a_wrong_field_is_seen(role: str) -> None:
    """The judge of the test above, seen red."""
    (body,) = [json.loads(json.dumps(m.body)) for m in objects(app(FULL)) if m.role == role]
    body["spec"]["partitons"] = 3
    assert refusals(body)


def test_roles_are_names_and_never_indexes() -> None:
    assert [m.role for m in objects(app(FULL))] == [
        "topic-orders.By_Country",
        "topic-orders.events",
        "user-api",
        "user-auditor",
    ]


def test_the_order_in_the_file_does_not_matter() -> None:
    turned = {**FULL, "topics": dict(reversed(FULL["topics"].items())), "users": dict(reversed(FULL["users"].items()))}
    turned["users"]["api"] = {**turned["users"]["api"], "acls": turned["users"]["api"]["acls"][::-1]}
    assert objects(app(turned)) == objects(app(FULL))


def test_a_topic_that_kubernetes_cannot_name_keeps_its_name_in_kafka() -> None:
    found = {m.role: m.body for m in objects(app(FULL))}
    odd, plain = found["topic-orders.By_Country"], found["topic-orders.events"]
    assert odd["metadata"]["name"].startswith("orders-by-country--")
    assert odd["spec"]["topicName"] == "orders.By_Country"
    assert plain["metadata"]["name"] == "orders.events"
    assert "topicName" not in plain["spec"]


def test_users_carry_their_app_s_name() -> None:
    found = {m.role: m.body["metadata"]["name"] for m in objects(app(FULL))}
    assert found["user-api"] == "orders.api"


def test_topics_hold_data_and_users_do_not() -> None:
    assert {m.role.split("-")[0] for m in objects(app(FULL)) if m.protect} == {"topic"}


def test_no_object_holds_a_secret() -> None:
    for manifest in objects(app(FULL)):
        assert manifest.body["kind"] in {"KafkaTopic", "KafkaUser"}
        assert "password" not in json.dumps(manifest.body)


PATHS = [
    ("topics", "orders.events", "partitions"),
    ("topics", "orders.events", "replicas"),
    ("topics", "orders.events", "config", "retention.ms"),
    ("users", "api", "authentication"),
    ("users", "api", "acls", 0, "resource"),
    ("users", "api", "acls", 0, "name"),
    ("users", "api", "acls", 0, "match"),
    ("users", "api", "acls", 0, "operations"),
    ("users", "api", "quotas", "producer_bytes_per_s"),
    ("users", "api", "quotas", "consumer_bytes_per_s"),
    ("users", "api", "quotas", "request_percent"),
    ("users", "api", "quotas", "controller_mutations_per_s"),
]
OTHER = {"authentication": "tls", "resource": "group", "name": "orders.x", "match": "literal", "operations": ["Write"]}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_every_field_reaches_the_objects(path: tuple[str | int, ...]) -> None:
    other: Any = json.loads(json.dumps(FULL))
    spot = other
    for key in path[:-1]:
        spot = spot[key]
    last = path[-1]
    spot[last] = OTHER[str(last)] if last in OTHER else spot[last] + 1
    assert objects(app(other)) != objects(app(FULL))


def test_full_sets_every_field() -> None:
    assert set(FULL) == set(AppSpec.model_fields)
    api = FULL["users"]["api"]
    assert {key for acl in api["acls"] for key in acl} == {"resource", "name", "match", "operations"}
    assert len(api["quotas"]) == 4
    assert set(FULL["topics"]["orders.events"]) == {"partitions", "replicas", "config"}
