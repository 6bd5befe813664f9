"""What only a real API server was known to refuse: each rule of ours with a good object and one that breaks it.

The objects that broke these rules were found by `python -m tools.mutations.objects`, beside a real API server.
"""

import copy
from typing import Any

import pytest

from sandbox.clouds.kubernetes.validate import Crds, validate
from tools.mutations.edit import Edit, Mutation, apply


def _object(api_version: str, kind: str, namespace: str | None = "kafka-a", **more: Any) -> dict[str, Any]:
    metadata = {"name": "one", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


POD = {
    "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "tls", "secret": {"secretName": "tls"}}],
    "containers": [
        {
            "name": "main",
            "image": "registry.example.com/one:1",
            "ports": [{"name": "http", "containerPort": 8080}],
            "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
            "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
            "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        }
    ],
    "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
}
LABELS = {"app": "one"}
GOOD: dict[str, dict[str, Any]] = {
    "Deployment": _object(
        "apps/v1",
        "Deployment",
        spec={
            "replicas": 2,
            "selector": {"matchLabels": LABELS},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {"metadata": {"labels": LABELS}, "spec": POD},
        },
    ),
    "Job": _object("batch/v1", "Job", spec={"template": {"spec": {**POD, "restartPolicy": "Never"}}}),
    "Service": _object(
        "v1",
        "Service",
        spec={"type": "ClusterIP", "selector": LABELS, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
    ),
    "ConfigMap": _object("v1", "ConfigMap", data={"a.properties": "x=1"}),
    "PodDisruptionBudget": _object(
        "policy/v1",
        "PodDisruptionBudget",
        spec={
            "maxUnavailable": "50%",
            "selector": {"matchLabels": LABELS},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    ),
    "HorizontalPodAutoscaler": _object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        spec={
            "minReplicas": 2,
            "maxReplicas": 4,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "one"},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
                }
            ],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        },
    ),
    "NetworkPolicy": _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        spec={
            "podSelector": {"matchLabels": LABELS},
            "policyTypes": ["Egress", "Ingress"],
            "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 90, "endPort": 99, "protocol": "TCP"}]}],
            "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}],
        },
    ),
    "ClusterRole": _object(
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        None,
        rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
    ),
    "ClusterRoleBinding": _object(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        None,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "one"},
        subjects=[{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "team"}],
    ),
    "ValidatingAdmissionPolicy": _object(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicy",
        None,
        spec={
            "matchConstraints": {
                "resourceRules": [
                    {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["*"]}
                ]
            },
            "validations": [{"expression": "request.namespace != 'x'", "reason": "Forbidden"}],
        },
    ),
    "ValidatingAdmissionPolicyBinding": _object(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        None,
        spec={"policyName": "one", "validationActions": ["Deny"]},
    ),
    "CustomResourceDefinition": {
        **_object("apiextensions.k8s.io/v1", "CustomResourceDefinition", None),
        "metadata": {"name": "ones.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "One", "listKind": "OneList", "plural": "ones", "singular": "one"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}],
                    "schema": {
                        "openAPIV3Schema": {
                            "type": "object",
                            "properties": {
                                "spec": {
                                    "type": "object",
                                    "required": ["size"],
                                    "properties": {
                                        "size": {"type": "integer"},
                                        "parts": {
                                            "type": "array",
                                            "items": {
                                                "type": "object",
                                                "properties": {"name": {"type": "string", "pattern": "[a-z]+"}},
                                            },
                                        },
                                    },
                                }
                            },
                        }
                    },
                }
            ],
        },
    },
}
POD_AT = "spec.template.spec"
MAIN = f"{POD_AT}.containers.0"
SCHEMA = "spec.versions.0.schema.openAPIV3Schema.properties.spec"
PARTS = f"{SCHEMA}.properties.parts.items"
DROP = object()
WRONG = [
    ("Deployment", f"{MAIN}.name", "Main", "RFC 1123 label"),
    ("Deployment", f"{MAIN}.image", "", "Required value"),
    ("Deployment", f"{MAIN}.image", " one:1", "whitespace"),
    ("Deployment", f"{MAIN}.env.0.name", "A=B", '"="'),
    ("Deployment", f"{MAIN}.env.0.valueFrom.fieldRef", {"fieldPath": "metadata.name"}, "must specify one of"),
    ("Deployment", f"{MAIN}.env.0.value", "x", "may not be specified when `value`"),
    ("Deployment", f"{MAIN}.resources.requests.memory", "2Gi", "must be less than or equal to memory limit"),
    ("Deployment", f"{MAIN}.resources.requests.cpu", "-1", "greater than or equal to 0"),
    ("Deployment", f"{MAIN}.readinessProbe.tcpSocket", {"port": 1}, "more than 1 handler"),
    ("Deployment", f"{MAIN}.readinessProbe.httpGet", DROP, "must specify a handler"),
    ("Deployment", f"{MAIN}.readinessProbe.httpGet.port", "No_Port", "alpha-numeric"),
    ("Deployment", f"{MAIN}.readinessProbe.httpGet.port", "x" * 16, "no more than 15 characters"),
    ("Deployment", f"{MAIN}.readinessProbe.periodSeconds", -1, "greater than or equal to 0"),
    ("Deployment", f"{MAIN}.livenessProbe", {"exec": {"command": ["x"]}, "successThreshold": 2}, "must be 1"),
    ("Deployment", f"{MAIN}.volumeMounts.0.name", "nothing", 'Not found: "nothing"'),
    ("Deployment", f"{MAIN}.volumeMounts.0.subPath", "../up", "does not go up"),
    ("Deployment", f"{POD_AT}.volumes.0.emptyDir.sizeLimit", "-1Gi", "must not be negative"),
    ("Deployment", f"{POD_AT}.volumes.1.secret.defaultMode", 1000, "range 0-511"),
    ("Deployment", f"{POD_AT}.volumes.1.configMap", {"name": "x"}, "more than 1 volume type"),
    ("Deployment", f"{POD_AT}.volumes.1.name", "data", "Duplicate value"),
    ("Deployment", f"{POD_AT}.securityContext.seccompProfile.type", "Runtime", "Unsupported value"),
    ("Deployment", f"{POD_AT}.restartPolicy", "Never", "Unsupported value"),
    ("Deployment", "spec.replicas", -1, "greater than or equal to 0"),
    ("Deployment", "spec.strategy.type", "Recreate", "may not be specified when strategy"),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", 0, "may not be 0 when `maxSurge` is 0"),
    ("Deployment", "spec.template.metadata.labels", {"app": "one", "b": "two words"}, "a valid label"),
    ("Deployment", f"{MAIN}.ports", [{"name": "http", "containerPort": 1}, None], "null is no item"),
    ("Deployment", "spec.template", DROP, "spec.template: Required value"),
    ("Deployment", "spec", DROP, "spec.selector: Required value"),
    ("Deployment", f"{MAIN}.lifecycle", {"preStop": {}}, "must specify a handler type"),
    ("Deployment", f"{MAIN}.lifecycle", {"preStop": {"sleep": {"seconds": -1}}}, "non-negative"),
    ("Job", f"{POD_AT}.restartPolicy", "Always", "Unsupported value"),
    ("Job", f"{POD_AT}.restartPolicy", DROP, "Required value"),
    ("Job", "spec", DROP, "spec.template.spec.containers: Required value"),
    ("Service", "spec.type", "ClusterIPx", "Unsupported value"),
    ("Service", "spec.ports", [{"port": 80}, {"port": 81}], "Required value"),
    ("Service", "spec.ports", [{"name": "a", "port": 80}, {"name": "b", "port": 80}], "Duplicate value"),
    ("Service", "spec.ports.0.targetPort", "No_Port", "alpha-numeric"),
    ("Service", "spec.ports", DROP, "Required value"),
    ("Service", "spec.selector.app", "two words", "a valid label"),
    ("ConfigMap", "data", {"a/b": "x"}, "a valid config key"),
    ("PodDisruptionBudget", "spec.maxUnavailable", "150%", "not be greater than 100%"),
    ("PodDisruptionBudget", "spec.unhealthyPodEvictionPolicy", "Always", "Unsupported value"),
    ("HorizontalPodAutoscaler", "spec.minReplicas", 5, "`minReplicas`"),
    ("HorizontalPodAutoscaler", "spec.maxReplicas", 0, "greater than 0"),
    ("HorizontalPodAutoscaler", "spec.metrics.0.resource", DROP, "must populate information"),
    ("HorizontalPodAutoscaler", "spec.metrics.0.type", "Resources", "Unsupported value"),
    ("HorizontalPodAutoscaler", "spec.behavior.scaleDown.stabilizationWindowSeconds", 7200, "from 0 to 3600"),
    ("NetworkPolicy", "spec.ingress.0.ports.0.endPort", 80, "greater than or equal to `port`"),
    ("NetworkPolicy", "spec.ingress.0.ports.0.port", "http", "non-numeric"),
    ("NetworkPolicy", "spec.ingress.0.from.0", {}, "must specify a peer"),
    ("NetworkPolicy", "spec.egress.0.to.0.ipBlock.cidr", "10.0.0.0", "valid CIDR"),
    ("NetworkPolicy", "spec.egress.0.to.0.ipBlock.except.0", "11.0.0.0/16", "strict subset"),
    ("NetworkPolicy", "spec.policyTypes", ["Egress", "Ingress", "Ingress"], "more than two"),
    ("ClusterRole", "rules.0.apiGroups", DROP, "at least one api group"),
    ("ClusterRole", "rules.0.resources", [], "at least one resource"),
    ("ClusterRoleBinding", "roleRef.kind", "Role", "Unsupported value"),
    ("ClusterRoleBinding", "subjects.0.name", "", "Required value"),
    ("ValidatingAdmissionPolicy", "spec.validations", DROP, "must be non-empty"),
    ("ValidatingAdmissionPolicy", "spec.validations.0.reason", "Forbid", "Unsupported value"),
    ("ValidatingAdmissionPolicy", "spec.validations.0.expression", "request.(", "compilation failed"),
    ("ValidatingAdmissionPolicy", "spec.matchConstraints", DROP, "Required value"),
    ("ValidatingAdmissionPolicy", "spec.matchConstraints.resourceRules.0.apiVersions", ["*", "v1"], "other"),
    ("ValidatingAdmissionPolicyBinding", "spec.validationActions", [], "at least one validation action"),
    ("ValidatingAdmissionPolicyBinding", "spec.validationActions", ["Deny", "Warn"], "both Deny and Warn"),
    ("CustomResourceDefinition", f"{PARTS}.properties.name.type", DROP, "must not be empty for specified object"),
    ("CustomResourceDefinition", f"{PARTS}.properties.name.pattern", "[a-z", "regular expression"),
    ("CustomResourceDefinition", f"{PARTS}.properties.name", 7, "a schema is a mapping"),
    ("CustomResourceDefinition", "spec.conversion", {"strategy": "Hook"}, "Unsupported value"),
    (
        "CustomResourceDefinition",
        f"{PARTS}.properties.name",
        {"x-kubernetes-int-or-string": True, "anyOf": [{}, {"type": "string"}]},
        "must be an integer or a string",
    ),
    ("CustomResourceDefinition", f"{PARTS}.customSetting", "yes", "field not declared"),
    ("CustomResourceDefinition", f"{SCHEMA}.required", "size", "a list of texts"),
    ("CustomResourceDefinition", f"{SCHEMA}.properties.parts.items", DROP, "must be specified"),
    ("CustomResourceDefinition", "spec.versions.0.additionalPrinterColumns.0.type", "text", "must be one of"),
]


def _path(text: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in text.split("."))


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_object_passes(kind: str) -> None:
    assert validate(copy.deepcopy(GOOD[kind]), Crds()) == []


@pytest.mark.parametrize(
    ("kind", "path", "value", "told"), WRONG, ids=lambda value: "" if type(value) is object else str(value)[:40]
)
def test_one_that_breaks_a_rule_is_refused(kind: str, path: str, value: Any, told: str) -> None:
    edit = Edit("drop", _path(path)) if value is DROP else Edit("set", _path(path), value)
    body = apply(GOOD[kind], Mutation("rule", "urn", kind, (edit,)))
    said = [refusal.message for refusal in validate(body, Crds())]
    assert any(told in message for message in said), said


def test_the_prefix_of_a_label_is_lower_case_and_that_of_an_annotation_need_not_be() -> None:
    body = copy.deepcopy(GOOD["ConfigMap"])
    body["metadata"]["annotations"] = {"Example.com/a": "x"}
    assert validate(body, Crds()) == []
    body["metadata"]["labels"] = {"Example.com/a": "x"}
    assert [refusal.path for refusal in validate(body, Crds())] == [("metadata", "labels", "Example.com/a")]
