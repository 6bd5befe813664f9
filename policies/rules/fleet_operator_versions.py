"""The fleet runs few versions of the operator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.ages import numbers, surplus
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import look
from policies.samples import bad, given, good

_CHART = "strimzi-kafka-operator"


def _judge(stacks: Mapping[str, Sequence[Resource]], scopes: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    running: dict[tuple[int, ...], list[str]] = {}
    for name, resources in stacks.items():
        for one in resources:
            chart, version = look(one.props, "chart"), look(one.props, "version")
            if isinstance(chart, str) and isinstance(version, str) and _CHART in chart:
                running.setdefault(numbers(version), []).append(name)
    for name, version, _, _ in surplus(running, scopes):
        yield name, f"operator {'.'.join(map(str, version))} is one version too many in the fleet"


def _running(cell: str, version: str) -> Resource:
    release = Resource(
        "kubernetes:helm.sh/v3:Release", cell, {"chart": f"oci://quay.io/strimzi-helm/{_CHART}", "version": version}
    )
    return replace(release, urn=f"cell.{cell}")


POLICY = Policy(
    name="fleet-operator-versions",
    title="The fleet runs few versions of the operator",
    severity="low",
    remediation="Move the oldest cells' `strimzi.version` on before a newer version comes in.",
    framework="NIST SP 800-53 CM-2",
    types=("kubernetes:helm.sh/v3:Release",),
    judge_fleet=_judge,
    levels={"dev": "advisory"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"most": {"type": "integer", "minimum": 1, "maximum": 10}},
    },
    url="https://strimzi.io/downloads/",
    samples=(
        good(_running("a", "1.1.0"), _running("b", "1.2.0"), _running("c", "1.2.0")),
        bad(_running("a", "1.0.0"), _running("b", "1.1.0"), _running("c", "1.2.0")),
        bad(_running("a", "1.1.0"), _running("b", "1.2.0"), scope=given(most=1), title="stricter by setting"),
    ),
)
