"""The fleet runs few versions of Kafka: each one more is one more to test, patch and know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.ages import numbers, surplus
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import look
from policies.samples import KAFKA, bad, but, given, good


def _judge(stacks: Mapping[str, Sequence[Resource]], scopes: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    running: dict[tuple[int, ...], list[str]] = {}
    for name, resources in stacks.items():
        for one in resources:
            version = look(one.props, "spec", "kafka", "version")
            if isinstance(version, str):
                running.setdefault(numbers(version)[:2], []).append(name)
    for name, minor, place, allowed in surplus(running, scopes):
        kept = ", ".join(".".join(map(str, one)) for one in allowed)
        yield name, f"Kafka {'.'.join(map(str, minor))} is version {place} (of {len(allowed)}: {kept})"


def _running(cluster: str, version: str) -> Resource:
    return replace(but(KAFKA, "spec", "kafka", "version", version), urn=f"kafka.{cluster}")


POLICY = Policy(
    name="fleet-kafka-versions",
    title="The fleet runs few versions of Kafka",
    severity="low",
    remediation="Move the oldest clusters on before a newer version comes in.",
    framework="NIST SP 800-53 CM-2",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka",),
    judge_fleet=_judge,
    levels={"dev": "advisory"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"most": {"type": "integer", "minimum": 1, "maximum": 10}},
    },
    url="https://strimzi.io/downloads/",
    samples=(
        good(_running("a", "4.2.1"), _running("b", "4.3.0"), _running("c", "4.3.1"), title="patches count as one"),
        bad(_running("a", "4.1.0"), _running("b", "4.2.1"), _running("c", "4.3.1")),
        bad(_running("a", "4.2.1"), _running("b", "4.3.1"), scope=given(most=1), title="stricter by setting"),
    ),
)
