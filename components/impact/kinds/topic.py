"""What a changed property of a KafkaTopic does: to its partitions, its replicas and what is kept in it.

Owns      the rules for `KafkaTopic.spec`.
Refuses   restarts: a topic never causes one.
"""

from collections.abc import Iterator

from components.impact import losses
from components.impact.contract import DYNAMIC, IRREVERSIBLE, MISSING, MOVES_DATA, Context, Effect, ObjectChange
from components.impact.effect import made
from components.impact.kinds import metadata
from components.impact.rule import touched

OPERATOR = "Strimzi documentation, 'Topic Operator'"
KAFKA = "Kafka documentation, 'Modifying topics'; components/config/tables/topic.json"


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a topic."""
    path = change.path
    if path[:1] == ("metadata",):
        yield from metadata.judge(change, context, ())
    elif path == ("spec", "partitions"):
        yield _partitions(change)
    elif path == ("spec", "replicas"):
        why = f"goes from {_said(change.old)} to {_said(change.new)}: every partition gets or loses a copy"
        yield made(change, MOVES_DATA, why, OPERATOR)
    elif path == ("spec", "topicName"):
        yield made(change, IRREVERSIBLE, "never changes on a topic that exists", OPERATOR)
    elif path[:2] == ("spec", "config"):
        yield _config(change, context)
    else:
        yield made(change, DYNAMIC, "is carried out by the topic operator", OPERATOR)


def _said(value: object) -> str:
    return "the brokers' default" if value is MISSING else str(value)


def _partitions(change: ObjectChange) -> Effect:
    if isinstance(change.old, int) and isinstance(change.new, int) and change.new < change.old:
        why = f"goes from {change.old} to {change.new}: Kafka cannot take partitions away"
    else:
        why = (
            f"goes from {_said(change.old)} to {_said(change.new)} for good: keys go to other partitions than before, "
            "so their order is broken once, and partitions are never taken away"
        )
    return made(change, IRREVERSIBLE, why, KAFKA)


def _config(change: ObjectChange, context: Context) -> Effect:
    """All keys of a topic are dynamic; some of them bound the life of what is in it."""
    lost: list[str] = []
    for path in touched(change):
        key = str(path[2]) if len(path) > 2 else ""
        whole = len(change.path) < 3
        old, new = (_inside(side, key) if whole else side for side in (change.old, change.new))
        if key and (ends := losses.of_topic(key, old, new, context.broker_config)):
            lost.append(ends)
    if lost:
        why = f"goes from {_shown(change.old)} to {_shown(change.new)}: {', and '.join(dict.fromkeys(lost))}"
        return made(change, IRREVERSIBLE, why, f"{KAFKA}; components/impact/losses.py")
    return made(change, DYNAMIC, "is taken by Kafka without a restart", KAFKA)


def _inside(side: object, key: str) -> object:
    return side.get(key, MISSING) if isinstance(side, dict) else MISSING


def _shown(value: object) -> str:
    return "what brokers say" if value is MISSING or isinstance(value, dict) else str(value)
