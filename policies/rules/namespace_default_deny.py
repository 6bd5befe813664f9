"""In every namespace of a stack, pods talk only to whom a policy names."""

from collections.abc import Iterator, Sequence

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look, matches, names, unsure
from policies.samples import bad, but, good, kube, later_at, unknown

_NAMESPACE, _POLICY = "kubernetes:core/v1:Namespace", "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def _judge(resources: Sequence[Resource], scope: Scope) -> Iterator[Verdict]:
    closed: set[str] = set()
    # Their pods come from charts, which know alone whom these have to reach.
    exempt = scope.settings.get("exempt", ["cert-manager", "strimzi-drain-cleaner"])
    waiting = False
    for one in resources:
        if one.type == _POLICY:
            namespace, selector = look(one.props, "metadata", "namespace"), look(one.props, "spec", "podSelector")
            kinds = names(one.props, "spec", "policyTypes")
            waiting = waiting or unsure([namespace, selector, kinds])
            if selector == {} and {"Egress", "Ingress"} <= set(kinds):
                closed.add(str(namespace))
    for one in resources:
        name = look(one.props, "metadata", "name")
        if one.type == _NAMESPACE and str(name) not in closed and not matches(str(name), exempt):
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
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "exempt": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Shell patterns of namespaces that may stay open.",
            }
        },
    },
    url="https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    samples=(
        good(_SPACE, _DENY),
        bad(_SPACE),
        bad(_SPACE, but(_DENY, "spec", "policyTypes", ["Ingress"]), title="the way out is open"),
        unknown(_SPACE, later_at(_DENY, "spec", "podSelector")),
    ),
)
