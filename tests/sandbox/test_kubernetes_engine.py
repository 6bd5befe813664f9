"""The stock engine, the platform of a cell, and a Kafka cluster on it, against the Kubernetes model."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.clouds.contract import GatewayService, StorageClass
from components.platform.component import Platform
from components.platform.request import PlatformGateway, PlatformRequest
from tests.engine.harness import Engine, Program
from tests.sandbox.kubernetes_cloud import endpoint
from tests.sandbox.kubernetes_world import manifests
from tools.strimzi import folder

REQUEST = PlatformRequest(
    cell="cell-1",
    production=False,
    strimzi_version="1.2.0",
    chart_digest=None,
    image_registry="",
    zones=("z-a",),
    storage_classes=(StorageClass("kafka", "disk.example.com", {"tier": "usual"}),),
    subjects={},
    annotations={"owner": "platform"},
    crds=folder("1.2.0"),
    dns_zones=("cell-1.kafka.example.internal",),
    gateway=PlatformGateway((443, 9100, 9101), 2, GatewayService(type="LoadBalancer")),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("kubernetes")
    # A file where the engine wants a folder for its debug log: writing every CRD into it takes four times the work.
    (folder / "home").mkdir()
    (folder / "home" / "logs").touch()
    made = Engine(folder, models="tests.sandbox.kubernetes_cloud:models")
    yield made
    made.close()


def kubeconfig(server: str) -> str:
    return json.dumps(
        {
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": {"exec": {"command": "aws"}}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "c",
        }
    )


def provider(cell: str) -> kubernetes.Provider:
    return kubernetes.Provider("cluster", kubeconfig=kubeconfig(endpoint(cell)), cluster_identifier=cell)


def cell(name: str, request: PlatformRequest = REQUEST) -> Program:
    """A cell: an EKS cluster, and the platform on it with a provider that knows it only after the apply."""

    def program() -> None:
        options = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-west-1"))
        cluster = aws.eks.Cluster(
            "eks",
            name=name,
            role_arn="arn:aws:iam::1:role/x",
            vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1", "subnet-2"]),
            opts=options,
        )
        inside = kubernetes.Provider(
            "cluster", kubeconfig=cluster.endpoint.apply(kubeconfig), cluster_identifier=cluster.name
        )
        Platform(f"{name}-platform", request, inside)

    return program


def objects(name: str, *changes: tuple[str, Any]) -> Program:
    """Strimzi's objects of the good manifests, and their namespace; `changes` replace the spec of a kind."""

    def program() -> None:
        options = pulumi.ResourceOptions(provider=provider(name))
        space = kubernetes.core.v1.Namespace("namespace", metadata={"name": "kafka-parcels"}, opts=options)
        below = pulumi.ResourceOptions(provider=options.provider, depends_on=[space])
        for body in manifests():
            if body["apiVersion"].startswith("kafka.strimzi.io/"):
                kubernetes.apiextensions.CustomResource(
                    f"{body['kind']}-{body['metadata']['name']}",
                    api_version=body["apiVersion"],
                    kind=body["kind"],
                    metadata=body["metadata"],
                    spec=dict(changes).get(body["kind"], body["spec"]),
                    opts=below,
                )

    return program


@pytest.fixture(scope="module")
def applied(engine: Engine) -> Engine:
    """An engine whose sandbox has the cell `one` and a Kafka cluster on it."""
    made = engine.run(cell("one"), name="cell-one")
    assert made.ok, made.text
    # Stack, component, cloud and Kubernetes providers, EKS; CRDs, namespaces, storage class, policies, releases; the
    # gateway with its class and proxy.
    assert made.summary == {"create": 5 + 10 + 5 + 1 + 9 + 6 + 3}
    cluster = engine.run(objects("one"), name="cluster-one")
    assert cluster.ok, cluster.text
    assert cluster.summary == {"create": 3 + 10}
    return engine


def test_a_second_run_changes_nothing(applied: Engine) -> None:
    again = applied.run(cell("one"), name="cell-one")
    assert set(again.summary) == {"same"}, again.text
    same = applied.run(objects("one"), name="cluster-one")
    assert set(same.summary) == {"same"}, same.text


def test_before_its_crds_a_cluster_is_previewed_but_not_made(engine: Engine) -> None:
    def bare() -> None:
        options = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-west-1"))
        subnets = aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1"])
        aws.eks.Cluster("eks", name="bare", role_arn="arn:aws:iam::1:role/x", vpc_config=subnets, opts=options)

    assert engine.run(bare, name="cell-bare").ok
    assert engine.run(objects("bare"), "preview", "cluster-bare").ok
    made = engine.run(objects("bare"), name="cluster-bare")
    assert not made.ok
    # The engine stops the others at the first failure, so which kind is named depends on the order.
    assert 'no matches for kind "Kafka' in made.text
    assert 'in version "kafka.strimzi.io/v1"' in made.text


def test_a_provider_for_no_cluster_reaches_nothing(engine: Engine) -> None:
    made = engine.run(objects("nowhere"), name="cluster-nowhere")
    assert not made.ok
    assert 'no cluster of the sandbox answers on "nowhere.k8s.example.net"' in made.text


def test_an_empty_kubeconfig_is_refused(engine: Engine) -> None:
    def program() -> None:
        ambient = kubernetes.Provider("cluster", kubeconfig="")
        kubernetes.core.v1.Namespace(
            "namespace", metadata={"name": "kafka-x"}, opts=pulumi.ResourceOptions(provider=ambient)
        )

    made = engine.run(program, name="ambient")
    assert not made.ok
    assert "the real provider would use the machine's own context" in made.text


def test_a_wrong_field_and_a_change_for_ever_are_told_in_the_preview(applied: Engine) -> None:
    misspelt = applied.run(objects("one", ("KafkaTopic", {"partitons": 3})), "preview", "cluster-one")
    assert ".spec.partitons: field not declared in schema" in misspelt.text
    fewer = applied.run(objects("one", ("KafkaTopic", {"partitions": 3, "replicas": 3})), "preview", "cluster-one")
    assert "24 can't become 3" in fewer.text
    more = {"topicName": "parcels.scans", "partitions": 48, "replicas": 3}
    changed = applied.run(objects("one", ("KafkaTopic", more)), "preview", "cluster-one")
    assert changed.ok, changed.text
    assert changed.steps["KafkaTopic-parcels.scans"] == ["update"]


def test_a_changed_storage_class_is_replaced(applied: Engine) -> None:
    other = (StorageClass("kafka", "disk.example.com", {"tier": "other"}),)
    replaced = applied.run(cell("one", replace(REQUEST, storage_classes=other)), "preview", "cell-one")
    assert "replace" in replaced.steps["cell-1-storage-class-kafka"], replaced.text


def test_a_cell_is_destroyed_only_when_it_is_empty(engine: Engine) -> None:
    assert engine.run(cell("four"), name="cell-four").ok
    assert engine.run(objects("four"), name="cluster-four").ok
    refused = engine.run(cell("four"), "destroy", "cell-four")
    assert not refused.ok
    assert "objects would be deleted with it" in refused.text
    assert engine.run(objects("four"), "destroy", "cluster-four").ok
    gone = engine.run(cell("four"), "destroy", "cell-four")
    assert gone.ok, gone.text
