"""Confluent's REST Proxy: a workload with its variables.

Owns      the settings that a section can't change, and the way of its own ones into the environment.
Refuses   licences and rights: `rules.py`, `common.py`.
Identity  pods have names: a consumer made over HTTP lives in one pod, and its address holds that pod's name.
"""

from components.model import Scalar
from components.services import confluent
from components.services.contract import ServiceRequest
from components.services.images import pulled
from components.services.rest_proxy.common import name, port, proxy_spec, registry, secret
from components.services.workload import TLS, Destination, PodField, Probe, SecretKey, Workload, java_client

IMAGE = "docker.io/confluentinc/cp-kafka-rest"
REGISTRY_CA = "/mnt/schema-registry-ca"
_PREFIX = "KAFKA_REST_"
_BEANS = ("jetty-metrics", "jersey-metrics")

METRICS = confluent.metrics(
    [(f"kafka.rest<type=({bean})><>([a-z0-9-]+): ", "kafka_rest_$1_$2") for bean in _BEANS],
    [f"kafka.rest:type={bean}" for bean in _BEANS],
)


def _environment(request: ServiceRequest) -> dict[str, str | SecretKey | PodField]:
    spec, kafka = proxy_spec(request), request.kafka
    client, password = java_client(name(request))
    scheme = "https" if secret(spec) else "http"
    settings: dict[str, Scalar] = {
        "bootstrap.servers": f"SSL://{kafka.bootstrap}",
        "consumer.instance.timeout.ms": spec.consumer_timeout_seconds * 1000,
        "host.name": f"$(POD_NAME).{name(request)}-pods.{request.namespace}.svc",
        "id": "$(POD_NAME)",
        "listeners": f"{scheme}://0.0.0.0:{port(spec)}",
        "producer.acks": "all",
        **{f"producer.{key}": value for key, value in spec.producer_config.items()},
        **{f"consumer.{key}": value for key, value in spec.consumer_config.items()},
        **{f"client.{key}": value for key, value in client.items()},
    }
    if secret(spec):
        settings |= {
            "ssl.keystore.location": f"{TLS}/tls-combined.pem",
            "ssl.keystore.reload": True,
            "ssl.keystore.type": "PEM",
        }
    if spec.cors:
        settings |= {
            "access.control.allow.methods": ",".join(spec.cors.methods),
            "access.control.allow.origin": ",".join(spec.cors.origins),
        }
    if found := registry(request):
        settings["schema.registry.url"] = found.url
        if found.ca_secret:
            settings |= {
                "schema.registry.ssl.truststore.location": f"{REGISTRY_CA}/ca.crt",
                "schema.registry.ssl.truststore.type": "PEM",
            }
    return {
        **confluent.variables(_PREFIX, {**spec.config, **settings}),
        confluent.variable(_PREFIX, "client.ssl.keystore.password"): password,
        "KAFKAREST_HEAP_OPTS": confluent.heap(spec.memory_mib),
        "POD_NAME": PodField("metadata.name"),
    }


def _registry_port(url: str) -> int:
    return int(url.partition("://")[2].partition("/")[0].rpartition(":")[2])


def workload(request: ServiceRequest) -> Workload:
    """The proxy's pods."""
    spec = proxy_spec(request)
    found = registry(request)
    return Workload(
        name=name(request),
        image=pulled(spec.image or f"{IMAGE}:{spec.versions.confluent}", request.place),
        port=port(spec),
        replicas=spec.replicas,
        autoscaling=spec.autoscaling,
        cpu=spec.cpu,
        memory_mib=spec.memory_mib,
        # Answered without Kafka: a proxy that restarts because brokers are away helps nobody.
        probe=Probe("/", "/", seconds=180),
        tls_secret=secret(spec),
        metrics_port=confluent.METRICS_PORT,
        command=confluent.command("KAFKAREST_OPTS"),
        environment=_environment(request),
        files={confluent.METRICS_FILE: METRICS},
        secrets={REGISTRY_CA: found.ca_secret} if found and found.ca_secret else {},
        writable=("/etc/kafka-rest", "/tmp", "/usr/logs"),  # noqa: S108 - paths in the container
        stable_names=True,
        kafka_user=name(request),
        egress=(Destination(_registry_port(found.url), found.pods),) if found else (),
        namespaces=spec.namespaces,
        run_as=confluent.USER,
        labels={"app.kubernetes.io/component": "rest-proxy"},
    )
