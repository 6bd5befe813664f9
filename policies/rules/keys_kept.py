"""A key of production is not gone in an instant: with it, all data would be."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, look, yes
from policies.samples import DEV, GONE, TAGS, bad, but, good, later_at, res, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if not scope.production or scope.given_up:
        return
    if resource.type.startswith("aws:"):
        days = look(resource.props, "deletionWindowInDays")
        right = days is None or at_least(days, 30)  # 30 is AWS' default, and its most
        yield from expect("deletionWindowInDays", days, right, "production waits for 30 days")
    elif resource.type.startswith("gcp:"):
        what = look(resource.props, "deletionPolicy")
        yield from expect("deletionPolicy", what, what == "PREVENT", "its versions can be destroyed with it")
    else:
        purge = look(resource.props, "properties", "enablePurgeProtection")
        yield from expect("properties.enablePurgeProtection", purge, yes(purge), "a deleted key can be purged at once")
        days = look(resource.props, "properties", "softDeleteRetentionInDays")
        right = days is None or at_least(days, 90)
        yield from expect("properties.softDeleteRetentionInDays", days, right, "production waits for 90 days")


_AWS = res(
    "aws:kms/key:Key", {"enableKeyRotation": True, "deletionWindowInDays": 30}, provider=AWS_PROVIDER, protect=True
)
_GCP = res(
    "gcp:kms/cryptoKey:CryptoKey",
    {"keyRing": "ring", "name": "disks", "rotationPeriod": "7776000s", "deletionPolicy": "PREVENT", "labels": TAGS},
    protect=True,
)
_VAULT = res(
    "azure-native:keyvault:Vault",
    {
        "resourceGroupName": "kf-orders",
        "vaultName": "kf-orders",
        "properties": {
            "sku": {"family": "A", "name": "premium"},
            "tenantId": "99999999-8888-4777-8666-555555555555",
            "enablePurgeProtection": True,
            "softDeleteRetentionInDays": 90,
        },
        "tags": TAGS,
    },
    protect=True,
)

POLICY = Policy(
    name="keys-kept",
    title="Keys of production cannot vanish at once",
    severity="critical",
    remediation="Set `production: true` on the cell: keys then wait for the longest time that the cloud offers.",
    framework="AWS FSBP KMS.3; NIST SP 800-57 part 1, 8.3.4",
    types=("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey", "azure-native:keyvault:Vault"),
    judge=_judge,
    url="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    samples=(
        good(_AWS, _GCP, _VAULT),
        good(but(_AWS, "deletionWindowInDays", 7), scope=DEV, title="not production"),
        bad(but(_AWS, "deletionWindowInDays", 7)),
        bad(but(_GCP, "deletionPolicy", GONE)),
        bad(but(_VAULT, "properties", "enablePurgeProtection", GONE)),
        unknown(later_at(_GCP, "deletionPolicy")),
    ),
)
