"""Where the engine keeps its state in AWS, and the keys that encrypt it.

Owns      a bucket whose old versions nobody of CI can delete, and two keys: one for its objects, one for the secrets in
          them.
Refuses   public access, plain HTTP, and other accounts.
"""

from dataclasses import dataclass

import pulumi_aws as aws

from components.bootstrap.base import BootstrapComponent
from components.clouds.aws.builder import document

DELETION_DAYS = 30


@dataclass(frozen=True)
class State:
    """The bucket's name and the keys."""

    bucket: str
    objects: aws.kms.Key
    secrets: aws.kms.Key
    alias: str


def build(owner: BootstrapComponent) -> State:
    """Make keys, then the bucket and everything that is said of it."""
    objects, _ = _key(owner, "state", "The engine's state, as the bucket keeps it")
    secrets, alias = _key(owner, "secrets", "Secrets inside of the engine's state")
    request = owner.request
    name = owner.unique("state")
    bucket = aws.s3.Bucket("state", aws.s3.BucketArgs(bucket=name, object_lock_enabled=True), owner.kept())
    versions = aws.s3.BucketVersioning(
        "state-versions",
        bucket=bucket.bucket,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=owner.kept(),
    )
    aws.s3.BucketObjectLockConfiguration(
        "state-lock",
        bucket=bucket.bucket,
        object_lock_enabled="Enabled",
        # Governance: whoever may bypass it can still empty the bucket in an emergency, and that is nobody of CI.
        rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
            default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                mode="GOVERNANCE", days=request.keep_days
            )
        ),
        opts=owner.kept(versions),
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "state-encryption",
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=(
                    aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="aws:kms", kms_master_key_id=objects.arn
                    )
                ),
                bucket_key_enabled=True,
            )
        ],
        opts=owner.kept(),
    )
    aws.s3.BucketOwnershipControls(
        "state-ownership",
        bucket=bucket.bucket,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=owner.plain(),
    )
    access = aws.s3.BucketPublicAccessBlock(
        "state-access",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=owner.kept(),
    )
    aws.s3.BucketLifecycleConfiguration(
        "state-lifecycle",
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="old-versions",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                abort_incomplete_multipart_upload=(
                    aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=7)
                ),
                noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    # The newest old versions stay, whatever their age: a stack may not change for years.
                    newer_noncurrent_versions=10,
                    noncurrent_days=request.keep_days + 60,
                ),
            )
        ],
        opts=owner.plain(versions),
    )
    aws.s3.BucketPolicy(
        "state-policy", bucket=bucket.bucket, policy=_policy(name, request.account), opts=owner.kept(access)
    )
    return State(name, objects, secrets, alias)


def _policy(bucket: str, account: str) -> str:
    both = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return document(
        {
            "Sid": "OldVersionsStay",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["s3:BypassGovernanceRetention", "s3:DeleteBucket", "s3:DeleteObjectVersion"],
            "Resource": both,
        },
        {
            "Sid": "OnlyEncryptedTransport",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": both,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "OnlyThisAccount",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": both,
            "Condition": {
                "StringNotEquals": {"aws:PrincipalAccount": account},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    )


def _key(owner: BootstrapComponent, role: str, description: str) -> tuple[aws.kms.Key, str]:
    alias = f"alias/{owner.name(role)}"
    key = aws.kms.Key(
        f"{role}-key",
        aws.kms.KeyArgs(
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_DAYS,
            policy=document(
                {
                    "Sid": "AccountDecidesByIam",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{owner.request.account}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
        ),
        owner.kept(),
    )
    aws.kms.Alias(f"{role}-key-alias", aws.kms.AliasArgs(name=alias, target_key_id=key.id), owner.kept())
    return key, alias
