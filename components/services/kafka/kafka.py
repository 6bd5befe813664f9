"""The Kafka object: what the brokers do, and the helpers beside them.

Owns      configuration with safe defaults, authorization, metrics, quotas, certificates, operators, Cruise Control.
Refuses   ownership as labels: a label here reaches the pods, and a changed one rolls every broker.
"""

from typing import Any

from components.model import Scalar
from components.services.contract import ServiceRequest
from components.services.images import pulled
from components.services.kafka import tiered_storage
from components.services.kafka.fan_outs import strimzi
from components.services.kafka.listeners import ways
from components.services.kafka.place import machine_of
from components.services.kafka.pools import API, ZONE, quantity, resources
from components.services.kafka.sizing import Sizing
from components.services.kafka.spec import KafkaSpec
from components.services.kafka.versions import metadata_of

REBALANCE_TEMPLATE = "scale-template"
MIN_FREE_RATIO = 0.1

METRICS = ("kafka_server.*", "kafka_controller.*", "kafka_network.*", "kafka_log.*", "kafka_cluster.*")


def base_config(sizing: Sizing) -> dict[str, Scalar]:
    """Broker configuration of a cluster whose file says nothing."""
    copies, in_sync = sizing.replication, sizing.min_insync
    return {
        "auto.create.topics.enable": False,
        "default.replication.factor": copies,
        "log.retention.ms": round(sizing.throughput.retention_hours * 3_600_000),
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": copies,
        "ssl.enabled.protocols": "TLSv1.3,TLSv1.2",
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.replication.factor": copies,
        "unclean.leader.election.enable": False,
    }


def broker_config(spec: KafkaSpec, sizing: Sizing) -> dict[str, Scalar]:
    """The brokers' configuration, the file's own values over the safe ones."""
    tiered = spec.tiered_storage
    more = tiered_storage.broker_config(tiered, sizing.replication, sizing.min_insync) if tiered else {}
    return dict(sorted({**base_config(sizing), **more, **spec.config}.items()))


def _quotas(spec: KafkaSpec) -> dict[str, Any]:
    quotas = spec.quotas
    body: dict[str, Any] = {"type": "kafka" if quotas.scope == "user" else "strimzi"}
    if quotas.producer_bytes_per_s is not None:
        body["producerByteRate"] = quotas.producer_bytes_per_s
    if quotas.consumer_bytes_per_s is not None:
        body["consumerByteRate"] = quotas.consumer_bytes_per_s
    if quotas.scope == "broker":
        body["minAvailableRatioPerVolume"] = quotas.min_free_ratio or MIN_FREE_RATIO
        if spec.super_users:
            body["excludedPrincipals"] = [f"User:{name}" for name in sorted(spec.super_users)]
    return body


def _cluster(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> dict[str, Any]:
    body: dict[str, Any] = {
        "version": spec.version,
        "metadataVersion": spec.metadata_version or metadata_of(spec.version),
        "listeners": [strimzi(request.cluster, way, request.place) for way in ways(spec, request.place)],
        "authorization": {"type": "simple"},
        "config": broker_config(spec, sizing),
        "quotas": _quotas(spec),
        "metricsConfig": {"type": "strimziMetricsReporter", "values": {"allowList": list(METRICS)}},
        # One broker at a time. Drain Cleaner turns evictions into rolls that keep partitions in sync.
        "template": {"podDisruptionBudget": {"maxUnavailable": 1}},
    }
    if spec.image is not None:
        body["image"] = pulled(spec.image, request.place)
    if spec.tiered_storage is not None:
        body["tieredStorage"] = tiered_storage.strimzi(spec.tiered_storage)
        if spec.tiered_storage.identity:
            metadata = {"annotations": dict(sorted(spec.tiered_storage.identity.items()))}
            body["template"]["serviceAccount"] = {"metadata": metadata}
    if spec.super_users:
        body["authorization"]["superUsers"] = sorted(spec.super_users)
    if len(request.place.zones) > 1:
        body["rack"] = {"type": "topology-label", "topologyKey": ZONE}
    return body


def _cruise_control(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> dict[str, Any]:
    machine = machine_of(request.place)
    network = f"{int(machine.network_mb_per_s * 1e6 / 1024)}KiB/s"
    body: dict[str, Any] = {
        "brokerCapacity": {
            "cpu": quantity(sizing.cpu),
            "inboundNetwork": network,
            "outboundNetwork": network,
        },
        "resources": resources(0.5, "2Gi"),
    }
    if spec.cruise_control.auto_rebalance:
        body["autoRebalance"] = [
            {"mode": mode, "template": {"name": REBALANCE_TEMPLATE}} for mode in ("add-brokers", "remove-brokers")
        ]
    return body


def _entity_operator() -> dict[str, Any]:
    return {name: {"resources": resources(0.1, "512Mi")} for name in ("topicOperator", "userOperator")}


def _authority() -> dict[str, Any]:
    # Without an owner the CAs outlive an accidental deletion, and every client's trust with them.
    return {"validityDays": 365, "renewalDays": 30, "generateSecretOwnerReference": False}


def kafka(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> dict[str, Any]:
    """The Kafka object of a request."""
    body: dict[str, Any] = {
        "kafka": _cluster(request, spec, sizing),
        "clusterCa": _authority(),
        "clientsCa": _authority(),
        "entityOperator": _entity_operator(),
    }
    if spec.cruise_control.enabled:
        body["cruiseControl"] = _cruise_control(request, spec, sizing)
    if spec.kafka_exporter.enabled:
        body["kafkaExporter"] = {"topicRegex": ".*", "groupRegex": ".*", "resources": resources(0.1, "256Mi")}
    if spec.maintenance_windows:
        body["maintenanceTimeWindows"] = list(spec.maintenance_windows)
    return {
        "apiVersion": API,
        "kind": "Kafka",
        "metadata": {
            "name": request.cluster,
            "namespace": request.namespace,
            "annotations": {
                **request.annotations,
                "pulumi.com/waitFor": "condition=Ready",
                # A roll takes brokers one by one, each until its partitions are in sync again.
                "pulumi.com/timeoutSeconds": str(1800 + 300 * (sizing.brokers + sizing.controllers)),
            },
        },
        "spec": body,
    }


def rebalance_template(request: ServiceRequest) -> dict[str, Any]:
    """What Cruise Control uses when brokers come or go: its default goals."""
    return {
        "apiVersion": API,
        "kind": "KafkaRebalance",
        "metadata": {
            "name": REBALANCE_TEMPLATE,
            "namespace": request.namespace,
            "labels": {"strimzi.io/cluster": request.cluster},
            "annotations": {**request.annotations, "strimzi.io/rebalance-template": "true"},
        },
        "spec": {},
    }
