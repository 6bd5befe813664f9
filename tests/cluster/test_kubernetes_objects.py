"""Every object that the fleet and the examples render, by the sandbox's own path on a real API server; and mutations.

The path is the one that the engine takes (judges, laws, apply), called in this process: the engine's own runs are in
`test_kubernetes_fleet.py`.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.platform.crds import typed
from sandbox import wire
from sandbox.clouds.kubernetes import MODEL, helm
from sandbox.contract import Record, Scope
from sandbox.kube.backing import Kube
from sandbox.resources import RefusedError, Resources, Target
from sandbox.store import Store
from tests.components.apps.requests import app, example
from tools.mutations.api_servers import ApiServers, api_servers
from tools.mutations.objects import compare, counts, table, unmutated
from tools.mutations.rendered import Object, objects, of_fleet
from tools.services.examples import examples

pytestmark = pytest.mark.xdist_group("kubernetes-objects")

SERVER = "examples.example.net"
CLUSTER = Record(
    "urn:examples",
    "aws:eks/cluster:Cluster",
    "examples",
    Scope("aws", "111122223333", "eu-west-1"),
    {"name": "examples"},
    {"name": "examples", "endpoint": f"https://{SERVER}"},
)
SCOPE = Scope("kubernetes", "examples", SERVER)


def release(chart: str, values: dict[str, object]) -> Record:
    """A Helm release that objects of the gateway need; nothing renders charts here."""
    inputs = {
        "chart": f"oci://charts.example.com/{chart}",
        "name": chart,
        "namespace": "kafka-gateway",
        "values": values,
    }
    return Record(f"urn:{chart}", helm.TOKEN, f"kafka-gateway/{chart}", SCOPE, inputs, inputs)


_CHOSEN = {"gatewayAPI": {"enabled": True, "channel": "experimental"}, "envoyGateway": {"enabled": True}}
RELEASES = (release("gateway-crds-helm", {"crds": _CHOSEN}), release("gateway-helm", {}))


def _apps() -> list[Object]:
    from components.apps.objects import objects as rendered

    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kafka-orders"}}
    found = [Object("apps::namespace", namespace)]
    for name in ("minimal", "full"):
        for each in rendered(app(example(name), name=name)):
            found.append(Object(f"apps/{name}::{each.role}", dict(each.body)))
    return found


def _cell() -> Iterator[Object]:
    """The examples' cell: its gateway has the ports that their routes are for."""
    return of_fleet(next(one.fleet for one in examples() if one.service == "kafka"), "examples ", ("cell",))


@pytest.fixture(scope="module")
def rendered() -> list[Object]:
    return [*_cell(), *objects(), *_apps()]


class World:
    """The sandbox's Kubernetes provider over one cluster, without the wire."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        with self.store.effect() as connection:
            for record in (CLUSTER, *RELEASES):
                self.store.insert(connection, record, frozenset())
        self.kube = Kube(folder, self.store)
        self.resources = Resources(MODEL, self.store, self.kube)

    def target(self, one: Object) -> Target:
        return Target(one.origin, one.record().type, SCOPE)

    def make(self, one: Object) -> str:
        """Check and create; what was refused."""
        struct = wire.write(known(one).inputs)
        plain, digest = wire.read(struct), wire.digest(struct)
        told = self.resources.check(self.target(one), plain, digest, {})
        if told:
            return "; ".join(f"[{each.judge}] {each.message}" for each in told)
        try:
            self.resources.create(self.target(one), plain, digest)
        except RefusedError as error:
            return "; ".join(f"[{each.judge}] {each.message}" for each in error.refusals)
        return ""


def known(one: Object) -> Record:
    """Its request, in the engine's spelling; a value that only an apply knows is there as the clouds write it."""
    record = one.record()
    if one.body["kind"] == "CustomResourceDefinition":
        return Record(record.urn, record.type, record.id, SCOPE, typed(one.body), {})
    keys = {
        "ebs.csi.aws.com": "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "pd.csi.storage.gke.io": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
        "disk.csi.azure.com": (
            "/subscriptions/0/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/kafka"
        ),
    }
    parameters = record.inputs.get("parameters")
    if isinstance(parameters, dict):
        key = keys[record.inputs["provisioner"]]
        filled = {name: key if str(value).startswith("<") else value for name, value in parameters.items()}
        return Record(record.urn, record.type, record.id, SCOPE, {**record.inputs, "parameters": filled}, {})
    return record


def once(found: list[Object]) -> list[Object]:
    """Objects of several cells that have one name are one object in one cluster: the first, dependencies first."""
    first: dict[tuple[str, str], Object] = {}
    for one in found:
        # Nor has one port of the one gateway two routes: clusters of several cells may have the same.
        kind = str(one.body["kind"])
        place = one.body["spec"]["parentRefs"][0]["sectionName"] if kind == "TCPRoute" else one.record().id
        first.setdefault((kind, place), one)
    order = {"CustomResourceDefinition": 0, "Namespace": 1}
    return sorted(first.values(), key=lambda one: order.get(str(one.body["kind"]), 2))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("objects"))
    yield made
    made.kube.stop()


@pytest.fixture(scope="module")
def made(world: World, rendered: list[Object]) -> dict[str, str]:
    """Origin -> what was refused."""
    return {one.origin: world.make(one) for one in once(rendered)}


def test_none_of_them_is_rejected_and_none_has_an_unknown_field(made: dict[str, str], rendered: list[Object]) -> None:
    kinds = Counter(str(one.body["kind"]) for one in once(rendered))
    assert {origin: said for origin, said in made.items() if said} == {}
    assert len(made) == kinds.total()
    services = {"Deployment", "StatefulSet", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"}
    strimzi = {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnector"}
    assert services | strimzi | {"CustomResourceDefinition", "ValidatingAdmissionPolicy"} <= set(kinds)


def test_a_second_look_finds_them_as_they_were_asked_for(
    world: World, made: dict[str, str], rendered: list[Object]
) -> None:
    """Defaults and normal forms of the real server are no drift: a refresh followed by an up would change nothing."""
    drifted = {}
    for one in once(rendered):
        record = known(one)
        struct = wire.write(record.inputs)
        found = world.resources.read(world.target(one), record.id, wire.read(struct))
        assert found is not None, one.origin
        changes, _ = world.resources.diff(world.target(one), wire.write(found[1]), struct, ())
        if changes:
            drifted[one.origin] = [each.dotted for each in changes]
    assert drifted == {}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, rendered: list[Object]) -> Iterator[ApiServers]:
    with api_servers(tmp_path_factory.mktemp("mutations"), [one.body for one in rendered]) as found:
        yield found


def test_what_the_api_server_refuses_of_200_mutations_our_checks_refuse(
    servers: ApiServers, rendered: list[Object]
) -> None:
    assert unmutated(rendered, servers) == []
    compared = compare(rendered, servers, 1, 200)
    missed = [one for one in compared if one.result == "only the API server" or one.ours.startswith("CRASH")]
    assert missed == [], table(missed)
    told = counts(compared)
    assert told.total() == 200
    # If neither side refused most of them, nothing would be compared.
    assert told["both refuse"] > 100, table(compared)
