"""The node pools of a cluster: controllers and brokers, each pod on a node and as far as possible in a zone of its own.

Owns      KafkaNodePool objects: storage, resources, where pods may run.
Refuses   combined roles: a broker that is also a controller takes the quorum down with its own load.
Identity  pool names and the ranges of node ids: they are in the names of pods, volumes and per-broker Services.
"""

from dataclasses import dataclass
from typing import Any

from components.services.contract import ServiceRequest
from components.services.kafka import oauth, tiered_storage
from components.services.kafka.listeners import oauth_of
from components.services.kafka.sizing import Sizing
from components.services.kafka.spec import KafkaSpec

API = "kafka.strimzi.io/v1"

CONTROLLER_IDS = "[0-9]"
BROKER_IDS = "[100-999]"
"""Apart, so that no broker ever takes an id that a controller had. Kafka's ids end at 999 by default."""

ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"


def quantity(cpu: float) -> str:
    """CPUs in Kubernetes' canonical form."""
    milli = round(cpu * 1000)
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def resources(cpu: float, memory: str) -> dict[str, Any]:
    """Memory limit equal to the request: nothing else may take the page cache. No CPU limit: throttling is latency."""
    return {"requests": {"cpu": quantity(cpu), "memory": memory}, "limits": {"memory": memory}}


def _placement(cluster: str, role: str, zones: int) -> dict[str, Any]:
    # Strimzi's own labels: rack awareness itself has added no affinity since 0.49.
    def mine() -> dict[str, Any]:
        return {"matchLabels": {"strimzi.io/cluster": cluster, f"strimzi.io/{role}-role": "true"}}

    pod: dict[str, Any] = {
        "terminationGracePeriodSeconds": 120,
        "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "kafka", "effect": "NoSchedule"}],
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {"matchExpressions": [{"key": "dedicated", "operator": "In", "values": ["kafka"]}]}
                    ]
                }
            },
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": HOST, "labelSelector": mine()}]
            },
        },
    }
    if zones > 1:
        pod["topologySpreadConstraints"] = [
            {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": mine()}
        ]
    return pod


@dataclass(frozen=True)
class _Nodes:
    """The nodes of one role. CPU, memory and disk are those of one of them."""

    role: str
    ids: str
    replicas: int
    cpu: float
    memory_gib: int
    heap_gib: int
    disk_gib: int


def _pool(request: ServiceRequest, spec: KafkaSpec, nodes: _Nodes) -> dict[str, Any]:
    volume = {
        "id": 0,
        "type": "persistent-claim",
        "size": f"{nodes.disk_gib}Gi",
        "class": spec.storage_class,
        "deleteClaim": False,
        "kraftMetadata": "shared",
    }
    return {
        "apiVersion": API,
        "kind": "KafkaNodePool",
        "metadata": {
            "name": nodes.role,
            "namespace": request.namespace,
            "labels": {"strimzi.io/cluster": request.cluster},
            "annotations": {**request.annotations, "strimzi.io/next-node-ids": nodes.ids},
        },
        "spec": {
            "replicas": nodes.replicas,
            "roles": [nodes.role],
            "storage": {"type": "jbod", "volumes": [volume]},
            "resources": resources(nodes.cpu, f"{nodes.memory_gib}Gi"),
            "jvmOptions": {"-Xms": f"{nodes.heap_gib}g", "-Xmx": f"{nodes.heap_gib}g"},
            "template": {"pod": _placement(request.cluster, nodes.role, len(request.place.zones))},
        },
    }


def controllers(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> dict[str, Any]:
    """The pool that keeps the metadata. Its size never changes: the quorum is static."""
    nodes = _Nodes(
        role="controller",
        ids=CONTROLLER_IDS,
        replicas=sizing.controllers,
        cpu=sizing.controller_cpu,
        memory_gib=sizing.controller_memory_gib,
        heap_gib=sizing.controller_heap_gib,
        disk_gib=sizing.controller_disk_gib,
    )
    return _pool(request, spec, nodes)


def _outside(request: ServiceRequest, spec: KafkaSpec, body: dict[str, Any]) -> None:
    """What brokers alone need in order to check tokens and to reach an object store."""
    tokens = oauth_of(spec, request.place)
    if properties := oauth.system_properties(tokens):
        body["jvmOptions"]["javaSystemProperties"] = properties
    volumes, mounts = oauth.volumes(tokens)
    container: dict[str, Any] = {}
    if volumes:
        body["template"]["pod"]["volumes"] = volumes
        container["volumeMounts"] = mounts
    if spec.tiered_storage is not None and spec.tiered_storage.secrets:
        container["env"] = tiered_storage.environment(spec.tiered_storage)
    if container:
        body["template"]["kafkaContainer"] = container


def brokers(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> dict[str, Any]:
    """The pool that holds the data."""
    nodes = _Nodes(
        role="broker",
        ids=BROKER_IDS,
        replicas=sizing.brokers,
        cpu=sizing.cpu,
        memory_gib=sizing.memory_gib,
        heap_gib=sizing.heap_gib,
        disk_gib=sizing.disk_gib,
    )
    pool = _pool(request, spec, nodes)
    if spec.remove_brokers:
        # Only these go, and only as many as `replicas` falls. The operator's check that no replica is lost stays on.
        pool["metadata"]["annotations"]["strimzi.io/remove-node-ids"] = str(list(spec.remove_brokers))
    _outside(request, spec, pool["spec"])
    return pool
