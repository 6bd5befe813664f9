"""No bucket can be read from the internet, whatever its policy says one day."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER, BUCKET
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import GONE, TAGS, bad, but, good, later_at, res, unknown

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type.startswith("aws:"):
        for key in _BLOCKS:
            found = look(resource.props, key)
            yield from expect(key, found, yes(found), "one line in a policy opens the bucket to everyone")
    elif resource.type.startswith("gcp:"):
        found = look(resource.props, "publicAccessPrevention")
        yield from expect(
            "publicAccessPrevention", found, found == "enforced", "one grant opens the bucket to everyone"
        )
        level = look(resource.props, "uniformBucketLevelAccess")
        yield from expect("uniformBucketLevelAccess", level, yes(level), "single objects can be opened, unseen")
    else:
        found = look(resource.props, "allowBlobPublicAccess")
        yield from expect("allowBlobPublicAccess", found, found is False, "a container can be opened to everyone")
        secure = look(resource.props, "enableHttpsTrafficOnly")
        yield from expect("enableHttpsTrafficOnly", secure, secure is not False, "what is read travels in clear")
        tls = look(resource.props, "minimumTlsVersion")
        yield from expect("minimumTlsVersion", tls, tls in ("TLS1_2", "TLS1_3"), "older versions are broken")


_AWS = res(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {"bucket": "acme-state", **dict.fromkeys(_BLOCKS, True)},
    provider=AWS_PROVIDER,
)
_AZURE = res(
    "azure-native:storage:StorageAccount",
    {
        "accountName": "acmestate",
        "resourceGroupName": "kf-orders",
        "kind": "StorageV2",
        "sku": {"name": "Standard_ZRS"},
        "allowBlobPublicAccess": False,
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "tags": TAGS,
    },
)

POLICY = Policy(
    name="buckets-private",
    title="Buckets cannot be opened to everyone",
    severity="critical",
    remediation="Leave the buckets that `fleet bootstrap` and the cells make as they are.",
    framework="AWS FSBP S3.8; CIS GCP Foundations, storage; CIS Azure Foundations, storage accounts",
    types=(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "azure-native:storage:StorageAccount",
        "gcp:storage/bucket:Bucket",
    ),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html",
    samples=(
        good(_AWS, BUCKET, _AZURE),
        bad(but(_AWS, "blockPublicPolicy", False)),
        bad(but(BUCKET, "publicAccessPrevention", GONE)),
        bad(but(_AZURE, "allowBlobPublicAccess", True)),
        unknown(later_at(BUCKET, "publicAccessPrevention")),
    ),
)
