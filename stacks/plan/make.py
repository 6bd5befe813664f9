"""Two revisions become a plan.

Owns      the composition: what is affected, what that does, which laws it breaks, what it costs, in which order.
Refuses   work of its own, the engine, and credentials.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from stacks import cost
from stacks.check import changes
from stacks.check.changes.review import Review
from stacks.fleet import Fleet
from stacks.judge import Judgement, problem, verdicts
from stacks.plan.affected import affected
from stacks.plan.document import Action, Affected, Plan, Refusal
from stacks.plan.effects import effects, estimate_of, impact_of
from stacks.plan.order import duration, waves
from stacks.plan.pair import Comparison, Pair, Side
from stacks.problem import Problem
from stacks.today import today


@dataclass(frozen=True)
class Made:
    """A plan, and what it was made of."""

    plan: Plan
    comparison: Comparison


def make(
    root: Path, base: str | None = None, head: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Made:
    """The plan of what changed since `base`. Raises `RevisionError` where Git cannot say.

    base      a revision; by default the merge base with the main branch
    head      a revision; by default the files as they lie there
    progress  told what takes long, for people
    """
    compared = affected(root, base, head, progress=progress)
    return Made(
        Plan(
            base=compared.revisions.base,
            head=compared.revisions.head,
            stacks=(told := _stacks(compared)),
            refusals=_refusals(compared),
            cost=cost.delta(compared.before, compared.after, _cells(compared), _clusters(compared)),
            estimate=duration(told),
            pictures=tuple(sorted(_redrawn(compared))),
            notes=(*compared.revisions.notes, *compared.notes),
        ),
        compared,
    )


def _stacks(compared: Comparison) -> tuple[Affected, ...]:
    pairs = compared.pairs
    rings = {name: _ring(pair) for name, pair in pairs.items()}
    gone = frozenset(name for name, pair in pairs.items() if pair.after is None)
    numbers = waves(
        {name: pair.one.stack for name, pair in pairs.items()},
        {name: _number(pair, rings[name]) for name, pair in pairs.items()},
        gone,
    )
    told = [_stack(name, pair, rings[name], numbers[name], compared) for name, pair in pairs.items()]
    # A stack that is away because of an error elsewhere has no effects, and does not end: the error is told.
    kept = [one for one in told if one.action != "delete" or one.effects]
    return tuple(sorted(kept, key=lambda one: (one.wave, one.stack)))


def _stack(name: str, pair: Pair, ring: str, wave: int, compared: Comparison) -> Affected:
    stack, fleet = pair.one.stack, pair.one.fleet
    found = effects(pair, compared)
    action: Action = "update" if pair.before and pair.after else "delete" if pair.before else "create"
    owner, environment = _declared(pair)
    return Affected(
        stack=name,
        kind=stack.kind,
        action=action,
        cell=stack.cell,
        cluster=stack.cluster,
        service=stack.service,
        owner=owner,
        environment=environment,
        production=any(side.stack.production for side in (pair.before, pair.after) if side),
        ring=ring,
        wave=wave,
        file=stack.file,
        through=pair.through,
        impact=impact_of(found),
        effects=found,
        estimate=estimate_of(found),
        after=tuple(sorted(other for other in fleet.stacks[stack.name].after if other in compared.pairs)),
    )


def _declared(pair: Pair) -> tuple[str, str]:
    """Owner and environment of a stack."""
    stack, fleet = pair.one.stack, pair.one.fleet
    if stack.kind == "cell":
        cell = fleet.cells[stack.cell]
        return cell.owner, cell.environment
    cluster = fleet.clusters[stack.cluster]
    owner = fleet.apps[stack.cluster, stack.app].team if stack.kind == "app" else cluster.team
    return owner, cluster.spec.environment


def _ring(pair: Pair) -> str:
    """The cluster's ring; of a cell the one named like its environment, or none."""
    stack, fleet = pair.one.stack, pair.one.fleet
    if stack.cluster:
        return fleet.clusters[stack.cluster].ring
    environment = fleet.cells[stack.cell].environment
    return environment if fleet.settings and environment in fleet.settings.rings else ""


def _number(pair: Pair, ring: str) -> int:
    settings = pair.one.fleet.settings
    names = settings.rings if settings else ()
    return names.index(ring) + 1 if ring in names else 0


def _refusals(compared: Comparison) -> tuple[Refusal, ...]:
    """What fails the plan, and warnings of laws of old and new; warnings about files as they are, `validate` tells."""
    review = Review(compared.before, compared.after, compared.revisions.files, today())
    found: Iterable[Problem] = {*compared.after.errors, *changes.problems(review), *_policies(compared)}
    return tuple(
        Refusal.model_validate({field: getattr(one, field) for field in Refusal.model_fields}) for one in sorted(found)
    )


def _policies(compared: Comparison) -> Iterable[Problem]:
    """What policies refuse of the affected stacks, and what they only advise where the change brought it about."""
    for pair in compared.pairs.values():
        known = {_key(one) for one in _judged(pair.before)}
        for one in _judged(pair.after):
            if one.refuses or (_key(one) not in known and not one.later):
                yield problem(one)


def _judged(side: Side | None) -> tuple[Judgement, ...]:
    return verdicts(side.fleet, side.stack, side.rendition) if side else ()


def _key(one: Judgement) -> tuple[str, str, str, str]:
    return (one.policy, one.type, one.name, one.message)


def _cells(compared: Comparison) -> set[str]:
    return {pair.one.stack.cell for pair in compared.pairs.values() if pair.one.stack.kind == "cell"}


def _clusters(compared: Comparison) -> set[str]:
    return {pair.one.stack.cluster for pair in compared.pairs.values() if pair.one.stack.kind == "service"}


def _redrawn(compared: Comparison) -> Iterable[str]:
    """Cells whose network is new or another one."""
    for name in _cells(compared):
        old, new = (_network(fleet, name) for fleet in (compared.before, compared.after))
        if new is not None and new != old:
            yield name


def _network(fleet: Fleet, cell: str) -> object:
    return fleet.cells[cell].spec.network if cell in fleet.cells else None
