"""Every Kafka listener asks clients who they are."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, items, later, look
from policies.samples import GONE, KAFKA, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for index, listener in enumerate(items(resource.props, "spec", "kafka", "listeners")):
        name = f"authentication of listener {look(listener, 'name') or index}"
        found = look(listener, "authentication", "type")
        if listener is UNKNOWN:
            yield later(name)
        else:
            yield from expect(name, found, bool(found), "whoever reaches the port is let in")


_AUTHENTICATION = ("spec", "kafka", "listeners", 0, "authentication")

POLICY = Policy(
    name="listener-authentication",
    title="Kafka listeners authenticate their clients",
    severity="critical",
    remediation="Give the listener an `authentication`: mtls, scram or oauth.",
    framework="NIST SP 800-53 IA-3, IA-9",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/configuring#type-GenericKafkaListener-schema-reference",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, *_AUTHENTICATION, GONE)),
        unknown(later_at(KAFKA, *_AUTHENTICATION, "type")),
    ),
)
