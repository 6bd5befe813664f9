"""What a changed property of a Kafka object does: which nodes the operator restarts for it.

Owns      the rules for `Kafka.spec`; the brokers' configuration is judged key by key (`broker_config.py`).
Refuses   laws (`components/services/kafka/changes.py`): what is refused is told here too, with its true impact.
"""

from collections.abc import Iterator

from components.impact import broker_config
from components.impact.contract import IRREVERSIBLE, MISSING, Context, Effect, ObjectChange
from components.impact.effect import BROKERS, CONTROLLERS, made, of_rules, rolling
from components.impact.kinds import metadata
from components.impact.rule import Rule, rules_for, table, touched

NODES = (BROKERS, CONTROLLERS)
RECONCILER = "strimzi-kafka-operator KafkaReconciler.java (podSetPodAnnotations, perBrokerKafkaConfiguration)"
OPERANDS = "strimzi-kafka-operator: EntityOperator, KafkaExporter and CruiseControl are Deployments of their own"
UPGRADE = "Strimzi documentation, 'Upgrading Kafka': one version at a time, metadata version after it"
CERTIFICATES = "Strimzi documentation, 'Managing TLS certificates': renewalDays, maintenanceTimeWindows"

_LISTENER = "spec/kafka/listeners/*"
_SERVICES = tuple(
    f"{_LISTENER}/configuration/{name}"
    for name in (
        *("loadBalancerSourceRanges", "finalizers", "externalTrafficPolicy", "ipFamilies", "ipFamilyPolicy"),
        *("perBrokerAnnotationsTemplate", "perBrokerLabelsTemplate", "bootstrap/annotations", "bootstrap/labels"),
        *("bootstrap/loadBalancerIP", "brokers/*/annotations", "brokers/*/labels", "allocateLoadBalancerNodePorts"),
        *("createBootstrapService", "publishNotReadyAddresses", "preferredNodePortAddressType"),
    )
)

RULES: tuple[Rule, ...] = (
    *table(
        RECONCILER,
        ("", NODES, "is not known to these rules, so it counts as what the operator restarts every node for"),
        ("spec/kafka", NODES, "is part of what the operator makes a node's pod from"),
        ("spec/kafka/image", NODES, "is the image of every node"),
        (_LISTENER, BROKERS, "is opened by brokers at their start"),
        (_SERVICES, "dynamic", "belongs to the listener's Services, which change in place"),
        (
            f"{_LISTENER}/configuration/class",
            "replaces",
            "cannot change on a load balancer: its Services are made again, and addresses may change",
        ),
        (f"{_LISTENER}/networkPolicyPeers", "dynamic", "belongs to the listener's NetworkPolicy"),
        (
            (
                f"{_LISTENER}/configuration/maxConnections",
                f"{_LISTENER}/configuration/maxConnectionCreationRate",
            ),
            BROKERS,
            "would be taken by Kafka at once, and the operator restarts brokers for every key of one listener",
        ),
        (
            f"{_LISTENER}/configuration/bootstrap/alternativeNames",
            BROKERS,
            "goes into the brokers' certificates, which are issued anew",
        ),
        ("spec/kafka/authorization", NODES, "is read by every node at its start"),
        ("spec/kafka/rack", BROKERS, "is looked up by a broker's init container"),
        ("spec/kafka/metricsConfig", NODES, "configures the reporter that every node starts with"),
        ("spec/kafka/tieredStorage", BROKERS, "is a plugin that brokers start with"),
        (
            "spec/kafka/quotas",
            BROKERS,
            "configures the quota plugin that brokers start with",
        ),
        ("spec/kafka/logging", "dynamic", "is set through Kafka's Admin API"),
        ("spec/kafka/template/podDisruptionBudget", "dynamic", "is a PodDisruptionBudget beside the pods"),
        (
            tuple(
                f"spec/kafka/template/{name}"
                for name in (
                    *("bootstrapService", "brokersService", "externalBootstrapService", "perPodService"),
                    *("externalBootstrapRoute", "perPodRoute", "clusterCaCert", "clusterRoleBinding", "podSet"),
                    "jmxSecret",
                )
            ),
            "dynamic",
            "belongs to objects beside the pods",
        ),
    ),
    *table(
        OPERANDS,
        ("spec/entityOperator", "entity operator", "belongs to the entity operator"),
        ("spec/kafkaExporter", "exporter", "belongs to the exporter"),
        ("spec/cruiseControl", "cruise control", "belongs to Cruise Control"),
        ("spec/cruiseControl/autoRebalance", "dynamic", "is used when brokers come or go next"),
    ),
    *table(
        CERTIFICATES,
        ("spec/maintenanceTimeWindows", "none", "says when certificates are renewed, at the next renewal"),
        (
            ("spec/clusterCa", "spec/clientsCa"),
            NODES,
            "changes the certificate authority: every node restarts with the new trust, and clients need it too",
        ),
        (
            ("spec/clusterCa/validityDays", "spec/clientsCa/validityDays"),
            "dynamic",
            "counts from the next renewal on; that restarts every node, in a maintenance window",
        ),
        (
            ("spec/clusterCa/generateSecretOwnerReference", "spec/clientsCa/generateSecretOwnerReference"),
            "dynamic",
            "says whether the certificate authority is deleted with the cluster",
        ),
    ),
)


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a Kafka object."""
    path = change.path
    if path[:1] == ("metadata",):
        yield from metadata.judge(change, context, NODES, unknown=NODES)
    elif path == ("spec", "kafka", "version"):
        # Entity operator, exporter and Cruise Control have images of the operator's own version.
        for word in NODES:
            yield rolling(change, context, word, f"goes from {change.old} to {change.new}", UPGRADE)
    elif path == ("spec", "kafka", "metadataVersion"):
        why = f"goes from {change.old} to {change.new} without a restart, and never back"
        yield made(change, IRREVERSIBLE, why, UPGRADE)
    elif path[:3] == ("spec", "kafka", "listeners") and len(path) == 4 and MISSING in (change.old, change.new):
        gone = change.new is MISSING
        why = "is removed: its clients have no address any more" if gone else "is a new way in"
        yield rolling(change, context, BROKERS, why, RECONCILER)
    elif path[:3] == ("spec", "kafka", "config"):
        yield from _config(change, context)
    elif path[:3] == ("spec", "kafka", "quotas"):
        yield from _quotas(change, context)
    elif path in (("spec", "clusterCa", "renewalDays"), ("spec", "clientsCa", "renewalDays")):
        yield from _renewal(change, context)
    elif path == ("spec", "cruiseControl"):
        why = "comes or goes: brokers start with its metrics reporter, or without"
        yield rolling(change, context, BROKERS, why, RECONCILER)
    else:
        yield from of_rules(change, context, rules_for(RULES, change))


def _config(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """Key by key; where the mapping as a whole comes or goes, all its keys."""
    for path in touched(change):
        key = str(path[3]) if len(path) > 3 else ""
        old, new = (_value(side, change, path) for side in (change.old, change.new))
        if key:
            yield from _key(ObjectChange(change.kind, change.name, change.role, path[:4], old, new), key, context)


def _value(side: object, change: ObjectChange, path: tuple[str | int, ...]) -> object:
    here = side
    for part in path[len(change.path) :]:
        if not isinstance(here, dict) or part not in here:
            return MISSING
        here = here[part]
    return here


def _key(change: ObjectChange, key: str, context: Context) -> Iterator[Effect]:
    said = broker_config.verdict(
        key, change.old, change.new, context.kafka_version, config=broker_configuration(context)
    )
    if said.loses:
        why = f"{said.why}, and on every topic without a value of its own {said.loses}"
        yield made(change, IRREVERSIBLE, why, f"{said.source}; components/impact/losses.py")
    for word in said.restarts:
        yield rolling(change, context, word, said.why, said.source)
    if not said.restarts and not said.loses:
        yield made(change, "dynamic", said.why, said.source)


def broker_configuration(context: Context) -> dict[str, object] | None:
    """The brokers' configuration before the change."""
    for (kind, _), manifest in context.before.items():
        if kind == "Kafka":
            return dict(manifest.body["spec"]["kafka"].get("config", {}))
    return None if context.broker_config is None else dict(context.broker_config)


def _quotas(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """Kafka's own quotas are set through its Admin API; Strimzi's are a plugin that brokers start with."""
    types = {
        str(manifest.body["spec"]["kafka"].get("quotas", {}).get("type", ""))
        for side in (context.before, context.after)
        for (kind, _), manifest in side.items()
        if kind == "Kafka"
    }
    if types <= {"kafka", ""}:
        why = "is set as the default of all users, through Kafka's Admin API"
        yield made(change, "dynamic", why, "strimzi-kafka-operator DefaultKafkaQuotasManager.java")
    else:
        yield from of_rules(change, context, rules_for(RULES, change))


def _renewal(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A longer renewal period may begin at once."""
    grows = isinstance(change.new, int) and isinstance(change.old, int) and change.new > change.old
    if not grows and change.new is not MISSING and change.old is not MISSING:
        yield made(change, "dynamic", "moves the next renewal to a later day", CERTIFICATES)
        return
    for word in NODES:
        why = "renews the certificate authority earlier, perhaps in the next maintenance window"
        yield rolling(change, context, word, why, CERTIFICATES)
