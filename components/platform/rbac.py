"""Rights inside a cell's Kubernetes: what a service stack and an app stack may do, and no more.

Owns      one ClusterRole and one ClusterRoleBinding for each group.
Refuses   secrets: neither kind of stack reads one, so a leaked CI credential reads no password; and everything
          outside namespaces `kafka-*`, which RBAC can't express and `confinement.py` does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.clouds.contract import KUBERNETES_GROUPS
from components.platform.request import PlatformRequest
from components.services.contract import Manifest

_ALL = ("create", "delete", "get", "list", "patch", "update", "watch")
_READ = ("get", "list", "watch")


def _rule(groups: Sequence[str], resources: Sequence[str], verbs: Sequence[str]) -> dict[str, Any]:
    return {"apiGroups": sorted(groups), "resources": sorted(resources), "verbs": sorted(verbs)}


RULES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "services": (
        _rule([""], ["namespaces"], _ALL),
        _rule(
            ["kafka.strimzi.io"],
            [
                *("kafkabridges", "kafkaconnectors", "kafkaconnects", "kafkamirrormaker2s", "kafkanodepools"),
                *("kafkarebalances", "kafkas", "kafkatopics", "kafkausers"),
            ],
            _ALL,
        ),
        _rule([""], ["configmaps", "limitranges", "resourcequotas", "serviceaccounts", "services"], _ALL),
        _rule(["apps"], ["deployments", "statefulsets"], _ALL),
        _rule(["policy"], ["poddisruptionbudgets"], _ALL),
        _rule(["networking.k8s.io"], ["networkpolicies"], _ALL),
        # The provider waits for a Deployment or Service by looking at what it leads to.
        _rule([""], ["endpoints", "events", "persistentvolumeclaims", "pods"], _READ),
        _rule(["apps"], ["replicasets"], _READ),
        _rule(["discovery.k8s.io"], ["endpointslices"], _READ),
        _rule(["core.strimzi.io"], ["strimzipodsets"], _READ),
    ),
    "apps": (
        _rule(["kafka.strimzi.io"], ["kafkatopics", "kafkausers"], _ALL),
        _rule(["kafka.strimzi.io"], ["kafkas"], _READ),
        _rule([""], ["namespaces"], ["get"]),
    ),
}


def _manifests(request: PlatformRequest, kind: str, group: str, subject: Mapping[str, Any]) -> list[Manifest]:
    metadata = {"name": group, "annotations": dict(request.annotations)}
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": list(RULES[kind]),
    }
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": group},
        "subjects": [dict(subject)],
    }
    return [
        Manifest(role=f"role-{kind}", body=role),
        Manifest(role=f"role-binding-{kind}", body=binding, after=(f"role-{kind}",)),
    ]


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """Roles and bindings of every group that the request gives a subject for."""
    return [
        manifest
        for kind, group in sorted(KUBERNETES_GROUPS.items())
        if group in request.subjects
        for manifest in _manifests(request, kind, group, request.subjects[group])
    ]
