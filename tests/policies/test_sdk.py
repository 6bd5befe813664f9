"""Samples are what the vendors' SDKs take: a rule about a property that does not exist would never be broken."""

from collections.abc import Mapping
from typing import Any

import pytest

from policies.contract import UNKNOWN, Resource
from policies.discover import policies
from sandbox.sdk.judge import judge
from sandbox.sdk.types import resource_type

SDKS = {
    "aws": "pulumi_aws",
    "gcp": "pulumi_gcp",
    "azure-native": "pulumi_azure_native",
    "kubernetes": "pulumi_kubernetes",
}
CUSTOM = ("kafka.strimzi.io", "monitoring.coreos.com", "gateway.envoyproxy.io")
"""Groups that no SDK has: their CRDs judge what components make of them (tests/components)."""
SAMPLES = {
    (one.type, policy.name, number): one
    for policy in policies().values()
    for sample in policy.samples
    if not policy.judge_fleet
    for number, one in enumerate(sample.resources)
    if sample.says == "good" and not one.type.removeprefix("kubernetes:").startswith(CUSTOM)
}


@pytest.mark.parametrize("key", SAMPLES, ids=lambda key: f"{key[1]}-{key[0].rpartition(':')[2]}-{key[2]}")
def test_the_properties_of_a_sample_exist(key: tuple[str, str, int]) -> None:
    one: Resource = SAMPLES[key]
    kind = resource_type(SDKS[one.type.partition(":")[0]], one.type)
    assert kind is not None, f"no SDK has {one.type}"
    unknown = [str(refusal) for refusal in judge(kind, _known(one.props)) if "required" not in str(refusal).lower()]
    assert unknown == []


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _known(inner) for key, inner in value.items() if inner is not UNKNOWN}
    return [_known(inner) for inner in value] if isinstance(value, list) else value
