"""The pods of a workload are spread over zones."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, items, later, look, number, unsure
from policies.samples import GONE, POD, WORKLOAD, bad, but, good, later_at, unknown

_WORKLOADS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    workload = resource.type in _WORKLOADS
    replicas = look(resource.props, "spec", "replicas")
    if not at_least(replicas, 2):
        return
    pod = look(resource.props, "spec", "template", "spec" if workload else "pod")
    spread = items(pod, "topologySpreadConstraints")
    if not any(look(one, "topologyKey") == "topology.kubernetes.io/zone" for one in spread):
        waits = unsure(spread)
        yield (
            later("topologySpreadConstraints")
            if waits
            else f"nothing spreads the {number(replicas):g} pods over zones: one zone's failure may take them all"
        )


POLICY = Policy(
    name="workload-zones",
    title="Workloads are spread over zones",
    severity="medium",
    remediation="Service owners: give the pods a topologySpreadConstraint on the zone.",
    framework="NIST SP 800-53 CP-2, SC-36",
    types=(*_WORKLOADS, "kubernetes:kafka.strimzi.io/v1:KafkaConnect", "kubernetes:kafka.strimzi.io/v1:KafkaBridge"),
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory"},
    url="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    samples=(
        good(WORKLOAD),
        bad(but(WORKLOAD, *POD, "topologySpreadConstraints", GONE)),
        unknown(later_at(WORKLOAD, *POD, "topologySpreadConstraints")),
    ),
)
