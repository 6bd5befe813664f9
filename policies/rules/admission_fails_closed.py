"""What guards the Kubernetes API refuses when it cannot judge."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, later, look
from policies.samples import bad, but, good, kube, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type.endswith("Binding"):
        actions = items(resource.props, "spec", "validationActions")
        if UNKNOWN in actions:
            yield later("spec.validationActions")
        elif "Deny" not in actions:
            yield f"spec.validationActions are {', '.join(map(str, actions))}: what breaks the rule is let in"
        return
    found = look(resource.props, "spec", "failurePolicy")
    yield from expect("spec.failurePolicy", found, found in (None, "Fail"), "a mistake in the rule lets everything in")


_RULE = kube(
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    {"failurePolicy": "Fail", "validations": [{"expression": "true"}]},
    namespace="",
)
_BINDING = kube(
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
    {"policyName": "orders", "validationActions": ["Deny"]},
    namespace="",
    name="orders-binding",
)

POLICY = Policy(
    name="admission-fails-closed",
    title="Admission rules refuse what they cannot judge",
    severity="high",
    remediation="Service owners: use `failurePolicy: Fail` and `validationActions: [Deny]`.",
    framework="NIST SP 800-53 SC-24; CIS Kubernetes 5.5.1",
    types=(
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
    ),
    judge=_judge,
    url="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/",
    samples=(
        good(_RULE, _BINDING),
        bad(but(_RULE, "spec", "failurePolicy", "Ignore")),
        bad(but(_BINDING, "spec", "validationActions", ["Audit"])),
        unknown(later_at(_RULE, "spec", "failurePolicy")),
    ),
)
