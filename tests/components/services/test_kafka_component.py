"""The component: what the engine hears of one Kafka cluster."""

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.services.kafka.addresses import endpoints
from components.services.kafka.component import Kafka
from components.services.kafka.objects import objects
from stacks.rendition.record import Recording, record

from .requests import request


def build(*, production: bool = True, opts: pulumi.ResourceOptions | None = None) -> Recording:
    def program() -> None:
        provider = kubernetes.Provider("cell-cluster", kubeconfig="{}")
        Kafka("orders", request(production=production), provider, opts)

    return record(program)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return build()


def test_types_and_names_are_an_identity(recording: Recording) -> None:
    """A change of any line here is another URN: it needs an alias, or it deletes and makes again."""
    assert {(r.type, r.name) for r in recording.seen if r.name.startswith("orders")} == {
        ("kafkafleet:services:Kafka", "orders"),
        ("kubernetes:core/v1:Namespace", "orders-namespace"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-deny-all"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-allow-inside"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-allow-kubernetes-api"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-allow-metrics"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaNodePool", "orders-controller-pool"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaNodePool", "orders-broker-pool"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaRebalance", "orders-rebalance-template"),
        ("kubernetes:kafka.strimzi.io/v1:Kafka", "orders-kafka"),
    }


def test_what_is_rendered_is_what_is_registered(recording: Recording) -> None:
    for manifest in objects(request()):
        assert recording[f"orders-{manifest.role}"].inputs == manifest.body


def test_every_child_has_the_component_and_an_explicit_provider(recording: Recording) -> None:
    children = [r for r in recording.seen if r.type.startswith("kubernetes:")]
    assert len(children) == 9
    assert {(r.parent, r.provider) for r in children} == {("orders", "cell-cluster")}


def test_what_holds_data_is_protected_in_production_only(recording: Recording) -> None:
    protected = {r.name for r in recording.seen if r.protect}
    assert protected == {"orders-namespace", "orders-controller-pool", "orders-broker-pool", "orders-kafka"}
    assert not [r for r in build(production=False).seen if r.protect]


def test_the_cluster_waits_for_its_pools(recording: Recording) -> None:
    assert recording["orders-kafka"].after == (
        "orders-broker-pool",
        "orders-controller-pool",
        "orders-rebalance-template",
    )
    assert recording["orders-broker-pool"].after == ("orders-namespace",)


def test_outputs_are_the_endpoints(recording: Recording) -> None:
    assert recording.outputs["orders"] == {"endpoints": dict(endpoints(request()))}


def test_the_caller_s_options_do_not_leak() -> None:
    options = pulumi.ResourceOptions(protect=True, ignore_changes=["spec"], delete_before_replace=True)
    assert [r.name for r in build(production=False, opts=options).seen if r.protect] == ["orders"]
