"""Somebody is told when a production cluster is ill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.contract import Policy, Resource, Scope, Verdict
from policies.samples import DEV, KAFKA, bad, good, kube


def _judge(stacks: Mapping[str, Sequence[Resource]], scopes: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    for name in stacks:
        service, _, cluster = name.partition(".")
        if service == "kafka" and scopes[name].production and f"monitoring.{cluster}" not in stacks:
            yield name, f"production cluster '{cluster}' has no monitoring: nobody is told when it is ill"


_KAFKA = replace(KAFKA, urn="kafka.orders")
_MONITOR = replace(
    kube("monitoring.coreos.com/v1:PodMonitor", {"selector": {}, "podMetricsEndpoints": []}), urn="monitoring.orders"
)

POLICY = Policy(
    name="production-monitored",
    title="Production clusters are monitored",
    severity="medium",
    remediation="Give the cluster a `monitoring` section.",
    framework="NIST SP 800-53 SI-4, CA-7",
    types=("kubernetes:kafka.strimzi.io/v1:Kafka", "kubernetes:monitoring.coreos.com/v1:PodMonitor"),
    judge_fleet=_judge,
    levels={"dev": "disabled", "staging": "disabled", "prod": "advisory"},
    url="https://strimzi.io/docs/operators/latest/deploying#assembly-metrics-str",
    samples=(
        good(_KAFKA, _MONITOR),
        good(_KAFKA, scope=DEV, title="not production"),
        bad(_KAFKA),
    ),
)
