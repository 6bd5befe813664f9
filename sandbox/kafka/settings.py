"""A Kafka object and its node pools as the properties of one node.

Owns      which declared settings hold as they are, which are clamped to one node, which cannot hold here.
Refuses   to drop anything silently: what is not as declared is in the list that comes with the properties.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.kafka.adapted import Adapted
from sandbox.kafka.declared import Cluster, at, name_of
from tools.kafka import runnable

COPIES = re.compile(r"(\.|^)(replication\.factor|min\.isr)$|^min\.insync\.replicas$")
_ABSENT = {
    "remote.": "the plugin that keeps segments elsewhere is not on this machine",
    "rsm.": "the plugin that keeps segments elsewhere is not on this machine",
    "rlmm.": "the plugin that keeps segments elsewhere is not on this machine",
    "broker.rack": "one node stands in no rack",
}
_OWN = {
    # A node that was killed cannot come back before its session has ended.
    "broker.session.timeout.ms": 4000,
    "broker.heartbeat.interval.ms": 1000,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.num.partitions": 4,
    "group.initial.rebalance.delay.ms": 0,
}
_SINGLE = (
    "offsets.topic.replication.factor",
    "share.coordinator.state.topic.min.isr",
    "share.coordinator.state.topic.replication.factor",
    "transaction.state.log.min.isr",
    "transaction.state.log.replication.factor",
)
"""What Kafka would make three of: without a word in the object they are one here, too."""

_DEDUPE = "log.cleaner.dedupe.buffer.size"
_MEBIBYTE = 1024 * 1024
_ONE_NODE = "one node keeps one copy"

_ELSEWHERE = {
    ("kafka", "rack"): "one node stands in no rack",
    ("kafka", "metricsConfig"): "nothing scrapes this machine",
    ("kafka", "template"): "there are no pods",
    ("kafka", "tieredStorage"): "the plugin that keeps segments elsewhere is not on this machine",
    ("kafka", "jvmOptions"): "the heap is what a laptop can spare",
    ("kafka", "resources"): "the heap is what a laptop can spare",
    ("kafka", "logging"): "the broker logs warnings into broker.log",
    ("cruiseControl",): "one node has nothing to balance",
    ("kafkaExporter",): "nothing scrapes this machine",
    ("entityOperator",): "our own reconciler stands in for the topic and user operators",
    ("maintenanceTimeWindows",): "a changed setting restarts the node at once",
}


@dataclass(frozen=True)
class Settings:
    """What a node is started with. `adapted` is what it does otherwise than declared."""

    version: str
    metadata: str
    config: Mapping[str, Any]
    super_users: tuple[str, ...]
    default_quotas: Mapping[str, float]
    heap_mib: int
    adapted: tuple[Adapted, ...]


def _config(declared: Mapping[str, Any]) -> tuple[dict[str, Any], list[Adapted]]:
    config: dict[str, Any] = {}
    adapted = []
    for key, value in sorted(declared.items()):
        absent = next((why for prefix, why in _ABSENT.items() if key.startswith(prefix)), None)
        if absent is not None:
            adapted.append(Adapted(key, str(value), "left out", absent))
        elif COPIES.search(key) and str(value) != "1":
            config[key] = 1
            adapted.append(Adapted(key, str(value), "1", _ONE_NODE))
        else:
            config[key] = value
    for key, small in _OWN.items():
        if key not in declared:
            config[key] = small
            adapted.append(Adapted(key, "Kafka's default", str(small), "less to wait for on one machine"))
    for key in _SINGLE:
        config.setdefault(key, 1)
    if _DEDUPE not in declared:
        config[_DEDUPE] = 2 * _MEBIBYTE * int(declared.get("log.cleaner.threads", 1))
        adapted.append(Adapted(_DEDUPE, "Kafka's default", str(config[_DEDUPE]), "a laptop has little memory to spare"))
    return config, adapted


def _version(cluster: Cluster) -> tuple[str, str, list[Adapted]]:
    declared = str(at(cluster.kafka, "spec", "kafka", "version", default=""))
    metadata = str(at(cluster.kafka, "spec", "kafka", "metadataVersion", default=""))
    version = runnable(declared)
    if version == declared:
        return version, metadata, []
    adapted = [Adapted("version", declared or "the operator's default", version, "the nearest that can be had here")]
    same_minor = version.rpartition(".")[0] == declared.rpartition(".")[0]
    if metadata and not same_minor:
        adapted.append(Adapted("metadataVersion", metadata, "the version's own", "it belongs to another version"))
    return version, metadata if same_minor else "", adapted


def _quotas(cluster: Cluster) -> tuple[dict[str, float], list[Adapted]]:
    declared = at(cluster.kafka, "spec", "kafka", "quotas", default={})
    if declared.get("type") == "kafka":
        names = {
            "producerByteRate": "producer_byte_rate",
            "consumerByteRate": "consumer_byte_rate",
            "requestPercentage": "request_percentage",
            "controllerMutationRate": "controller_mutation_rate",
        }
        return {called: float(declared[key]) for key, called in names.items() if key in declared}, []
    if declared:
        why = "the quota plugin is not on this machine, so nothing limits the node"
        return {}, [Adapted("quotas", json.dumps(declared, sort_keys=True), "left out", why)]
    return {}, []


def _elsewhere(cluster: Cluster) -> list[Adapted]:
    found = []
    for path, why in _ELSEWHERE.items():
        if at(cluster.kafka, "spec", *path) is not None:
            found.append(Adapted(".".join(path), "declared", "left out", why))
    for pool in cluster.pools:
        roles = "+".join(at(pool, "spec", "roles", default=[]))
        number = at(pool, "spec", "replicas", default=0)
        why = "one node is broker and controller, on this machine's disk"
        found.append(Adapted(f"pool {name_of(pool)}", f"{number} × {roles}", "one node", why))
    return found


def settings(cluster: Cluster) -> Settings:
    """The settings of a cluster's one node."""
    declared = at(cluster.kafka, "spec", "kafka", "config", default={})
    version, metadata, adapted = _version(cluster)
    config, changed = _config(declared)
    quotas, unlimited = _quotas(cluster)
    authorization = at(cluster.kafka, "spec", "kafka", "authorization", default={})
    supers = tuple(str(name) for name in authorization.get("superUsers", ()))
    return Settings(
        version=version,
        metadata=metadata,
        config=config,
        super_users=supers,
        default_quotas=quotas,
        heap_mib=256 + int(config[_DEDUPE]) // _MEBIBYTE,
        adapted=(*adapted, *changed, *unlimited, *_elsewhere(cluster)),
    )
