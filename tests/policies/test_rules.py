"""Every rule against its own samples, and that samples are what the vendors' SDKs would take."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from policies import judge
from policies.contract import Later, Policy, Resource, Sample, Scope, Verdict
from policies.discover import policies

ALWAYS_KNOWN = {"protect-stateful"}  # an option of the program, which no provider has a part in
CASES = [
    pytest.param(policy, sample, id=f"{policy.name}-{sample.says}-{index}")
    for policy in policies().values()
    for index, sample in enumerate(policy.samples)
]


def verdicts(policy: Policy, resources: list[Resource], scope: Scope) -> Iterator[Verdict]:
    """What one policy says of a sample."""
    seen = judge.seen(policy, resources)
    if policy.judge_stack:
        yield from policy.judge_stack(seen, scope)
    elif policy.judge_fleet:
        stacks: dict[str, list[Resource]] = {}
        for one in seen:
            stacks.setdefault(one.urn, []).append(one)
        scopes: Mapping[str, Scope] = {name: replace(scope, stack=name) for name in stacks}
        for _, verdict in policy.judge_fleet(stacks, scopes):
            yield verdict
    else:
        for one in seen:
            yield from policy.judge(one, scope) if policy.judge else ()


@pytest.mark.parametrize(("policy", "sample"), CASES)
def test_a_sample_is_judged_as_it_says(policy: Policy, sample: Sample) -> None:
    found = list(verdicts(policy, list(sample.resources), sample.scope))
    refused = [one for one in found if not isinstance(one, Later)]
    if sample.says == "good":
        assert found == []
    elif sample.says == "bad":
        assert refused, "a bad sample passes"
    else:
        assert found, "what is not known passes"
        assert not refused, "what is not known is refused"


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.name)
def test_a_policy_is_whole(policy: Policy) -> None:
    assert {sample.says for sample in policy.samples} >= {"good", "bad"}
    assert policy.judge_fleet or policy.name in ALWAYS_KNOWN or any(one.says == "unknown" for one in policy.samples)
    assert policy.title and policy.remediation and policy.framework
    assert policy.url.startswith("https://")
    assert not policy.settings or policy.settings.get("additionalProperties") is False, "a typing error would be taken"


def test_there_are_enough() -> None:
    assert len(policies()) >= 30
