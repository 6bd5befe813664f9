"""No replica that has missed records becomes leader."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import KAFKA, TOPIC, bad, but, good, later_at, unknown

_KEY = "unclean.leader.election.enable"


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    inside = ("spec", "kafka", "config") if resource.type.endswith(":Kafka") else ("spec", "config")
    found = look(resource.props, *inside, _KEY)
    yield from expect(_KEY, found, not yes(found), "acknowledged records are lost when a stale replica leads")


POLICY = Policy(
    name="unclean-leader-election",
    title="A stale replica never leads",
    severity="high",
    remediation=f"Take `{_KEY}` out of the cluster's `config` and of the topic's.",
    framework="NIST SP 800-53 SI-7",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka", "kubernetes:kafka.strimzi.io/v1:KafkaTopic"),
    judge=_judge,
    url="https://kafka.apache.org/documentation/#brokerconfigs_unclean.leader.election.enable",
    samples=(
        good(KAFKA, TOPIC),
        bad(but(KAFKA, "spec", "kafka", "config", _KEY, True)),
        bad(but(TOPIC, "spec", "config", _KEY, "true"), title="a topic's own"),
        unknown(later_at(TOPIC, "spec", "config", _KEY)),
    ),
)
