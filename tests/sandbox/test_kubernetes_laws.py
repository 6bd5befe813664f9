"""What needs a cluster to be seen: who a provider works for, what must exist, what a deletion would take with it."""

import json
from typing import Any

import pytest

from sandbox.clouds.kubernetes import MODEL, objects
from sandbox.contract import UNKNOWN, Refusal, Request, Scope
from tests.sandbox.kubernetes_world import (
    CRD,
    NAMESPACE,
    SCOPE,
    SERVER,
    FakeWorld,
    cluster,
    definitions,
    manifest,
    record,
    request,
    running,
    token,
)

KAFKA = "kubernetes:kafka.strimzi.io/v1:Kafka"


def judged(asked: Request, world: FakeWorld) -> list[Refusal]:
    model = MODEL.types.get(asked.type) or objects.model_for(asked.type, asked.inputs)
    assert model is not None
    return [refusal for law in model.laws for refusal in law(asked, world)]


def kubeconfig(server: str = f"https://{SERVER}", **user: Any) -> str:
    return json.dumps(
        {
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": user or {"exec": {"command": "aws"}}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
    )


@pytest.mark.parametrize(
    ("configuration", "code"),
    [
        ({}, "kubeconfig-empty"),
        ({"kubeconfig": "  "}, "kubeconfig-empty"),
        ({"kubeconfig": "~/.kube/config"}, "kubeconfig-unreadable"),
        ({"kubeconfig": "a: [b"}, "kubeconfig-unreadable"),
        ({"kubeconfig": "clusters: []"}, "kubeconfig-no-cluster"),
        ({"kubeconfig": kubeconfig("http://k8s.example.net")}, "kubeconfig-not-https"),
        ({"kubeconfig": kubeconfig(**{"token": "abc"})}, "kubeconfig-credential"),
    ],
)
def test_a_kubeconfig_that_could_hit_another_cluster_is_refused(configuration: dict[str, Any], code: str) -> None:
    assert [refusal.code for refusal in MODEL.check_config(configuration)] == [code]


@pytest.mark.parametrize(
    "configuration",
    [{"kubeconfig": kubeconfig()}, {"kubeconfig": UNKNOWN}, {"renderYamlToDirectory": "out"}],
)
def test_a_good_configuration_is_accepted(configuration: dict[str, Any]) -> None:
    assert list(MODEL.check_config(configuration)) == []


def test_the_scope_is_the_cluster() -> None:
    assert MODEL.scope({"kubeconfig": kubeconfig(), "clusterIdentifier": "cluster-1"}) == SCOPE
    assert MODEL.scope({"kubeconfig": kubeconfig("https://A.example.net:443")}).account == "a.example.net"
    assert MODEL.scope({"kubeconfig": UNKNOWN}).region == ""


@pytest.mark.parametrize(
    "existing",
    [
        cluster(),
        cluster(SERVER, type="gcp:container/cluster:Cluster"),
        cluster(
            "10.1.2.3",
            type="gcp:container/cluster:Cluster",
            controlPlaneEndpointsConfig={"dnsEndpointConfig": {"endpoint": SERVER}},
        ),
        cluster("", type="azure-native:containerservice:ManagedCluster", fqdn=SERVER),
        cluster("", type="azure-native:containerservice:ManagedCluster", privateFQDN=SERVER.upper()),
    ],
)
def test_a_cluster_of_any_cloud_is_found_by_its_endpoint(existing: Any) -> None:
    assert judged(request("create", manifest("Namespace")), FakeWorld(existing)) == []


def test_a_cluster_that_does_not_exist_is_unreachable() -> None:
    other = FakeWorld(cluster("https://other.example.net"))
    found = judged(request("create", manifest("Namespace")), other)
    assert [refusal.code for refusal in found] == ["cluster-unreachable"]
    assert SERVER in found[0].message
    nowhere = Scope("kubernetes", "", "")
    assert judged(request("check", manifest("Namespace"), scope=nowhere), other) == []
    assert [each.code for each in judged(request("create", manifest("Namespace"), scope=nowhere), other)] == [
        "cluster-unreachable"
    ]


def test_a_kind_exists_only_after_its_crd() -> None:
    world = FakeWorld(cluster(), record(manifest("Namespace")))
    asked = request("create", manifest("Kafka"))
    assert [refusal.message for refusal in judged(asked, world)] == [
        'no matches for kind "Kafka" in version "kafka.strimzi.io/v1"'
    ]
    assert judged(request("check", manifest("Kafka")), world) == []
    assert judged(asked, running()) == []


def test_a_crd_of_another_cluster_does_not_count() -> None:
    elsewhere = Scope("kubernetes", "cluster-2", SERVER)
    world = FakeWorld(cluster(), record(manifest("Namespace")), *(record(crd, elsewhere) for crd in definitions()))
    assert judged(request("create", manifest("Kafka")), world)[0].code == "NotFound"


def test_a_changed_crd_is_seen_at_once() -> None:
    world = running()
    body = manifest("KafkaTopic") | {"spec": {"partitions": 3, "tier": "cold"}}
    assert "tier: field not declared" in judged(request("create", body), world)[0].message
    crd = json.loads(json.dumps(next(each for each in definitions() if each["spec"]["names"]["kind"] == "KafkaTopic")))
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["tier"] = {
        "type": "string"
    }
    world.records = [each for each in world.records if each.id != "kafkatopics.kafka.strimzi.io"]
    world.records.append(record(crd, version="2"))
    assert judged(request("create", body), world) == []


def test_pulumis_spelling_of_schema_extensions_is_understood() -> None:
    text = json.dumps([crd for crd in definitions() if crd["spec"]["names"]["kind"] == "KafkaTopic"])
    sent = json.loads(text.replace("x-kubernetes-preserve-unknown-fields", "x_kubernetes_preserve_unknown_fields"))[0]
    world = FakeWorld(cluster(), record(manifest("Namespace")), record(sent))
    assert judged(request("create", sent), FakeWorld(cluster())) == []
    assert judged(request("create", manifest("KafkaTopic")), world) == []


def test_the_namespace_must_exist() -> None:
    world = FakeWorld(cluster(), *(record(crd) for crd in definitions()))
    found = judged(request("create", manifest("KafkaTopic")), world)
    assert [refusal.message for refusal in found] == ['namespaces "kafka-parcels" not found']


def test_a_namespace_that_holds_something_is_not_deleted() -> None:
    old = record(manifest("Namespace"))
    full = running(record(manifest("KafkaTopic")))
    found = judged(request("delete", manifest("Namespace"), old), full)
    assert "holds 1 objects (KafkaTopic/kafka-parcels/parcels.scans, …)" in found[0].message
    assert judged(request("delete", manifest("Namespace"), old), running()) == []
    release = {"chart": "oci://a.example.net/c", "version": "1.0.0", "name": "r", "namespace": "kafka-parcels"}
    helm = record({"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": {"name": "r"}, **release})
    assert judged(request("delete", manifest("Namespace"), old), running(helm))[0].code == "namespace-not-empty"


def test_a_crd_in_use_is_not_deleted() -> None:
    crd = next(each for each in definitions() if each["spec"]["names"]["kind"] == "KafkaTopic")
    found = judged(request("delete", crd, record(crd)), running(record(manifest("KafkaTopic"))))
    assert "1 objects would be deleted with it (kafka-parcels/parcels.scans, …)" in found[0].message
    assert judged(request("delete", crd, record(crd)), running(record(manifest("KafkaUser")))) == []


def test_the_scope_of_a_crd_never_changes() -> None:
    crd = next(each for each in definitions() if each["spec"]["names"]["kind"] == "KafkaTopic")
    moved = {**crd, "spec": {**crd["spec"], "scope": "Cluster"}}
    assert [refusal.message for refusal in judged(request("update", moved, record(crd)), running())] == [
        'spec.scope: Invalid value: "Cluster": field is immutable'
    ]


def test_a_change_is_judged_against_what_stands_and_a_replacement_is_not() -> None:
    smaller = manifest("KafkaTopic")
    smaller["spec"]["partitions"] = 1
    old = record(manifest("KafkaTopic"))
    assert [each.code for each in judged(request("update", smaller, old), running(old))] == ["partitions-shrunk"]
    renamed = {**smaller, "metadata": {**smaller["metadata"], "name": "parcels.new"}}
    assert judged(request("check", renamed, old), running(old)) == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("StorageClass", "parameters"),
        ("StorageClass", "provisioner"),
        ("Deployment", "spec.selector"),
        ("ClusterRoleBinding", "roleRef"),
        ("Namespace", "metadata.name"),
        ("Service", "metadata.namespace"),
    ],
)
def test_what_replaces_says_where_that_is_known_from(kind: str, path: str) -> None:
    model = next(each for name, each in MODEL.types.items() if name.endswith(f":{kind}"))
    assert model.immutable[path].startswith(("pulumi-kubernetes", "Kubernetes API"))
    assert "metadata.labels" not in model.immutable


def test_ids_and_server_side_metadata() -> None:
    world = running()
    asked = request("create", manifest("KafkaTopic"))
    model = objects.model(asked.type)
    assert model.identify(asked, world) == "kafka-parcels/parcels.scans"
    assert model.identify(request("create", manifest("StorageClass")), world) == "kafka-fast"
    first = model.outputs(asked, world, "kafka-parcels/parcels.scans")
    assert first["metadata"]["generation"] == 1
    assert first["status"]["observedGeneration"] == 1
    assert first["status"]["conditions"][0]["type"] == "Ready"
    old = record(manifest("KafkaTopic"))
    stood = type(old)(old.urn, old.type, old.id, old.scope, old.inputs, first)
    bigger = {**asked.inputs, "spec": {**asked.inputs["spec"], "partitions": 48}}
    second = model.outputs(request("update", bigger, stood), world, stood.id)
    assert second["metadata"]["uid"] == first["metadata"]["uid"]
    assert second["metadata"]["resourceVersion"] != first["metadata"]["resourceVersion"]
    assert second["metadata"]["generation"] == second["status"]["observedGeneration"] == 2
    annotated = {**asked.inputs, "metadata": {**asked.inputs["metadata"], "annotations": {"a": "b"}}}
    assert model.outputs(request("update", annotated, stood), world, stood.id)["metadata"]["generation"] == 1


def test_kafka_says_where_it_is_reached() -> None:
    asked = request("create", manifest("Kafka"))
    status = objects.outputs(asked, running(), "kafka-parcels/parcels")["status"]
    assert status["listeners"][0]["bootstrapServers"] == "parcels-kafka-bootstrap.kafka-parcels.svc:9093"


def test_types_are_open_only_for_groups_that_a_crd_can_define() -> None:
    assert objects.model_for(KAFKA, {}) is not None
    for absent in ("kubernetes:apps/v1:Kafka", "kubernetes:storage.k8s.io/v1:Kafka", "kubernetes:helm.sh/v3:Chart"):
        assert objects.model_for(absent, {}) is None
    assert MODEL.model_for is objects.model_for
    assert {NAMESPACE, CRD, token(manifest("Deployment"))} <= MODEL.types.keys()
