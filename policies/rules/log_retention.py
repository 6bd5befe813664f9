"""Logs are kept long enough to look into what happened."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, items, look
from policies.samples import DEV, bad, but, given, good, later_at, res, unknown

_DAYS = {
    "aws:cloudwatch/logGroup:LogGroup": ("retentionInDays",),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ("retentionDays",),
}
_AZURE = "azure-native:storage:ManagementPolicy"
_AFTER = ("definition", "actions", "baseBlob", "delete", "daysAfterModificationGreaterThan")


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    least = scope.settings.get("least_days", 90 if scope.production else 30)
    if resource.type == _AZURE:
        for rule in items(resource.props, "policy", "rules"):
            days = look(rule, *_AFTER)
            yield from expect("days until deletion", days, days is None or at_least(days, least), f"at least {least}")
        return
    path = _DAYS[resource.type]
    days = look(resource.props, *path)
    forever = days == 0 and resource.type.startswith("aws:")
    yield from expect(path[-1], days, forever or at_least(days, least), f"at least {least} days are looked into")


_GROUP = res(
    "aws:cloudwatch/logGroup:LogGroup",
    {"name": "/aws/eks/kf-orders/cluster", "kmsKeyId": "arn:aws:kms:eu-west-1:1:key/1", "retentionInDays": 365},
    provider=AWS_PROVIDER,
)
_BUCKET = res(
    "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    {"bucketId": "kf-orders", "location": "europe-west1", "project": "p", "retentionDays": 365},
)

POLICY = Policy(
    name="log-retention",
    title="Logs are kept",
    severity="medium",
    remediation="Raise the cell's log retention, e.g. `kubernetes.log_retention_days`.",
    framework="AWS FSBP CloudWatch.16; PCI DSS 4.0 10.5.1; NIST SP 800-53 AU-11",
    types=(*_DAYS, _AZURE),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"least_days": {"type": "integer", "minimum": 1, "maximum": 3653}},
    },
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
    samples=(
        good(_GROUP, _BUCKET),
        good(but(_GROUP, "retentionInDays", 30), scope=DEV, title="30 days outside of production"),
        bad(but(_GROUP, "retentionInDays", 7)),
        bad(but(_BUCKET, "retentionDays", 30)),
        bad(_GROUP, scope=given(least_days=400), title="stricter by setting"),
        unknown(later_at(_GROUP, "retentionInDays")),
    ),
)
