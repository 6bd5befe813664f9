"""A topic that says how many copies it has says enough of them."""

from collections.abc import Iterator

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import at_least, expect, look, number
from policies.samples import GONE, TOPIC, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    copies = look(resource.props, "spec", "replicas")
    if copies is not None:
        yield from expect("spec.replicas", copies, at_least(copies, 3), "a topic has at least 3 copies")
    needed = look(resource.props, "spec", "config", "min.insync.replicas")
    if needed is not None:
        yield from expect("min.insync.replicas", needed, at_least(needed, 2), "an acknowledged record has 2 copies")
        most, wanted = number(copies), number(needed)
        if most is not None and wanted is not None and wanted >= most > 1:
            yield f"min.insync.replicas is {wanted:g} of {most:g} copies: one broker that restarts stops all writers"


POLICY = Policy(
    name="topic-replication",
    title="Topics keep enough copies",
    severity="high",
    remediation="Leave out `replicas` and `min.insync.replicas` of the topic: the cluster's defaults are right.",
    framework="NIST SP 800-53 CP-10",
    types=("kubernetes:kafka.strimzi.io/v1:KafkaTopic",),
    judge=_judge,
    levels={"dev": "advisory"},
    url="https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas",
    samples=(
        good(TOPIC),
        good(but(TOPIC, "spec", "replicas", GONE), title="the cluster decides"),
        bad(but(TOPIC, "spec", "replicas", 1)),
        bad(but(TOPIC, "spec", "config", "min.insync.replicas", 3), title="no broker may ever restart"),
        unknown(later_at(TOPIC, "spec", "replicas")),
    ),
)
