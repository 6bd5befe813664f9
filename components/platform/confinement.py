"""Keeps service and app stacks inside namespaces named `kafka-*`, and to what each may hold and give.

Owns      the ValidatingAdmissionPolicies and their bindings: RBAC can't match a namespace by prefix nor look into an
          object, and a role in each namespace would have to be made by the very stack that it limits.
Refuses   anyone else: the policies only look at requests of the cell's `services` and `apps` principals.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.clouds.contract import KUBERNETES_GROUPS
from components.platform import app_limits, service_limits
from components.platform.app_limits import Law
from components.platform.request import GATEWAY_NAMESPACE, PlatformRequest
from components.services.contract import Manifest

NAME = "kafka-fleet-confinement"
PREFIX = "kafka-"
"""What every namespace of `components.names.namespace` starts with."""


def _is(subject: Mapping[str, Any]) -> str:
    # A JSON string is a CEL string: quoting by hand would let a name end it.
    name = json.dumps(subject["name"])
    return (
        f"{name} in request.userInfo.groups" if subject["kind"] == "Group" else f"request.userInfo.username == {name}"
    )


_EVERYTHING = {
    "matchPolicy": "Equivalent",
    "namespaceSelector": {},
    "objectSelector": {},
    "resourceRules": [
        {
            "apiGroups": ["*"],
            "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE", "DELETE"],
            "resources": ["*"],
            "scope": "*",
        }
    ],
}


def _policy(
    request: PlatformRequest, name: str, condition: Mapping[str, str], laws: Sequence[Law], role: str
) -> list[Manifest]:
    metadata = {"name": name, "annotations": dict(request.annotations)}
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": metadata,
        "spec": {
            "failurePolicy": "Fail",
            "matchConditions": [dict(condition)],
            "matchConstraints": _EVERYTHING,
            "validations": [
                {"expression": law.expression, "message": law.message, "reason": "Forbidden"} for law in laws
            ],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": metadata,
        "spec": {"policyName": name, "validationActions": ["Deny"]},
    }
    return [
        Manifest(role=f"{role}-policy", body=policy),
        Manifest(role=f"{role}-binding", body=binding, after=(f"{role}-policy",)),
    ]


_LIMITS: Mapping[str, Sequence[Law]] = {"apps": app_limits.LAWS, "services": service_limits.LAWS}
"""By kind of stack: what its objects may hold."""

_INSIDE = Law(
    f"(request.namespace.startsWith('{PREFIX}') && request.namespace != '{GATEWAY_NAMESPACE}') || "
    f"(request.resource.resource == 'namespaces' && request.name.startsWith('{PREFIX}') && "
    f"request.name != '{GATEWAY_NAMESPACE}')",
    f"service and app stacks may only change what is in a namespace named {PREFIX}*, and not in {GATEWAY_NAMESPACE}",
)


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """Policies and bindings; nothing where nobody is bound."""
    if not request.subjects:
        return []
    who = " || ".join(sorted({_is(subject) for subject in request.subjects.values()}))
    found = _policy(request, NAME, {"name": "is-a-fleet-stack", "expression": who}, (_INSIDE,), "confinement")
    for kind, laws in _LIMITS.items():
        subject = request.subjects.get(KUBERNETES_GROUPS[kind])
        if subject is not None:
            one = kind.removesuffix("s")
            condition = {"name": f"is-of-{kind}", "expression": _is(subject)}
            found += _policy(request, f"kafka-fleet-{one}-limits", condition, laws, f"{one}-limits")
    return found
