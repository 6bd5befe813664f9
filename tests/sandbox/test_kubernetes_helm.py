"""Helm releases: chart references, names, values, namespaces."""

from typing import Any

import pytest

from sandbox.clouds.kubernetes import helm
from sandbox.contract import UNKNOWN, Record, Request
from tests.sandbox.kubernetes_world import SCOPE, FakeWorld, cluster, manifest, record

DIGEST = "@sha256:" + "0a" * 32
GOOD = {
    "chart": f"oci://registry.example.com/charts/operator{DIGEST}",
    "version": "1.2.0",
    "name": "operator",
    "namespace": "kafka-parcels",
    "values": {"replicas": 2},
    "skipCrds": True,
    "atomic": True,
}


def said(operation: str = "create", old: Record | None = None, **changes: Any) -> list[str]:
    inputs = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    asked = Request(operation, "urn:r", helm.TOKEN, SCOPE, inputs, old)
    world = FakeWorld(cluster(), record(manifest("Namespace")))
    return [refusal.message for law in helm.MODEL.laws for refusal in law(asked, world)]


def test_good_releases_are_accepted() -> None:
    assert said() == []
    assert said(chart="oci://registry.example.com/charts/operator") == []
    assert said(chart=UNKNOWN, name=UNKNOWN, namespace=UNKNOWN, values=UNKNOWN) == []
    assert said(namespace="elsewhere", createNamespace=True) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"chart": None}, "chart: Required value"),
        ({"chart": "oci://registry.example.com/charts/operator@sha256:12"}, "is no OCI reference"),
        ({"chart": "oci://registry.example.com/charts/operator", "version": None}, "needs a version or a digest"),
        ({"version": "^1.2"}, "'^1.2' is no exact semantic version"),
        ({"repositoryOpts": {"repo": "https://charts.example.com"}}, "an OCI chart has no repository"),
        ({"name": None}, "name: Required value"),
        ({"name": "Operator"}, "a release name is a DNS name"),
        ({"name": "a" * 54}, "53 characters at most"),
        ({"namespace": None}, "namespace: Required value"),
        ({"namespace": "elsewhere"}, 'namespaces "elsewhere" not found'),
        ({"values": [1]}, "a mapping is needed, list was given"),
        ({"skipAwait": True}, "`atomic` waits for the release"),
    ],
)
def test_a_bad_release_is_refused(changes: dict[str, Any], why: str) -> None:
    assert [why in message for message in said(**changes)] == [True], said(**changes)


def test_a_preview_may_come_before_the_namespace() -> None:
    assert said("check", namespace="elsewhere") == []


def test_a_release_counts_its_revisions() -> None:
    asked = Request("create", "urn:r", helm.TOKEN, SCOPE, GOOD, None)
    world = FakeWorld()
    assert helm.MODEL.identify(asked, world) == "kafka-parcels/operator"
    first = helm.MODEL.outputs(asked, world, "kafka-parcels/operator")
    assert first["status"] | {"revision": 0} == {
        "chart": "operator",
        "name": "operator",
        "namespace": "kafka-parcels",
        "revision": 0,
        "status": "deployed",
        "version": "1.2.0",
    }
    old = Record("urn:r", helm.TOKEN, "kafka-parcels/operator", SCOPE, GOOD, first)
    again = Request("update", "urn:r", helm.TOKEN, SCOPE, GOOD, old)
    assert helm.MODEL.outputs(again, world, old.id)["status"]["revision"] == 2
