"""Every container says what it needs, and where its memory ends."""

from collections.abc import Iterator

from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import expect, later, look
from policies.pods import TYPES, containers
from policies.samples import CONTAINER, GONE, POOL, WORKLOAD, bad, but, good, later_at, unknown

_POOL = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
_NEEDED = (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    holders = [("the pool", look(resource.props, "spec"))] if resource.type == _POOL else list(containers(resource))
    for name, holder in holders:
        if holder is UNKNOWN:
            yield later(name)
            continue
        for key in _NEEDED:
            found = look(holder, "resources", *key)
            yield from expect(f"{'.'.join(key)} of {name}", found, bool(found), "it can starve its neighbours")


POLICY = Policy(
    name="pod-resources",
    title="Containers say what they need",
    severity="medium",
    remediation="Choose a `size`; service owners: give requests, and a limit of memory.",
    framework="NSA Kubernetes Hardening 1.2, resource policies; NIST SP 800-53 SC-6",
    types=(*TYPES, _POOL),
    judge=_judge,
    url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    samples=(
        good(WORKLOAD, POOL),
        bad(but(WORKLOAD, *CONTAINER, "resources", "limits", GONE)),
        bad(but(POOL, "spec", "resources", GONE)),
        unknown(later_at(WORKLOAD, *CONTAINER, "resources")),
    ),
)
