"""The objects of a workload: judged, restricted, spread, rolled without loss, and nothing of a field is dropped."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest

from components.base import Component
from components.services.access import KafkaAccess
from components.services.contract import Manifest, ServiceRequest
from components.services.register import register
from components.services.workload import Autoscaling, Destination, PodField, Probe, SecretKey, Workload, java_client
from components.services.workload_objects import manifests
from stacks.rendition.record import record

from .judge import all_refusals
from .requests import ANNOTATIONS, PRIVATE, request

KAFKA = KafkaAccess(
    cluster="orders",
    namespace="kafka-orders",
    bootstrap="orders-kafka-bootstrap.kafka-orders.svc:9093",
    ca_secret="orders-cluster-ca-cert",  # noqa: S106 - the name of a Secret
    version="4.3.1",
    brokers=3,
    replication=3,
    min_insync=2,
)
REQUEST = replace(request(), published={"kafka": KAFKA})
PLAIN = Workload(
    name="orders-thing",
    image="quay.io/things/thing:1.0",
    port=8080,
    replicas=2,
    cpu=0.5,
    memory_mib=512,
    probe=Probe("/ready", "/live"),
)
FULL = replace(
    PLAIN,
    role="left",
    tls_secret="thing-tls",  # noqa: S106 - the name of a Secret
    ports={"peers": 8082},
    metrics_port=9404,
    autoscaling=Autoscaling(most=6, cpu_percent=60),
    command=("/bin/thing",),
    arguments=("--fast",),
    environment={"URL": "http://$(POD)", "POD": PodField("status.podIP"), "KEY": SecretKey("orders-thing", "key")},
    files={"/etc/thing/thing.conf": "a = 1\n"},
    secrets={"/mnt/other": "other"},
    writable=("/tmp", "/var/lib/thing"),  # noqa: S108 - paths in the container
    disk_gib=20,
    disk_path="/data",
    storage_class="kafka",
    kafka_user="orders-thing",
    egress=(Destination(443, cidrs=("10.0.0.0/8",)), Destination(8083, {"strimzi.io/kind": "KafkaConnect"})),
    clients=({"app.kubernetes.io/name": "orders-console"},),
    labels={"app.kubernetes.io/component": "ui"},
)


def made(workload: Workload = PLAIN, asked: ServiceRequest = REQUEST) -> dict[str, Manifest]:
    return {manifest.role: manifest for manifest in manifests(asked, workload)}


def pod(workload: Workload, role: str = "pods", asked: ServiceRequest = REQUEST) -> Any:
    return made(workload, asked)[role].body["spec"]["template"]["spec"]


@pytest.mark.parametrize(
    "workload",
    [PLAIN, FULL, replace(FULL, disk_gib=0), replace(FULL, disk_gib=0, stable_names=True), replace(PLAIN, anyone=True)],
    ids=["plain", "full", "no disk", "names", "anyone"],
)
def test_every_object_is_accepted_strictly(workload: Workload) -> None:
    assert all_refusals(manifests(REQUEST, workload)) == []


def test_a_wrong_field_is_seen() -> None:
    """The judge of the test above, seen red for every object."""
    for manifest in manifests(REQUEST, FULL):
        body = json.loads(json.dumps(manifest.body))
        body.setdefault("spec", {})["wrongField"] = 1
        assert all_refusals([Manifest("x", body)]), manifest.role


def test_roles_are_words_with_the_workload_s_prefix() -> None:
    assert list(made()) == ["service-account", "network-policy", "pods", "service", "budget"]
    assert list(made(FULL)) == [
        "left-service-account",
        "left-network-policy",
        "left-files",
        "left-names",
        "left-pods",
        "left-service",
        "left-budget",
        "left-autoscaler",
    ]


def test_objects_are_annotated_and_labelled_by_kubernetes_own_words_only() -> None:
    for manifest in manifests(REQUEST, FULL):
        metadata = manifest.body["metadata"]
        assert ANNOTATIONS.items() <= metadata["annotations"].items()
        assert all(key.startswith("app.kubernetes.io/") for key in metadata["labels"])
        assert metadata["namespace"] == "kafka-orders"


def test_another_owner_does_not_roll_the_pods() -> None:
    other = replace(REQUEST, annotations={"kafka-fleet/owner": "billing"})
    for workload, role in ((PLAIN, "pods"), (FULL, "left-pods")):
        left, right = (made(workload, asked)[role].body["spec"]["template"] for asked in (REQUEST, other))
        assert left == right


def test_pods_are_restricted() -> None:
    spec = pod(FULL, "left-pods")
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert spec["automountServiceAccountToken"] is False
    assert made(FULL)["left-service-account"].body["automountServiceAccountToken"] is False


def test_pods_are_spread_over_zones_and_nodes() -> None:
    zones, hosts = pod(PLAIN)["topologySpreadConstraints"]
    assert (zones["topologyKey"], zones["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    assert (hosts["topologyKey"], hosts["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    one_zone = replace(REQUEST, place=replace(PRIVATE, zones=("eu-west-1a",)))
    assert [c["topologyKey"] for c in pod(PLAIN, asked=one_zone)["topologySpreadConstraints"]] == [
        "kubernetes.io/hostname"
    ]


def test_a_roll_takes_no_pod_away_before_a_new_one_is_ready() -> None:
    strategy = made()["pods"].body["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    spec = pod(PLAIN)
    assert spec["terminationGracePeriodSeconds"] == 70
    assert spec["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 10}}}


def test_probes_speak_the_workload_s_scheme() -> None:
    (container,) = pod(FULL, "left-pods")["containers"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "http", "scheme": "HTTPS"}
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] == 120
    (other,) = pod(replace(FULL, probe=Probe("/ready", "/live", port=9000)), "left-pods")["containers"]
    assert other["livenessProbe"]["httpGet"] == {"path": "/live", "port": 9000, "scheme": "HTTP"}


def test_changed_files_roll_the_pods_and_leave_the_old_ones_theirs() -> None:
    before, after = made(FULL), made(replace(FULL, files={"/etc/thing/thing.conf": "a = 2\n"}))
    assert before["left-files"].body["metadata"]["name"] != after["left-files"].body["metadata"]["name"]
    assert before["left-pods"].body != after["left-pods"].body
    (mount,) = [
        m for m in pod(FULL, "left-pods")["containers"][0]["volumeMounts"] if m["mountPath"] == "/etc/thing/thing.conf"
    ]
    assert before["left-files"].body["data"] == {mount["subPath"]: "a = 1\n"}


def test_what_the_pods_field_gives_stands_before_what_names_it() -> None:
    names = [variable["name"] for variable in pod(FULL, "left-pods")["containers"][0]["env"]]
    assert names == ["KEY", "POD", "URL"]


def test_the_user_and_the_authority_are_mounted() -> None:
    settings, password = java_client("orders-thing")
    spec = pod(FULL, "left-pods")
    secrets = {v["name"]: v["secret"]["secretName"] for v in spec["volumes"] if "secret" in v}
    mounts = {m["mountPath"]: secrets.get(m["name"]) for m in spec["containers"][0]["volumeMounts"]}
    assert mounts[settings["ssl.keystore.location"].rpartition("/")[0]] == "orders-thing"
    assert mounts[settings["ssl.truststore.location"].rpartition("/")[0]] == "orders-cluster-ca-cert"
    assert mounts["/mnt/tls"] == "thing-tls"
    assert mounts["/mnt/other"] == "other"
    assert password == SecretKey("orders-thing", "user.password")


def test_an_autoscaler_has_the_replicas_to_itself() -> None:
    assert made(FULL)["left-pods"].ignore == ("spec.replicas",)
    spec = made(FULL)["left-autoscaler"].body["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 6)
    ended = made(replace(FULL, autoscaling=Autoscaling(enabled=False, most=6)))
    assert "left-autoscaler" not in ended
    assert ended["left-pods"].ignore == ()


def test_who_may_connect_and_where_to() -> None:
    spec = made(FULL)["left-network-policy"].body["spec"]
    clients, own, metrics = spec["ingress"]
    assert clients["from"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "orders-console"}}}]
    assert [port["port"] for port in own["ports"]] == [8080, 8082]
    assert metrics == {"from": [{"namespaceSelector": {}}], "ports": [{"protocol": "TCP", "port": 9404}]}
    assert [rule["ports"][0]["port"] for rule in spec["egress"]] == [9093, 443, 8083, 8080, 8082]
    named = made(replace(PLAIN, namespaces=("web",)))["network-policy"].body["spec"]["ingress"]
    assert named[0]["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "web"}}}]
    closed = made()["network-policy"].body["spec"]
    assert (closed["ingress"], closed["egress"]) == ([], [])


def test_what_holds_data_is_protected_and_kept() -> None:
    assert [m.role for m in manifests(REQUEST, FULL) if m.protect] == ["left-pods"]
    assert not [m.role for m in manifests(REQUEST, PLAIN) if m.protect]
    spec = made(FULL)["left-pods"].body["spec"]
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert spec["serviceName"] == made(FULL)["left-names"].body["metadata"]["name"]


CHANGES: dict[str, Callable[[Workload], Workload]] = {
    "name": lambda w: replace(w, name="orders-other"),
    "image": lambda w: replace(w, image="quay.io/things/thing:2.0"),
    "port": lambda w: replace(w, port=8081),
    "replicas": lambda w: replace(w, replicas=3),
    "cpu": lambda w: replace(w, cpu=1.0),
    "memory_mib": lambda w: replace(w, memory_mib=1024),
    "probe": lambda w: replace(w, probe=Probe("/ready", "/live", seconds=60)),
    "role": lambda w: replace(w, role="right"),
    "autoscaling": lambda w: replace(w, autoscaling=Autoscaling(most=7)),
    "tls_secret": lambda w: replace(w, tls_secret="other-tls"),  # noqa: S106 - the name of a Secret
    "ports": lambda w: replace(w, ports={"peers": 8089}),
    "metrics_port": lambda w: replace(w, metrics_port=9999),
    "command": lambda w: replace(w, command=("/bin/other",)),
    "arguments": lambda w: replace(w, arguments=("--slow",)),
    "environment": lambda w: replace(w, environment={"A": "b"}),
    "files": lambda w: replace(w, files={"/etc/thing/thing.conf": "a = 2\n"}),
    "secrets": lambda w: replace(w, secrets={"/mnt/other": "another"}),
    "writable": lambda w: replace(w, writable=("/var/tmp",)),  # noqa: S108 - a path in the container
    "writable_mib": lambda w: replace(w, writable_mib=64),
    "stable_names": lambda w: replace(w, disk_gib=0, stable_names=True),
    "disk_gib": lambda w: replace(w, disk_gib=30),
    "disk_path": lambda w: replace(w, disk_path="/other"),
    "storage_class": lambda w: replace(w, storage_class="kafka-fast"),
    "kafka_user": lambda w: replace(w, kafka_user="orders-other"),
    "grace_seconds": lambda w: replace(w, grace_seconds=90),
    "egress": lambda w: replace(w, egress=()),
    "clients": lambda w: replace(w, clients=()),
    "namespaces": lambda w: replace(w, namespaces=("web",)),
    "anyone": lambda w: replace(w, anyone=True),
    "sticky": lambda w: replace(w, sticky=True),
    "run_as": lambda w: replace(w, run_as=1001),
    "labels": lambda w: replace(w, labels={}),
}


@pytest.mark.parametrize("field", Workload.__dataclass_fields__)
def test_every_field_reaches_the_objects(field: str) -> None:
    assert manifests(REQUEST, CHANGES[field](FULL)) != manifests(REQUEST, FULL)


def test_what_is_made_is_what_is_registered() -> None:
    """Every kind has a class in the SDK, with every field under a name that it takes."""

    class Thing(Component):
        def __init__(self) -> None:
            super().__init__("services", "orders")
            provider = kubernetes.Provider("cell-cluster", kubeconfig="{}")
            register(self, "orders", manifests(REQUEST, FULL), provider, protect=True)
            self.done()

    recording = record(Thing)
    for manifest in manifests(REQUEST, FULL):
        seen = recording[f"orders-{manifest.role}"]
        assert seen.inputs == manifest.body, manifest.role
        assert "CustomResource" not in seen.type
        assert seen.protect == manifest.protect
    assert recording["orders-left-autoscaler"].type == "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"


def test_the_same_request_gives_the_same_objects() -> None:
    assert manifests(REQUEST, FULL) == manifests(REQUEST, FULL)
