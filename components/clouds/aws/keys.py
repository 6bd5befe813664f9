"""The cell's own encryption keys, one a purpose: what a key's loss destroys is then plain.

Owns      keys with rotation, their policies and aliases.
Refuses   use by anyone whom neither the key's policy nor the account's IAM names.
Identity  deleting a key destroys what it encrypted, after its waiting time: keys are protected in production.
"""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws

from components.clouds.aws.builder import Builder, document
from components.clouds.aws.spec import AwsSpec


def key(build: Builder, purpose: str, description: str, spec: AwsSpec, *users: Mapping[str, Any]) -> aws.kms.Key:
    """Make a key with the alias `alias/kf-<cell>-<purpose>`. `users` are statements beside the account's own IAM."""
    account = f"arn:aws:iam::{build.identity.account}:root"
    made = aws.kms.Key(
        build.logical(f"{purpose}-key"),
        aws.kms.KeyArgs(
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=spec.key_deletion_days,
            policy=document(
                {
                    "Action": "kms:*",
                    "Effect": "Allow",
                    "Principal": {"AWS": account},
                    "Resource": "*",
                    "Sid": "AccountDecidesByIam",
                },
                *users,
            ),
            tags=build.tags(f"{purpose}-key"),
        ),
        build.carries_data(),
    )
    aws.kms.Alias(
        build.logical(f"{purpose}-key-alias"),
        aws.kms.AliasArgs(name=f"alias/{build.physical(purpose)}", target_key_id=made.id),
        build.plain(),
    )
    return made


def log_writers(build: Builder, log_group: str) -> Mapping[str, Any]:
    """CloudWatch Logs of this region may use the key, for this one log group."""
    return {
        "Action": ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": build.arn("logs", f"log-group:{log_group}")}},
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{build.identity.region}.amazonaws.com"},
        "Resource": "*",
        "Sid": "CloudWatchLogs",
    }


def node_launchers(build: Builder) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Auto Scaling may attach encrypted root disks to the nodes that it launches.

    The role is named in a condition, not as principal: KMS refuses a principal that does not exist yet, and an
    account has this service-linked role only after its first Auto Scaling group.
    """
    launcher = (
        f"arn:aws:iam::{build.identity.account}:role/aws-service-role/autoscaling.amazonaws.com/"
        "AWSServiceRoleForAutoScaling"
    )
    common = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*"}
    return (
        {
            **common,
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "Condition": {"ArnEquals": {"aws:PrincipalArn": launcher}},
            "Sid": "AutoScalingUsesRootDisks",
        },
        {
            **common,
            "Action": ["kms:CreateGrant"],
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": launcher},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
            "Sid": "AutoScalingAttachesRootDisks",
        },
    )
