"""Rules on what nobody foresaw: a value of another shape anywhere, and a value that is not known anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.contract import UNKNOWN, Later, Policy, Resource
from policies.discover import policies
from policies.samples import but
from tests.policies.test_rules import verdicts

OTHERS: tuple[Any, ...] = (
    None,
    UNKNOWN,
    "",
    "x",
    "7",
    0,
    1.5,
    True,
    [],
    [None],
    [UNKNOWN],
    ["x"],
    {},
    {"x": 1},
    [{"x": []}],
)


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    if isinstance(node, Mapping):
        for key, inner in node.items():
            yield from paths(inner, (*at, key))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from paths(inner, (*at, index))


def changed(
    policy: Policy, says: tuple[str, ...], values: tuple[Any, ...]
) -> Iterator[tuple[list[Resource], Any, str]]:
    for sample in policy.samples:
        if sample.says not in says:
            continue
        for number, one in enumerate(sample.resources):
            for path in paths(one.props):
                for value in values:
                    resources = list(sample.resources)
                    resources[number] = but(one, *path, value)
                    yield resources, sample.scope, f"{one.type} {path} {value!r}"


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.name)
def test_no_shape_makes_a_rule_fail(policy: Policy) -> None:
    for resources, scope, where in changed(policy, ("good", "bad"), OTHERS):
        found = list(verdicts(policy, resources, scope))
        assert all(isinstance(one, str) and one for one in found), where
        if policy.remedy:
            for one in resources:
                assert isinstance(policy.remedy(one, scope), Mapping), where


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.name)
def test_what_is_not_known_is_never_refused(policy: Policy) -> None:
    """A good sample with any one value taken away until the apply: a verdict has to wait, if there is one."""
    if policy.judge_fleet is not None:
        return  # asked about what is rendered: there, everything that it looks at is known
    for resources, scope, where in changed(policy, ("good",), (UNKNOWN,)):
        refused = [one for one in verdicts(policy, resources, scope) if not isinstance(one, Later)]
        assert refused == [], where


@pytest.mark.parametrize("policy", [one for one in policies().values() if one.remedy], ids=lambda policy: policy.name)
def test_a_remedy_turns_bad_into_good_and_leaves_good_alone(policy: Policy) -> None:
    assert policy.remedy and policy.judge
    for sample in policy.samples:
        for one in sample.resources:
            mended = replace(one, props=policy.remedy(one, sample.scope))
            if sample.says == "bad":
                assert list(policy.judge(one, sample.scope))
                assert list(policy.judge(mended, sample.scope)) == []
            else:
                assert mended.props == one.props


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.name)
def test_a_bad_sample_is_bad_for_one_reason_only(policy: Policy) -> None:
    """Each bad sample differs from a good one, or from its settings: what makes it bad is what the rule is about."""
    good = [sample for sample in policy.samples if sample.says == "good"]
    for sample in policy.samples:
        if sample.says == "bad":
            assert all((list(sample.resources), sample.scope) != (list(one.resources), one.scope) for one in good)
