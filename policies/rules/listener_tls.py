"""Every Kafka listener is encrypted."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, items, look
from policies.samples import KAFKA, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    for index, listener in enumerate(items(resource.props, "spec", "kafka", "listeners")):
        tls = look(listener, "tls")
        yield from expect(
            f"tls of listener {look(listener, 'name') or index}",
            tls,
            tls is True,
            "records would travel in clear",
        )


_TLS = ("spec", "kafka", "listeners", 0, "tls")

POLICY = Policy(
    name="listener-tls",
    title="Kafka listeners are encrypted",
    severity="critical",
    remediation="Set `tls: true` on the listener, or leave it out: it is the default.",
    framework="NIST SP 800-53 SC-8; PCI DSS 4.0 4.2.1",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge=_judge,
    url="https://strimzi.io/docs/operators/latest/configuring#type-GenericKafkaListener-schema-reference",
    samples=(
        good(KAFKA),
        bad(but(KAFKA, *_TLS, False)),
        unknown(later_at(KAFKA, *_TLS)),
    ),
)
