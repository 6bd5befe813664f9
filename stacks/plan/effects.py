"""What a change does to each affected stack, each effect at the line that causes it.

Owns      the way from a pair of sides to the effects of a plan: objects, their judgement, their cause.
Refuses   rules (`components/impact`), refusals (`stacks/check/changes`), and text for people.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any, Literal

from components.impact.contract import (
    DELETES,
    MISSING,
    MOVES_DATA,
    NONE,
    Context,
    Effect,
    objects,
    severity,
)
from components.impact.diff import changes
from components.impact.judge import effects as judged
from components.impact.judge import ordered
from components.impact.whole import holds_data
from components.services.contract import Manifest
from stacks import render
from stacks.fleet import Fleet
from stacks.plan import document
from stacks.plan.blame import Blame, Cause
from stacks.plan.cell_effects import effects as of_cell
from stacks.plan.pair import Comparison, Pair, Side
from stacks.rendition import make as rendering
from stacks.run.values import shown
from stacks.stack import Stack

Caused = tuple[Cause, Effect]

PASSIVE = ("ConfigMap", "Secret", "NetworkPolicy")
"""Kinds that seldom say best what a change does, where others change with them."""


def effects(pair: Pair, comparison: Comparison) -> tuple[document.Effect, ...]:
    """The effects of one stack's change, the worst first; nothing for a stack that is new."""
    if pair.before is None or _broken(pair, comparison.after):
        return ()
    if pair.after is None:
        return (_deleted(pair.before),)
    if pair.one.stack.kind == "cell":
        return told(of_cell(pair))
    before = rendering.manifests(pair.before.rendition)
    after = rendering.manifests(pair.after.rendition)
    around = context(pair.before, before, after)
    causes = Blame(pair, before)
    return told((causes.of(change), effect) for change in changes(before, after) for effect in judged(change, around))


def _broken(pair: Pair, after: Fleet) -> bool:
    """Whether a stack is away because its file has errors: those are told, and nothing ends for them."""
    if pair.after is not None:
        return False
    fleet, stack = pair.one.fleet, pair.one.stack
    declared = (
        fleet.apps.get((stack.cluster, stack.app)),
        fleet.clusters.get(stack.cluster),
        fleet.cells.get(stack.cell),
    )
    files = {layer.document.file for one in declared if one for layer in one.resolved.layers}
    return any(problem.file in files for problem in after.errors)


def context(side: Side, before: Sequence[Manifest], after: Sequence[Manifest]) -> Context:
    """What judges may know of a service or an app."""
    stack = side.stack
    old = objects(before)
    brokers = _kafka(old) or _kafka(objects(_brokers(side.fleet, stack)))
    return Context(
        service=stack.service or stack.kind,
        cluster=stack.cluster,
        before=old,
        after=objects(after),
        kafka_version=str(brokers.get("version", "")),
        broker_config=brokers.get("config", {}),
    )


def _kafka(found: Mapping[tuple[str, str], Manifest]) -> Mapping[str, Any]:
    body = next((one.body for (kind, _), one in found.items() if kind == "Kafka"), None)
    return body["spec"]["kafka"] if body else {}


def _brokers(fleet: Fleet, stack: Stack) -> Sequence[Manifest]:
    """The objects of the Kafka that a stack stands on."""
    kafka = fleet.stacks.get(f"kafka.{stack.cluster}")
    return render.manifests(fleet, kafka) if kafka else ()


def told(caused: Iterable[Caused]) -> tuple[document.Effect, ...]:
    """One record for each cause, impact and rule's source: one changed value often reaches many objects."""
    groups: dict[tuple[str | int, ...], list[Caused]] = {}
    for cause, effect in caused:
        place = (cause.file, cause.line, cause.column, cause.what, effect.impact)
        # What moves, ends or begins anew is told kind by kind: two of those are two things to know.
        apart = (effect.change.kind,) if severity(effect.impact) >= severity(MOVES_DATA) else ()
        groups.setdefault((*place, effect.source, *apart), []).append((cause, effect))
    records = [_record(group) for group in groups.values()]
    return tuple(
        sorted(records, key=lambda one: (-severity(one.impact), one.file, one.line, one.column, one.path, one.object))
    )


def _record(group: Sequence[Caused]) -> document.Effect:
    cause = group[0][0]
    found = ordered(effect for _, effect in group)
    first = max(found, key=lambda effect: (effect.estimate.seconds, effect.change.kind not in PASSIVE))
    nodes = tuple(dict.fromkeys(pod for effect in found for pod in effect.nodes))
    names = list(dict.fromkeys(f"{effect.change.kind}/{effect.change.name}" for effect in found))
    mine = f"{first.change.kind}/{first.change.name}"
    more = len(names) - 1
    old, new = (_shown(cause, side) for side in ("old", "new"))
    return document.Effect(
        impact=first.impact,
        reason=first.reason,
        file=cause.file,
        line=cause.line,
        column=cause.column,
        path=cause.what,
        old=old,
        new=new,
        object=f"{mine} and {more} more" if more else mine,
        nodes=nodes,
        estimate=document.Estimate(seconds=ceil(first.estimate.seconds), formula=first.estimate.formula),
        source=first.source,
    )


def _shown(cause: Cause, side: Literal["old", "new"]) -> str | None:
    value = getattr(cause.leaf, side) if cause.leaf else MISSING
    return None if value is MISSING else shown(cause.what, value)


def _deleted(side: Side) -> document.Effect:
    """A stack that ends: one effect, which names what holds data."""
    stack = side.stack
    if stack.kind == "cell":
        what, reason = "the cell's network, Kubernetes and keys", f"cell '{stack.cell}' ends with all that runs on it"
    else:
        held = [f"{m.body['kind']} '{m.body['metadata']['name']}'" for m in _data(side)]
        what = ", ".join(held[:5]) + (f" and {len(held) - 5} more" if len(held) > 5 else "")
        reason = f"the stack ends, and with it {what}" if held else "the stack ends; none of its objects holds data"
    return document.Effect(
        impact=DELETES,
        reason=reason,
        file=stack.file,
        line=1,
        column=1,
        object=what,
        source="the stack is declared no more",
    )


def _data(side: Side) -> list[Manifest]:
    return [one for one in rendering.manifests(side.rendition) if holds_data(one)]


def impact_of(found: Iterable[document.Effect]) -> str:
    """The worst of a stack's effects; of equals the first."""
    return max((one.impact for one in found), key=severity, default=NONE)


def estimate_of(found: Sequence[document.Effect]) -> document.Estimate:
    """How long a stack takes to come to rest: every pod restarts once, whoever asks for it, and data moves in turn.

    What needs no restart happens meanwhile: only the longest of it counts, where nothing else does.
    """
    parts: list[tuple[float, str]] = []
    for word in dict.fromkeys(one.impact for one in found):
        same = [one for one in found if one.impact == word and one.estimate.seconds]
        if not same:
            continue
        if word.startswith("rolls "):
            parts.append(_rolled(same))
        elif word == MOVES_DATA:
            parts += [(one.estimate.seconds, one.estimate.formula) for one in same]
    if not parts:
        longest = max(found, key=lambda one: one.estimate.seconds, default=None)
        parts = [(longest.estimate.seconds, longest.estimate.formula)] if longest else []
    return document.Estimate(
        seconds=ceil(sum(seconds for seconds, _ in parts)), formula=" + ".join(text for _, text in parts if text)
    )


def _rolled(same: Sequence[document.Effect]) -> tuple[float, str]:
    """Restarts of one kind of pods: each pod once."""
    longest = max(same, key=lambda one: one.estimate.seconds)
    pods = {pod for one in same for pod in one.nodes}
    if len(pods) <= len(longest.nodes):
        return longest.estimate.seconds, longest.estimate.formula
    each = longest.estimate.seconds / max(len(longest.nodes), 1)
    return len(pods) * each, f"{len(pods)} × {each:g} s"
