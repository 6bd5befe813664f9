"""Roles inside Kubernetes name what they may do, and nobody is its administrator."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, names
from policies.samples import bad, but, good, kube, later_at, unknown

_BINDINGS = ("ClusterRoleBinding", "RoleBinding")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type.endswith(_BINDINGS):
        name = look(resource.props, "roleRef", "name")
        if name is UNKNOWN:
            yield later("roleRef.name")
        elif name in ("cluster-admin", "admin", "edit"):
            yield f"roleRef is '{name}': it may do everything there"
        return
    for index, rule in enumerate(items(resource.props, "rules")):
        for key in ("verbs", "resources", "apiGroups"):
            found = names(rule, key)
            if rule is UNKNOWN or UNKNOWN in found:
                yield later(f"rule {index}")
                break
            if "*" in found:
                yield f"rule {index} allows all {key}, those of later versions too: name them"
        secrets = "secrets" in names(rule, "resources") and not items(rule, "resourceNames")
        if secrets and resource.type.endswith("ClusterRole") and {"get", "list", "watch"} & set(names(rule, "verbs")):
            yield f"rule {index} reads every Secret of the cluster: name those that are needed"


_ROLE = kube(
    "rbac.authorization.k8s.io/v1:ClusterRole",
    name="kafka-fleet:apps",
    namespace="",
    rules=[{"apiGroups": ["kafka.strimzi.io"], "resources": ["kafkatopics"], "verbs": ["get", "list", "watch"]}],
)
_BINDING = kube(
    "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    name="kafka-fleet:apps",
    namespace="",
    roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "kafka-fleet:apps"},
    subjects=[{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "kafka-fleet:apps"}],
)

POLICY = Policy(
    name="rbac-wildcards",
    title="Kubernetes' roles name what they allow",
    severity="high",
    remediation="Name verbs, resources and API groups; bind a role of your own, not `cluster-admin`.",
    framework="CIS Kubernetes 5.1.1, 5.1.2, 5.1.3; NSA Kubernetes Hardening 1.2",
    types=tuple(
        f"kubernetes:rbac.authorization.k8s.io/v1:{kind}"
        for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
    ),
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    samples=(
        good(_ROLE, _BINDING),
        bad(but(_ROLE, "rules", 0, "verbs", ["*"])),
        bad(but(_ROLE, "rules", [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}])),
        bad(but(_BINDING, "roleRef", "name", "cluster-admin")),
        unknown(later_at(_ROLE, "rules", 0, "verbs")),
    ),
)
