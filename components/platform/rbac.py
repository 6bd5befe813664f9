"""Rights inside a cell's Kubernetes: what a service stack, an app stack and a preview may do, and no more.

Owns      one ClusterRole and one ClusterRoleBinding for each group. What service stacks may write follows from the
          catalog: the common kinds here, and those that a service's entry says it manages.
Refuses   secrets: none of them reads one, so a leaked CI credential reads no password; dry runs by previews, for which
          Kubernetes asks the right to write; and everything outside namespaces `kafka-*`, which RBAC can't express and
          `confinement.py` does.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from components import catalog
from components.clouds.contract import KUBERNETES_GROUPS
from components.platform import confinement
from components.platform.request import PlatformRequest
from components.services.contract import Manifest

_ALL = ("create", "delete", "get", "list", "patch", "update", "watch")
_READ = ("get", "list", "watch")

COMMON: Mapping[str, tuple[str, ...]] = {
    "": ("configmaps", "limitranges", "namespaces", "resourcequotas", "serviceaccounts", "services"),
    "apps": ("deployments", "statefulsets"),
    "autoscaling": ("horizontalpodautoscalers",),
    "kafka.strimzi.io": (
        *("kafkabridges", "kafkaconnectors", "kafkaconnects", "kafkamirrormaker2s", "kafkanodepools"),
        *("kafkarebalances", "kafkas", "kafkatopics", "kafkausers"),
    ),
    "networking.k8s.io": ("networkpolicies",),
    "policy": ("poddisruptionbudgets",),
}
"""What every service may write. A service that writes other kinds names them in its entry (`Service.manages`)."""

APPS: Mapping[str, tuple[str, ...]] = {
    "": ("configmaps", "serviceaccounts"),
    "batch": ("jobs",),
    "external-secrets.io": ("externalsecrets", "pushsecrets", "secretstores"),
    "kafka.strimzi.io": ("kafkaconnectors", "kafkatopics", "kafkausers"),
    "rbac.authorization.k8s.io": ("rolebindings", "roles"),
}
"""What app stacks may write; `app_limits.py` says what these objects may hold."""

PLATFORM: Mapping[str, tuple[str, ...]] = {
    "": ("namespaces",),
    "admissionregistration.k8s.io": ("validatingadmissionpolicies", "validatingadmissionpolicybindings"),
    "apiextensions.k8s.io": ("customresourcedefinitions",),
    "networking.k8s.io": ("networkpolicies",),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles"),
    "storage.k8s.io": ("storageclasses",),
}
GATEWAY: Mapping[str, tuple[str, ...]] = {
    "gateway.envoyproxy.io": ("envoyproxies",),
    "gateway.networking.k8s.io": ("gatewayclasses", "gateways"),
    "networking.gke.io": ("serviceattachments",),
}
"""What a cell's stack writes, and with a gateway. Its principal is administrator; a preview reads these."""


def _rule(groups: Iterable[str], resources: Iterable[str], verbs: Iterable[str]) -> dict[str, Any]:
    return {"apiGroups": sorted(groups), "resources": sorted(resources), "verbs": sorted(verbs)}


GIVING = _rule(["rbac.authorization.k8s.io"], ["roles"], ["bind", "escalate"])
"""Without these Kubernetes lets nobody give a right that they do not have, and a stack must not have the right to read
a Secret itself. What it may give is said, and refused, by `app_limits.py` and `service_limits.py`; only Roles, never
ClusterRoles, can be written or bound this way."""


def _writes(kinds: Mapping[str, Iterable[str]], apis: tuple[str, ...]) -> list[dict[str, Any]]:
    there = {api.partition("/")[0] for api in apis}
    return [
        _rule([group], resources, _ALL)
        for group, resources in sorted(kinds.items())
        # Groups of other programs are only in cells that have the program.
        if group in there or not _foreign(group)
    ]


GATEWAY_API = "gateway.networking.k8s.io"
"""Ends like a group of Kubernetes' own, and is only where the cell has a gateway."""


def _foreign(group: str) -> bool:
    return group == GATEWAY_API or ("." in group and not group.endswith((".k8s.io", "strimzi.io")))


def _services(apis: tuple[str, ...]) -> list[dict[str, Any]]:
    kinds = {group: set(resources) for group, resources in COMMON.items()}
    for entry in catalog.services().values():
        for group, resources in entry.manages.items():
            kinds.setdefault(group, set()).update(resources)
    giving = [GIVING] if "roles" in kinds.get("rbac.authorization.k8s.io", ()) else []
    return [
        *_writes(kinds, apis),
        *giving,
        # The provider waits for a Deployment or Service by looking at what it leads to.
        _rule([""], ["endpoints", "events", "persistentvolumeclaims", "pods"], _READ),
        _rule(["apps"], ["replicasets"], _READ),
        _rule(["discovery.k8s.io"], ["endpointslices"], _READ),
        _rule(["core.strimzi.io"], ["strimzipodsets"], _READ),
    ]


def _apps(apis: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        *_writes(APPS, apis),
        _rule(["kafka.strimzi.io"], ["kafkas"], _READ),
        _rule([""], ["namespaces"], ["get"]),
        # The provider waits for a Job by looking at its pods.
        _rule([""], ["events", "pods"], _READ),
        GIVING,
    ]


def _preview(apis: tuple[str, ...]) -> list[dict[str, Any]]:
    """Reading all that any stack writes: what the provider may not ask by a dry run it compares itself (its #2419)."""
    gateway = GATEWAY if f"{GATEWAY_API}/v1" in apis else {}
    kinds: dict[str, set[str]] = {}
    written = [rule for rule in (*_services(apis), *_apps(apis)) if "get" in rule["verbs"]]
    for group, resources in (
        *((group, rule["resources"]) for rule in written for group in rule["apiGroups"]),
        *PLATFORM.items(),
        *gateway.items(),
    ):
        kinds.setdefault(group, set()).update(resources)
    return [_rule([group], resources, _READ) for group, resources in sorted(kinds.items())]


_RULES = {"services": _services, "apps": _apps, "preview": _preview}


def rules(kind: str, apis: tuple[str, ...] = ()) -> Sequence[Mapping[str, Any]]:
    """The rules of a group's role in a cell with these further API groups. `kind`: `services`, `apps`, `preview`."""
    return _RULES[kind](apis)


def _manifests(request: PlatformRequest, kind: str, group: str, subject: Mapping[str, Any]) -> list[Manifest]:
    metadata = {"name": group, "annotations": dict(request.annotations)}
    apis = (*request.apis, *((f"{GATEWAY_API}/v1",) if request.gateway else ()))
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": list(rules(kind, apis)),
    }
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": group},
        "subjects": [dict(subject)],
    }
    # The limits stand before anyone has the rights that they limit.
    limits = tuple(manifest.role for manifest in confinement.manifests(request) if manifest.role.endswith("-binding"))
    return [
        Manifest(role=f"role-{kind}", body=role, after=limits),
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
