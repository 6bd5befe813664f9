"""Kafka asks what a client may do."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import GONE, KAFKA, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    found = look(resource.props, "spec", "kafka", "authorization", "type")
    yield from expect("spec.kafka.authorization.type", found, bool(found), "any client may do anything")


_AUTHORIZATION = ("spec", "kafka", "authorization")

POLICY = Policy(
    name="kafka-authorization",
    title="Kafka authorises each request",
    severity="critical",
    remediation="Leave `authorization` of the cluster's kafka section at its default, `simple`.",
    framework="NIST SP 800-53 AC-3, AC-6",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/deploying#con-securing-kafka-authorization-str",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, *_AUTHORIZATION, GONE)),
        unknown(later_at(KAFKA, *_AUTHORIZATION)),
    ),
)
