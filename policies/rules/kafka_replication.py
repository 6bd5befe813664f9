"""Topics of a cluster survive the loss of a broker, also those that Kafka makes for itself."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, look
from policies.samples import KAFKA, bad, but, given, good, later_at, unknown

_LEAST = {
    "default.replication.factor": 3,
    "offsets.topic.replication.factor": 3,
    "transaction.state.log.replication.factor": 3,
    "min.insync.replicas": 2,
    "transaction.state.log.min.isr": 2,
}


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    config = look(resource.props, "spec", "kafka", "config")
    for key, usual in _LEAST.items():
        least = scope.settings.get("least_copies", usual) if usual == 3 else usual
        found = look(config, key)
        yield from expect(key, found, at_least(found, least), f"at least {least} lets a broker fail without loss")


_CONFIG = ("spec", "kafka", "config")

POLICY = Policy(
    name="kafka-replication",
    title="Records have three copies, two of them acknowledged",
    severity="high",
    remediation="Leave the replication factors at the defaults of the kafka section, and run at least 3 brokers.",
    framework="NIST SP 800-53 CP-10, SC-36",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    levels={"dev": "advisory"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"least_copies": {"type": "integer", "minimum": 2, "maximum": 5}},
    },
    url="https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, *_CONFIG, "default.replication.factor", 1)),
        bad(but(KAFKA, *_CONFIG, "min.insync.replicas", "1"), title="text is a number to Kafka"),
        bad(KAFKA, scope=given(least_copies=4), title="stricter by setting"),
        unknown(later_at(KAFKA, *_CONFIG)),
    ),
)
