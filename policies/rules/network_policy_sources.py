"""A network policy names who may come in."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, matches
from policies.samples import GONE, bad, but, good, kube, later_at, unknown

_ANYWHERE = ("0.0.0.0/0", "::/0")


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    name = f"{look(resource.props, 'metadata', 'namespace')}/{look(resource.props, 'metadata', 'name')}"
    # Load balancers keep no client's address there: who comes in is the load balancer's own list.
    if matches(name, scope.settings.get("open", ["kafka-gateway/proxy"])):
        return
    for index, rule in enumerate(items(resource.props, "spec", "ingress")):
        sources = items(rule, "from")
        blocks = [look(one, "ipBlock", "cidr") for one in sources]
        if rule is UNKNOWN or UNKNOWN in sources or UNKNOWN in blocks:
            yield later(f"ingress {index}")
        elif not sources:
            yield f"ingress {index} of {name} names nobody: everyone may come in"
        elif set(map(str, blocks)) & set(_ANYWHERE):
            yield f"ingress {index} of {name} lets in {_ANYWHERE[0]}: everyone may come in"


_INGRESS = ("spec", "ingress", 0)
_ALLOW = kube(
    "networking.k8s.io/v1:NetworkPolicy",
    {
        "podSelector": {"matchLabels": {"app": "registry"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 8081, "protocol": "TCP"}]}],
    },
    name="registry",
)

POLICY = Policy(
    name="network-policy-sources",
    title="Network policies name who comes in",
    severity="medium",
    remediation="Name namespaces, pods or ranges in `from`.",
    framework="NSA Kubernetes Hardening 1.2, network separation; NIST SP 800-53 SC-7(5)",
    types=("kubernetes:networking.k8s.io/v1:NetworkPolicy",),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "open": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Shell patterns, `namespace/name`, of policies that may let everyone in.",
            }
        },
    },
    url="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    samples=(
        good(_ALLOW),
        bad(but(_ALLOW, *_INGRESS, "from", GONE)),
        bad(but(_ALLOW, *_INGRESS, "from", [{"ipBlock": {"cidr": "0.0.0.0/0"}}])),
        unknown(later_at(_ALLOW, *_INGRESS, "from")),
    ),
)
