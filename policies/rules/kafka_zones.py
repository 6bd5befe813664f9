"""Brokers and controllers are spread over zones, and on nodes of their own."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, items, later, look, unsure
from policies.samples import GONE, POOL, bad, but, good, later_at, unknown

_APART, _NODE = ("topology.kubernetes.io/zone", "DoNotSchedule"), "kubernetes.io/hostname"
_ALONE = ("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    replicas = look(resource.props, "spec", "replicas")
    yield from expect("spec.replicas", replicas, at_least(replicas, 3), "fewer than 3 cannot lose one and go on")
    pod = look(resource.props, "spec", "template", "pod")
    spread = items(pod, "topologySpreadConstraints")
    if not any((look(one, "topologyKey"), look(one, "whenUnsatisfiable")) == _APART for one in spread):
        waits = unsure(spread)
        yield (
            later("topologySpreadConstraints")
            if waits
            else "no topologySpreadConstraint keeps the pods in different zones: one zone's failure may take them all"
        )
    alone = items(pod, *_ALONE)
    if not any(look(one, "topologyKey") == _NODE for one in alone):
        waits = unsure(alone)
        yield (
            later("podAntiAffinity")
            if waits
            else "no podAntiAffinity keeps the pods on different nodes: one node's failure takes several"
        )


_POD = ("spec", "template", "pod")

POLICY = Policy(
    name="kafka-zones",
    title="Kafka's nodes are spread over zones and machines",
    severity="high",
    remediation="Use at least 3 brokers and 3 controllers, and leave `spread` of the kafka section as it is.",
    framework="NIST SP 800-53 CP-2, SC-36",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaNodePool",),
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory"},
    url="https://strimzi.io/docs/operators/latest/deploying#assembly-scheduling-str",
    samples=(
        good(POOL),
        bad(but(POOL, "spec", "replicas", 1)),
        bad(but(POOL, *_POD, "topologySpreadConstraints", GONE)),
        bad(but(POOL, *_POD, "affinity", GONE)),
        unknown(later_at(POOL, *_POD, "topologySpreadConstraints")),
    ),
)
