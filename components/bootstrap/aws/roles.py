"""Who CI is in AWS: a role that reads, one that changes, and one for a person that deletes.

Owns      the forge's OIDC provider, the three roles, and the bound that none of CI's policies can leave.
Refuses   wildcards in subjects of the role that changes; content of objects, logs and secrets for the one that reads.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bootstrap.aws import actions
from components.bootstrap.aws.state import State
from components.bootstrap.base import BootstrapComponent
from components.clouds.aws.builder import document

SESSION_SECONDS = 3600
"""An engine process exchanges the forge's token anew; no session needs to outlive its longest step by much."""


def build(owner: BootstrapComponent, state: State) -> Mapping[str, aws.iam.Role]:
    """The roles by name."""
    trust = owner.request.trust
    provider = aws.iam.OpenIdConnectProvider(
        "forge",
        aws.iam.OpenIdConnectProviderArgs(url=trust.issuer, client_id_lists=["sts.amazonaws.com"]),
        owner.kept(),
    )
    bound = _policy(owner, "bound", _bound(owner))
    found = {
        "preview": _role(owner, "preview", _federated(provider.arn, trust.issuer, trust.preview), None),
        "apply": _role(owner, "apply", _federated(provider.arn, trust.issuer, trust.apply), bound),
        "destroy": _role(owner, "destroy", pulumi.Output.from_input(_person(owner.request.account)), None),
    }
    reads = [_policy(owner, "read", _reads()), _policy(owner, "read-state", _state(state, writes=False))]
    changes = [
        _policy(owner, "change-network", _changes(owner, ("ec2", "elasticloadbalancing"))),
        _policy(owner, "change-cluster", _cluster(owner)),
        _policy(owner, "write-state", _state(state, writes=True)),
    ]
    deletes = _policy(owner, "delete", [_allow("WhatHoldsData", actions.LOSES_DATA, _everything(owner))])
    for role, policies in (
        ("preview", reads),
        ("apply", [reads[0], *changes]),
        ("destroy", [reads[0], changes[2], deletes]),
    ):
        for number, policy in enumerate(policies):
            aws.iam.RolePolicyAttachment(
                f"{role}-{number}",
                aws.iam.RolePolicyAttachmentArgs(role=found[role].name, policy_arn=policy.arn),
                owner.plain(),
            )
    return found


def _federated(provider: pulumi.Output[str], issuer: str, subjects: Sequence[str]) -> pulumi.Output[str]:
    host = issuer.removeprefix("https://")
    open_ended = any("*" in subject for subject in subjects)

    def trust(arn: str) -> str:
        return document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {f"{host}:aud": "sts.amazonaws.com"}
                    | ({} if open_ended else {f"{host}:sub": list(subjects)}),
                    **({"StringLike": {f"{host}:sub": list(subjects)}} if open_ended else {}),
                },
            }
        )

    return provider.apply(trust)


def _person(account: str) -> str:
    """Somebody of this account, with a second factor."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        }
    )


def _role(
    owner: BootstrapComponent, name: str, trust: pulumi.Output[str], bound: aws.iam.Policy | None
) -> aws.iam.Role:
    return aws.iam.Role(
        name,
        aws.iam.RoleArgs(
            name=owner.name(f"ci-{name}", 64),
            assume_role_policy=trust,
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=bound.arn if bound else None,
        ),
        owner.kept(),
    )


def _policy(owner: BootstrapComponent, name: str, statements: Sequence[Mapping[str, Any]]) -> aws.iam.Policy:
    text = pulumi.Output.json_dumps({"Statement": list(statements), "Version": "2012-10-17"}, sort_keys=True)
    return aws.iam.Policy(
        f"{name}-policy", aws.iam.PolicyArgs(name=owner.name(f"ci-{name}", 128), policy=text), owner.plain()
    )


def _allow(sid: str, what: Sequence[str], on: Any, **condition: Any) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Action": sorted(what), "Resource": on}
    return {**found, "Condition": condition} if condition else found


def _everything(owner: BootstrapComponent) -> list[str]:
    """Everything of this account in the services that cells use; in IAM's words there is no narrower common name."""
    account = owner.request.account
    regional = ("ec2", "eks", "elasticloadbalancing", "kms", "logs", "ram")
    return [*(f"arn:aws:{name}:*:{account}:*" for name in regional), "arn:aws:route53:::*", "arn:aws:s3:::kf-*"]


def _reads() -> list[dict[str, Any]]:
    # Describe and List actions know no resources: AWS takes "*" alone for them.
    every = [action for service, names in actions.READ.items() for action in actions.named(service, names)]
    return [_allow("WhatThereIs", every, "*")]


def _state(state: State, *, writes: bool) -> list[dict[str, Any]]:
    bucket = f"arn:aws:s3:::{state.bucket}"
    keys = [state.objects.arn, state.secrets.arn]
    objects = ["s3:GetObject", *(["s3:DeleteObject", "s3:PutObject"] if writes else [])]
    key_actions = ["kms:Decrypt", "kms:DescribeKey", *(["kms:Encrypt", "kms:GenerateDataKey"] if writes else [])]
    found = [
        _allow("ListState", ["s3:GetBucketLocation", "s3:ListBucket"], bucket),
        _allow("State", objects, f"{bucket}/*"),
        # The engine opens the secrets of a state before it compares anything, also to preview.
        _allow("Keys", key_actions, keys),
    ]
    if not writes:
        # Written once for each cell, before its first preview; it says which layout the state has and nothing else.
        found.append(_allow("LayoutOfState", ["s3:PutObject"], f"{bucket}/*/.pulumi/meta.yaml"))
    return found


def _changes(owner: BootstrapComponent, services: Sequence[str]) -> list[dict[str, Any]]:
    # Several of them name what is not there yet, or AWS's own (images): the account is the narrowest bound.
    account = owner.request.account
    return [
        _allow(
            name.capitalize(),
            actions.named(name, actions.CHANGE[name]),
            [f"arn:aws:{name}:*:{account}:*", *(["arn:aws:ec2:*::image/*"] if name == "ec2" else [])],
        )
        for name in services
    ]


def _cluster(owner: BootstrapComponent) -> list[dict[str, Any]]:
    account = owner.request.account
    others = [_changes(owner, (name,))[0] for name in ("eks", "logs", "ram", "autoscaling")]
    return [
        *others,
        # A new key and a new zone have no name before they are made.
        _allow("Keys", actions.named("kms", actions.CHANGE["kms"]), "*", StringEquals={"aws:ResourceAccount": account}),
        _allow("NewKeys", ["kms:CreateKey"], "*"),
        _allow("Zones", actions.named("route53", actions.CHANGE["route53"]), "*"),
        _allow("RolesOfCells", [f"iam:{one}" for one in actions.ROLES], f"arn:aws:iam::{account}:role/kf-*"),
        _allow(
            "RolesOfServices",
            ["iam:CreateServiceLinkedRole"],
            f"arn:aws:iam::{account}:role/aws-service-role/*",
            StringLike={"iam:AWSServiceName": ["*.amazonaws.com"]},
        ),
    ]


def _bound(owner: BootstrapComponent) -> list[dict[str, Any]]:
    """The most that the apply role can ever be given: nothing that loses data, and nothing of CI's own."""
    account = owner.request.account
    services = sorted({*actions.CHANGE, "iam", "s3"})
    own = [
        f"arn:aws:iam::{account}:role/{owner.name('ci-*', 64)}",
        f"arn:aws:iam::{account}:policy/{owner.name('ci-*', 128)}",
        f"arn:aws:iam::{account}:oidc-provider/*",
    ]
    writes = ["iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Put*", "iam:Set*", "iam:Update*"]
    return [
        {"Sid": "Services", "Effect": "Allow", "Action": [f"{one}:*" for one in services], "Resource": "*"},
        {"Sid": "NoLossOfData", "Effect": "Deny", "Action": sorted(actions.LOSES_DATA), "Resource": "*"},
        {"Sid": "NotOnesOwnRights", "Effect": "Deny", "Action": writes, "Resource": own},
        {
            "Sid": "NotTheStatesOwnRules",
            "Effect": "Deny",
            "Action": ["s3:BypassGovernanceRetention", "s3:PutBucketPolicy", "s3:PutBucketVersioning"],
            "Resource": f"arn:aws:s3:::{owner.unique('state')}",
        },
    ]
