"""Connect workers as the operator runs them: what `connect` and `mirror` have alike, since MirrorMaker 2 is Connect.

Owns      pods of workers (size, heap, placement, pod security, logging, metrics, probes), the user's rights on the
          workers' own topics, and which worker settings the operator keeps for itself.
Refuses   plugins, connectors and mirrors: each service's folder has its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.config import forbidden, table
from components.finding import Finding
from components.model import Scalar
from components.names import digest
from components.services.access import KafkaAccess
from components.services.contract import ServiceRequest
from components.services.kafka_user import Grant

API = "kafka.strimzi.io/v1"
ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"

REST_PORT = 8083
METRICS_PORT = "tcp-prometheus"
"""Name of the port on which the operator's pods show their metrics (9404)."""

HEAP_SHARE = 0.75
"""The operator's own share of a worker's memory for the heap, written out so that a review sees it."""

NON_HEAP_MIB = 256
"""The least that a JVM needs beside its heap: classes of plugins, threads, buffers."""

_INTERNAL = ("configs", "offsets", "status")


@dataclass(frozen=True)
class Workers:
    """The workers of one object.

    name   of the KafkaConnect or KafkaMirrorMaker2
    kind   `KafkaConnect` or `KafkaMirrorMaker2`
    """

    name: str
    kind: str
    replicas: int
    cpu: float
    memory_mib: int
    heap_mib: int | None
    log_levels: Mapping[str, str]

    @property
    def heap(self) -> int:
        """Heap of one worker in MiB."""
        return self.heap_mib or int(self.memory_mib * HEAP_SHARE)

    @property
    def pods(self) -> dict[str, str]:
        """Labels of the workers' pods, as the operator sets them."""
        return {"strimzi.io/cluster": self.name, "strimzi.io/kind": self.kind}

    @property
    def topics(self) -> dict[str, str]:
        """The workers' own topics, by what they keep."""
        return {what: f"{self.name}-{what}" for what in _INTERNAL}

    @property
    def timeout_seconds(self) -> int:
        """How long a roll of all workers may take: one by one, and each rebalances."""
        return 600 + 240 * self.replicas


def quantity(cpu: float) -> str:
    """CPUs in Kubernetes' canonical form."""
    milli = round(cpu * 1000)
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def container_security() -> dict[str, Any]:
    """What a namespace with `restricted` pod security asks of each container."""
    return {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}


def pod_security() -> dict[str, Any]:
    """What it asks of each pod."""
    return {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def pod(workers: Workers, zones: int) -> dict[str, Any]:
    """The pods' template: each worker in another zone and on another node, as far as there are any."""

    def mine() -> dict[str, Any]:
        return {"matchLabels": workers.pods}

    spread = [{"maxSkew": 1, "topologyKey": HOST, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": mine()}]
    if zones > 1:
        # The system nodes are shared: a worker in the wrong zone is better than one that waits.
        spread.insert(0, {**spread[0], "topologyKey": ZONE, "labelSelector": mine()})
    return {
        # Tasks commit their offsets when they stop: 30 seconds would end some of them before.
        "terminationGracePeriodSeconds": 60,
        "securityContext": pod_security(),
        "topologySpreadConstraints": spread,
    }


def logging(levels: Mapping[str, str]) -> dict[str, Any]:
    """Log levels as the operator's log4j2 settings. `root` is the level of all that is not named."""
    loggers = {"rootLogger.level": levels.get("root", "INFO")}
    for name in sorted(set(levels) - {"root"}):
        key = f"level{digest(name, 8)}"
        loggers |= {f"logger.{key}.name": name, f"logger.{key}.level": levels[name]}
    return {"type": "inline", "loggers": loggers}


def common(request: ServiceRequest, workers: Workers, metrics: tuple[str, ...]) -> dict[str, Any]:
    """The fields that KafkaConnect and KafkaMirrorMaker2 have alike."""
    memory = f"{workers.memory_mib}Mi"
    zones = len(request.place.zones)
    body: dict[str, Any] = {
        "replicas": workers.replicas,
        # No CPU limit: throttling is latency. Memory limit equal to the request.
        "resources": {
            "requests": {"cpu": quantity(workers.cpu), "memory": memory},
            "limits": {"memory": memory},
        },
        "jvmOptions": {"-Xms": f"{workers.heap}m", "-Xmx": f"{workers.heap}m"},
        # Loading plugins takes long, and a worker that is killed while it loads them never ends loading.
        "livenessProbe": {"initialDelaySeconds": 60, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 6},
        "readinessProbe": {"initialDelaySeconds": 20, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3},
        "logging": logging(workers.log_levels),
        "metricsConfig": {"type": "strimziMetricsReporter", "values": {"allowList": list(metrics)}},
        "template": {
            "pod": pod(workers, zones),
            "connectContainer": {"securityContext": container_security()},
            "podDisruptionBudget": {"maxUnavailable": 1},
        },
    }
    if zones > 1:
        # Consumers read from the replica in their own zone where the brokers let them.
        body["rack"] = {"type": "topology-label", "topologyKey": ZONE}
        body["template"]["initContainer"] = {"securityContext": container_security()}
    return body


def trust(secret: str, certificate: str = "*.crt") -> dict[str, Any]:
    """Whose certificates are believed: during a renewal a Secret has the old and the new."""
    return {"trustedCertificates": [{"secretName": secret, "pattern": certificate}]}


def certificate(secret: str) -> dict[str, Any]:
    """The client certificate of a KafkaUser, by its Secret."""
    return {
        "type": "tls",
        "certificateAndKey": {"secretName": secret, "certificate": "user.crt", "key": "user.key"},
    }


def storage(kafka: KafkaAccess) -> dict[str, Scalar]:
    """Copies of the workers' own topics: those of every internal topic of the cluster."""
    return {f"{what}.storage.replication.factor": kafka.replication for what in ("config", "offset", "status")}


def grants(workers: Workers, config: Mapping[str, Scalar]) -> list[Grant]:
    """What workers need for themselves: their group, their three topics, a look at the cluster. No data topic."""
    found = [
        Grant("group", workers.name, ("Describe", "Read")),
        Grant("cluster", "", ("Describe",)),
        *(
            Grant("topic", topic, ("Create", "Describe", "DescribeConfigs", "Read", "Write"))
            for topic in workers.topics.values()
        ),
    ]
    if config.get("exactly.once.source.support") in ("preparing", "enabled"):
        # The leader writes the workers' configuration in transactions, so that an old leader is shut out.
        found.append(Grant("transactionalId", f"connect-cluster-{workers.name}", ("Describe", "Write")))
    return found


def heap_findings(workers: Workers) -> Iterator[Finding]:
    """A finding where the heap leaves the rest of the JVM no room."""
    if workers.heap > workers.memory_mib - NON_HEAP_MIB:
        yield Finding(
            "heap-too-large",
            ("heap_mib",) if workers.heap_mib else ("memory_mib",),
            f"a heap of {workers.heap} MiB in {workers.memory_mib} MiB leaves less than {NON_HEAP_MIB} MiB for "
            "plugins, threads and buffers: the pod is killed when they grow",
            f"a heap of at most {workers.memory_mib - NON_HEAP_MIB}",
            f"take {int(workers.memory_mib * HEAP_SHARE)}, or leave it out" if workers.heap_mib else "take more memory",
        )


def config_findings(
    request: ServiceRequest, config: Mapping[str, Scalar], version: str, kind: str = "connect_worker"
) -> Iterator[Finding]:
    """Worker settings that the operator would drop, that would open the workers' secrets, or that Kafka refuses.

    `kind` is whose word decides what the operator drops: `connect_worker`, or `mirror_cluster` for a mirror's target.
    """
    operator, judged = request.place.operator_version, dict[str, Scalar]()
    for key, value in config.items():
        if why := forbidden.reason(key, operator, kind):
            near = table.nearest(key, dict.fromkeys(forbidden.exceptions(operator, kind)))
            yield Finding(
                "forbidden-worker-config",
                ("config", key),
                f"the operator would drop '{key}' without a word: {why}",
                hint=f"did you mean '{near}'?" if near else "remove it",
            )
        elif key == "config.providers" or key.startswith("config.providers."):
            yield Finding(
                "worker-config-provider",
                ("config", key),
                f"'{key}' would let every connector read what the workers can: files, variables, other apps' secrets",
                hint="remove it: secrets are read from Kubernetes Secrets, as the README says",
            )
        else:
            judged[key] = value
    yield from table.check(judged, "connect_worker", version, ("config",))
    for key in storage(request.kafka):
        given = config.get(key)
        if isinstance(given, int) and given != request.kafka.replication:
            yield Finding(
                "worker-topic-copies",
                ("config", key),
                f"{key} {given} is not the number of copies that the cluster keeps of its internal topics",
                str(request.kafka.replication),
                "remove it",
            )
