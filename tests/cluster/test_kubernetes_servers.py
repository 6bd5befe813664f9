"""The servers themselves: what they refuse in their own words, what a deletion takes, and what outlives a kill."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import address, control
from sandbox.contract import Record, Scope
from sandbox.kube.backing import Kube, manifest
from sandbox.kube.client import ApiError, Client
from sandbox.kube.outside import client
from sandbox.kube.servers import Servers
from sandbox.resources import RefusedError, Resources, Target
from sandbox.store import Store
from sandbox.wire import digest, read, write
from tests.sandbox.kubernetes_cloud import endpoint

pytestmark = pytest.mark.xdist_group("kubernetes-objects")

NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kafka-tried"}}
CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "one", "namespace": "kafka-tried"},
    "data": {"a": "b"},
}
NAMESPACES, CONFIGS = "kubernetes:core/v1:Namespace", "kubernetes:core/v1:ConfigMap"
EKS = "aws:eks/cluster:Cluster"
SERVER = "tried.k8s.example.net"
SCOPE = Scope("kubernetes", "tried", SERVER)


def record(state: Path) -> int:
    """A managed cluster in the store; its number."""
    outputs = {"name": "tried", "endpoint": endpoint("tried")}
    store = Store(state)
    with store.effect() as connection:
        store.insert(connection, Record("urn:c", EKS, "tried", Scope("aws", "1", "r"), {}, outputs), frozenset())
    return store.rows("type = ?", (EKS,))[0].number


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def kube(state: Path) -> Iterator[Kube]:
    record(state)
    made = Kube(state, Store(state))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def api(kube: Kube) -> Client:
    found = kube.client(SCOPE)
    assert found is not None
    found.apply(NAMESPACE, force=True)
    return found


@pytest.fixture
def resources(state: Path, kube: Kube) -> Resources:
    from sandbox.clouds.kubernetes import MODEL

    return Resources(MODEL, Store(state), kube)


def test_refusals_are_the_servers_own_words(api: Client) -> None:
    wrong = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "one", "namespace": "kafka-tried"},
        "spec": {"ports": [{"port": 99999}]},
    }
    with pytest.raises(ApiError) as told:
        api.apply(wrong)
    assert (told.value.status, told.value.reason) == (422, "Invalid")
    assert told.value.causes[0].path == "spec.ports[0].port"
    with pytest.raises(ApiError, match=r"\.spec\.portz: field not declared in schema"):
        api.apply({**wrong, "spec": {"portz": []}})
    with pytest.raises(ApiError, match='no matches for kind "Moon" in version "v1"'):
        api.apply({**wrong, "kind": "Moon"})
    with pytest.raises(ApiError, match="does not answer"):
        Client("https://127.0.0.1:1", api._files).call("GET", "/version")


def test_a_stranger_is_not_let_in(api: Client, tmp_path: Path) -> None:
    from sandbox.kube.certificates import made

    stranger = Client(api.url, made(tmp_path / "other"))
    assert not stranger.ready()


def test_a_refused_object_is_not_in_the_store_either(resources: Resources, api: Client) -> None:
    """A field that another manager holds: nobody but the server can know."""
    api.apply({**CONFIG, "data": {"a": "theirs"}}, manager="helm")
    struct = write(CONFIG)
    namespace = Record("urn:n", NAMESPACES, "kafka-tried", SCOPE, NAMESPACE, NAMESPACE)
    with resources.store.effect() as connection:
        resources.store.insert(connection, namespace, frozenset())
    target = Target("urn:one", CONFIGS, SCOPE)
    with pytest.raises(RefusedError) as told:
        resources.create(target, read(struct), digest(struct))
    (refusal,) = told.value.refusals
    assert (refusal.judge, refusal.code) == ("apiserver", "Conflict")
    assert refusal.message == 'Apply failed with 1 conflict: conflict with "helm": .data.a'
    assert resources.store.rows("type = ?", (CONFIGS,)) == []
    mine = {**CONFIG, "metadata": {**CONFIG["metadata"], "annotations": {"pulumi.com/patchForce": "true"}}}
    made, _ = resources.create(target, read(write(mine)), digest(write(mine)))
    live = api.get(CONFIG)
    assert live is not None
    assert live["data"] == {"a": "b"}
    assert made.outputs["metadata"]["uid"] == live["metadata"]["uid"]


def test_what_nobody_lets_go_of_is_told(kube: Kube, api: Client) -> None:
    held = {**CONFIG, "metadata": {"name": "held", "namespace": "kafka-tried", "finalizers": ["example.com/hold"]}}
    api.apply(held)
    short = Kube(kube._servers.folder.parent, kube._store, gone_seconds=0.2)
    short._servers = kube._servers
    (refusal,) = short.delete(Record("urn:h", CONFIGS, "kafka-tried/held", SCOPE, held, held))
    assert refusal.code == "deletion-held"
    assert "ConfigMap 'held' is being deleted and held by example.com/hold: no controller runs here" in refusal.message
    api.call("PATCH", api.path(held), {"metadata": {"finalizers": None}}, form="application/merge-patch+json")
    assert api.get(held) is None


def test_a_namespace_goes_with_all_that_is_in_it(kube: Kube, api: Client) -> None:
    namespace = {**NAMESPACE, "metadata": {"name": "kafka-gone"}}
    inside = {**CONFIG, "metadata": {"name": "by-hand", "namespace": "kafka-gone"}}
    api.apply(namespace)
    api.apply(inside)
    assert kube.delete(Record("urn:g", NAMESPACES, "kafka-gone", SCOPE, namespace, namespace)) == []
    assert api.get(namespace) is None
    api.apply(namespace)
    assert api.get(inside) is None


def test_a_preview_asks_where_it_can_and_is_silent_where_it_cannot(kube: Kube, api: Client) -> None:
    from sandbox.contract import UNKNOWN, Request

    def asked(body: object, type_: str = CONFIGS) -> list[str]:
        assert isinstance(body, dict)
        return [one.message for one in kube.preview(Request("create", "urn:p", type_, SCOPE, body))]

    fresh = {**CONFIG, "metadata": {"name": "previewed", "namespace": "kafka-tried"}}
    assert asked(fresh) == []
    assert api.get(manifest(CONFIGS, fresh)) is None
    assert [".datum: field not declared" in said for said in asked({**fresh, "datum": {}})] == [True]
    assert asked({**fresh, "metadata": {"name": "x", "namespace": "kafka-not-yet"}}) == []
    assert asked({**fresh, "data": UNKNOWN}) == []
    later = {"apiVersion": "example.com/v1", "kind": "Later", "metadata": {"name": "x", "namespace": "kafka-tried"}}
    assert asked(later, "kubernetes:example.com/v1:Later") == []


def test_a_cluster_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    servers = Servers(tmp_path)
    try:
        servers.client(4, "four").apply(NAMESPACE)
        servers.forget(4)
        assert servers.known() == []
        assert servers.client(4, "four").get(NAMESPACE) is None
    finally:
        servers.stop()


def test_a_killed_sandbox_leaves_no_servers_behind_for_long(tmp_path: Path) -> None:
    number = record(tmp_path)
    running = control.start(tmp_path, kubernetes="real", models="tests.sandbox.kubernetes_cloud:models", warm=False)
    first = Servers(tmp_path)
    try:
        # What a request of the engine would do: the folder of a cluster makes the sandbox start its server again.
        first.client(number, "tried").apply(NAMESPACE)
    finally:
        first.stop()
    control.stop(tmp_path)
    running = control.start(tmp_path, models="tests.sandbox.kubernetes_cloud:models", warm=False)
    try:
        assert running.kubernetes == "real"
        assert _eventually(tmp_path, number)
        os.kill(running.pid, signal.SIGKILL)
        left = list(tmp_path.glob("kube/**/*.process.json"))
        assert len(left) == 2
        control.stop(tmp_path)  # whether it finds the process dying or dead is the kernel's affair
        assert not list(tmp_path.glob("kube/**/*.process.json"))
        assert address.live(tmp_path) is None
    finally:
        control.stop(tmp_path)


def _eventually(state: Path, number: int) -> bool:
    """Whether the restarted server has what was in it, within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = client(state, number)
        if found is not None and found.ready() and found.get(NAMESPACE) is not None:
            return True
        time.sleep(0.2)
    return False
