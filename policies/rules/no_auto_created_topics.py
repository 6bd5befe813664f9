"""A topic exists because somebody declared it."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import GONE, KAFKA, bad, but, good, later_at, unknown

_KEY = "auto.create.topics.enable"


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    found = look(resource.props, "spec", "kafka", "config", _KEY)
    yield from expect(
        _KEY, found, found in (False, "false"), "a client's typing error becomes a topic, as Kafka does by itself"
    )


POLICY = Policy(
    name="no-auto-created-topics",
    title="Topics are declared, not made by clients",
    severity="medium",
    remediation=f"Take `{_KEY}` out of the cluster's `config`: the kafka section turns it off.",
    framework="NIST SP 800-53 CM-5",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://kafka.apache.org/documentation/#brokerconfigs_auto.create.topics.enable",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, "spec", "kafka", "config", _KEY, True)),
        bad(but(KAFKA, "spec", "kafka", "config", _KEY, GONE), title="on by default"),
        unknown(later_at(KAFKA, "spec", "kafka", "config", _KEY)),
    ),
)
