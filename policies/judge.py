"""Asking policies about resources: the one place where both the engine's pack and the offline judge do it.

Owns      which policy is asked about which resource.
Refuses   levels: what follows from a verdict is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from policies.contract import Policy, Resource, Scope, Verdict
from policies.discover import policies

Scopes = Mapping[str, Scope]
"""A stack's scope as each policy sees it: they differ in settings alone."""


@cache
def _asked(resource_type: str) -> tuple[Policy, ...]:
    return tuple(p for p in policies().values() if p.judge and any(covers(t, resource_type) for t in p.types))


def covers(pattern: str, resource_type: str) -> bool:
    """Whether a policy's type is this one; `*` at its end matches the rest."""
    if pattern.endswith("*"):
        return resource_type.startswith(pattern[:-1])
    return pattern == resource_type


def asked(resource: Resource) -> Sequence[Policy]:
    """The policies that judge such a resource alone."""
    return _asked(resource.type)


@cache
def seen_by(resource_type: str) -> tuple[Policy, ...]:
    """The policies that see such a resource, alone or among all of its stack."""
    return tuple(p for p in policies().values() if any(covers(t, resource_type) for t in p.types))


def seen(policy: Policy, resources: Iterable[Resource]) -> list[Resource]:
    """Those of the resources that a policy sees."""
    return [one for one in resources if any(covers(t, one.type) for t in policy.types)]


def judge(resource: Resource, scopes: Scopes) -> Iterator[tuple[Policy, Verdict]]:
    """What each policy that is in `scopes` says of one resource."""
    for policy in asked(resource):
        if policy.name in scopes and policy.judge:
            for verdict in policy.judge(resource, scopes[policy.name]):
                yield policy, verdict


def judge_stack(resources: Sequence[Resource], scopes: Scopes) -> Iterator[tuple[Policy, Verdict]]:
    """What each policy that sees a whole stack says of it."""
    for policy in policies().values():
        if policy.judge_stack and policy.name in scopes:
            for verdict in policy.judge_stack(seen(policy, resources), scopes[policy.name]):
                yield policy, verdict


def remedied(resource: Resource, scopes: Scopes, names: Iterable[str]) -> Iterator[tuple[Policy, Resource]]:
    """The resource after each remedy that changes it, one upon the other."""
    for policy in asked(resource):
        if policy.remedy and policy.name in names:
            props = policy.remedy(resource, scopes[policy.name])
            if props != resource.props:
                resource = replace(resource, props=props)
                yield policy, resource
