"""Keeps service and app stacks inside namespaces named `kafka-*`.

Owns      a ValidatingAdmissionPolicy and its binding: RBAC can't match a namespace by prefix, and a role in each
          namespace would have to be made by the very stack that it limits.
Refuses   anyone else: the policy only looks at requests of the cell's `services` and `apps` principals.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.platform.request import PlatformRequest
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


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """Policy and binding; nothing where nobody is bound."""
    if not request.subjects:
        return []
    metadata = {"name": NAME, "annotations": dict(request.annotations)}
    who = " || ".join(sorted({_is(subject) for subject in request.subjects.values()}))
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": metadata,
        "spec": {
            "failurePolicy": "Fail",
            "matchConditions": [{"name": "is-a-fleet-stack", "expression": who}],
            "matchConstraints": {
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
            },
            "validations": [
                {
                    "expression": f"request.namespace.startsWith('{PREFIX}') || "
                    f"(request.resource.resource == 'namespaces' && request.name.startsWith('{PREFIX}'))",
                    "message": f"service and app stacks may only change what is in a namespace named {PREFIX}*",
                    "reason": "Forbidden",
                }
            ],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": metadata,
        "spec": {"policyName": NAME, "validationActions": ["Deny"]},
    }
    return [
        Manifest(role="confinement-policy", body=policy),
        Manifest(role="confinement-binding", body=binding, after=("confinement-policy",)),
    ]
