"""The example fleet on real API servers: `fleet sandbox start --kubernetes real`, then what a person would do.

One sandbox for the whole file: five API servers and everything on three clouds take a minute to apply.
"""

import base64
import json
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from sandbox import control
from sandbox.kube.backing import manifest
from sandbox.kube.client import ApiError, Client
from sandbox.kube.outside import client
from sandbox.store import Store
from tests.engine.fleet_copy import FleetCopy, Run

pytestmark = pytest.mark.xdist_group("kubernetes-fleet")

CELL = "aws-use1-dev"
APP = "app.logistics-dev.routes-lab"
HELM = "kubernetes:helm.sh/v3:Release"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("real"), once=True)
    copy.sandbox("start", "--kubernetes", "real")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


@pytest.fixture(scope="module")
def state(fleet: FleetCopy) -> Path:
    return fleet.root / ".fleet" / "sandbox"


@pytest.fixture(scope="module")
def applied(fleet: FleetCopy) -> Run:
    run = fleet.run("up", "--all", "--jobs", "1")
    assert run.code == 0, run.said()
    return run


def api(state: Path, cell: str) -> Client:
    """The API server of a cell, as its administrator."""
    folders = {json.loads(file.read_text())["name"]: file for file in state.glob("kube/clusters/*/cluster.json")}
    found = client(state, next(int(file.parent.name) for name, file in folders.items() if name.endswith(cell)))
    assert found is not None
    return found


def stored(state: Path) -> list[Any]:
    """Every Kubernetes object that the engine made, with the host of its cluster."""
    return [one for one in control.ls(state, cloud="kubernetes") if one.type != HELM]


def one(state: Path, type_: str, cell: str = CELL) -> Any:
    """An object of a kind in a cell; its cluster's API knows it."""
    server = api(state, cell)
    found = [each for each in control.ls(state, type=type_) if server.get(manifest(each.type, each.inputs))]
    return found[0]


def test_every_object_of_the_fleet_is_in_its_own_api_server(applied: Run, state: Path) -> None:
    assert set(applied.results()) == {"ok"}
    assert [call for call in control.calls(state, 100_000) if call["result"] not in {"ok"}] == []
    wanted = Counter(each.type.rpartition(":")[2] for each in stored(state))
    held: Counter[str] = Counter()
    for file in state.glob("kube/clusters/*/cluster.json"):
        server = client(state, int(file.parent.name))
        assert server is not None
        for api_version, kind in server.everything():
            if kind.name in wanted and "list" in kind.verbs:
                root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
                items = server.call("GET", f"{root}/{kind.plural}").body["items"]
                ours = [item for item in items if "kafka-fleet-sandbox" in managers(item)]
                held[kind.name] += len(ours)
    assert +held == wanted
    assert wanted["CustomResourceDefinition"] == 50
    assert wanted["Kafka"] >= 7


def managers(item: dict[str, Any]) -> set[str]:
    return {one["manager"] for one in item["metadata"].get("managedFields", ())}


def test_a_second_run_changes_nothing(fleet: FleetCopy, applied: Run) -> None:
    again = fleet.run("up")
    assert again.code == 0, again.said()
    assert again.changed() == {}


def test_a_status_is_written_where_an_operator_would(applied: Run, state: Path) -> None:
    kafka = one(state, "kubernetes:kafka.strimzi.io/v1:Kafka")
    live = api(state, CELL).get(manifest(kafka.type, kafka.inputs))
    assert live is not None
    assert live["status"]["conditions"][0]["type"] == "Ready"
    assert live["status"]["observedGeneration"] == live["metadata"]["generation"]
    assert kafka.outputs["metadata"]["uid"] == live["metadata"]["uid"]


def test_what_somebody_changed_is_seen_and_is_his_until_he_lets_go(fleet: FleetCopy, applied: Run, state: Path) -> None:
    topic = one(state, "kubernetes:kafka.strimzi.io/v1:KafkaTopic")
    was = topic.inputs["spec"]["partitions"]
    server, body = api(state, CELL), manifest(topic.type, topic.inputs)
    control.drift(state, topic.urn, "spec.partitions", was - 1)
    assert fleet.run("refresh", APP).code == 0
    for operation in ("preview", "up"):
        refused = fleet.run(operation, APP)
        assert refused.code != 0
        assert "[apiserver] Conflict" in refused.said()
        assert 'conflict with "somebody-else" using kafka.strimzi.io/v1: .spec.partitions' in refused.said()
    server.call("PATCH", server.path(body), {"spec": {"partitions": was}}, form="application/merge-patch+json")
    mended = fleet.run("up", APP)
    assert mended.code == 0, mended.said()
    assert fleet.run("up", APP).changed() == {}


def test_what_somebody_deleted_is_made_again(fleet: FleetCopy, applied: Run, state: Path) -> None:
    topic = one(state, "kubernetes:kafka.strimzi.io/v1:KafkaTopic")
    server, body = api(state, CELL), manifest(topic.type, topic.inputs)
    server.delete(body)
    assert fleet.run("refresh", APP).code == 0
    mended = fleet.run("up", APP)
    assert mended.code == 0, mended.said()
    assert set(mended.changed().values()) == {"create"}
    assert server.get(body) is not None


ALLOWED, FORBIDDEN = "", "forbidden"
NAMESPACE = "kafka-logistics-dev"


def _object(api_version: str, kind: str, name: str, namespace: str | None = NAMESPACE, **more: Any) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


TOPIC = _object(
    "kafka.strimzi.io/v1",
    "KafkaTopic",
    "tried",
    spec={"partitions": 3, "replicas": 3, "config": {"min.insync.replicas": 2}},
)
TOPIC["metadata"]["labels"] = {"strimzi.io/cluster": "logistics-dev"}
ELSEWHERE = {**TOPIC, "metadata": {**TOPIC["metadata"], "namespace": "default"}}
POOL = _object("kafka.strimzi.io/v1", "KafkaNodePool", "tried", spec={"replicas": 1, "roles": ["broker"]})
POOL["spec"]["storage"] = {"type": "jbod", "volumes": [{"id": 0, "type": "ephemeral"}]}
POLICY = _object("networking.k8s.io/v1", "NetworkPolicy", "tried", spec={"podSelector": {}, "policyTypes": ["Ingress"]})
MATRIX = [
    ("apps", "apply", TOPIC, ALLOWED),
    ("apps", "apply", ELSEWHERE, "service and app stacks may only change what is in a namespace named kafka-*"),
    ("apps", "apply", POOL, FORBIDDEN),
    ("apps", "apply", POLICY, FORBIDDEN),
    ("apps", "apply", _object("v1", "Namespace", "kafka-tried", None), FORBIDDEN),
    ("apps", "get", _object("v1", "Namespace", NAMESPACE, None), ALLOWED),
    ("apps", "get", _object("v1", "Secret", "logistics-dev-clients-ca"), FORBIDDEN),
    ("services", "apply", TOPIC, ALLOWED),
    ("services", "apply", POOL, ALLOWED),
    ("services", "apply", POLICY, ALLOWED),
    ("services", "apply", {**POLICY, "metadata": {"name": "tried", "namespace": "kube-system"}}, "may only change"),
    ("services", "apply", _object("v1", "Namespace", "kafka-tried", None), ALLOWED),
    ("services", "apply", _object("v1", "Namespace", "tried", None), "may only change what is in a namespace"),
    ("services", "get", _object("v1", "Secret", "logistics-dev-clients-ca"), FORBIDDEN),
    ("services", "apply", _object("rbac.authorization.k8s.io/v1", "ClusterRole", "tried", None, rules=[]), FORBIDDEN),
    ("services", "get", _object("apps/v1", "Deployment", "tried"), ALLOWED),
    ("nobody", "get", _object("v1", "Namespace", NAMESPACE, None), FORBIDDEN),
]


@pytest.mark.parametrize(("who", "what", "body", "told"), MATRIX, ids=lambda value: str(value)[:24])
def test_service_and_app_stacks_can_do_what_they_must_and_no_more(
    applied: Run, state: Path, who: str, what: str, body: dict[str, Any], told: str
) -> None:
    """Rights and confinement that the cell's own stack made, asked of the API server as that principal."""
    principal = api(state, CELL).acting_as("arn:aws:iam::000000000000:role/ci", f"kafka-fleet:{who}")
    try:
        principal.apply(body, dry_run=True) if what == "apply" else principal.call("GET", principal.path(body))
    except ApiError as error:
        said = "" if what == "get" and error.status == 404 else error.message
    else:
        said = ""
    assert (told in said) if told else (said == ""), said


def test_a_kubeconfig_opens_the_cluster_for_a_person(applied: Run, state: Path) -> None:
    told = json.loads(control.kubeconfig(state, CELL))
    cluster, user = told["clusters"][0]["cluster"], told["users"][0]["user"]
    assert cluster["server"].startswith("https://127.0.0.1:")
    folder = state / "kube" / "tried"
    folder.mkdir(exist_ok=True)
    for name, key in (("crt", "client-certificate-data"), ("key", "client-key-data")):
        (folder / name).write_bytes(base64.b64decode(user[key]))
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    context.load_cert_chain(folder / "crt", folder / "key")
    with urllib3.PoolManager(ssl_context=context) as pool:
        answer = pool.request("GET", f"{cluster['server']}/api/v1/namespaces/{NAMESPACE}")
    assert answer.status == 200
    with pytest.raises(control.SandboxError, match=r"no managed cluster 'moon' has an API server.*kf-aws-use1-dev"):
        control.kubeconfig(state, "moon")


def test_objects_go_when_their_stack_goes_and_so_does_a_namespace(fleet: FleetCopy, applied: Run, state: Path) -> None:
    server = api(state, CELL)
    namespace = _object("v1", "Namespace", NAMESPACE, None)
    assert server.get(namespace) is not None
    gone = fleet.run("destroy", "logistics-dev")
    assert gone.code == 0, gone.said()
    assert server.get(namespace) is None
    made = fleet.run("up", "logistics-dev")
    assert made.code == 0, made.said()
    assert server.get(namespace) is not None


def test_everything_is_there_after_a_stop_and_a_start(fleet: FleetCopy, applied: Run, state: Path) -> None:
    before = {file.parent.name: json.loads(file.read_text()) for file in state.glob("kube/clusters/*/cluster.json")}
    fleet.sandbox("stop")
    assert not list(state.glob("kube/**/*.process.json"))
    fleet.sandbox("start")
    again = fleet.run("up", "kafka.logistics-dev", "kafka.payments-prod")
    assert again.code == 0, again.said()
    assert again.changed() == {}
    _all_answer(state, len(before))
    after = {file.parent.name: json.loads(file.read_text()) for file in state.glob("kube/clusters/*/cluster.json")}
    assert after == before
    with pytest.raises(control.SandboxError, match="stop it, then start it with 'model'"):
        control.start(state, kubernetes="model")
    assert Store(state).rows("cloud = 'kubernetes'")


def _all_answer(state: Path, wanted: int) -> None:
    """Every cluster's server is there again, within a minute, and not only those that a stack has asked for."""
    deadline = time.monotonic() + 60
    folders = [int(file.parent.name) for file in state.glob("kube/clusters/*/cluster.json")]
    assert len(folders) == wanted
    while not all(found is not None and found.ready() for found in (client(state, number) for number in folders)):
        assert time.monotonic() < deadline
        time.sleep(0.5)
