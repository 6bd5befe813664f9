"""The variables by which each program is told where Kafka is, who it is, and how it answers.

Owns      the settings that a section can't change, and the way of its `config` into the environment.
Refuses   secrets: a variable that holds one names a Secret's key.
"""

import re
from collections.abc import Callable, Mapping

from components.model import Scalar
from components.services import confluent
from components.services.contract import ServiceRequest
from components.services.schema_registry.implementations import (
    IMPLEMENTATIONS,
    chosen,
    name,
    port,
    registry_spec,
    secret,
)
from components.services.schema_registry.spec import Name
from components.services.workload import KAFKA_CA, KAFKA_USER, TLS, PodField, SecretKey, java_client

Environment = dict[str, str | SecretKey | PodField]

METRICS = confluent.metrics(
    [
        (f"kafka.schema.registry<type=({bean})><>([a-z0-9-]+): ", "kafka_schema_registry_$1_$2")
        for bean in ("jetty-metrics", "jersey-metrics")
    ]
    + [
        (f"kafka.schema.registry<type={bean}><>[^:]+: ", f"kafka_schema_registry_{bean.replace('-', '_')}")
        for bean in ("registered-count", "master-slave-role")
    ],
    [
        f"kafka.schema.registry:type={bean}"
        for bean in ("jetty-metrics", "jersey-metrics", "registered-count", "master-slave-role")
    ],
)


def _host(request: ServiceRequest) -> str:
    """A pod's own name in DNS: what the others reach it by when it leads."""
    return f"$(POD_NAME).{name(request)}-pods.{request.namespace}.svc"


def _confluent(request: ServiceRequest) -> Environment:
    spec, kafka = registry_spec(request), request.kafka
    prefix = "SCHEMA_REGISTRY_"
    client, password = java_client(name(request))
    scheme = "https" if secret(spec) else "http"
    settings: dict[str, Scalar] = {
        "host.name": _host(request),
        "listeners": f"{scheme}://0.0.0.0:{port(spec)}",
        "inter.instance.protocol": scheme,
        "kafkastore.bootstrap.servers": f"SSL://{kafka.bootstrap}",
        "kafkastore.group.id": f"{name(request)}-reader",
        "kafkastore.topic": "_schemas",
        "kafkastore.topic.replication.factor": kafka.replication,
        "schema.compatibility.level": spec.compatibility,
        "schema.registry.group.id": name(request),
        **{f"kafkastore.{key}": value for key, value in client.items()},
    }
    if secret(spec):
        settings |= {
            "ssl.endpoint.identification.algorithm": "https",
            "ssl.keystore.location": f"{TLS}/tls-combined.pem",
            "ssl.keystore.reload": True,
            "ssl.keystore.type": "PEM",
            "ssl.truststore.location": f"{TLS}/ca.crt",
            "ssl.truststore.type": "PEM",
        }
    return {
        **confluent.variables(prefix, {**spec.config, **settings}),
        confluent.variable(prefix, "kafkastore.ssl.keystore.password"): password,
        "SCHEMA_REGISTRY_HEAP_OPTS": confluent.heap(spec.memory_mib),
        "POD_NAME": PodField("metadata.name"),
    }


def _karapace(request: ServiceRequest) -> Environment:
    spec, kafka = registry_spec(request), request.kafka
    settings: dict[str, Scalar] = {
        "advertised_hostname": _host(request),
        "advertised_port": port(spec),
        "advertised_protocol": "https" if secret(spec) else "http",
        "bootstrap_uri": kafka.bootstrap,
        "client_id": "$(POD_NAME)",
        "compatibility": spec.compatibility,
        "group_id": name(request),
        "host": "0.0.0.0",  # noqa: S104 - inside a pod; the network policy says who reaches it
        "karapace_registry": True,
        "port": port(spec),
        # Its default is one broker's word, which a lost broker takes with it.
        "producer_acks": "all",
        "replication_factor": kafka.replication,
        "security_protocol": "SSL",
        "ssl_cafile": f"{KAFKA_CA}/ca.crt",
        "ssl_certfile": f"{KAFKA_USER}/user.crt",
        "ssl_keyfile": f"{KAFKA_USER}/user.key",
        "topic_name": "_schemas",
    }
    if secret(spec):
        settings |= {
            "server_tls_cafile": f"{TLS}/ca.crt",
            "server_tls_certfile": f"{TLS}/tls.crt",
            "server_tls_keyfile": f"{TLS}/tls.key",
        }
    given = {"log_level": "INFO", **spec.config, **settings}
    return {
        **{f"KARAPACE_{key}".upper(): confluent.text(value) for key, value in given.items()},
        "POD_NAME": PodField("metadata.name"),
    }


def _quarkus(key: str) -> str:
    """The variable that stands for a key of Quarkus: every other character is `_`."""
    return re.sub(r"[^A-Za-z0-9]", "_", key).upper()


def _apicurio(request: ServiceRequest) -> Environment:
    spec, kafka = registry_spec(request), request.kafka
    topics = {word: topic for word, (topic, _) in IMPLEMENTATIONS["apicurio"].topics.items()}
    client, password = java_client(name(request))
    settings: dict[str, Scalar] = {
        "apicurio.events.kafka.topic": topics["events"],
        "apicurio.kafkasql.bootstrap.servers": kafka.bootstrap,
        "apicurio.kafkasql.consumer.group-prefix": f"{name(request)}-",
        "apicurio.kafkasql.snapshots.topic": topics["snapshots"],
        "apicurio.kafkasql.topic": topics["journal"],
        "apicurio.kafkasql.topic.auto-create": False,
        "apicurio.rules.global.compatibility": spec.compatibility,
        "apicurio.storage.kind": "kafkasql",
        "apicurio.storage.snapshot.location": "/tmp",  # noqa: S108 - a path in the container
        **{f"apicurio.kafka.common.{key}": value for key, value in client.items()},
        # Its default is empty: certificates would be taken from any host that the authority knows.
        "apicurio.kafka.common.ssl.endpoint.identification.algorithm": "https",
    }
    if secret(spec):
        settings |= {
            "quarkus.http.insecure-requests": "disabled",
            "quarkus.http.ssl.certificate.files": f"{TLS}/tls.crt",
            "quarkus.http.ssl.certificate.key-files": f"{TLS}/tls.key",
            "quarkus.http.ssl.certificate.reload-period": "1h",
            "quarkus.http.ssl-port": port(spec),
        }
    share = int(confluent.HEAP_SHARE * 100)
    return {
        **{_quarkus(key): confluent.text(value) for key, value in {**spec.config, **settings}.items()},
        _quarkus("apicurio.kafka.common.ssl.keystore.password"): password,
        "JAVA_OPTS_APPEND": f"-XX:InitialRAMPercentage={share} -XX:MaxRAMPercentage={share}",
    }


_OF: Mapping[Name, Callable[[ServiceRequest], Environment]] = {
    "apicurio": _apicurio,
    "confluent": _confluent,
    "karapace": _karapace,
}


def environment(request: ServiceRequest) -> Environment:
    """The variables of the registry's pods."""
    return _OF[chosen(registry_spec(request)).name](request)
