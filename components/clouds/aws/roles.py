"""IAM roles of a cell, each for one purpose and for nobody else.

Owns      the making of a role with its trust, its managed policies and at most one policy of its own.
Refuses   wildcards over accounts, and permissions for people: those belong to whoever owns the account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, document


@dataclass(frozen=True)
class Role:
    """A role and what must exist before it can do its work."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]


def trust(service: str, actions: Sequence[str] = ("sts:AssumeRole",), **condition: Mapping[str, str]) -> str:
    """A trust policy for one AWS service. `condition` keeps other accounts' use of that service out."""
    return document(
        {
            "Action": sorted(actions),
            "Condition": dict(sorted(condition.items())),
            "Effect": "Allow",
            "Principal": {"Service": service},
        }
    )


def pod_trust(build: Builder, namespace: str, service_account: str) -> str:
    """A trust policy for one service account of this cell's cluster, by EKS Pod Identity."""
    return trust(
        "pods.eks.amazonaws.com",
        ("sts:AssumeRole", "sts:TagSession"),
        StringEquals={
            "aws:RequestTag/eks-cluster-arn": build.cluster_arn,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": service_account,
        },
    )


def role(
    build: Builder,
    purpose: str,
    description: str,
    assume: str,
    *,
    managed: Sequence[str] = (),
    own: pulumi.Input[str] | None = None,
) -> Role:
    """Make the role `kf-<cell>-<purpose>`; IAM names are per account, not per region, and at most 64 long."""
    made = aws.iam.Role(
        build.logical(purpose),
        aws.iam.RoleArgs(
            name=build.physical(purpose),
            description=description,
            assume_role_policy=assume,
            tags=build.tags(purpose),
        ),
        build.plain(),
    )
    ready: list[Any] = [
        aws.iam.RolePolicyAttachment(
            build.logical(f"{purpose}-{policy.rpartition('/')[2]}"),
            aws.iam.RolePolicyAttachmentArgs(role=made.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}"),
            build.plain(),
        )
        for policy in sorted(managed)
    ]
    if own is not None:
        ready.append(
            aws.iam.RolePolicy(
                build.logical(f"{purpose}-own"),
                aws.iam.RolePolicyArgs(name=build.physical(purpose), role=made.name, policy=own),
                build.plain(),
            )
        )
    return Role(name=made.name, arn=made.arn, ready=(made, *ready))
