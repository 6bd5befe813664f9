"""The component: what the engine hears of one app."""

import pulumi_kubernetes as kubernetes
import pytest

from components.apps.component import App
from components.apps.objects import objects
from stacks.rendition.record import Recording, record

from .requests import app, example


def build(*, production: bool = True) -> Recording:
    def program() -> None:
        provider = kubernetes.Provider("cell-cluster", kubeconfig="{}")
        App("orders", app(example("full"), production=production), provider)

    return record(program)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return build()


def test_types_and_names_are_an_identity(recording: Recording) -> None:
    """A change of any line here is another URN: for a topic that is the end of its data."""
    assert {(r.type, r.name) for r in recording.seen if r.name.startswith("orders")} == {
        ("kafkafleet:apps:App", "orders"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaTopic", "orders-topic-orders.By_Country"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaTopic", "orders-topic-orders.drafts"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaTopic", "orders-topic-orders.events"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user-api.2026-09"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user-api.2026-12"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user-archive"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user-auditor"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaUser", "orders-user-totals"),
        ("kubernetes:core/v1:ServiceAccount", "orders-delivery-agent"),
        ("kubernetes:external-secrets.io/v1:SecretStore", "orders-store-orders-app"),
        ("kubernetes:external-secrets.io/v1alpha1:PushSecret", "orders-delivery-api.2026-09.namespace-orders-app"),
        ("kubernetes:external-secrets.io/v1alpha1:PushSecret", "orders-delivery-api.2026-09.secretstore-team-vault"),
        ("kubernetes:external-secrets.io/v1alpha1:PushSecret", "orders-delivery-api.2026-12.namespace-orders-app"),
        ("kubernetes:external-secrets.io/v1alpha1:PushSecret", "orders-delivery-api.2026-12.secretstore-team-vault"),
        (
            "kubernetes:external-secrets.io/v1alpha1:PushSecret",
            "orders-delivery-auditor.clustersecretstore-company-secrets",
        ),
        *(
            ("kubernetes:external-secrets.io/v1alpha1:PushSecret", f"orders-authority.{place}")
            for place in ("clustersecretstore-company-secrets", "namespace-orders-app", "secretstore-team-vault")
        ),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", "orders-secret-bucket"),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", "orders-connect-role"),
        ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "orders-connect-role-binding"),
        ("kubernetes:kafka.strimzi.io/v1:KafkaConnector", "orders-connector-archive"),
        ("kubernetes:core/v1:ConfigMap", "orders-subjects"),
        ("kubernetes:batch/v1:Job", "orders-subjects-job"),
    }


def test_what_is_rendered_is_what_is_registered(recording: Recording) -> None:
    for manifest in objects(app(example("full"))):
        assert recording[f"orders-{manifest.role}"].inputs == manifest.body


def test_every_child_has_the_component_and_an_explicit_provider(recording: Recording) -> None:
    children = [r for r in recording.seen if r.type.startswith("kubernetes:")]
    assert {(r.parent, r.provider) for r in children} == {("orders", "cell-cluster")}


def test_topics_are_protected_in_production_only(recording: Recording) -> None:
    assert {r.name for r in recording.seen if r.protect} == {
        "orders-topic-orders.By_Country",
        "orders-topic-orders.events",
    }
    assert not [r for r in build(production=False).seen if r.protect]


def test_outputs_are_names(recording: Recording) -> None:
    assert recording.outputs["orders"] == {
        "topics": ["orders.By_Country", "orders.drafts", "orders.events"],
        "users": ["orders.api.2026-09", "orders.api.2026-12", "orders.archive", "orders.auditor", "orders.totals"],
    }
