"""What every service of the catalog keeps to, whoever owns it: CONTRACT.md as tests, over each service's examples."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from components import catalog
from components.services.contract import Manifest
from components.services.telemetry import Telemetry
from stacks import render, request
from tests.components.services.judge import all_refusals
from tools.services.examples import NAMES, SERVICES, Example, examples, keys

EXAMPLES = {(e.service, e.name): e for e in examples()}
BOTH = pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda e: f"{e.service}-{e.name}")
EACH = pytest.mark.parametrize("key", sorted(keys()))


def manifests(example: Example) -> list[Manifest]:
    return list(render.manifests(example.fleet, example.fleet.stacks[f"{example.service}.{example.cluster}"]))


@BOTH
def test_an_example_is_valid(example: Example) -> None:
    assert [str(p) for p in example.fleet.errors] == []


@BOTH
def test_an_example_renders_what_an_api_server_takes(example: Example) -> None:
    assert all_refusals(manifests(example)) == []


@BOTH
def test_the_same_request_gives_the_same_objects(example: Example) -> None:
    assert manifests(example) == manifests(example)


@BOTH
def test_ownership_is_on_every_object_and_is_no_label(example: Example) -> None:
    for manifest in manifests(example):
        metadata = manifest.body["metadata"]
        assert metadata["annotations"]["kafka-fleet/owner"], manifest.role
        assert "kafka-fleet/cost-center" not in metadata.get("labels", {}), manifest.role


@BOTH
def test_objects_are_in_the_namespace_of_a_cluster(example: Example) -> None:
    own = request.service(example.fleet, example.fleet.clusters[example.cluster], example.service)[1]
    allowed = {own.namespace, *(peer.namespace for peer in own.peers.values())}
    for manifest in manifests(example):
        if manifest.body["kind"] != "Namespace":
            assert manifest.body["metadata"]["namespace"] in allowed, manifest.role


@BOTH
def test_manifests_stand_after_those_that_they_need_and_roles_are_words(example: Example) -> None:
    seen: set[str] = set()
    for manifest in manifests(example):
        assert set(manifest.after) <= seen, manifest.role
        assert manifest.role not in seen
        assert not re.search(r"-\d+$", manifest.role), "an index in a role moves every URN after it"
        seen.add(manifest.role)


def _pods(body: Any) -> Iterator[dict[str, Any]]:
    """Pod specs of workloads that are made here; Strimzi's pods are Strimzi's."""
    template = body.get("spec", {}).get("template")
    if body["kind"] in ("Deployment", "StatefulSet", "Job") and isinstance(template, dict):
        yield template["spec"]


@BOTH
def test_pods_are_fit_for_production(example: Example) -> None:
    for manifest in manifests(example):
        for pod in _pods(manifest.body):
            assert pod["securityContext"]["runAsNonRoot"] is True
            for container in pod["containers"]:
                assert container["resources"]["requests"]["cpu"], manifest.role
                assert container["resources"]["limits"]["memory"], manifest.role
                assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
                assert container["securityContext"]["allowPrivilegeEscalation"] is False
                if manifest.body["kind"] != "Job":
                    assert {"readinessProbe", "livenessProbe", "startupProbe"} <= container.keys(), manifest.role


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@EACH
def test_the_full_example_sets_every_field(key: str) -> None:
    example = EXAMPLES[(key, "full")]
    given = example.fleet.clusters[example.cluster].resolved.data["services"][key]
    model = catalog.spec_of(catalog.services()[key])
    assert set(model.model_fields) - set(given) == set()


@EACH
def test_every_field_says_what_happens(key: str) -> None:
    todo: list[type[BaseModel]] = [catalog.spec_of(catalog.services()[key])]
    while todo:
        model = todo.pop()
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"
            todo.extend(_models(field.annotation))


@EACH
def test_a_readme_says_what_is_made_how_it_is_upgraded_and_what_it_does_not_do(key: str) -> None:
    text = (SERVICES / key / "README.md").read_text("utf-8")
    for heading in ("## What is made", "## Upgrade", "## Not supported"):
        assert heading in text, heading


@EACH
def test_an_owner_has_a_file_of_their_own(key: str) -> None:
    assert Path(f"fleet/services/{key}.yaml").is_file()
    entry = catalog.services()[key]
    assert entry.owner in (SERVICES.parents[1] / "CODEOWNERS").read_text("utf-8")


@EACH
def test_what_is_watched_has_a_first_action(key: str) -> None:
    entry = catalog.services()[key]
    if not entry.telemetry:
        assert entry.gathers_telemetry
        return
    example = EXAMPLES[(key, "full")]
    found: Telemetry = catalog.load(entry.telemetry)(
        request.service(example.fleet, example.fleet.clusters[example.cluster], key)[1]
    )
    assert found.scrapes
    assert found.alerts
    assert found.dashboards
    for alert in found.alerts:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]+", alert.name)
        assert len(alert.action) > 20, alert.name


def test_alert_names_are_unique_in_the_catalog() -> None:
    seen: dict[str, str] = {}
    for (key, name), example in EXAMPLES.items():
        entry = catalog.services()[key]
        if name != NAMES[-1] or not entry.telemetry:
            continue
        asked = request.service(example.fleet, example.fleet.clusters[example.cluster], key)[1]
        for alert in catalog.load(entry.telemetry)(asked).alerts:
            assert alert.name not in seen, f"{alert.name} is of {key} and of {seen.get(alert.name)}"
            seen[alert.name] = key
