"""What an app's stack may put into a cell: everything that apps have, and no way to a Secret's content."""

import copy
import json
from collections.abc import Callable
from typing import Any

import celpy
import pytest
from celpy.adapter import json_to_cel
from celpy.evaluation import CELEvalError

from components.apps.naming import ROLE_PREFIX
from components.apps.objects import objects
from components.platform import app_limits
from tests.components.apps.requests import app, example

MADE = {manifest.role: manifest.body for manifest in objects(app(example("full")))}
PLURALS = {
    "ConfigMap": "configmaps",
    "ExternalSecret": "externalsecrets",
    "Job": "jobs",
    "KafkaConnector": "kafkaconnectors",
    "KafkaTopic": "kafkatopics",
    "KafkaUser": "kafkausers",
    "PushSecret": "pushsecrets",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "SecretStore": "secretstores",
    "ServiceAccount": "serviceaccounts",
}
_ENVIRONMENT = celpy.Environment()
_PROGRAMS = [_ENVIRONMENT.program(_ENVIRONMENT.compile(law.expression)) for law in app_limits.LAWS]


def refused(body: Any, operation: str = "CREATE", resource: str = "") -> set[str]:
    """Messages of the laws that a request breaks. A law that cannot be evaluated refuses: `failurePolicy: Fail`."""
    asked = {
        "request": json_to_cel(
            {
                "namespace": body["metadata"]["namespace"],
                "name": body["metadata"]["name"],
                "operation": operation,
                "resource": {"resource": resource or PLURALS[body["kind"]]},
                "subResource": "",
            }
        ),
        "object": json_to_cel(json.loads(json.dumps(body)) if operation != "DELETE" else None),
    }
    found = set()
    for law, program in zip(app_limits.LAWS, _PROGRAMS, strict=True):
        try:
            kept = bool(program.evaluate(asked))
        except CELEvalError:
            kept = False
        if not kept:
            found.add(law.message)
    return found


@pytest.mark.parametrize("role", sorted(MADE))
@pytest.mark.parametrize("operation", ["CREATE", "UPDATE", "DELETE"])
def test_everything_that_apps_have_passes(role: str, operation: str) -> None:
    assert refused(MADE[role], operation) == set()


def test_the_default_that_the_crd_fills_in_passes() -> None:
    """A real API server judges an object after its defaults."""
    assert (
        refused(change(STORE, lambda b: b["spec"]["provider"]["kubernetes"]["server"].update(url="kubernetes.default")))
        == set()
    )


def test_names_agree_with_the_apps() -> None:
    assert app_limits.ROLE_PREFIX == ROLE_PREFIX


def change(role: str, turn: Callable[[Any], object]) -> Any:
    body = json.loads(json.dumps(MADE[role]))
    turn(body)
    return body


def pod(job: Any) -> Any:
    return job["spec"]["template"]["spec"]


ROLE, BINDING, JOB = "connect-role", "connect-role-binding", "subjects-job"
PUSH, STORE, FETCH = "delivery-api.2026-12.secretstore-team-vault", "store-orders-app", "secret-bucket"

EVIL: dict[str, tuple[str, Callable[[Any], object]]] = {
    "role without names": (ROLE, lambda b: b["rules"][0].pop("resourceNames")),
    "role with no name": (ROLE, lambda b: b["rules"][0].update(resourceNames=[])),
    "role lists secrets": (ROLE, lambda b: b["rules"][0].update(verbs=["get", "list"])),
    "role with a wildcard": (ROLE, lambda b: b["rules"][0].update(verbs=["*"])),
    "role over pods": (ROLE, lambda b: b["rules"][0].update(resources=["secrets", "pods"])),
    "role of another group": (ROLE, lambda b: b["rules"][0].update(apiGroups=["apps"])),
    "a second rule": (ROLE, lambda b: b["rules"].append({"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]})),
    "the cluster's CA": (ROLE, lambda b: b["rules"][0].update(resourceNames=["orders-cluster-ca"])),
    "the clients' CA": (ROLE, lambda b: b["rules"][0].update(resourceNames=["orders.api", "orders-clients-ca"])),
    "a service's user": (ROLE, lambda b: b["rules"][0].update(resourceNames=["orders-connect"])),
    "role of the operator": (ROLE, lambda b: b["metadata"].update(name="orders-connect-connect-role")),
    "binding to a user": (BINDING, lambda b: b["subjects"].append({"kind": "User", "name": "x"})),
    "binding to another account": (BINDING, lambda b: b["subjects"][0].update(name="default")),
    "binding to another namespace": (BINDING, lambda b: b["subjects"][0].update(namespace="shop")),
    "binding of a cluster role": (BINDING, lambda b: b["roleRef"].update(kind="ClusterRole")),
    "binding of another role": (BINDING, lambda b: b["roleRef"].update(name="admin")),
    "binding to nobody yet": (BINDING, lambda b: b.pop("subjects")),
    "job mounts a secret": (
        JOB,
        lambda b: pod(b)["volumes"].append({"name": "x", "secret": {"secretName": "orders.api"}}),
    ),
    "job mounts a key": (
        JOB,
        lambda b: pod(b)["volumes"][1]["secret"].update(items=[{"key": "ca.key", "path": "ca.key"}]),
    ),
    "job mounts a projection": (JOB, lambda b: pod(b)["volumes"].append({"name": "x", "projected": {"sources": []}})),
    "job reads a secret": (
        JOB,
        lambda b: pod(b)["containers"][0]["env"].append(
            {"name": "X", "valueFrom": {"secretKeyRef": {"name": "orders.api", "key": "password"}}}
        ),
    ),
    "job reads all of a secret": (
        JOB,
        lambda b: pod(b)["containers"][0].update(envFrom=[{"secretRef": {"name": "orders.api"}}]),
    ),
    "job as connect": (JOB, lambda b: pod(b).update(serviceAccountName="orders-connect-connect")),
    "job with a token": (JOB, lambda b: pod(b).update(automountServiceAccountToken=True)),
    "job with a token by default": (JOB, lambda b: pod(b).pop("automountServiceAccountToken")),
    "job with more before it": (
        JOB,
        lambda b: pod(b).update(initContainers=[{**pod(b)["containers"][0], "name": "first"}]),
    ),
    "push of a CA": (PUSH, lambda b: b["spec"]["selector"]["secret"].update(name="orders-cluster-ca")),
    "push of all of the authority's": (
        "authority.secretstore-team-vault",
        lambda b: b["spec"]["data"].append(
            {"match": {"secretKey": "ca.key", "remoteRef": {"remoteKey": "kafka-orders-x"}}}
        ),
    ),
    "push of another authority": (
        "authority.secretstore-team-vault",
        lambda b: b["spec"]["selector"]["secret"].update(name="orders-clients-ca"),
    ),
    "push of the authority whole": (
        "authority.secretstore-team-vault",
        lambda b: b["spec"]["data"][0]["match"].pop("secretKey"),
    ),
    "push of a service's user": (PUSH, lambda b: b["spec"]["selector"]["secret"].update(name="orders-connect")),
    "push of all": (PUSH, lambda b: b["spec"]["selector"].update(secret={"selector": {"matchLabels": {}}})),
    "push from a generator": (
        PUSH,
        lambda b: b["spec"].update(selector={"generatorRef": {"kind": "Fake", "name": "x"}}),
    ),
    "push over another's name": (
        PUSH,
        lambda b: b["spec"]["data"][0]["match"]["remoteRef"].update(remoteKey="payroll"),
    ),
    "push of everything at once": (PUSH, lambda b: b["spec"].update(dataTo=[{"storeRef": {"name": "team-vault"}}])),
    "push of something made up": (PUSH, lambda b: b["spec"].update(template={"data": {"x": "y"}})),
    "push that deletes": (PUSH, lambda b: b["spec"].update(deletionPolicy="Delete")),
    "push into stores by label": (PUSH, lambda b: b["spec"].update(secretStoreRefs=[{"labelSelector": {}}])),
    "store elsewhere": (STORE, lambda b: b["spec"].update(provider={"webhook": {"url": "https://evil.example.com"}})),
    "store on another server": (
        STORE,
        lambda b: b["spec"]["provider"]["kubernetes"]["server"].update(url="https://evil.example.com"),
    ),
    "store as another account": (
        STORE,
        lambda b: b["spec"]["provider"]["kubernetes"]["auth"]["serviceAccount"].update(name="orders-connect-connect"),
    ),
    "store with a token": (
        STORE,
        lambda b: b["spec"]["provider"]["kubernetes"]["auth"].update(token={"bearerToken": {"name": "x", "key": "y"}}),
    ),
    "store into a cluster": (
        STORE,
        lambda b: b["spec"]["provider"]["kubernetes"].update(remoteNamespace="kafka-payments"),
    ),
    "fetch of another's secret": (FETCH, lambda b: b["spec"]["dataFrom"][0]["extract"].update(key="payroll")),
    "fetch over a user's secret": (FETCH, lambda b: b["spec"]["target"].update(name="orders.api")),
    "fetch by key": (FETCH, lambda b: b["spec"].update(data=[{"secretKey": "x", "remoteRef": {"key": "payroll"}}])),
    "fetch of what is found": (FETCH, lambda b: b["spec"].update(dataFrom=[{"find": {"name": {"regexp": ".*"}}}])),
    "another service account": ("delivery-agent", lambda b: b["metadata"].update(name="orders-connect-connect")),
}


@pytest.mark.parametrize("what", sorted(EVIL))
@pytest.mark.parametrize("operation", ["CREATE", "UPDATE"])
def test_every_way_to_a_secret_is_refused(what: str, operation: str) -> None:
    role, turn = EVIL[what]
    assert refused(change(role, turn), operation)


def test_each_law_has_been_seen_to_refuse() -> None:
    seen = set().union(*(refused(change(role, turn)) for role, turn in EVIL.values()))
    seen |= refused(MADE["user-totals"], resource="secrets")
    assert seen == {law.message for law in app_limits.LAWS}


@pytest.mark.parametrize("resource", ["secrets", "pods", "deployments", "kafkas", "clusterroles", "namespaces"])
def test_no_other_kind_is_written(resource: str) -> None:
    assert refused(copy.deepcopy(dict(MADE["user-totals"])), resource=resource)


def test_the_operators_roles_cannot_be_deleted() -> None:
    assert refused(change(ROLE, lambda b: b["metadata"].update(name="orders-connect-connect-role")), "DELETE")
