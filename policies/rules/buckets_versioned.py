"""A bucket keeps what was in it before: the engine's state is one object, written over again and again."""

from collections.abc import Iterator, Sequence

from policies.clouds import AWS_PROVIDER, BUCKET
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look, yes
from policies.samples import GONE, bad, but, good, later_at, res, unknown

_VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
_BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")


def _judge(resources: Sequence[Resource], _: Scope) -> Iterator[Verdict]:
    on = [look(one.props, "versioningConfiguration", "status") for one in resources if one.type in _VERSIONING]
    kept = sum(one == "Enabled" for one in on)
    buckets = [one for one in resources if one.type in _BUCKETS]
    if UNKNOWN in on:
        yield later("versioningConfiguration.status")
    elif kept < len(buckets):  # by number: which bucket is meant is an id, which a preview does not know
        yield f"{len(buckets) - kept} of {len(buckets)} buckets keep no versions: what is written over is lost"
    for one in resources:
        if one.type.startswith("gcp:"):
            found = look(one.props, "versioning", "enabled")
            yield from expect(f"versioning of bucket '{one.name}'", found, yes(found), "what is written over is lost")


_BUCKET = res("aws:s3/bucket:Bucket", {"bucket": "acme-state"}, provider=AWS_PROVIDER, protect=True)
_ON = res(
    _VERSIONING[0],
    {"bucket": "acme-state", "versioningConfiguration": {"status": "Enabled"}},
    provider=AWS_PROVIDER,
    name="versioning",
)

POLICY = Policy(
    name="buckets-versioned",
    title="Buckets keep earlier versions",
    severity="high",
    remediation="Leave the buckets that `fleet bootstrap` makes as they are.",
    framework="AWS FSBP S3.14; NIST SP 800-53 CP-9",
    types=(*_BUCKETS, *_VERSIONING, "gcp:storage/bucket:Bucket"),
    judge_stack=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html",
    samples=(
        good(_BUCKET, _ON, BUCKET),
        bad(_BUCKET),
        bad(_BUCKET, but(_ON, "versioningConfiguration", "status", "Suspended")),
        bad(but(BUCKET, "versioning", GONE)),
        unknown(_BUCKET, later_at(_ON, "versioningConfiguration", "status")),
    ),
)
