"""The samples of all rules, tried together: a few runs of the engine instead of some hundred.

Owns      which samples share a run, the program that registers them, and who said what of which.
Refuses   policies across stacks: the engine sees one stack at a time, so they are asked without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi

from policies import judge
from policies.config import SCOPE
from policies.contract import UNKNOWN, Later, Policy, Resource, Sample, Scope
from policies.discover import policies
from tools.policies.engine import Run


@dataclass(frozen=True)
class Case:
    """One sample of one policy, its resources named after both."""

    policy: Policy
    sample: Sample
    number: int

    @property
    def name(self) -> str:
        """Stands in the name of each of its resources."""
        return f"{self.policy.name}--{self.sample.says}-{self.number}"

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The sample's resources under names of their own."""
        return tuple(replace(one, name=f"{self.name}-{n}") for n, one in enumerate(self.sample.resources))


@dataclass
class Batch:
    """Cases that one run can try: one scope, and at most one set of settings for each policy."""

    scope: Scope
    settings: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def takes(self, case: Case) -> bool:
        """Whether the case can be tried here too."""
        given = case.sample.scope.settings
        if replace(case.sample.scope, settings={}) != self.scope or self.settings.get(case.policy.name, given) != given:
            return False
        if case.policy.judge is None:  # it sees the whole stack: of each such policy one sample, and nobody else's
            return all(one.policy.judge is None and one.policy is not case.policy for one in self.cases)
        return all(one.policy.judge is not None for one in self.cases)

    def config(self, level: str = "mandatory") -> dict[str, dict[str, Any]]:
        """The pack's configuration: every policy at one level."""
        where = {
            "enforcementLevel": "mandatory",
            "stack": self.scope.stack,
            "environment": self.scope.environment,
            "production": self.scope.production,
            "cloud": self.scope.cloud,
            "tags": dict(self.scope.tags),
            "offered_as_a_service": self.scope.offered_as_a_service,
            "given_up": self.scope.given_up,
            "today": self.scope.today.isoformat(),
        }
        return {
            SCOPE: where,
            **{name: {"enforcementLevel": level, "settings": dict(self.settings.get(name, {}))} for name in policies()},
        }


def batches() -> list[Batch]:
    """All cases that the engine can try, in as few batches as they allow."""
    found: list[Batch] = []
    for policy in policies().values():
        for number, sample in enumerate(policy.samples):
            if policy.judge_fleet is not None:
                continue
            case = Case(policy, replace(sample, scope=replace(sample.scope, stack=_stack(sample.scope))), number)
            batch = next((one for one in found if one.takes(case)), None)
            if batch is None:
                batch = Batch(replace(case.sample.scope, settings={}))
                found.append(batch)
            batch.settings[policy.name] = sample.scope.settings
            batch.cases.append(case)
    return found


def _stack(scope: Scope) -> str:
    """The one stack of a trial; an app's is told from others by its name."""
    return "app.test.billing" if scope.stack.startswith("app.") else "test"


def program(batch: Batch) -> None:
    """Registers the batch's resources; what is not known yet comes from a resource that is not made yet."""
    later = pulumi.CustomResource("random:index:Later", "later", {}).id
    providers: dict[str, pulumi.ProviderResource] = {}
    for case in batch.cases:
        for one in case.resources:
            package = one.type.partition(":")[0]
            options = pulumi.ResourceOptions(protect=one.protect)
            if one.provider:
                key = repr((package, sorted(one.provider.items())))
                if key not in providers:
                    given: dict[str, Any] = dict(one.provider)
                    providers[key] = pulumi.ProviderResource(package, f"provider-{len(providers)}", given)
                options.provider = providers[key]
            pulumi.CustomResource(one.type, one.name, _inputs(one.props, later), options)


def _inputs(value: Any, later: pulumi.Output[str]) -> Any:
    if value is UNKNOWN:
        return later.apply(lambda known: known)
    if isinstance(value, Mapping):
        return {key: _inputs(inner, later) for key, inner in value.items()}
    return [_inputs(inner, later) for inner in value] if isinstance(value, list | tuple) else value


Said = tuple[str, str, str, str]
"""policy, name of the resource (empty: the whole stack), level, what is wrong."""


def said(run: Run) -> set[Said]:
    """What the engine told of policies."""
    found = set()
    for event in run.of("policyEvent"):
        kind, _, name = event.get("resourceUrn", "").rpartition("::")
        whole = kind.endswith("pulumi:pulumi:Stack")
        message = event["message"].partition("\n")[2].strip()
        found.add((event["policyName"], "" if whole else name, event["enforcementLevel"], message))
    return found


def expected(batch: Batch) -> set[Said]:
    """What the same rules say of the same resources without an engine."""
    scopes = {name: replace(batch.scope, settings=batch.settings.get(name, {})) for name in policies()}
    resources = [one for case in batch.cases for one in case.resources]
    found = {
        (policy.name, one.name, _level(verdict), str(verdict))
        for one in resources
        for policy, verdict in judge.judge(one, scopes)
    }
    return found | {
        (policy.name, "", _level(verdict), str(verdict)) for policy, verdict in judge.judge_stack(resources, scopes)
    }


def _level(verdict: str) -> str:
    return "advisory" if isinstance(verdict, Later) else "mandatory"


def levels(case: Case, everything: set[Said]) -> Iterator[str]:
    """At which levels a case's own policy spoke of it."""
    names = {one.name for one in case.resources} if case.policy.judge else {""}
    return (level for policy, name, level, _ in everything if policy == case.policy.name and name in names)
