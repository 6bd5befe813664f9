"""No role of AWS may do everything, or anything to everything."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.clouds import AWS_PROVIDER
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import document, items, later, look
from policies.samples import bad, good, later_at, res, unknown

_READS = ("Describe", "Get", "List")
_ADMIN = ("/AdministratorAccess", "/PowerUserAccess", "/IAMFullAccess")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    arn = look(resource.props, "policyArn")
    if arn is UNKNOWN:
        yield later("policyArn")
    elif isinstance(arn, str) and arn.endswith(_ADMIN):
        yield f"policyArn is '{arn}': it may do everything"
    for where in ("policy", "assumeRolePolicy"):
        found = look(resource.props, where)
        if found is UNKNOWN:
            yield later(where)
            continue
        written = document(found)
        statements = items(written, "Statement") or [look(written, "Statement")]
        for statement in statements:
            if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
                yield from _statement(where, statement)


def _statement(where: str, statement: Mapping[str, Any]) -> Iterator[Verdict]:
    actions, resources = _list(statement.get("Action")), _list(statement.get("Resource"))
    if statement.get("NotAction"):
        yield f"{where} allows all but some (NotAction): that grows with every service that AWS adds"
    if over := [one for one in actions if one == "*" or one.endswith(":*")]:
        yield f"{where} allows {', '.join(over)}: name the actions"
    changing = [one for one in actions if not one.partition(":")[2].startswith(_READS)]
    if "*" in resources and changing and not statement.get("Condition"):
        yield f"{where} allows {', '.join(changing)} on every resource, without a condition"
    principal = statement.get("Principal")
    named = _list(principal.get("AWS")) if isinstance(principal, Mapping) else _list(principal)
    if "*" in named and not statement.get("Condition"):
        yield f"{where} lets every account of AWS take the role"


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]


def _role(statement: str) -> Resource:
    policy = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    return res(
        "aws:iam/rolePolicy:RolePolicy", {"name": "own", "role": "kf-orders", "policy": policy}, provider=AWS_PROVIDER
    )


_ALLOW = '{"Effect": "Allow", "Action": %s, "Resource": %s}'
_ATTACHED = "arn:aws:iam::aws:policy/"

POLICY = Policy(
    name="iam-wildcards",
    title="Roles name what they may do, and to what",
    severity="high",
    remediation="Name actions and resources, or bind them with a condition.",
    framework="AWS FSBP IAM.1, IAM.21; NIST SP 800-53 AC-6",
    types=(
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html",
    samples=(
        good(_role(_ALLOW % ('["kms:Decrypt"]', '["arn:aws:kms:eu-west-1:1:key/1"]'))),
        good(_role(_ALLOW % ('["route53:ListHostedZones"]', '"*"')), title="reading lists has no resource"),
        bad(_role(_ALLOW % ('"*"', '"*"'))),
        bad(_role(_ALLOW % ('["s3:*"]', '["arn:aws:s3:::b"]'))),
        bad(_role(_ALLOW % ('["ec2:RunInstances"]', '"*"'))),
        bad(
            res(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                {"role": "kf-orders", "policyArn": f"{_ATTACHED}AdministratorAccess"},
                provider=AWS_PROVIDER,
            )
        ),
        unknown(later_at(_role(""), "policy")),
    ),
)
