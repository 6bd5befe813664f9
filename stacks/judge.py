"""The policies without an engine: what they say of what stacks become.

Owns      the way from renditions to judgements, each at a position in a fleet file.
Refuses   the engine and the clouds: what is known after an apply alone is judged when it is known, by the pack.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policies import judge
from policies.config import PACK
from policies.contract import Later, Level, Policy, Resource, Severity, Verdict
from policies.discover import policies
from stacks import policy_config
from stacks.fleet import Fleet
from stacks.problem import Problem
from stacks.rendition import Rendition
from stacks.run.outcome import PolicyViolation
from stacks.stack import Stack


@dataclass(frozen=True)
class Judgement:
    """One thing that a policy says of a stack.

    level  advisory also where an exception made it so, and for what is known only after an apply (`later`)
    type, name  the resource; empty where it is about the whole stack
    file, line, column  where the fleet file declares the stack
    """

    policy: str
    title: str
    severity: Severity
    level: Level
    stack: str
    type: str
    name: str
    message: str
    remediation: str
    file: str
    line: int
    column: int
    later: bool = False

    @property
    def refuses(self) -> bool:
        """Whether it stops the stack."""
        return self.level == "mandatory"


def verdicts(fleet: Fleet, stack: Stack, rendition: Rendition) -> tuple[Judgement, ...]:
    """What the policies say of one stack, in the order of its resources, after remedies, as under the engine."""
    asked = {name: policy_config.level(fleet, stack, policy) for name, policy in policies().items()}
    scopes = {
        name: policy_config.scope(fleet, stack, policies()[name])
        for name, level in asked.items()
        if level != "disabled"
    }
    remedies = frozenset(name for name, level in asked.items() if level == "remediate")
    found: list[Judgement] = []
    seen: list[Resource] = []
    for one in resources(rendition):
        resource = _last(one, scopes, remedies)
        seen.append(resource)
        found += [
            _judgement(fleet, stack, policy, verdict, asked[policy.name], resource)
            for policy, verdict in judge.judge(resource, scopes)
        ]
    found += [
        _judgement(fleet, stack, policy, verdict, asked[policy.name])
        for policy, verdict in judge.judge_stack(seen, scopes)
    ]
    return tuple(found)


def fleet_verdicts(fleet: Fleet, renditions: Mapping[str, Rendition]) -> tuple[Judgement, ...]:
    """What the policies say that look across stacks. `renditions` holds every stack of the fleet, by name."""
    everything = {name: list(resources(one)) for name, one in renditions.items()}
    return tuple(found for policy in policies().values() for found in _across(fleet, policy, everything))


def _across(fleet: Fleet, policy: Policy, everything: Mapping[str, list[Resource]]) -> Iterator[Judgement]:
    if policy.judge_fleet is None:
        return
    stacks = {name: fleet.stacks[name] for name in everything}
    levels = {name: policy_config.level(fleet, stack, policy) for name, stack in stacks.items()}
    scopes = {name: policy_config.scope(fleet, stack, policy) for name, stack in stacks.items()}
    for name, verdict in policy.judge_fleet(
        {name: judge.seen(policy, found) for name, found in everything.items()}, scopes
    ):
        if levels[name] != "disabled":
            yield _judgement(fleet, stacks[name], policy, verdict, levels[name])


def resources(rendition: Rendition) -> Iterator[Resource]:
    """The resources of a stack as policies see them."""
    providers = {item.name: item.body for item in rendition.items.values() if item.type.startswith("pulumi:providers:")}
    for item in rendition.items.values():
        yield Resource(
            type=token(item.type),
            name=item.name,
            props=item.body,
            urn=f"{rendition.stack} {item.type} {item.name}",
            protect=item.protect,
            provider=providers.get(item.provider, {}),
        )


def token(item_type: str) -> str:
    """The engine's type token of an item: `kubernetes:apps/v1:Deployment` of `apps/v1/Deployment`."""
    if ":" in item_type:
        return item_type
    version, _, kind = item_type.rpartition("/")
    return f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}"


def problem(judgement: Judgement) -> Problem:
    """A judgement as a problem of the file: an error where it stops the stack, otherwise a warning."""
    about = f"{judgement.type.rpartition(':')[2]} '{judgement.name}': " if judgement.name else ""
    return Problem(
        judgement.file,
        judgement.line,
        judgement.column,
        "policy",
        f"{judgement.stack} breaks policy {judgement.policy}: {about}{judgement.message}",
        judgement.title,
        judgement.remediation,
        severity="error" if judgement.refuses else "warning",
    )


def violations(judgements: Iterable[Judgement]) -> tuple[PolicyViolation, ...]:
    """Judgements as a run's outcome tells what the engine's pack says."""
    return tuple(
        PolicyViolation(
            pack=PACK,
            policy=one.policy,
            level="mandatory" if one.refuses else "advisory",
            message=f"{one.title}\n{f'{one.name}: ' if one.name else ''}{one.message}",
        )
        for one in judgements
    )


def _last(resource: Resource, scopes: judge.Scopes, remedies: Iterable[str]) -> Resource:
    for _, changed in judge.remedied(resource, scopes, remedies):
        resource = changed
    return resource


def _judgement(
    fleet: Fleet, stack: Stack, policy: Policy, verdict: Verdict, level: Level, resource: Resource | None = None
) -> Judgement:
    later = isinstance(verdict, Later)
    file, line, column = position(fleet, stack)
    return Judgement(
        policy=policy.name,
        title=policy.title,
        severity=policy.severity,
        level="advisory" if later or level == "advisory" else "mandatory",
        stack=stack.name,
        type=resource.type if resource else "",
        name=resource.name if resource else "",
        message=str(verdict),
        remediation=policy.remediation,
        file=file,
        line=line,
        column=column,
        later=later,
    )


def position(fleet: Fleet, stack: Stack) -> tuple[str, int, int]:
    """Where a fleet file declares a stack: the section of a service, otherwise the beginning of the file's body."""
    if stack.kind == "app":
        return fleet.apps[(stack.cluster, stack.app)].resolved.position((), key=False)
    if stack.kind == "service":
        return fleet.clusters[stack.cluster].resolved.position(("services", stack.service), key=True)
    cell = fleet.cells[stack.cell]
    return cell.resolved.position(cell.at, key=bool(cell.at))
