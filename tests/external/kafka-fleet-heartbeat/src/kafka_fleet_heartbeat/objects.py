"""All Kubernetes objects of one heartbeat: its topic, its user, one pod.

Owns      names, rights and KMinion's configuration.
Refuses   topic management by KMinion: the topic is declared, and its user may not change it.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Mapping, Sequence

from kafka_fleet import (
    KAFKA_CA,
    KAFKA_USER,
    Grant,
    Manifest,
    Probe,
    ServiceRequest,
    Workload,
    kafka_topic,
    kafka_user,
    pulled,
    workload_manifests,
)

from .spec import HeartbeatSpec

IMAGE = "docker.io/redpandadata/kminion"
PORT = 8080
RETENTION_MS = 3_600_000


def heartbeat_spec(request: ServiceRequest) -> HeartbeatSpec:
    """The request's section, known to be a heartbeat's."""
    return request.section(HeartbeatSpec)


def name(request: ServiceRequest) -> str:
    """Name of the workload, the KafkaUser, the topic, and the beginning of its consumer groups."""
    return f"{request.cluster}-heartbeat"


def image(spec: HeartbeatSpec) -> str:
    """The image as it is written, before the cell's mirror."""
    return spec.image or f"{IMAGE}:v{spec.version}"


def _environment(request: ServiceRequest) -> dict[str, str]:
    spec, own = heartbeat_spec(request), name(request)
    lost = f"{spec.lost_after_ms}ms"
    return {
        "KAFKA_BROKERS": request.kafka.bootstrap,
        "KAFKA_CLIENTID": own,
        "KAFKA_TLS_ENABLED": "true",
        "KAFKA_TLS_CAFILEPATH": f"{KAFKA_CA}/ca.crt",
        "KAFKA_TLS_CERTFILEPATH": f"{KAFKA_USER}/user.crt",
        "KAFKA_TLS_KEYFILEPATH": f"{KAFKA_USER}/user.key",
        # Only the heartbeat: sizes and lag of the cluster are Kafka's exporter's.
        "MINION_CONSUMERGROUPS_ENABLED": "false",
        "MINION_LOGDIRS_ENABLED": "false",
        "MINION_TOPICS_GRANULARITY": "topic",
        "MINION_TOPICS_ALLOWEDTOPICS": own,
        "MINION_ENDTOEND_ENABLED": "true",
        "MINION_ENDTOEND_PROBEINTERVAL": f"{spec.interval_ms}ms",
        "MINION_ENDTOEND_TOPICMANAGEMENT_ENABLED": "false",
        "MINION_ENDTOEND_TOPICMANAGEMENT_NAME": own,
        "MINION_ENDTOEND_PRODUCER_ACKSLA": lost,
        "MINION_ENDTOEND_CONSUMER_GROUPIDPREFIX": own,
        "MINION_ENDTOEND_CONSUMER_ROUNDTRIPSLA": lost,
        "MINION_ENDTOEND_CONSUMER_COMMITSLA": lost,
        "EXPORTER_PORT": str(PORT),
    }


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request."""
    spec, own = heartbeat_spec(request), name(request)
    # One partition a broker: each broker leads one, and is asked.
    topic = kafka_topic(request, own, partitions=request.kafka.brokers, config={"retention.ms": RETENTION_MS})
    user = kafka_user(
        request,
        own,
        [
            Grant("topic", own, ("Describe", "DescribeConfigs", "Read", "Write")),
            Grant("group", own, ("Delete", "Describe", "Read"), prefix=True),
            Grant("cluster", "", ("Describe",)),
        ],
    )
    workload = Workload(
        name=own,
        image=pulled(image(spec), request.place),
        port=PORT,
        # One is enough: while it is away nothing is measured, and nothing is broken.
        replicas=1,
        cpu=0.1,
        memory_mib=128,
        probe=Probe("/ready", "/ready", 60),
        environment=_environment(request),
        kafka_user=own,
        # KMinion shows metrics on its only port.
        anyone=True,
    )
    return [
        # What is lost with the topic is an hour of heartbeats, so it is not protected.
        Manifest("topic", topic),
        Manifest("kafka-user", user),
        *workload_manifests(request, workload, after=("topic", "kafka-user")),
    ]


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """Where the metrics are."""
    return {"metrics": f"http://{name(request)}.{request.namespace}.svc:{PORT}/metrics"}
