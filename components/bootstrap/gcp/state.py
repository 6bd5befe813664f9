"""Where the engine keeps its state in Google Cloud, and the keys that encrypt it.

Owns      a bucket with versions and soft deletion, and two keys: one for its objects, one for the secrets in them.
Refuses   public access, access lists of single objects, and a retention policy: it would forbid to overwrite a state.
"""

from dataclasses import dataclass

import pulumi_gcp as gcp

from components.bootstrap.base import BootstrapComponent
from components.clouds.gcp.labels import labels

APIS = ("cloudkms", "cloudresourcemanager", "iam", "iamcredentials", "serviceusage", "storage", "sts")
_DAY = 86_400
_ROTATION = f"{90 * _DAY}s"


@dataclass(frozen=True)
class State:
    """The bucket and the keys' ids."""

    bucket: gcp.storage.Bucket
    objects: gcp.kms.CryptoKey
    secrets: gcp.kms.CryptoKey


def build(owner: BootstrapComponent) -> State:
    """Switch on the services, make the keys, then the bucket."""
    request = owner.request
    apis = [
        gcp.projects.Service(
            f"api-{name}",
            project=request.account,
            service=f"{name}.googleapis.com",
            disable_on_destroy=False,
            opts=owner.plain(),
        )
        for name in APIS
    ]
    ring = gcp.kms.KeyRing(
        "keys", project=request.account, location=request.region, name=owner.name("bootstrap"), opts=owner.kept(*apis)
    )
    objects, secrets = (_key(owner, ring, role) for role in ("state", "secrets"))
    agent = f"service-{request.number}@gs-project-accounts.iam.gserviceaccount.com"
    granted = gcp.kms.CryptoKeyIAMMember(
        "state-key-storage",
        crypto_key_id=objects.id,
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=f"serviceAccount:{agent}",
        opts=owner.kept(*apis),
    )
    bucket = gcp.storage.Bucket(
        "state",
        gcp.storage.BucketArgs(
            name=owner.unique("state"),
            project=request.account,
            location=request.region,
            force_destroy=False,
            labels=labels(request.tags),
            public_access_prevention="enforced",
            uniform_bucket_level_access=True,
            encryption=gcp.storage.BucketEncryptionArgs(default_kms_key_name=objects.id),
            versioning=gcp.storage.BucketVersioningArgs(enabled=True),
            # What is deleted for good can be brought back for so long, by whoever; CI cannot change this.
            soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(
                retention_duration_seconds=max(request.keep_days, 7) * _DAY
            ),
            lifecycle_rules=[
                gcp.storage.BucketLifecycleRuleArgs(
                    action=gcp.storage.BucketLifecycleRuleActionArgs(type="Delete"),
                    condition=gcp.storage.BucketLifecycleRuleConditionArgs(
                        days_since_noncurrent_time=request.keep_days + 60, num_newer_versions=10
                    ),
                )
            ],
        ),
        owner.kept(granted),
    )
    return State(bucket, objects, secrets)


def _key(owner: BootstrapComponent, ring: gcp.kms.KeyRing, role: str) -> gcp.kms.CryptoKey:
    return gcp.kms.CryptoKey(
        f"{role}-key",
        gcp.kms.CryptoKeyArgs(
            key_ring=ring.id,
            name=role,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=_ROTATION,
            deletion_policy="PREVENT",
            labels=labels(owner.request.tags),
        ),
        owner.kept(),
    )
