"""Every cluster has a quota for users that have none of their own."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, look
from policies.samples import GONE, KAFKA, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for key in ("producerByteRate", "consumerByteRate"):
        found = look(resource.props, "spec", "kafka", "quotas", key)
        yield from expect(
            f"spec.kafka.quotas.{key}", found, at_least(found, 1), "one client can take it from all others"
        )


_QUOTAS = ("spec", "kafka", "quotas")
_LIMITED = but(KAFKA, *_QUOTAS, {"type": "kafka", "producerByteRate": 52428800, "consumerByteRate": 104857600})

POLICY = Policy(
    name="kafka-quotas",
    title="Clusters have quotas for everyone",
    severity="medium",
    remediation="Give the cluster's kafka section `quotas`, e.g. with a profile.",
    framework="NIST SP 800-53 SC-5, SC-6",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory"},
    url="https://kafka.apache.org/documentation/#design_quotas",
    samples=(
        good(_LIMITED),
        bad(but(_LIMITED, *_QUOTAS, "consumerByteRate", GONE)),
        bad(KAFKA),
        unknown(later_at(_LIMITED, *_QUOTAS)),
    ),
)
