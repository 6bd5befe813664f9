"""Every object that any example renders can be written by the stack that renders it, and by nobody's luck."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import celpy
import pytest
from celpy.adapter import json_to_cel
from celpy.evaluation import CELEvalError

from components import catalog
from components.apps.objects import objects
from components.platform import rbac, service_limits
from components.platform.objects import manifests
from stacks import render
from stacks.load import load
from tests.components.apps.requests import app, example
from tests.components.test_platform_gateway import REQUEST as WITH_GATEWAY
from tools.crds import definitions
from tools.fleet_copy import REPOSITORY
from tools.services.examples import APIS, examples
from tools.strimzi import folder

_BUILTIN = {
    "Deployment": "deployments",
    "HorizontalPodAutoscaler": "horizontalpodautoscalers",
    "NetworkPolicy": "networkpolicies",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "StatefulSet": "statefulsets",
    "StorageClass": "storageclasses",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
}
"""Plurals of kinds whose plural is more than an `s`, or that could be taken for such."""


def plural(kind: str) -> str:
    crds = [*json.loads((folder("1.2.0") / "crds.json").read_text("utf-8")), *definitions()]
    names = {crd["spec"]["names"]["kind"]: crd["spec"]["names"]["plural"] for crd in crds}
    return str(names.get(kind) or _BUILTIN.get(kind) or f"{kind.lower()}s")


def of_services() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in examples():
        for stack in one.fleet.stacks.values():
            if stack.kind == "service" and stack.service == one.service:
                for manifest in render.manifests(one.fleet, stack):
                    yield one.service, manifest.body


def written(kind: str) -> set[tuple[str, str]]:
    """What a group may create, change and delete."""
    needed = {"create", "delete", "get", "patch", "update"}
    return {
        (group, resource)
        for rule in rbac.rules(kind, (*APIS, f"{rbac.GATEWAY_API}/v1"))
        if needed <= set(rule["verbs"])
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def what(body: Mapping[str, Any]) -> tuple[str, str]:
    group = body["apiVersion"].rpartition("/")[0]
    return group, plural(body["kind"])


SERVICES = {(service, *what(body)) for service, body in of_services()}


@pytest.mark.parametrize(("service", "group", "resource"), sorted(SERVICES))
def test_a_service_may_write_what_it_renders(service: str, group: str, resource: str) -> None:
    assert (group, resource) in written("services"), f"name it in `manages` of the entry of '{service}'"


def test_an_app_may_write_what_it_renders() -> None:
    made = {what(manifest.body) for manifest in objects(app(example("full")))}
    assert made == written("apps")


def of_cells() -> Iterator[Mapping[str, Any]]:
    fleet = load(REPOSITORY)
    for stack in fleet.stacks.values():
        if stack.kind == "cell":
            yield from (manifest.body for manifest in render.manifests(fleet, stack))
    yield from (manifest.body for manifest in manifests(WITH_GATEWAY))


def test_a_preview_may_read_all_that_any_stack_writes() -> None:
    rules = rbac.rules("preview", (*APIS, f"{rbac.GATEWAY_API}/v1"))
    read = {(group, resource) for rule in rules for group in rule["apiGroups"] for resource in rule["resources"]}
    assert {what(body) for body in of_cells()} <= read
    assert written("services") | written("apps") <= read


def test_a_cell_without_other_programs_gives_no_rights_over_them() -> None:
    for kind in ("services", "apps"):
        groups = {group for rule in rbac.rules(kind, ()) for group in rule["apiGroups"]}
        assert not groups & {"external-secrets.io", "monitoring.coreos.com"}


_ENVIRONMENT = celpy.Environment()
_PROGRAMS = [_ENVIRONMENT.program(_ENVIRONMENT.compile(law.expression)) for law in service_limits.LAWS]


def kept(body: Mapping[str, Any]) -> bool:
    """Whether the admission policy of service stacks takes an object."""
    request = {"operation": "CREATE", "resource": {"resource": what(body)[1]}}
    asked = {"request": json_to_cel(request), "object": json_to_cel(json.loads(json.dumps(body)))}
    try:
        return all(bool(program.evaluate(asked)) for program in _PROGRAMS)
    except CELEvalError:
        return False


GIVEN = [body for _, body in of_services() if body["kind"] in {"Role", "RoleBinding"}]


def test_the_rights_that_services_give_pass_the_limits() -> None:
    assert GIVEN
    assert all(kept(body) for body in GIVEN)
    assert all(kept(body) for _, body in of_services())


_ROLE: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "x"},
    "rules": [{"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a-mirror"], "verbs": ["get"]}],
}
_BINDING: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {"name": "x"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "x"},
    "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "kafka-a"}],
}


@pytest.mark.parametrize(
    "change",
    [
        {"resourceNames": ["a-cluster-ca"]},
        {"resourceNames": ["a-clients-ca"]},
        {"resourceNames": []},
        {"verbs": ["get", "list"]},
        {"resources": ["pods"]},
        {"apiGroups": ["*"]},
    ],
)
def test_a_role_beyond_named_secrets_is_refused(change: dict[str, Any]) -> None:
    assert kept(_ROLE)
    assert not kept({**_ROLE, "rules": [{**_ROLE["rules"][0], **change}]})


@pytest.mark.parametrize(
    "subject",
    [
        {"kind": "User", "name": "x", "namespace": "kafka-a"},
        {"kind": "ServiceAccount", "name": "default", "namespace": "kafka-a"},
        {"kind": "ServiceAccount", "name": "x", "namespace": "shop"},
        {"kind": "ServiceAccount", "name": "x"},
    ],
)
def test_a_binding_to_anyone_else_is_refused(subject: dict[str, Any]) -> None:
    assert kept(_BINDING)
    assert not kept({**_BINDING, "subjects": [subject]})


def test_a_binding_of_a_cluster_role_is_refused() -> None:
    assert not kept({**_BINDING, "roleRef": {**_BINDING["roleRef"], "kind": "ClusterRole"}})


def test_a_service_that_names_a_kind_may_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights follow from the catalog: a service of another package needs no change here."""
    entries = dict(catalog.services())
    entries["kafka"] = replace(entries["kafka"], manages={"example.com": ("things",)})
    monkeypatch.setattr(catalog, "services", lambda: entries)
    assert any("things" in rule["resources"] for rule in rbac.rules("services", ("example.com/v1",)))
    assert not any("things" in rule["resources"] for rule in rbac.rules("services", ()))
