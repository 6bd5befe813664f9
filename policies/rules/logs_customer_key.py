"""Audit logs are encrypted with a key of the company."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import GONE, bad, but, good, later_at, res, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    key = look(resource.props, "kmsKeyId")
    yield from expect("kmsKeyId", key, bool(key), "audit logs are encrypted with the vendor's key, not yours")


_GROUP = res(
    "aws:cloudwatch/logGroup:LogGroup",
    {"name": "/aws/eks/kf-orders/cluster", "kmsKeyId": "arn:aws:kms:eu-west-1:1:key/1", "retentionInDays": 365},
    provider=AWS_PROVIDER,
)

POLICY = Policy(
    name="logs-customer-key",
    title="Logs are encrypted with a key of ours",
    severity="medium",
    remediation="Leave the cell's logs at their defaults: the cell makes the key and names it.",
    framework="CIS AWS Foundations, logging; NIST SP 800-53 AU-9, SC-28",
    types=("aws:cloudwatch/logGroup:LogGroup",),
    judge=_judge,
    url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    samples=(
        good(_GROUP),
        bad(but(_GROUP, "kmsKeyId", GONE)),
        unknown(later_at(_GROUP, "kmsKeyId")),
    ),
)
