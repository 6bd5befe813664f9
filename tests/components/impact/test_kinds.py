"""What changed properties of objects do, kind by kind, on the example fleet's own objects."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from components.impact.contract import NONE, Context, ObjectChange, objects, severity
from components.impact.diff import children, leaves
from components.impact.judge import effects
from components.impact.kinds import KINDS
from components.services.contract import Manifest
from sandbox.clouds.kubernetes.kinds import IMMUTABLE
from stacks import render
from stacks.fleet import Fleet
from stacks.snapshot import snapshot
from stacks.stack import Stack
from tests.components.impact.build import changed, judged, put, rendered, without
from tools.fleet_copy import REPOSITORY
from tools.services.examples import examples

KAFKA = "kafka.payments-prod"
APP = "app.payments-prod.payments-api"

PROPERTIES: list[tuple[str, str, str, Any, set[str]]] = [
    # stack, kind, path, new value, impacts
    (KAFKA, "Kafka", "spec/kafka/version", "4.4.0", {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/metadataVersion", "4.4-IV0", {"irreversible"}),
    (KAFKA, "Kafka", "spec/kafka/config/log.cleaner.threads", 3, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/config/num.partitions", 3, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/config/log.retention.ms", 3_600_000, {"irreversible"}),
    (KAFKA, "Kafka", "spec/kafka/config/min.insync.replicas", None, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/config/auto.create.topics.enable", None, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/quotas/producerByteRate", 1, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/quotas/type", "strimzi", {"rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/rack/topologyKey", "other", {"rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/authorization/superUsers", ["CN=a"], {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/metricsConfig/values", {}, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/logging", {"type": "inline"}, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/0/authentication/type", "scram-sha-512", {"rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/0/networkPolicyPeers", [], {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/2/configuration/maxConnections", 10, {"rolls brokers"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/2/configuration/finalizers", [], {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/2/configuration/bootstrap/annotations", {}, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/listeners/2/configuration/class", "x", {"replaces"}),
    (KAFKA, "Kafka", "spec/kafka/template/podDisruptionBudget/maxUnavailable", 2, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafka/template/pod", {"metadata": {}}, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/clusterCa/validityDays", 730, {"dynamic"}),
    (KAFKA, "Kafka", "spec/clusterCa/renewalDays", 90, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/clusterCa/renewalDays", 10, {"dynamic"}),
    (KAFKA, "Kafka", "spec/clientsCa/generateCertificateAuthority", False, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "spec/maintenanceTimeWindows", None, {"none"}),
    (KAFKA, "Kafka", "spec/cruiseControl", None, {"rolls brokers"}),
    (KAFKA, "Kafka", "spec/cruiseControl/resources/requests/cpu", "2", {"rolls cruise control"}),
    (KAFKA, "Kafka", "spec/cruiseControl/autoRebalance", None, {"dynamic"}),
    (KAFKA, "Kafka", "spec/kafkaExporter/topicRegex", "a", {"rolls exporter"}),
    (KAFKA, "Kafka", "spec/entityOperator/topicOperator/resources/limits/memory", "1Gi", {"rolls entity operator"}),
    (KAFKA, "Kafka", "spec/entirely/new", 1, {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "metadata/labels/team", "x", {"rolls controllers", "rolls brokers"}),
    (KAFKA, "Kafka", "metadata/annotations/kafka-fleet~owner", "x", {"none"}),
    (KAFKA, "Kafka", "metadata/annotations/unheard.of", "x", {"rolls controllers", "rolls brokers"}),
    (KAFKA, "KafkaRebalance", "spec/goals", ["A"], {"dynamic"}),
    (KAFKA, "Namespace", "metadata/labels/kafka-fleet~cluster", "x", {"dynamic"}),
    (APP, "KafkaConnector", "spec/tasksMax", 9, {"dynamic"}),
    (APP, "KafkaConnector", "spec/class", "Other", {"replaces"}),
    ("mirror.web-prod", "KafkaMirrorMaker2", "spec/mirrors/0/topicsPattern", "a", {"dynamic"}),
    ("mirror.web-prod", "KafkaMirrorMaker2", "spec/mirrors/0/source/bootstrapServers", "a:1", {"rolls mirror"}),
    ("mirror.web-prod", "KafkaMirrorMaker2", "spec/target/groupId", "a", {"replaces"}),
    ("mirror.web-prod", "KafkaMirrorMaker2", "spec/mirrors", [], {"rolls mirror"}),
    ("connect.payments-prod", "KafkaConnect", "spec/groupId", "a", {"replaces"}),
    ("connect.payments-prod", "KafkaConnect", "spec/replicas", 5, {"dynamic"}),
    ("connect.payments-prod", "KafkaConnect", "spec/config/offset.flush.interval.ms", 5, {"rolls connect"}),
    ("connect.payments-prod", "KafkaConnect", "spec/logging/loggers/a", "INFO", {"dynamic"}),
    ("connect.payments-prod", "KafkaConnect", "spec/logging/type", "external", {"rolls connect"}),
    ("connect.payments-prod", "KafkaConnect", "spec/template/apiService", {}, {"dynamic"}),
    ("connect.payments-prod", "KafkaConnect", "metadata/labels/team", "x", {"rolls connect"}),
    (
        "connect.payments-prod",
        "KafkaConnect",
        "metadata/annotations/strimzi.io~use-connector-resources",
        "false",
        {"rolls connect"},
    ),
    ("rest_proxy.web-prod", "KafkaBridge", "spec/consumer/timeoutSeconds", 5, {"rolls rest-proxy"}),
    ("rest_proxy.web-prod", "KafkaBridge", "spec/template/deployment/deploymentStrategy", "Recreate", {"dynamic"}),
    ("ksqldb.logistics-prod", "StatefulSet", "spec/template/spec/priorityClassName", "a", {"rolls ksqldb"}),
    ("ksqldb.logistics-prod", "StatefulSet", "spec/serviceName", "a", {"replaces"}),
    ("ksqldb.logistics-prod", "StatefulSet", "spec/replicas", 4, {"dynamic"}),
    ("console.payments-prod", "Deployment", "spec/strategy/type", "Recreate", {"dynamic"}),
    ("console.payments-prod", "Deployment", "spec/selector/matchLabels/a", "b", {"replaces"}),
    ("console.payments-prod", "Service", "spec/clusterIP", "None", {"replaces"}),
    ("console.payments-prod", "NetworkPolicy", "spec/egress", [], {"dynamic"}),
    ("monitoring.payments-prod", "ConfigMap", "data", {"a": "b"}, {"dynamic"}),
]


@pytest.mark.parametrize(("stack", "kind", "path", "value", "impacts"), PROPERTIES)
def test_a_changed_property(stack: str, kind: str, path: str, value: Any, impacts: set[str]) -> None:
    found = changed(stack, kind, path, value)
    assert {effect.impact for effect in found} == impacts
    assert all(effect.source and effect.reason.startswith("'") for effect in found)
    assert list(found) == sorted(found, key=lambda effect: -severity(effect.impact))


def test_a_listener_that_goes_takes_its_clients_address_away() -> None:
    before = rendered(KAFKA)
    listeners = next(one.body for one in before if one.body["kind"] == "Kafka")["spec"]["kafka"]["listeners"]
    (gone,) = judged(KAFKA, before, put(before, "Kafka", "spec/kafka/listeners", listeners[:-1]))
    assert (gone.impact, len(gone.nodes)) == ("rolls brokers", 3)
    assert "its clients have no address any more" in gone.reason


POOLS: list[tuple[str, str, Any, set[str]]] = [
    ("broker", "spec/replicas", 6, {"moves data"}),
    ("broker", "spec/replicas", 2, {"moves data"}),
    ("broker", "spec/roles", ["broker", "controller"], {"irreversible"}),
    ("broker", "spec/storage/volumes/0/size", "7000Gi", {"dynamic"}),
    ("broker", "spec/storage/volumes/0/size", "7Ti", {"dynamic"}),
    ("broker", "spec/storage/volumes/0/size", "100Gi", {"irreversible"}),
    ("broker", "spec/storage/volumes/0/class", "kafka", {"irreversible"}),
    ("broker", "spec/storage/volumes/0/deleteClaim", True, {"dynamic"}),
    ("broker", "spec/storage/type", "ephemeral", {"irreversible"}),
    ("broker", "spec/resources/limits/memory", "32Gi", {"rolls brokers"}),
    ("broker", "spec/jvmOptions/-Xmx", "8g", {"rolls brokers"}),
    ("broker", "spec/template/pod/tolerations", [], {"rolls brokers"}),
    ("broker", "spec/template/persistentVolumeClaim", {"metadata": {}}, {"dynamic"}),
    ("broker", "metadata/annotations/strimzi.io~next-node-ids", "[200-300]", {"dynamic"}),
    ("broker", "metadata/labels/team", "a", {"rolls brokers"}),
    ("broker", "metadata/labels/strimzi.io~cluster", "a", {"irreversible"}),
    ("controller", "spec/replicas", 3, {"irreversible"}),
    ("controller", "spec/resources/limits/memory", "4Gi", {"rolls controllers"}),
]


@pytest.mark.parametrize(("pool", "path", "value", "impacts"), POOLS)
def test_a_changed_pool(pool: str, path: str, value: Any, impacts: set[str]) -> None:
    found = changed(KAFKA, "KafkaNodePool", path, value, pool)
    assert {effect.impact for effect in found} == impacts


def test_pods_have_the_names_that_kubernetes_will_show() -> None:
    (effect,) = changed(KAFKA, "KafkaNodePool", "spec/jvmOptions/-Xmx", "8g", "broker")
    assert effect.nodes == ("payments-prod-broker-100", "payments-prod-broker-101", "payments-prod-broker-102")
    assert effect.estimate.seconds == 540
    assert effect.estimate.formula == "3 × broker 180 s"
    (connect,) = changed("connect.payments-prod", "KafkaConnect", "spec/version", "4.4.0")
    assert connect.nodes == ("payments-prod-connect-connect-0", "payments-prod-connect-connect-1")


def test_new_brokers_get_data_where_cruise_control_moves_it_and_stay_empty_elsewhere() -> None:
    (moved,) = changed(KAFKA, "KafkaNodePool", "spec/replicas", 6, "broker")
    assert moved.nodes == ("payments-prod-broker-103", "payments-prod-broker-104", "payments-prod-broker-105")
    assert moved.estimate.seconds == pytest.approx(240 + 6450 * 1024 * 0.6 * 0.5 / 50)
    before = put(rendered(KAFKA), "Kafka", "spec/cruiseControl", None)
    (empty,) = judged(KAFKA, before, put(before, "KafkaNodePool", "spec/replicas", 6, "broker"))
    assert (empty.impact, empty.nodes) == ("dynamic", moved.nodes)
    (fewer,) = judged(KAFKA, before, put(before, "KafkaNodePool", "spec/replicas", 2, "broker"))
    assert (fewer.impact, fewer.nodes) == ("moves data", ("payments-prod-broker-102",))


def test_a_node_of_both_roles_restarts_for_either() -> None:
    both = put(
        without(rendered(KAFKA), "KafkaNodePool", "controller"), "KafkaNodePool", "spec/roles", ["broker", "controller"]
    )
    found = judged(KAFKA, both, put(both, "Kafka", "spec/kafka/config/num.partitions", 3))
    assert {effect.impact: len(effect.nodes) for effect in found} == {"rolls controllers": 3, "rolls brokers": 3}


TOPICS: list[tuple[str, Any, dict[str, Any], str]] = [
    ("spec/partitions", 96, {}, "irreversible"),
    ("spec/partitions", 4, {}, "irreversible"),
    ("spec/replicas", 2, {}, "moves data"),
    ("spec/topicName", "other", {}, "irreversible"),
    ("spec/config/retention.ms", 1_000, {}, "irreversible"),
    ("spec/config/retention.ms", 10**13, {}, "dynamic"),
    ("spec/config/retention.ms", -1, {}, "dynamic"),
    ("spec/config/retention.ms", None, {}, "dynamic"),  # brokers keep a week, and so did the topic
    ("spec/config/retention.ms", None, {"log.retention.hours": 24}, "irreversible"),
    ("spec/config/retention.bytes", 10**6, {}, "irreversible"),
    ("spec/config/retention.bytes", 10**9, {"log.retention.bytes": 10**6}, "dynamic"),
    ("spec/config/cleanup.policy", "compact", {}, "irreversible"),
    ("spec/config/cleanup.policy", "delete", {}, "dynamic"),
    ("spec/config/cleanup.policy", "delete", {"log.cleanup.policy": "compact"}, "irreversible"),
    ("spec/config/max.message.bytes", 9, {}, "dynamic"),
    ("metadata/labels/a", "b", {}, "dynamic"),
]


@pytest.mark.parametrize(("path", "value", "brokers", "impact"), TOPICS)
def test_a_changed_topic(path: str, value: Any, brokers: dict[str, Any], impact: str) -> None:
    before = rendered(APP)
    after = put(before, "KafkaTopic", path, value, "payments.requested")
    (effect,) = judged(APP, before, after, broker_config=brokers)
    assert effect.impact == impact


def test_where_nobody_knows_what_brokers_say_an_unset_value_may_be_any() -> None:
    before = rendered(APP)
    after = put(before, "KafkaTopic", "spec/config/retention.ms", None, "payments.requested")
    (effect,) = judged(APP, before, after, broker_config=None)
    assert effect.impact == "irreversible"


def test_a_users_rights_change_at_once_and_its_credentials_are_replaced() -> None:
    assert {one.impact for one in changed(APP, "KafkaUser", "spec/quotas/producerByteRate", 5)} == {"dynamic"}
    assert {one.impact for one in changed(APP, "KafkaUser", "spec/authorization/acls", [])} == {"dynamic"}
    assert {one.impact for one in changed(APP, "KafkaUser", "spec/authentication/type", "tls")} == {"replaces"}


def _all() -> Iterator[tuple[Fleet, Stack]]:
    fleet = snapshot(REPOSITORY)
    yield from ((fleet, stack) for stack in fleet.stacks.values())
    for one in examples():
        yield from ((one.fleet, stack) for stack in one.fleet.stacks.values() if stack.cluster == one.cluster)


def _other(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value + 7
    return "7000Gi" if re.fullmatch(r"\d+Gi", str(value)) else "other"


def _changes(manifest: Manifest) -> Iterator[ObjectChange]:
    """Each single value of an object, changed."""
    body = manifest.body
    for path in leaves(body):
        here: Any = body
        for part in path:
            here = here[part] if isinstance(here, dict) else children(here)[part]
        yield ObjectChange(body["kind"], body["metadata"]["name"], manifest.role, path, here, _other(here))


def test_every_property_of_every_object_that_is_emitted_has_a_rule() -> None:
    """The cautious words for what nobody knows are never needed for what this repository itself emits."""
    seen: set[tuple[str, ...]] = set()
    unknown: set[tuple[str, ...]] = set()
    silent: set[str] = set()
    for fleet, stack in _all():
        manifests = render.manifests(fleet, stack)
        context = Context(
            stack.service or stack.kind, stack.cluster, objects(manifests), objects(manifests), "4.3.1", {}
        )
        for manifest in manifests:
            kind = manifest.body["kind"]
            assert kind in KINDS, kind
            if kind == "CustomResourceDefinition":
                continue  # ten thousand properties, and one rule
            for change in _changes(manifest):
                shape = (kind, context.service, *map(str, change.path))
                if shape in seen or change.path[0] in ("apiVersion", "kind"):
                    continue
                seen.add(shape)
                found = list(effects(change, context))
                assert found, shape
                unknown |= {shape for effect in found if "do not know" in effect.reason or "not known" in effect.reason}
                silent |= {"/".join(map(str, change.path[:2])) for effect in found if effect.impact == NONE}
    assert unknown == set()
    assert silent == {"metadata/annotations", "spec/maintenanceTimeWindows"}
    assert len(seen) > 3000


def test_what_the_engine_replaces_is_never_called_less() -> None:
    """The sandbox's table of what Pulumi's provider replaces, from another hand than ours."""
    asked = 0
    for kind, paths in IMMUTABLE.items():
        for path in paths if kind in KINDS else ():
            change = ObjectChange(kind, "one", "one", tuple(path.split(".")), "a", "b")
            (effect,) = effects(change, Context("connect", "orders"))
            assert severity(effect.impact) >= severity("replaces"), (kind, path)
            asked += 1
    assert asked > 15
