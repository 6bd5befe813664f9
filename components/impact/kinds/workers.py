"""What a changed property of KafkaConnect, KafkaMirrorMaker2, KafkaBridge or KafkaConnector does.

Owns      the rules for what Strimzi runs beside Kafka.
Refuses   what a connector's own configuration means.
"""

from collections.abc import Iterator, Sequence

from components.impact import durations
from components.impact.contract import DYNAMIC, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import PODS, made, of_rules
from components.impact.kinds import metadata
from components.impact.rule import Rule, rules_for, table

PODSET = "strimzi-kafka-operator KafkaConnectAssemblyOperator.java: pods with another revision are restarted"
LOGGING = "strimzi-kafka-operator pull request 10252: loggers are set over REST where connectors are resources"
REST = "Strimzi documentation, 'Configuring Kafka Connect connectors': over Connect's REST API"

_BESIDE = tuple(
    f"spec/template/{name}"
    for name in ("podDisruptionBudget", "apiService", "headlessService", "podSet", "clusterRoleBinding", "jmxSecret")
)

COMMON: tuple[Rule, ...] = (
    *table(
        PODSET,
        ("", PODS, "is not known to these rules, so it counts as what pods restart for"),
        ("spec", PODS, "is part of what the operator makes the pods from"),
        ("spec/replicas", DYNAMIC, "adds or ends pods; the others share the work anew"),
        ("spec/version", PODS, "is the version of the workers"),
        ("spec/config", PODS, "is read by workers at their start"),
        (_BESIDE, DYNAMIC, "belongs to objects beside the pods"),
    ),
    *table(
        LOGGING,
        ("spec/logging", PODS, "is more than the levels of loggers"),
        ("spec/logging/loggers", DYNAMIC, "is set over REST, until the next start and from the file then"),
    ),
)

_IDENTITY = "begins on other topics: where connectors were is left behind with the old ones"
_KEPT = ("groupId", "configStorageTopic", "offsetStorageTopic", "statusStorageTopic")

CONNECT = (*COMMON, *table(PODSET, (tuple(f"spec/{name}" for name in _KEPT), REPLACES, _IDENTITY)))

_MIRROR = "spec/mirrors/*"
MIRROR = (
    *COMMON,
    *table(PODSET, (tuple(f"spec/target/{name}" for name in (*_KEPT, "alias")), REPLACES, _IDENTITY)),
    *table(
        REST,
        (
            tuple(
                f"{_MIRROR}/{name}"
                for name in (
                    *("topicsPattern", "topicsExcludePattern", "groupsPattern", "groupsExcludePattern"),
                    *("sourceConnector", "checkpointConnector"),
                )
            ),
            DYNAMIC,
            "is the configuration of a connector, whose tasks start anew",
        ),
    ),
)

BRIDGE = (
    *COMMON,
    *table(
        "Strimzi documentation, 'Configuring Kafka Bridge logging levels': reloaded from the file",
        ("spec/logging", DYNAMIC, "is read again by the bridge"),
    ),
    *table(
        "strimzi-kafka-operator KafkaBridgeCluster.java (Deployment)",
        ("spec/template/deployment/deploymentStrategy", DYNAMIC, "is how the next roll goes"),
    ),
)

CONNECTOR = table(
    REST,
    ("", DYNAMIC, "is not known to these rules; what a connector says reaches its own tasks only"),
    ("spec", DYNAMIC, "is the configuration of the connector, whose tasks start anew"),
    ("spec/state", DYNAMIC, "begins or ends the connector's work"),
    ("spec/autoRestart", DYNAMIC, "is used when a task fails next"),
    ("spec/class", REPLACES, "is another connector, which begins where its own offsets say"),
)


def _of(rules: Sequence[Rule], change: ObjectChange, context: Context, labels: tuple[str, ...]) -> Iterator[Effect]:
    if change.path[:1] == ("metadata",):
        yield from metadata.judge(change, context, labels, unknown=labels or (DYNAMIC,))
    else:
        yield from of_rules(change, context, rules_for(rules, change))


RESOURCES = Rule("", (PODS,), "says who keeps connectors and log levels: pods start with another of either", LOGGING)


def connect(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of Connect workers."""
    if change.path == ("metadata", "annotations", "strimzi.io/use-connector-resources"):
        yield from of_rules(change, context, (RESOURCES,))
    else:
        yield from _of(CONNECT, change, context, (PODS,))


def mirror(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of MirrorMaker 2."""
    if change.path[:2] == ("spec", "mirrors") and len(change.path) <= 3:
        yield from of_rules(change, context, (MIRRORS,))
    else:
        yield from _of(MIRROR, change, context, (PODS,))


MIRRORS = Rule("", (PODS,), "adds or ends a source: workers mount its credentials", PODSET)


def bridge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a bridge."""
    yield from _of(BRIDGE, change, context, (PODS,))


def connector(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a connector: it concerns its tasks, no pods."""
    for effect in _of(CONNECTOR, change, context, ()):
        took = durations.once("connector") if change.path[:1] == ("spec",) else effect.estimate
        yield made(change, effect.impact, effect.reason.removeprefix(f"'{change.dotted}' "), effect.source, (), took)
