"""S3 buckets and what is said of them: versions, locks, encryption, access, lifecycle, policy.

Owns      names that are unique in all of AWS, and the order in which a bucket's protections need each other.
Refuses   objects: a bucket has no content here, so that "not empty" is never a reason.
Source    Amazon S3 user guide and API reference (bucket naming rules, Object Lock, Block Public Access), read 2026-11.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.kms import KEY
from sandbox.clouds.aws.laws import at_effect, deleting, known, refuse, statements, writing
from sandbox.clouds.aws.normal import defaults, documents
from sandbox.contract import Refusal, Request, TypeModel, World

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"

_NAME = r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ols-s3)"


@writing
def _name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("bucket")
    if known(name) and not re.fullmatch(_NAME, str(name)):
        message = f"the bucket name '{name}' is not valid: 3 to 63 lower-case letters, digits, '.' and '-'"
        yield refuse("InvalidBucketName", message, "bucket")


@writing
def _named(request: Request, _world: World) -> Iterable[Refusal]:
    if request.inputs.get("bucket") is None:
        yield refuse("required", "'bucket' is not given: the provider would make a name up", "bucket")


_APART = (
    *("accelerationStatus", "acl", "bucketPrefix", "corsRules", "grants", "lifecycleRules", "logging", "policy"),
    *("objectLockConfiguration", "replicationConfiguration", "requestPayer", "serverSideEncryptionConfiguration"),
    *("versioning", "website"),
)


@writing
def _apart(request: Request, _world: World) -> Iterable[Refusal]:
    for key in _APART:
        if request.inputs.get(key) is not None:
            yield refuse("deprecated", f"'{key}' of a bucket is a resource of its own (or, for a prefix, a name)", key)


def _of(world: World, token: str, bucket: Any) -> Mapping[str, Any]:
    """What is said of a bucket by its resource of one type; empty where there is none."""
    return next((one.inputs for one in world.all(token) if one.inputs.get("bucket") == bucket), {})


@at_effect
def _versions_stay(request: Request, world: World) -> Iterable[Refusal]:
    status = laws.section(request.inputs, "versioningConfiguration").get("status")
    bucket = world.find(BUCKET, str(request.inputs.get("bucket")))
    if bucket is not None and bucket.inputs.get("objectLockEnabled") is True and status not in ("Enabled", None):
        message = "an Object Lock configuration is present on this bucket, so the versioning state cannot be changed"
        yield refuse("InvalidBucketState", message, "versioningConfiguration", "status")


@at_effect
def _lock_needs_versions(request: Request, world: World) -> Iterable[Refusal]:
    bucket = request.inputs.get("bucket")
    versions = laws.section(_of(world, VERSIONING, bucket), "versioningConfiguration").get("status")
    record = world.find(BUCKET, str(bucket))
    if versions != "Enabled" and not (record and record.inputs.get("objectLockEnabled") is True):
        yield refuse("InvalidBucketState", "versioning must be 'Enabled' on the bucket to apply Object Lock", "bucket")


@writing
def _retention(request: Request, _world: World) -> Iterable[Refusal]:
    default = laws.section(laws.section(request.inputs, "rule"), "defaultRetention")
    if default and known(default.get("days")) == known(default.get("years")):
        yield refuse("MalformedXML", "a default retention has either days or years", "rule", "defaultRetention")


@writing
def _lifecycle(request: Request, _world: World) -> Iterable[Refusal]:
    seen: set[str] = set()
    for index, rule in enumerate(request.inputs.get("rules") or ()):
        id_ = rule.get("id")
        if id_ in seen:
            yield refuse("InvalidArgument", f"rule ID must be unique: found same ID '{id_}'", "rules", index, "id")
        seen.add(id_)


@at_effect
def _not_public(request: Request, world: World) -> Iterable[Refusal]:
    bucket = request.inputs.get("bucket")
    if _of(world, ACCESS, bucket).get("blockPublicPolicy") is not True:
        return
    for one in statements(request.inputs.get("policy")):
        public = one.get("Principal") in ("*", {"AWS": "*"}) and not one.get("Condition")
        if one.get("Effect") == "Allow" and public:
            message = f"public policies are blocked by the BlockPublicPolicy setting of '{bucket}'"
            yield refuse("AccessDenied", message, "policy")


@writing
def _about_itself(request: Request, _world: World) -> Iterable[Refusal]:
    own = f"arn:aws:s3:::{request.inputs.get('bucket')}"
    if not known(request.inputs.get("bucket")):
        return
    for one in statements(request.inputs.get("policy")):
        named = one.get("Resource") or []
        for resource in [named] if isinstance(named, str) else named:
            if resource != own and not str(resource).startswith(f"{own}/"):
                yield refuse("MalformedPolicy", f"policy has invalid resource '{resource}'", "policy")


@deleting
def _locked(request: Request, _world: World) -> Iterable[Refusal]:
    if request.old is not None and request.old.inputs.get("objectLockEnabled") is True:
        message = "Object Lock keeps versions in the bucket, and a bucket that is not empty cannot be deleted"
        yield refuse("BucketNotEmpty", message)


def _bucket(request: Request, _world: World, id_: str) -> dict[str, Any]:
    region = request.inputs.get("region") or request.scope.region
    return {
        "arn": f"arn:aws:s3:::{id_}",
        "bucketDomainName": f"{id_}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{id_}.s3.{region}.amazonaws.com",
        "bucketRegion": region,
    }


def _part(
    token: str,
    operation: str,
    rename: Mapping[str, str],
    *laws_of: Any,
    filled: Mapping[str, Any] | None = None,
    owned: bool = True,
    **more: Any,
) -> TypeModel:
    """One thing that is said of a bucket: at most once, and only while the bucket is there."""
    return model(
        token,
        botocore("s3", operation, {"bucket": "Bucket", **rename}, **(filled or {})),
        lambda request, _world: str(request.inputs.get("bucket")),
        computed=lambda _request, _world, _id: {},
        immutable=("bucket", *(("expectedBucketOwner",) if owned else ())),
        laws_of=(laws.exists("bucket", BUCKET, "NoSuchBucket", "bucket", named=True), *laws_of),
        tagged=False,
        unique=("bucket",),
        unique_in="cloud",
        **more,
    )


_ENCRYPTED = "rules[].applyServerSideEncryptionByDefault"
_HELD = "ServerSideEncryptionConfiguration.Rules[]"

TYPES = [
    model(
        BUCKET,
        botocore(
            "s3",
            "CreateBucket",
            {
                "bucket": "Bucket",
                "objectLockEnabled": "ObjectLockEnabledForBucket",
                "forceDestroy": "",
                **dict.fromkeys(_APART, ""),
            },
        ),
        lambda request, _world: str(request.inputs.get("bucket")),
        computed=_bucket,
        immutable=("bucket", "objectLockEnabled"),
        normalize=(defaults(forceDestroy=False),),
        laws_of=(_name, _named, _apart, _locked),
        unique=("bucket",),
        unique_in="cloud",
    ),
    _part(
        VERSIONING,
        "PutBucketVersioning",
        {
            "versioningConfiguration": "VersioningConfiguration",
            "versioningConfiguration.mfaDelete": "VersioningConfiguration.MFADelete",
        },
        _versions_stay,
    ),
    _part(
        ENCRYPTION,
        "PutBucketEncryption",
        {
            "rules": "ServerSideEncryptionConfiguration.Rules",
            "rules[].blockedEncryptionTypes": "",
            f"{_ENCRYPTED}.sseAlgorithm": f"{_HELD}.ApplyServerSideEncryptionByDefault.SSEAlgorithm",
            f"{_ENCRYPTED}.kmsMasterKeyId": f"{_HELD}.ApplyServerSideEncryptionByDefault.KMSMasterKeyID",
        },
        laws.arn_exists(
            "rules.[].applyServerSideEncryptionByDefault.kmsMasterKeyId", KEY, "KMS.NotFoundException", "key"
        ),
    ),
    _part(
        ACCESS,
        "PutPublicAccessBlock",
        {
            "skipDestroy": "",
            **{
                f"{one}": f"PublicAccessBlockConfiguration.{one[0].upper()}{one[1:]}"
                for one in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
            },
        },
        owned=False,
    ),
    _part(
        OWNERSHIP,
        "PutBucketOwnershipControls",
        {"rule": "", "rule.objectOwnership": ""},
        # One object in the provider, a list of exactly one in the API.
        owned=False,
        filled={"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    ),
    _part(
        LOCK,
        "PutObjectLockConfiguration",
        {
            "rule": "ObjectLockConfiguration.Rule",
            "objectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled",
            "token": "Token",
        },
        _lock_needs_versions,
        _retention,
        normalize=(defaults(objectLockEnabled="Enabled"),),
    ),
    _part(
        LIFECYCLE,
        "PutBucketLifecycleConfiguration",
        {
            "rules": "LifecycleConfiguration.Rules",
            "rules[].id": "LifecycleConfiguration.Rules[].ID",
            # A mapping in the provider, a list of pairs in the API.
            "rules[].filter.and.tags": "",
            "timeouts": "",
        },
        _lifecycle,
        normalize=(defaults(transitionDefaultMinimumObjectSize="all_storage_classes_128K"),),
    ),
    _part(
        POLICY,
        "PutBucketPolicy",
        {"policy": "Policy", **dict.fromkeys((f"policy.{key}" for key in ("Id", "Statement", "Version")), "")},
        laws.document("policy", principals=True, code="MalformedPolicy"),
        _about_itself,
        _not_public,
        owned=False,
        normalize=(documents("policy"),),
    ),
]
