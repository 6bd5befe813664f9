"""The component: what the engine hears of the mirror into one cluster."""

import pulumi_kubernetes as kubernetes
import pytest

from components.services.mirror.component import Mirror
from components.services.mirror.objects import objects
from stacks.rendition.record import Recording, record

from .test_mirror_objects import REQUESTS

REQUEST = REQUESTS["full"]


@pytest.fixture(scope="module")
def recording() -> Recording:
    def program() -> None:
        Mirror("standby", REQUEST, kubernetes.Provider("cell-cluster", kubeconfig="{}"))

    return record(program)


def test_types_and_names_are_an_identity(recording: Recording) -> None:
    """A change of any line here is another URN: it needs an alias, or it deletes and makes again."""
    assert {(r.type, r.name) for r in recording.seen if r.name.startswith("standby")} == {
        ("kafkafleet:services:Mirror", "standby"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "standby-user"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "standby-sources"),
        ("kubernetes:core/v1:ServiceAccount", "standby-secrets"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "standby-orders-user"),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", "standby-orders-reader"),
        ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "standby-orders-reader-binding"),
        ("kubernetes:external-secrets.io/v1:SecretStore", "standby-orders-store"),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", "standby-orders-certificate"),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", "standby-orders-authority"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaMirrorMaker2", "standby-workers"),
    }


def test_what_is_rendered_is_what_is_registered(recording: Recording) -> None:
    for manifest in objects(REQUEST):
        assert recording[f"standby-{manifest.role}"].inputs == manifest.body


def test_a_copy_waits_for_what_it_copies_and_for_the_right_to_read_it(recording: Recording) -> None:
    assert recording["standby-orders-certificate"].after == ("standby-orders-store", "standby-orders-user")
    assert recording["standby-orders-reader-binding"].after == ("standby-orders-reader", "standby-secrets")
