"""The in-cluster part of a cell: what is rendered, what is registered, who may do what."""

import json
from dataclasses import replace
from typing import Any

import celpy
import pulumi_kubernetes as kubernetes
import pytest
from celpy.adapter import json_to_cel

from components import catalog
from components.clouds.contract import StorageClass
from components.platform import confinement, rbac, releases
from components.platform.component import Platform
from components.platform.objects import NAMESPACES, OPERATOR_NAMESPACE, manifests
from components.platform.operator import HelmRelease
from components.platform.operator import releases as helm_releases
from components.platform.request import PlatformRequest
from sandbox.clouds.kubernetes import storage
from sandbox.clouds.kubernetes.validate import Crds, validate
from sandbox.clouds.kubernetes.wire import crd_schema, whole
from sandbox.sdk.judge import judge
from sandbox.sdk.types import resource_type
from stacks.rendition.record import Recording, record
from tools.strimzi import folder

GROUP = "rbac.authorization.k8s.io"
SERVICES, APPS, PREVIEW = "kafka-fleet:services", "kafka-fleet:apps", "kafka-fleet:preview"
APIS = ("external-secrets.io/v1", "external-secrets.io/v1alpha1", "monitoring.coreos.com/v1")
DIGEST = "sha256:" + "0b" * 32
REQUEST = PlatformRequest(
    cell="cell-1",
    production=True,
    strimzi_version="1.2.0",
    chart_digest=DIGEST,
    image_registry="",
    zones=("z-a", "z-b", "z-c"),
    storage_classes=(
        StorageClass("kafka-fast", "disk.example.com", {"tier": "fast"}),
        StorageClass("kafka", "disk.example.com", {"tier": "usual"}),
    ),
    subjects={
        SERVICES: {"apiGroup": GROUP, "kind": "Group", "name": SERVICES},
        APPS: {"apiGroup": GROUP, "kind": "User", "name": "apps@project.example.com"},
        PREVIEW: {"apiGroup": GROUP, "kind": "Group", "name": PREVIEW},
    },
    annotations={"cell": "cell-1", "cost-center": "cc-1", "owner": "platform"},
    crds=folder("1.2.0"),
    dns_zones=("cell-1.kafka.example.internal",),
    dns_writer={"provider": {"name": "example"}, "serviceAccount": {"annotations": {"example.com/identity": "dns"}}},
)
CRDS = sorted(crd["spec"]["names"]["plural"] for crd in json.loads((folder() / "crds.json").read_text("utf-8")))
CRD_TYPE = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


def of_kind(kind: str, request: PlatformRequest = REQUEST) -> list[Any]:
    return [manifest.body for manifest in manifests(request) if manifest.body["kind"] == kind]


def helm(role: str, request: PlatformRequest = REQUEST) -> HelmRelease:
    return next(each for each in helm_releases(request) if each.role == role)


KEYS = {
    "aws": "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555",
    "gcp": "projects/acme/locations/europe-west1/keyRings/kf-cell-1/cryptoKeys/disks",
    "azure": "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/kf/providers/Microsoft.Compute/"
    "diskEncryptionSets/kf",
}


@pytest.fixture(scope="module")
def recording() -> Recording:
    def program() -> None:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        Platform("cell-1-platform", REQUEST, provider)

    return record(program)


@pytest.mark.parametrize("manifest", manifests(REQUEST), ids=lambda manifest: manifest.role)
def test_every_object_is_what_kubernetes_accepts(manifest: Any) -> None:
    assert validate(manifest.body, Crds()) == []
    assert manifest.body["metadata"]["annotations"] == REQUEST.annotations


def test_the_logical_names_are_stable(recording: Recording) -> None:
    roles = {
        *(f"crd-{plural}" for plural in CRDS),
        *("operator-namespace", "drain-cleaner-namespace", "cert-manager-namespace"),
        *("storage-class-kafka", "storage-class-kafka-fast"),
        *("network-policy-default-deny", "network-policy-cluster-operator"),
        *("role-services", "role-binding-services", "role-apps", "role-binding-apps"),
        *("confinement-policy", "confinement-binding", "app-limits-policy", "app-limits-binding"),
        *("service-limits-policy", "service-limits-binding"),
        *("role-preview", "role-binding-preview"),
        *("operator", "cert-manager", "drain-cleaner", "external-dns"),
        *("dns-namespace", "dns-policy-default-deny", "dns-policy-external-dns"),
    }
    assert {each.name for each in recording.under("cell-1-platform")} == {f"cell-1-{role}" for role in roles}
    assert recording["cell-1-platform"].type == "kafkafleet:cells:Platform"
    assert recording.outputs["cell-1-platform"] == {"operator_version": "1.2.0"}


def test_every_child_has_the_explicit_provider(recording: Recording) -> None:
    children = recording.under("cell-1-platform")
    assert len(children) == 36
    assert {each.provider for each in children} == {"cluster"}


def test_what_the_data_hangs_on_is_protected_in_production_only(recording: Recording) -> None:
    protected = {each.name.removeprefix("cell-1-") for each in recording.under("cell-1-platform") if each.protect}
    assert protected == {
        *(f"crd-{plural}" for plural in CRDS),
        *("operator-namespace", "storage-class-kafka", "storage-class-kafka-fast", "operator"),
    }

    def program() -> None:
        Platform("p", replace(REQUEST, production=False), kubernetes.Provider("cluster", kubeconfig="{}"))

    assert not any(each.protect for each in record(program).seen)


def test_pulumis_typed_resources_take_everything_without_loss(recording: Recording) -> None:
    for each in recording.under("cell-1-platform"):
        kind = resource_type("pulumi_kubernetes", each.type)
        assert kind is not None
        assert judge(kind, each.inputs) == []
    rendered = {body["metadata"]["name"]: body for body in of_kind("CustomResourceDefinition")}
    for each in recording.under("cell-1-platform"):
        if each.type == CRD_TYPE:
            sent = crd_schema(whole(each.inputs))
            assert sent["spec"] == rendered[sent["metadata"]["name"]]["spec"]


def test_the_operator_waits_for_its_crds_and_namespace(recording: Recording) -> None:
    assert {f"cell-1-crd-{plural}" for plural in CRDS} | {"cell-1-operator-namespace"} <= set(
        recording["cell-1-operator"].after
    )
    assert "cell-1-cert-manager" in recording["cell-1-drain-cleaner"].after


def test_the_operators_chart_is_pinned_and_brings_no_crds(recording: Recording) -> None:
    inputs = recording["cell-1-operator"].inputs
    assert inputs["chart"] == f"oci://quay.io/strimzi-helm/strimzi-kafka-operator@{DIGEST}"
    assert (inputs["version"], inputs["skipCrds"], inputs["atomic"]) == ("1.2.0", True, True)
    assert inputs["namespace"] == OPERATOR_NAMESPACE
    assert inputs["values"]["watchAnyNamespace"] is True
    assert inputs["values"]["replicas"] == 2
    assert inputs["values"]["leaderElection"] == {"enable": True}
    assert helm("operator", replace(REQUEST, chart_digest=None)).chart.endswith("/strimzi-kafka-operator")


def test_every_release_runs_on_system_nodes() -> None:
    for each in helm_releases(REQUEST):
        assert each.values["nodeSelector"] == {"dedicated": "system"}
        assert each.namespace in {*NAMESPACES.values(), "external-dns"}


def test_a_mirror_replaces_every_registry() -> None:
    mirrored = replace(REQUEST, image_registry="mirror.example.com/kafka")
    assert helm("operator", mirrored).values["defaultImageRegistry"] == "mirror.example.com/kafka"
    assert helm("drain-cleaner", mirrored).values["image"] == {"registry": "mirror.example.com/kafka"}
    cert_manager = helm("cert-manager", mirrored).values
    parts = [cert_manager, *(cert_manager[part] for part in ("acmesolver", "cainjector", "startupapicheck", "webhook"))]
    assert {part["image"]["repository"].partition("/jetstack/")[0] for part in parts} == {"mirror.example.com/kafka"}
    assert "quay.io" not in json.dumps([each.values for each in helm_releases(mirrored)])
    assert "defaultImageRegistry" not in helm("operator").values


def test_storage_classes_keep_volumes_and_make_them_where_the_pod_is() -> None:
    classes = of_kind("StorageClass")
    assert [body["metadata"]["name"] for body in classes] == ["kafka", "kafka-fast"]
    for body in classes:
        assert body["volumeBindingMode"] == "WaitForFirstConsumer"
        assert body["reclaimPolicy"] == "Retain"
        assert body["allowVolumeExpansion"] is True
    assert classes[1]["parameters"] == {"tier": "fast"}


@pytest.mark.parametrize("cloud", sorted(catalog.clouds()))
def test_each_clouds_storage_classes_are_what_its_driver_accepts(cloud: str) -> None:
    classes = catalog.load(catalog.clouds()[cloud].storage_classes)(KEYS[cloud])
    bodies = of_kind("StorageClass", replace(REQUEST, storage_classes=classes))
    assert [body["metadata"]["name"] for body in bodies] == ["kafka", "kafka-fast"]
    for body in bodies:
        assert body["provisioner"] in storage.PARAMETERS
        assert validate(body, Crds()) == []


def test_namespaces_enforce_restricted_pod_security() -> None:
    enforced = {
        body["metadata"]["name"]: body["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for body in of_kind("Namespace")
    }
    assert enforced == {
        "strimzi-system": "restricted",
        "cert-manager": "restricted",
        "strimzi-drain-cleaner": "baseline",
        "external-dns": "restricted",
    }
    assert helm("operator").values["podSecurityContext"]["runAsNonRoot"] is True


def test_the_operators_namespace_denies_by_default() -> None:
    deny, operator, *_ = of_kind("NetworkPolicy")
    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}
    ports = {port["port"] for rule in operator["spec"]["egress"] for port in rule["ports"]}
    assert ports == {53, 443, 6443, 8083, 8443, 9090, 9091}


@pytest.mark.parametrize("kind", ["services", "apps", "preview"])
def test_no_role_reads_a_secret_or_has_a_wildcard(kind: str) -> None:
    for rule in rbac.rules(kind, APIS):
        assert "secrets" not in rule["resources"]
        assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]]
        assert "impersonate" not in rule["verbs"]


@pytest.mark.parametrize("kind", ["services", "apps"])
def test_rights_can_only_be_given_where_the_limits_on_them_stand(kind: str) -> None:
    """Both give some to Connect's workers or to what copies Secrets; the policies stand before they can."""
    given = [rule for rule in rbac.rules(kind, APIS) if {"escalate", "bind"} & set(rule["verbs"])]
    assert [(rule["apiGroups"], rule["resources"]) for rule in given] == [([GROUP], ["roles"])]
    (role,) = [manifest for manifest in manifests(REQUEST) if manifest.role == f"role-{kind}"]
    assert {"confinement-binding", f"{kind.removesuffix('s')}-limits-binding"} <= set(role.after)


def test_a_preview_only_reads() -> None:
    assert {verb for rule in rbac.rules("preview", APIS) for verb in rule["verbs"]} == {"get", "list", "watch"}


def test_apps_write_what_apps_have_only() -> None:
    writes = {
        resource
        for rule in rbac.rules("apps", APIS)
        for resource in rule["resources"]
        if set(rule["verbs"]) & {"create", "delete", "patch", "update"}
    }
    assert writes == {
        *("configmaps", "jobs", "kafkaconnectors", "kafkatopics", "kafkausers", "rolebindings", "roles"),
        *("externalsecrets", "pushsecrets", "secretstores", "serviceaccounts"),
    }
    assert not [rule for rule in rbac.rules("apps") if "external-secrets.io" in rule["apiGroups"]]


def test_each_subject_is_bound_to_its_own_role() -> None:
    bindings = {body["metadata"]["name"]: body for body in of_kind("ClusterRoleBinding")}
    for group, subject in REQUEST.subjects.items():
        assert bindings[group]["subjects"] == [subject]
        assert bindings[group]["roleRef"]["name"] == group
    assert of_kind("ClusterRoleBinding", replace(REQUEST, subjects={})) == []
    assert confinement.manifests(replace(REQUEST, subjects={})) == []


def _cel(expression: str, **request: Any) -> bool:
    environment = celpy.Environment()
    return bool(environment.program(environment.compile(expression)).evaluate({"request": json_to_cel(request)}))


@pytest.mark.parametrize(
    ("user", "groups", "confined"),
    [
        ("arn:aws:sts::1:role/x", [SERVICES, "system:authenticated"], True),
        ("apps@project.example.com", ["system:authenticated"], True),
        ("system:serviceaccount:strimzi-system:strimzi-cluster-operator", ["system:serviceaccounts"], False),
        ("admin", ["system:masters"], False),
    ],
)
def test_only_the_fleets_principals_are_confined(user: str, groups: list[str], confined: bool) -> None:
    policy, *_ = of_kind("ValidatingAdmissionPolicy")
    (condition,) = policy["spec"]["matchConditions"]
    assert _cel(condition["expression"], userInfo={"username": user, "groups": groups}) is confined


@pytest.mark.parametrize(
    ("namespace", "resource", "name", "allowed"),
    [
        ("kafka-orders", "kafkas", "orders", True),
        ("kafka-orders", "namespaces", "kafka-orders", True),
        ("", "namespaces", "kafka-orders", True),
        ("", "namespaces", "kube-system", False),
        ("kube-system", "configmaps", "kafka-x", False),
        ("strimzi-system", "deployments", "kafka-x", False),
        ("kafka-gateway", "gateways", "kafka", False),
        ("", "namespaces", "kafka-gateway", False),
        ("kafka-gateway", "namespaces", "kafka-gateway", False),
        ("", "clusterroles", "kafka-x", False),
    ],
)
def test_they_write_in_namespaces_of_clusters_only(namespace: str, resource: str, name: str, allowed: bool) -> None:
    policy, *_ = of_kind("ValidatingAdmissionPolicy")
    (validation,) = policy["spec"]["validations"]
    asked = {"namespace": namespace, "name": name, "resource": {"resource": resource}}
    assert _cel(validation["expression"], **asked) is allowed
    binding, *_ = of_kind("ValidatingAdmissionPolicyBinding")
    assert binding["spec"] == {"policyName": policy["metadata"]["name"], "validationActions": ["Deny"]}


def test_a_name_with_a_quote_stays_a_name() -> None:
    evil = {APPS: {"apiGroup": GROUP, "kind": "User", "name": 'x" || true || "'}}
    for policy in of_kind("ValidatingAdmissionPolicy", replace(REQUEST, subjects=evil)):
        (condition,) = policy["spec"]["matchConditions"]
        assert _cel(condition["expression"], userInfo={"username": "admin", "groups": []}) is False


@pytest.mark.parametrize(
    ("user", "groups", "limited"),
    [
        ("apps@project.example.com", ["system:authenticated"], True),
        ("arn:aws:sts::1:role/x", [SERVICES, "system:authenticated"], False),
        ("admin", ["system:masters"], False),
    ],
)
def test_only_app_stacks_are_limited_to_what_apps_have(user: str, groups: list[str], limited: bool) -> None:
    _, policy, *_ = of_kind("ValidatingAdmissionPolicy")
    (condition,) = policy["spec"]["matchConditions"]
    assert _cel(condition["expression"], userInfo={"username": user, "groups": groups}) is limited
    assert policy["spec"]["failurePolicy"] == "Fail"


def test_an_unknown_version_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(releases.UnknownReleaseError, match=r"strimzi 9.9.9 is not in .*releases.json \(known: 1.2.0\)"):
        helm_releases(replace(REQUEST, strimzi_version="9.9.9"))


def test_the_operator_release_says_what_it_supports() -> None:
    strimzi = releases.release("strimzi", "1.2.0")
    assert "4.3.1" in strimzi.kafka
    assert "1.34" in strimzi.kubernetes
    assert "1.29" not in strimzi.kubernetes
    for part in ("strimzi", "drain_cleaner", "cert_manager", "external_dns", "envoy_gateway", "gateway_crds"):
        assert all(each.source for each in releases.known(part).values())


def test_the_crds_can_come_from_any_folder(tmp_path: Any) -> None:
    text = (folder() / "crds.json").read_text("utf-8")
    (tmp_path / "crds.json").write_text(json.dumps(json.loads(text)[:1]), "utf-8")
    assert len(of_kind("CustomResourceDefinition", replace(REQUEST, crds=tmp_path))) == 1
