"""Kinds that somebody else has installed in every cluster are judged by their own CRDs."""

import copy
from typing import Any

import pytest

from sandbox.clouds.kubernetes import laws, third_party
from sandbox.clouds.kubernetes.validate import Crds, validate
from tests.sandbox.kubernetes_world import cluster, record, request, running
from tools.crds import CrdsError, definition


def _object(api_version: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "orders", "namespace": "default"}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


MONITOR = _object(
    "monitoring.coreos.com/v1",
    "PodMonitor",
    {
        "selector": {"matchLabels": {"strimzi.io/cluster": "orders"}},
        "podMetricsEndpoints": [{"port": "tcp-prometheus", "interval": "30s"}],
    },
)
SECRET = _object(
    "external-secrets.io/v1",
    "ExternalSecret",
    {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "target": {"name": "orders"},
        "data": [{"secretKey": "password", "remoteRef": {"key": "orders"}}],
    },
)
PUSH = _object(
    "external-secrets.io/v1alpha1",
    "PushSecret",
    {
        "secretStoreRefs": [{"name": "vault", "kind": "ClusterSecretStore"}],
        "selector": {"secret": {"name": "orders"}},
        "data": [{"match": {"secretKey": "password", "remoteRef": {"remoteKey": "orders"}}}],
    },
)


@pytest.mark.parametrize("body", [MONITOR, SECRET, PUSH], ids=lambda body: body["kind"])
def test_a_good_object_is_taken(body: dict[str, Any]) -> None:
    assert validate(body, Crds()) == []


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        (MONITOR, "spec.podMetricsEndpoints.0.relabelings", [{"actn": "keep"}]),
        (MONITOR, "spec.podMetricsEndpoints.0.intervl", "30s"),
        (SECRET, "spec.data.0.remoteRef.verson", "1"),
        (PUSH, "spec.data.0.match.remoteRef.remoteKeys", "x"),
    ],
)
def test_an_unknown_field_is_refused_at_any_depth(body: dict[str, Any], path: str, value: Any) -> None:
    changed = copy.deepcopy(body)
    *way, last = path.split(".")
    place: Any = changed
    for part in way:
        place = place[int(part) if part.isdigit() else part]
    place[last] = value
    (found,) = validate(changed, Crds())
    assert found.code == "unknown-field"


def test_a_list_that_is_a_set_holds_nothing_twice() -> None:
    changed = copy.deepcopy(MONITOR)
    changed["spec"]["scrapeProtocols"] = ["OpenMetricsText1.0.0", "OpenMetricsText1.0.0"]
    (found,) = validate(changed, Crds())
    assert (found.code, found.path) == ("Duplicate", ("spec", "scrapeProtocols", 1))


def test_a_list_that_is_a_map_holds_no_key_twice() -> None:
    group = {"name": "kafka", "rules": [{"alert": "x", "expr": "1"}]}
    rule = _object("monitoring.coreos.com/v1", "PrometheusRule", {"groups": [group, {**group, "name": "other"}]})
    assert validate(rule, Crds()) == []
    rule["spec"]["groups"][1]["name"] = "kafka"
    (found,) = validate(rule, Crds())
    assert found.code == "Duplicate"


def test_a_cluster_without_the_crd_takes_the_object_at_the_apply() -> None:
    world = running(cluster())
    assert list(laws.valid(request("create", MONITOR), world)) == []


def test_the_crd_in_a_clusters_own_state_goes_first() -> None:
    own = copy.deepcopy(definition("prometheus-operator", "PodMonitor"))
    spec = own["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    del spec["properties"]["podMetricsEndpoints"]
    spec["required"] = [key for key in spec["required"] if key != "podMetricsEndpoints"]
    world = running(cluster(), record(own))
    (found,) = laws.valid(request("create", MONITOR), world)
    assert found.message == ".spec.podMetricsEndpoints: field not declared in schema"


def test_a_version_that_is_not_served_is_unknown() -> None:
    (found,) = validate({**SECRET, "apiVersion": "external-secrets.io/v1beta1"}, Crds())
    assert found.code == "NotFound"


def test_definitions_that_cannot_be_had_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(project: str, kind: str) -> dict[str, Any]:
        raise CrdsError("the CRDs of external-secrets could not be had: no network")

    monkeypatch.setattr(third_party, "definition", refused)
    monkeypatch.setattr(third_party, "_READ", {})
    monkeypatch.setattr("sandbox.clouds.kubernetes.crds._INSTALLED", {})
    (found,) = validate(SECRET, Crds())
    assert found.code == "NotFound"
    assert found.message.endswith("could not be had: no network")
