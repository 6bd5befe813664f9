"""From a rule's words to an effect: with the pods concerned, the time it takes, and one sentence of why.

Owns      the sentence, and which pods a word means.
Refuses   rules.
"""

from collections.abc import Iterable, Iterator

from components.impact import durations, pods
from components.impact.contract import (
    DYNAMIC,
    NONE,
    ROLLS_BROKERS,
    ROLLS_CONTROLLERS,
    Context,
    Effect,
    Estimate,
    ObjectChange,
    rolls,
    severity,
)
from components.impact.rule import Rule

BROKERS, CONTROLLERS, PODS = "brokers", "controllers", "pods"
OPERANDS = {"entity operator": "entity-operator", "exporter": "kafka-exporter", "cruise control": "cruise-control"}
"""Pods beside the brokers that the operator makes from a Kafka object, and the end of their names."""

RECONCILED = {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"}
"""Kinds that an operator carries out; of any other kind a change without a restart is done as it is written."""


def subject(change: ObjectChange) -> str:
    """What a sentence begins with."""
    return f"'{change.dotted}'" if change.path else f"{change.kind} '{change.name}'"


def numbered(count: int, word: str) -> str:
    """`1 broker restarts`, `3 brokers restart one after the other`."""
    one = word.removesuffix("s")
    return f"1 {one} restarts" if count == 1 else f"{count} {word} restart one after the other"


def made(
    change: ObjectChange,
    impact: str,
    why: str,
    source: str,
    nodes: tuple[str, ...] = (),
    estimate: Estimate | None = None,
) -> Effect:
    """An effect with the sentence `<what changed> <why>`."""
    took = Estimate() if estimate is None else estimate
    if estimate is None and impact == DYNAMIC and change.kind in RECONCILED:
        took = durations.once("reconcile", "the operator acts within")
    return Effect(impact, f"{subject(change)} {why}", change, nodes, took, source)


def rolling(change: ObjectChange, context: Context, word: str, why: str, source: str) -> Effect:
    """An effect that restarts pods: `brokers`, `controllers`, one of OPERANDS, or the object's own `pods`."""
    if word in (BROKERS, CONTROLLERS):
        role = word.removesuffix("s")
        return roll_nodes(change, word, pods.nodes(context, role), why, source)
    if word in OPERANDS:
        nodes = (f"{context.cluster}-{OPERANDS[word]}",)
        return made(
            change, rolls(word), f"{why}: its one pod restarts", source, nodes, durations.once("operator pod", word)
        )
    name = service_word(context.service)
    count = pods.count(context, change.kind, change.name)
    step = "worker" if change.kind in ("KafkaConnect", "KafkaMirrorMaker2") else "pod"
    return made(
        change,
        rolls(name),
        f"{why}: {numbered(count, f'{step}s')}",
        source,
        pods.of_object(context, change.kind, change.name),
        durations.each(count, step),
    )


def roll_nodes(change: ObjectChange, word: str, nodes: tuple[str, ...], why: str, source: str) -> Effect:
    """Kafka nodes of one role restart: `word` is `brokers` or `controllers`."""
    impact = ROLLS_BROKERS if word == BROKERS else ROLLS_CONTROLLERS
    reason = f"{why}: {numbered(len(nodes), word)}" if nodes else why
    return made(change, impact, reason, source, nodes, durations.each(len(nodes), word.removesuffix("s")))


def service_word(service: str) -> str:
    """A service's key as an impact has it."""
    return service.replace("_", "-") or "pods"


def by_word(change: ObjectChange, context: Context, word: str, why: str, source: str) -> Effect:
    """The effect of one word of a rule."""
    if word in (BROKERS, CONTROLLERS, PODS) or word in OPERANDS:
        return rolling(change, context, word, why, source)
    return made(change, word, why, source)


def of_rules(change: ObjectChange, context: Context, rules: Iterable[Rule]) -> Iterator[Effect]:
    """The effects of rules: of each impact one, the first; what does nothing is told only where nothing else is."""
    found: dict[str, Effect] = {}
    for rule in rules:
        for word in rule.does:
            effect = by_word(change, context, word, rule.why, rule.source)
            found.setdefault(effect.impact, effect)
    real = [effect for effect in found.values() if effect.impact not in (NONE, DYNAMIC)]
    yield from real or sorted(found.values(), key=lambda effect: -severity(effect.impact))[:1]
