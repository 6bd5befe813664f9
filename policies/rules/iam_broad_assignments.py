"""Nobody owns or contributes to everything of a scope in Azure."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import bad, but, good, later_at, res, unknown

_BROAD = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
_PREFIX = "/subscriptions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/providers/Microsoft.Authorization/roleDefinitions/"


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    found = look(resource.props, "roleDefinitionId")
    name = _BROAD.get(str(found).rpartition("/")[2].lower())
    yield from expect("roleDefinitionId", found, name is None, f"'{name}' may do everything there: give what is needed")


_ASSIGNMENT = res(
    "azure-native:authorization:RoleAssignment",
    {
        "principalId": "11111111-2222-4333-8444-555555555555",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{_PREFIX}4d97b98b-1d4f-4787-a291-c67834d212e7",
        "scope": "/subscriptions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/kf-orders",
    },
)

POLICY = Policy(
    name="iam-broad-assignments",
    title="Nobody may do everything of a scope",
    severity="high",
    remediation="Assign a role for what is done, on the one resource that it is done to.",
    framework="CIS Azure Foundations, identity; NIST SP 800-53 AC-6",
    types=("azure-native:authorization:RoleAssignment",),
    judge=_judge,
    url="https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged",
    samples=(
        good(_ASSIGNMENT),
        bad(but(_ASSIGNMENT, "roleDefinitionId", f"{_PREFIX}8e3af657-a8ff-443c-a75c-2fe8c4bcb635")),
        unknown(later_at(_ASSIGNMENT, "roleDefinitionId")),
    ),
)
