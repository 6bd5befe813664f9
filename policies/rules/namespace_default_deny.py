"""In every namespace of a stack, pods talk only to whom a policy names."""

from collections.abc import Iterator, Sequence

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look
from policies.samples import bad, but, good, kube, later_at, unknown

_NAMESPACE, _POLICY = "kubernetes:core/v1:Namespace", "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def _judge(resources: Sequence[Resource], _: Scope) -> Iterator[Verdict]:
    closed: set[str] = set()
    waiting = False
    for one in resources:
        if one.type == _POLICY:
            namespace, selector = look(one.props, "metadata", "namespace"), look(one.props, "spec", "podSelector")
            waiting = waiting or UNKNOWN in (namespace, selector)
            if selector == {} and {"Egress", "Ingress"} <= set(items(one.props, "spec", "policyTypes")):
                closed.add(str(namespace))
    for one in resources:
        name = look(one.props, "metadata", "name")
        if one.type == _NAMESPACE and name not in closed:
            if waiting or name is UNKNOWN:
                yield later(f"whether namespace '{one.name}' is closed")
            else:
                yield f"namespace '{name}' has no NetworkPolicy that closes it: its pods may talk to anyone"


_SPACE = kube("core/v1:Namespace", name="kafka-orders", namespace="")
_DENY = kube(
    "networking.k8s.io/v1:NetworkPolicy", {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}, name="deny-all"
)

POLICY = Policy(
    name="namespace-default-deny",
    title="Namespaces are closed but for what is named",
    severity="high",
    remediation="Service owners: give the namespace a NetworkPolicy for all pods that allows nothing.",
    framework="CIS Kubernetes 5.3.2; NSA Kubernetes Hardening 1.2, network separation",
    types=(_NAMESPACE, _POLICY),
    judge_stack=_judge,
    url="https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    samples=(
        good(_SPACE, _DENY),
        bad(_SPACE),
        bad(_SPACE, but(_DENY, "spec", "policyTypes", ["Ingress"]), title="the way out is open"),
        unknown(_SPACE, later_at(_DENY, "spec", "podSelector")),
    ),
)
