"""Kubernetes itself refuses pods with privileges, in every namespace."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, look, matches
from policies.samples import GONE, bad, but, good, kube, later_at, unknown

_LABEL = "pod-security.kubernetes.io/enforce"


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    name, found = look(resource.props, "metadata", "name"), look(resource.props, "metadata", "labels", _LABEL)
    # The drain cleaner's chart does not say all that `restricted` asks for.
    loose = isinstance(name, str) and matches(name, scope.settings.get("baseline", ["strimzi-drain-cleaner"]))
    right = found == "restricted" or (loose and found == "baseline")
    if name is UNKNOWN and found == "baseline":
        return
    yield from expect(f"label {_LABEL}", found, right, "a pod with privileges is let in")


_NAMESPACE = kube("core/v1:Namespace", name="kafka-orders", namespace="", metadata={"labels": {_LABEL: "restricted"}})

POLICY = Policy(
    name="namespace-pod-security",
    title="Namespaces refuse pods with privileges",
    severity="high",
    remediation=f"Service owners: label the namespace `{_LABEL}: restricted`.",
    framework="Kubernetes Pod Security Standards; CIS Kubernetes 5.2.1",
    types=("kubernetes:core/v1:Namespace",),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "baseline": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Shell patterns of namespaces in which `baseline` is enough.",
            }
        },
    },
    url="https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    samples=(
        good(_NAMESPACE),
        bad(but(_NAMESPACE, "metadata", "labels", _LABEL, "privileged")),
        bad(but(_NAMESPACE, "metadata", "labels", GONE)),
        unknown(later_at(_NAMESPACE, "metadata", "labels", _LABEL)),
    ),
)
