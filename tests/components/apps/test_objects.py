"""The objects of an app: judged by the CRDs, named by what they are, each field of the file in them."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from components.apps.objects import objects
from components.apps.rules import check
from components.apps.spec import AppSpec
from components.apps.tenants import Tenants
from components.model import Spec
from tests.components.services.judge import all_refusals, refusals

from .requests import app, example

FULL = example("full")


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_examples_keep_every_law_and_pass_the_crds(name: str) -> None:
    request = app(example(name))
    billing = app("shares: [{app: orders, prefix: billing., operations: [read]}]", "billing")
    assert [f for f in check(request, Tenants.of([request, billing])) if f.severity == "error"] == []
    assert all_refusals(objects(request)) == []


@pytest.mark.parametrize("role", [m.role for m in objects(app(FULL))])
def test_a_wrong_field_is_seen(role: str) -> None:
    """The judge of the test above, seen red."""
    (body,) = [json.loads(json.dumps(m.body)) for m in objects(app(FULL)) if m.role == role]
    inside = next(body[key] for key in ("spec", "rules", "subjects", "data", "metadata") if key in body)
    (inside[0] if isinstance(inside, list) else inside)["partitons"] = 3
    assert refusals(body)


def test_roles_are_names_and_never_indexes() -> None:
    assert [m.role for m in objects(app(FULL))] == [
        "topic-orders.By_Country",
        "topic-orders.drafts",
        "topic-orders.events",
        "user-api.2026-09",
        "user-api.2026-12",
        "user-archive",
        "user-auditor",
        "user-totals",
        "delivery-agent",
        "store-orders-app",
        "authority.clustersecretstore-company-secrets",
        "authority.namespace-orders-app",
        "authority.secretstore-team-vault",
        "delivery-api.2026-09.namespace-orders-app",
        "delivery-api.2026-09.secretstore-team-vault",
        "delivery-api.2026-12.namespace-orders-app",
        "delivery-api.2026-12.secretstore-team-vault",
        "delivery-auditor.clustersecretstore-company-secrets",
        "secret-bucket",
        "connect-role",
        "connect-role-binding",
        "connector-archive",
        "subjects",
        "subjects-job",
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
    assert found["user-totals"] == "orders.totals"
    assert found["user-api.2026-12"] == "orders.api.2026-12"


def test_topics_hold_data_and_users_do_not() -> None:
    assert {m.role.split("-")[0] for m in objects(app(FULL)) if m.protect} == {"topic"}


def test_no_object_holds_a_secret() -> None:
    """Secrets are named, never made: their content only exists in the cluster."""
    for manifest in objects(app(FULL)):
        assert manifest.body["kind"] != "Secret"
        assert "stringData" not in json.dumps(manifest.body)


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path


# What the file says to the fleet and not to Kubernetes: `cost_center` is in the annotations that the spine makes.
ELSEWHERE = {"cluster", "cost_center", "profile", "lifecycle", "retirement", "prefixes", "shares"}
TURNED = {"prefix": "literal", "consume": "produce"}
PATHS = [path for path in _leaves(FULL) if path[0] not in ELSEWHERE and "retirement" not in path]
OTHER: dict[str, Any] = {
    "authentication": "oauth",
    "resource": "transactional_id",
    "match": "prefix",
    "operations": ["Write"],
    "role": "consume",
    "since": "2026-12-06",
    "until": "2026-12-04",
    "store_kind": "ClusterSecretStore",
    "direction": "source",
    "class_name": "com.example.Other",
    "plugin_version": "3.2",
    "state": "paused",
    "user": "totals",
    "compatibility": "NONE",
    "type": "JSON",
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_every_field_reaches_the_objects(path: tuple[str | int, ...]) -> None:
    other: Any = json.loads(json.dumps(FULL))
    spot = other
    for key in path[:-1]:
        spot = spot[key]
    last, old = path[-1], spot[path[-1]]
    if last in ("match", "role") and old in TURNED:
        spot[last] = TURNED[old]
    elif str(last) in OTHER:
        spot[last] = OTHER[str(last)]
    elif isinstance(old, bool):
        spot[last] = not old
    elif isinstance(old, list):
        spot[last] = [f"{old[0]}x"]
    else:
        spot[last] = old + 1 if isinstance(old, int | float) else f"{old}x"
    assert objects(app(other)) != objects(app(FULL))


def test_full_sets_every_field() -> None:
    """Every field of every model of the file, wherever it is."""
    missing = {(model, name) for model in _models(AppSpec) for name in model.model_fields}
    for model, name in _given(AppSpec, FULL):
        missing.discard((model, name))
    missing.discard((AppSpec, "retirement"))  # an example that is retired would be one of something else
    assert not {f"{model.__name__}.{name}" for model, name in missing}


def _inner(annotation: Any) -> Iterator[type[Spec]]:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        yield annotation
    for argument in get_args(annotation):
        yield from _inner(argument)


def _models(model: type[Spec]) -> set[type[Spec]]:
    found = {model}
    for field in model.model_fields.values():
        for inner in _inner(field.annotation):
            found |= _models(inner)
    return found


def _given(model: type[Spec], value: dict[str, Any]) -> Iterator[tuple[type[Spec], str]]:
    for name, inner in value.items():
        field = model.model_fields.get(name)
        if field is None:
            continue
        yield model, name
        for kind in _inner(field.annotation):
            if isinstance(inner, list):
                parts = inner
            elif isinstance(inner, dict):
                parts = [inner, *inner.values()]
            else:
                continue
            for part in parts:
                if isinstance(part, dict):
                    yield from _given(kind, part)
