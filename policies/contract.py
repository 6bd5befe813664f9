"""What a policy is: one file in `policies/rules/`, judged by the engine in previews and applies, and without it too.

Owns      the record of a policy and the plain view of a resource that it judges.
Refuses   Pulumi: a policy is a pure function of plain data, so that `fleet validate` can ask it about what is rendered;
          `policies/pack.py` alone hands them to the engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Severity = Literal["low", "medium", "high", "critical"]
Level = Literal["mandatory", "advisory", "remediate", "disabled"]


class _Unknown:
    """In place of a value that is known only after an apply."""

    def __repr__(self) -> str:
        return "<known after apply>"


UNKNOWN: Any = _Unknown()


@dataclass(frozen=True)
class Resource:
    """One resource as a policy sees it.

    type   the engine's type token, e.g. `aws:s3/bucket:Bucket`, `kubernetes:kafka.strimzi.io/v1:Kafka`
    props  inputs in the provider's own spelling; UNKNOWN where a value is not known yet
    provider  inputs of the provider that it goes to, e.g. its region and default tags; empty where there is none
    """

    type: str
    name: str
    props: Mapping[str, Any]
    urn: str = ""
    protect: bool = False
    provider: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """Where a policy is asked: the stack, and what `fleet.yaml` says of it there.

    settings  of this policy in this environment
    given_up  it is retired and its data is not kept: what guards production from deletion is off, by review
    tags      ownership and cost of the stack, by the keys that clouds' tags have
    today     the day on which dated things are judged
    """

    stack: str
    environment: str
    production: bool
    cloud: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    offered_as_a_service: bool = False
    given_up: bool = False
    today: date = date(2026, 11, 23)


Verdict = str
"""What is wrong with a resource, in one sentence with the value; an empty sequence of them means that it is right."""


class Later(str):
    """A verdict that cannot be given yet: says which value is known only after an apply. Never refuses anything."""

    __slots__ = ()


@dataclass(frozen=True)
class Sample:
    """Resources that a policy must judge as said. `unknown`: it may neither pass nor refuse what is not known yet.

    For a policy across stacks, the `urn` of each resource is the name of its stack.
    """

    says: Literal["good", "bad", "unknown"]
    resources: Sequence[Resource]
    scope: Scope
    title: str = ""


@dataclass(frozen=True)
class Policy:
    """One rule. Exactly one of `judge`, `judge_stack` and `judge_fleet` is given.

    name         stable, kebab-case; what `fleet.yaml` and reports refer to
    types        type tokens that it is asked about, and all that it sees of a stack; `*` at the end matches the rest
    judge        `(resource, scope) -> verdicts`
    judge_stack  `(resources, scope) -> verdicts`: what only all resources of a stack show
    judge_fleet  `(stacks: name -> resources, scopes) -> (stack, verdict)`: across stacks, without the engine
    remedy       `(resource, scope) -> props`: with level `remediate`, the inputs as they should be
    levels       by environment; `mandatory` where an environment is not named
    framework    reference, e.g. `CIS AWS 3.0 2.2.1`, `NSA Kubernetes Hardening 1.2`
    remediation  what a person changes in the fleet files
    settings     JSON Schema (of an object) of what `fleet.yaml` may say of it; empty where it takes none
    url          the source of the rule, for who wants to know more
    """

    name: str
    title: str
    severity: Severity
    remediation: str
    framework: str = ""
    types: tuple[str, ...] = ()
    judge: Callable[[Resource, Scope], Iterable[Verdict]] | None = None
    judge_stack: Callable[[Sequence[Resource], Scope], Iterable[Verdict]] | None = None
    judge_fleet: (
        Callable[[Mapping[str, Sequence[Resource]], Mapping[str, Scope]], Iterable[tuple[str, Verdict]]] | None
    ) = None
    remedy: Callable[[Resource, Scope], Mapping[str, Any]] | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    samples: Sequence[Sample] = ()
