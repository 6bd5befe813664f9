"""IAM roles, their own policies and their attachments.

Owns      that documents are policies, that managed policies exist, and that a role in pieces is not deleted.
Refuses   to evaluate policies: the sandbox lets every caller do everything in its account.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.laws import at_effect, named, refuse, statements, writing
from sandbox.clouds.aws.normal import defaults, documents
from sandbox.contract import Refusal, Request, World

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

MANAGED = {
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
    "service-role/AmazonEBSCSIDriverPolicy",
}
"""AWS's own policies that concern clusters and nodes; source: AWS managed policy reference, read 2026-11."""

_role_exists = laws.exists("role", ROLE, "NoSuchEntity", "role with name", named=True)


@writing
def _only_assumes(request: Request, _world: World) -> Iterable[Refusal]:
    for one in statements(request.inputs.get("assumeRolePolicy")):
        actions = one.get("Action") or []
        for action in [actions] if isinstance(actions, str) else actions:
            if not str(action).startswith(_ASSUMING):
                message = f"AssumeRole policy may only specify STS AssumeRole actions, not '{action}'"
                yield refuse("MalformedPolicyDocument", message, "assumeRolePolicy")


_ASSUMING = ("sts:AssumeRole", "sts:SetContext", "sts:SetSourceIdentity", "sts:TagSession")


@at_effect
def _federated(request: Request, world: World) -> Iterable[Refusal]:
    """A provider that is trusted must be there, and one that the whole world shares only with a subject."""
    for one in statements(request.inputs.get("assumeRolePolicy")):
        for arn in named(one, "Federated"):
            if not any(found.scope.account == request.scope.account for found in world.by_output("arn", arn)):
                message = f"Federated principals must be valid domain names or existing providers: {arn}"
                yield refuse("MalformedPolicyDocument", message, "assumeRolePolicy")
            issuer = arn.partition(":oidc-provider/")[2]
            tests = (one.get("Condition") or {}).values()
            if issuer in _SHARED and not any(f"{issuer}:sub" in test for test in tests):
                message = f"a trust of {issuer} needs a condition on {issuer}:sub"
                yield refuse("MalformedPolicyDocument", message, "assumeRolePolicy")


_SHARED = frozenset({"token.actions.githubusercontent.com", "gitlab.com"})
"""Issuers whose tokens anyone can have; IAM user guide, 'identity-provider controls for shared OIDC providers'."""


@at_effect
def _boundary_exists(request: Request, world: World) -> Iterable[Refusal]:
    arn = request.inputs.get("permissionsBoundary")
    if isinstance(arn, str) and not arn.startswith("arn:aws:iam::aws:policy/") and not world.by_output("arn", arn):
        yield refuse("NoSuchEntity", f"scope ARN {arn} does not exist or is not attachable", "permissionsBoundary")


@writing
def _managed_policy_exists(request: Request, world: World) -> Iterable[Refusal]:
    arn = request.inputs.get("policyArn")
    if not isinstance(arn, str):
        return
    start = "arn:aws:iam::aws:policy/"
    if arn.startswith(start):
        if arn.removeprefix(start) not in MANAGED:
            yield refuse("NoSuchEntity", f"policy {arn} does not exist or is not attachable", "policyArn")
    elif not any(record.scope.account == request.scope.account for record in world.by_output("arn", arn)):
        yield refuse("NoSuchEntity", f"policy {arn} does not exist or is not attachable", "policyArn")


def _role_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    path = request.inputs.get("path", "/")
    return {
        "arn": ids.arn(request.scope, "iam", f"role{path}{id_}", regional=False),
        "createDate": old(request, "createDate") or ids.EPOCH,
        "uniqueId": f"AROA{ids.letters(f'{request.scope.account}/{id_}', 17)}",
    }


TYPES = [
    model(
        ROLE,
        botocore(
            "iam",
            "CreateRole",
            {
                "assumeRolePolicy": "AssumeRolePolicyDocument",
                # A document may be given as an object too; what stands in it is a law's business.
                **dict.fromkeys((f"assumeRolePolicy.{key}" for key in ("Id", "Statement", "Version")), ""),
                "forceDetachPolicies": "",
                "inlinePolicies": "",
                "managedPolicyArns": "",
                "name": "RoleName",
                "namePrefix": "",
            },
        ),
        lambda request, world: str(request.inputs.get("name") or ids.hexadecimal(ids.fresh(request, world, "role"), 8)),
        computed=_role_outputs,
        regional=False,
        immutable=("name", "namePrefix", "path"),
        normalize=(
            documents("assumeRolePolicy"),
            defaults(path="/", maxSessionDuration=3600, forceDetachPolicies=False),
        ),
        laws_of=(
            laws.document("assumeRolePolicy", principals=True),
            _only_assumes,
            _federated,
            _boundary_exists,
            laws.used_by("DeleteConflict", (ATTACHMENT, "role"), (POLICY, "role")),
        ),
        unique=("name",),
        unique_in="account",
    ),
    model(
        POLICY,
        botocore(
            "iam",
            "PutRolePolicy",
            {
                "name": "PolicyName",
                "namePrefix": "",
                "policy": "PolicyDocument",
                **dict.fromkeys((f"policy.{key}" for key in ("Id", "Statement", "Version")), ""),
                "role": "RoleName",
            },
        ),
        lambda request, _world: f"{request.inputs.get('role')}:{request.inputs.get('name')}",
        computed=lambda _request, _world, _id: {},
        regional=False,
        immutable=("name", "namePrefix", "role"),
        normalize=(documents("policy"),),
        laws_of=(_role_exists, laws.document("policy", principals=False)),
        tagged=False,
        # PutRolePolicy overwrites, AttachRolePolicy is content with what is there.
        adopts=True,
    ),
    model(
        ATTACHMENT,
        botocore("iam", "AttachRolePolicy", {"role": "RoleName"}),
        lambda request, _world: f"{request.inputs.get('role')}/{request.inputs.get('policyArn')}",
        computed=lambda _request, _world, _id: {},
        regional=False,
        immutable=("role", "policyArn"),
        laws_of=(_role_exists, _managed_policy_exists),
        tagged=False,
        adopts=True,
    ),
]
