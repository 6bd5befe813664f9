"""Every user of an app has a quota: one client cannot take the brokers from the others."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, look
from policies.samples import APP, GONE, PROD, USER, bad, but, good, later_at, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if not scope.stack.startswith("app."):
        return
    for key in ("producerByteRate", "consumerByteRate"):
        found = look(resource.props, "spec", "quotas", key)
        yield from expect(f"spec.quotas.{key}", found, at_least(found, 1), "an app without a limit can take it all")


POLICY = Policy(
    name="app-quotas",
    title="Users of apps have quotas",
    severity="medium",
    remediation="Give the user `quotas`, or the cluster's kafka section default quotas for users.",
    framework="NIST SP 800-53 SC-5, SC-6",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaUser",),
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory"},
    url="https://kafka.apache.org/documentation/#design_quotas",
    samples=(
        good(USER, scope=APP),
        good(but(USER, "spec", "quotas", GONE), scope=PROD, title="a service's own user"),
        bad(but(USER, "spec", "quotas", GONE), scope=APP),
        unknown(later_at(USER, "spec", "quotas"), scope=APP),
    ),
)
