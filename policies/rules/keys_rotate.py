"""Keys are rotated by the cloud, at least once a year."""

import re
from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, later, look, matches, unsure, yes
from policies.samples import GONE, TAGS, bad, but, good, later_at, res, unknown

_YEAR = 366 * 86400


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if resource.type.startswith("aws:"):
        on = look(resource.props, "enableKeyRotation")
        yield from expect("enableKeyRotation", on, yes(on), "what is encrypted with it stays so for ever")
    elif resource.type.startswith("gcp:"):
        if look(resource.props, "purpose") not in (None, "ENCRYPT_DECRYPT"):
            return
        period = look(resource.props, "rotationPeriod")
        seconds = re.fullmatch(r"(\d+)s", period) if isinstance(period, str) else None
        right = seconds is not None and int(seconds[1]) <= _YEAR
        yield from expect("rotationPeriod", period, right, "a key is rotated at least once a year")
    else:
        yield from _azure(resource, scope)


def _azure(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    name = look(resource.props, "keyName")
    by_hand = scope.settings.get("by_hand", ["*-etcd"])  # AKS names a version of it, so that a person must move both
    if isinstance(name, str) and matches(name, by_hand):
        return
    actions = items(resource.props, "properties", "rotationPolicy", "lifetimeActions")
    if not any(str(look(one, "action", "type")).lower() == "rotate" for one in actions):
        waits = unsure(actions) or name is UNKNOWN
        yield (
            later("properties.rotationPolicy")
            if waits
            else "properties.rotationPolicy rotates nothing: what is encrypted with the key stays so for ever"
        )


_AWS = res(
    "aws:kms/key:Key", {"enableKeyRotation": True, "deletionWindowInDays": 30}, provider=AWS_PROVIDER, protect=True
)
_GCP = res(
    "gcp:kms/cryptoKey:CryptoKey",
    {
        "keyRing": "ring",
        "name": "disks",
        "purpose": "ENCRYPT_DECRYPT",
        "rotationPeriod": "7776000s",
        "deletionPolicy": "PREVENT",
        "labels": TAGS,
    },
    protect=True,
)
_AZURE = res(
    "azure-native:keyvault:Key",
    {
        "keyName": "kf-orders-disks",
        "resourceGroupName": "kf-orders",
        "vaultName": "v",
        "properties": {
            "kty": "RSA",
            "rotationPolicy": {
                "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P1Y"}}]
            },
        },
        "tags": TAGS,
    },
    protect=True,
)

POLICY = Policy(
    name="keys-rotate",
    title="Keys are rotated",
    severity="medium",
    remediation="Leave rotation of the cell's keys on.",
    framework="AWS FSBP KMS.4; CIS GCP Foundations, KMS rotation; NIST SP 800-57 part 1, 5.3",
    types=("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey", "azure-native:keyvault:Key"),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "by_hand": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Shell patterns of Azure's keys that a person rotates.",
            }
        },
    },
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
    samples=(
        good(_AWS, _GCP, _AZURE),
        good(but(but(_AZURE, "properties", "rotationPolicy", GONE), "keyName", "kf-orders-etcd"), title="by hand"),
        bad(but(_AWS, "enableKeyRotation", False)),
        bad(but(_GCP, "rotationPeriod", "94608000s"), title="3 years"),
        bad(but(_AZURE, "properties", "rotationPolicy", GONE)),
        unknown(later_at(_AWS, "enableKeyRotation")),
    ),
)
