"""What a changed property of a KafkaNodePool does: its pods, its disks, and the data on them.

Owns      the rules for `KafkaNodePool.spec`.
Refuses   laws: what the operator ignores or refuses is told here as what it would take.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from components.impact import durations, pods
from components.impact.contract import (
    DYNAMIC,
    IRREVERSIBLE,
    MISSING,
    MOVES_DATA,
    Context,
    Effect,
    Estimate,
    ObjectChange,
)
from components.impact.effect import BROKERS, CONTROLLERS, made, of_rules, roll_nodes
from components.impact.kinds import metadata
from components.impact.rule import Rule, rules_for, table

PODSET = "strimzi-kafka-operator: a StrimziPodSet's pod with another revision is restarted (RestartReason.java)"
STORAGE = "strimzi-kafka-operator StorageDiff.java: only growth, deleteClaim and added or removed volumes are taken"
QUORUM = "Strimzi documentation, 'KRaft controller quorum' (static); strimzi-kafka-operator#9429"
SCALING = (
    "Strimzi documentation, 'Scaling clusters' and 'autoRebalance'; scale-down is blocked while replicas are there"
)

POOL = "pool"
"""The word for this pool's own pods."""

RULES: tuple[Rule, ...] = (
    *table(
        PODSET,
        ("", POOL, "is not known to these rules, so it counts as what the operator restarts pods for"),
        ("spec/resources", POOL, "is part of the pod"),
        ("spec/jvmOptions", POOL, "is how a node's Java starts"),
        ("spec/template", POOL, "is part of the pod"),
        (
            ("spec/template/podSet", "spec/template/persistentVolumeClaim", "spec/template/perPodService"),
            "dynamic",
            "belongs to objects beside the pods",
        ),
    ),
    *table(
        STORAGE,
        ("spec/storage", IRREVERSIBLE, "cannot change on a pool that exists: it takes a new pool, and data must move"),
        ("spec/storage/volumes/*/deleteClaim", "dynamic", "says whether the disk is deleted with its pod's pool"),
        ("spec/storage/volumes/*/kraftMetadata", POOL, "says on which disk the metadata log is"),
    ),
    *table(
        QUORUM,
        ("spec/roles", IRREVERSIBLE, "is for life: the quorum of controllers is static, and brokers hold data"),
    ),
)


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a node pool."""
    path = change.path
    if path == ("metadata", "labels", pods.CLUSTER):
        yield made(change, IRREVERSIBLE, "takes the pool out of its cluster", QUORUM)
    elif path[:1] == ("metadata",):
        words = tuple(_role_words(_body(context, change.name)))
        yield from metadata.judge(change, context, words, unknown=words)
    elif path == ("spec", "replicas"):
        yield from _replicas(change, context)
    elif path[:3] == ("spec", "storage", "volumes") and len(path) > 3:
        yield from _volume(change, context)
    else:
        yield from _by_rules(change, context, rules_for(RULES, change))


def _body(context: Context, name: str) -> Mapping[str, Any]:
    found = context.before.get(("KafkaNodePool", name)) or context.after[("KafkaNodePool", name)]
    return found.body


def _role_words(body: Mapping[str, Any]) -> Iterator[str]:
    roles = body["spec"].get("roles", ())
    yield from (word for word, role in ((BROKERS, pods.BROKER), (CONTROLLERS, pods.CONTROLLER)) if role in roles)


def _by_rules(change: ObjectChange, context: Context, rules: list[Rule]) -> Iterator[Effect]:
    plain = [rule for rule in rules if POOL not in rule.does]
    rolled = next((rule for rule in rules if POOL in rule.does), None)
    if any(IRREVERSIBLE in rule.does for rule in plain) or rolled is None:
        yield from of_rules(change, context, plain)
    else:
        yield from _rolled(change, context, rolled.why, rolled.source)


def _rolled(change: ObjectChange, context: Context, why: str, source: str) -> Iterator[Effect]:
    body = _body(context, change.name)
    for word in _role_words(body):
        yield roll_nodes(change, word, pods.of_pool(body), why, source)


def _replicas(change: ObjectChange, context: Context) -> Iterator[Effect]:
    body = _body(context, change.name)
    old, new = int(change.old), int(change.new)
    if pods.CONTROLLER in body["spec"].get("roles", ()):
        yield made(change, IRREVERSIBLE, f"goes from {old} to {new}: the quorum's size is for life", QUORUM)
        return
    after = context.after[("KafkaNodePool", change.name)].body
    names = set(pods.of_pool(body)) ^ set(pods.of_pool(after))
    moved = tuple(pod for pod in (*pods.of_pool(body), *pods.of_pool(after)) if pod in names)
    most, disk = max(old, new), disk_gib(body)
    share, few = abs(new - old) / most, min(old, new)
    word = "1 broker" if len(moved) == 1 else f"{len(moved)} brokers"
    rebalanced = _rebalances(context, "add-brokers" if new > old else "remove-brokers")
    if new > old and not rebalanced:
        empty = (
            "stays empty until partitions are moved to it"
            if len(moved) == 1
            else ("stay empty until partitions are moved to them")
        )
        why = f"adds {word}, which {empty}"
        yield made(change, DYNAMIC, why, SCALING, moved, durations.once("new broker", "new brokers at once"))
        return
    who = "Cruise Control moves partitions" if rebalanced else "partitions must be moved"
    start = durations.seconds("new broker") if new > old else 0.0
    moving = durations.moving(disk, few, share, f"{abs(new - old)}/{most}")
    formula = f"{start:g} s to start + {moving.formula}" if start else moving.formula
    why = f"goes from {old} to {new}: {who} " + (
        f"to {word}" if new > old else f"off {word}, and {'it ends' if len(moved) == 1 else 'they end'} then"
    )
    yield made(change, MOVES_DATA, why, SCALING, moved, Estimate(start + moving.seconds, formula))


def _rebalances(context: Context, mode: str) -> bool:
    """Whether Cruise Control moves partitions by itself when brokers come or go."""
    for (kind, _), manifest in context.after.items():
        if kind == "Kafka":
            declared = (manifest.body["spec"].get("cruiseControl") or {}).get("autoRebalance", ())
            return any(one.get("mode") == mode for one in declared)
    return False


def disk_gib(body: Mapping[str, Any]) -> float:
    """What one node of a pool has, over all its volumes, in GiB."""
    return sum(gib(str(volume.get("size", "0"))) for volume in body["spec"]["storage"].get("volumes", ()))


_UNITS = {"Gi": 1.0, "Ti": 1024.0, "Mi": 1 / 1024, "G": 1e9 / 2**30, "T": 1e12 / 2**30}


def gib(quantity: str) -> float:
    """A Kubernetes quantity of bytes, in GiB."""
    for unit, factor in _UNITS.items():
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    return float(quantity) / 2**30


def _volume(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A volume that grows, shrinks, comes, goes or becomes another."""
    body = _body(context, change.name)
    if change.path[4:] == ("size",) and MISSING not in (change.old, change.new):
        if gib(str(change.new)) < gib(str(change.old)):
            yield made(change, IRREVERSIBLE, f"shrinks from {change.old} to {change.new}: disks only grow", STORAGE)
            return
        why = (
            f"grows from {change.old} to {change.new} while nodes run, and never shrinks again; "
            "a file system that cannot grow online adds a restart of each"
        )
        nodes = pods.of_pool(body)
        yield made(change, DYNAMIC, why, STORAGE, nodes, durations.once("volume", "volumes at once"))
    elif len(change.path) == 4 and change.old is MISSING:
        yield from _rolled(change, context, "is a new disk of every node", STORAGE)
    elif len(change.path) == 4 and change.new is MISSING:
        yield made(change, IRREVERSIBLE, "is a disk that goes, with what is on it", STORAGE, pods.of_pool(body))
    else:
        yield from _by_rules(change, context, rules_for(RULES, change))
