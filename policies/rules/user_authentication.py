"""Every user of Kafka proves who it is."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import GONE, USER, bad, but, good, later_at, unknown

_KINDS = ("tls", "tls-external", "scram-sha-512")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    found = look(resource.props, "spec", "authentication", "type")
    yield from expect("spec.authentication.type", found, found in _KINDS, f"a user has one of {', '.join(_KINDS)}")
    rules = look(resource.props, "spec", "authorization", "type")
    yield from expect("spec.authorization.type", rules, rules == "simple", "a user without rules has nobody's rules")


POLICY = Policy(
    name="user-authentication",
    title="Users of Kafka have credentials and rules",
    severity="high",
    remediation="Give the user `authentication` and say in `access` what it may do.",
    framework="NIST SP 800-53 IA-2, AC-3",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaUser",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/configuring#type-KafkaUserSpec-schema-reference",
    samples=(
        good(USER),
        bad(but(USER, "spec", "authentication", GONE)),
        bad(but(USER, "spec", "authorization", GONE)),
        unknown(later_at(USER, "spec", "authentication", "type")),
    ),
)
