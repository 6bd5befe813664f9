"""Rules on what nobody foresaw: a value of another shape anywhere, and a value that is not known anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.contract import UNKNOWN, Later, Policy, Resource
from policies.discover import policies
from policies.look import look
from policies.samples import GONE, but
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


NO_GOOD_ONE = {
    ("iam-wildcards", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
    ("no-public-listener", "kubernetes:core/v1:Service"),
    ("workload-identity", "aws:iam/accessKey:AccessKey"),
}
"""Bad by being there, or next to nothing: no good sample is of that type."""


def differing(one: Any, other: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places at which two values differ, as deep as both go."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [
            path
            for key in {**one, **other}
            for path in (differing(one[key], other[key], (*at, key)) if key in one and key in other else [(*at, key)])
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            path for index, pair in enumerate(zip(one, other, strict=True)) for path in differing(*pair, (*at, index))
        ]
    return [] if one == other else [at]


@pytest.mark.parametrize("policy", [one for one in policies().values() if one.judge], ids=lambda policy: policy.name)
def test_a_bad_sample_turns_good_where_it_differs_from_a_good_one(policy: Policy) -> None:
    """A bad sample is bad for one reason: mended there, and nowhere else, the rule has nothing to say."""
    assert policy.judge
    good = [(one, sample.scope) for sample in policy.samples if sample.says == "good" for one in sample.resources]
    usual = next(sample.scope for sample in policy.samples if sample.says == "good")
    for sample in policy.samples:
        for one in sample.resources if sample.says == "bad" else ():
            if not list(policy.judge(one, sample.scope)) or (policy.name, one.type) in NO_GOOD_ONE:
                continue
            where = replace(sample.scope, settings={})
            like = [other for other, at in good if other.type == one.type and at == where]
            like = like or [other for other, _ in good if other.type == one.type]
            nearest = min(like, key=lambda other, one=one: len(differing(one.props, other.props)))  # type: ignore[misc]
            places = differing(one.props, nearest.props)
            assert len(places) <= 3, f"too far from a good one: {places}"
            mended = replace(one, protect=nearest.protect, provider=nearest.provider)
            for path in places:
                mended = but(mended, *path, look(nearest.props, *path) if reaches(nearest.props, path) else GONE)
            assert mended.props == nearest.props
            scope = sample.scope if places or mended != one else usual
            assert list(policy.judge(mended, replace(scope, settings=usual.settings))) == []


def reaches(node: Any, path: tuple[Any, ...]) -> bool:
    parent = look(node, *path[:-1])
    return path[-1] in parent if isinstance(parent, Mapping) else True
