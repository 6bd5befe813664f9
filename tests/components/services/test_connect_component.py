"""The component: what the engine hears of one cluster's Connect."""

import pulumi_kubernetes as kubernetes
import pytest

from components.services.connect.component import Connect
from components.services.connect.objects import objects
from components.services.connect.publish import endpoints
from stacks.rendition.record import Recording, record

from .test_connect_objects import REQUESTS

REQUEST = REQUESTS["full"]


@pytest.fixture(scope="module")
def recording() -> Recording:
    def program() -> None:
        Connect("orders", REQUEST, kubernetes.Provider("cell-cluster", kubeconfig="{}"))

    return record(program)


def test_types_and_names_are_an_identity(recording: Recording) -> None:
    """A change of any line here is another URN: it needs an alias, or it deletes and makes again."""
    assert {(r.type, r.name) for r in recording.seen if r.name.startswith("orders")} == {
        ("kafkafleet:services:Connect", "orders"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-clients"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders-egress"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaConnect", "orders-workers"),
        ("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "orders-autoscaler"),
    }


def test_what_is_rendered_is_what_is_registered(recording: Recording) -> None:
    for manifest in objects(REQUEST):
        assert recording[f"orders-{manifest.role}"].inputs == manifest.body


def test_workers_wait_for_their_user_and_the_way_out(recording: Recording) -> None:
    assert recording["orders-workers"].after == ("orders-clients", "orders-egress", "orders-user")


def test_outputs_are_the_endpoints(recording: Recording) -> None:
    assert recording.outputs["orders"] == {"endpoints": dict(endpoints(REQUEST))}
