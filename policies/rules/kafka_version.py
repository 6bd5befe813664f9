"""Kafka is one of the versions that its project still maintains."""

from collections.abc import Iterator

from policies.ages import numbers, oldest
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, look
from policies.samples import KAFKA, bad, but, given, good, later_at, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    at = ("spec", "kafka", "version") if resource.type.endswith(":Kafka") else ("spec", "version")
    found = look(resource.props, *at)
    least = str(scope.settings.get("oldest", oldest("kafka")))
    right = found is UNKNOWN or (isinstance(found, str) and numbers(found)[:2] >= numbers(least)[:2])
    yield from expect(".".join(at), found, right, f"nothing older than {least} gets fixes of security any more")


POLICY = Policy(
    name="kafka-version",
    title="Kafka is a maintained version",
    severity="medium",
    remediation="Move the ring's `version` in fleet/services/kafka.yaml on, one minor version at a time.",
    framework="NIST SP 800-53 SI-2; PCI DSS 4.0 6.3.3",
    types=(
        "kubernetes:kafka.strimzi.io/v1:Kafka",
        "kubernetes:kafka.strimzi.io/v1:KafkaConnect",
        "kubernetes:kafka.strimzi.io/v1:KafkaMirrorMaker2",
    ),
    judge=_judge,
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"oldest": {"type": "string", "pattern": r"^\d+\.\d+$"}},
    },
    url="https://cwiki.apache.org/confluence/display/KAFKA/Time+Based+Release+Plan",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, "spec", "kafka", "version", "3.9.1")),
        bad(KAFKA, scope=given(oldest="4.4"), title="stricter by setting"),
        unknown(later_at(KAFKA, "spec", "kafka", "version")),
    ),
)
