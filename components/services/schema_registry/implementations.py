"""What differs between the three programs: image, port, paths, topics, rights, and which settings are ours.

Owns      one record for each, and the way from a section to the chosen one.
Refuses   variables (`settings.py`) and Kubernetes objects (`objects.py`).
Identity  topics hold the schemas; their names are for life.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.model import Scalar
from components.services import confluent
from components.services.contract import ServiceRequest
from components.services.licences import Licence
from components.services.schema_registry.spec import Name, SchemaRegistrySpec
from components.services.workload import Probe

_COMPACTED: Mapping[str, Scalar] = {"cleanup.policy": "compact"}
_JOURNAL: Mapping[str, Scalar] = {"cleanup.policy": "delete", "retention.bytes": -1, "retention.ms": -1}


@dataclass(frozen=True)
class Implementation:
    """One program.

    port, tls_port  on which it speaks HTTP, or HTTPS
    path        of Confluent's API below the address
    topics      word of the manifest's role -> topic and its configuration; each has one partition
    creates     it asks to make its topic at every start, and does not go on where that is forbidden
    elects      pods pass writes on to the one that they elect, so they must have names
    metrics_port  0: metrics are on the API's own port
    owned       beginnings of keys that this service sets
    keys        what its keys look like
    """

    name: Name
    title: str
    licence: Licence
    image: str
    port: int
    tls_port: int
    path: str
    topics: Mapping[str, tuple[str, Mapping[str, Scalar]]]
    creates: bool
    elects: bool
    probe: Probe
    metrics_port: int
    run_as: int
    writable: tuple[str, ...]
    owned: tuple[str, ...]
    keys: str = field(default=r"^[a-z][A-Za-z0-9._-]*$")


_CONFLUENT = Implementation(
    name="confluent",
    title="Confluent Schema Registry",
    licence="confluent-community",
    image="docker.io/confluentinc/cp-schema-registry",
    port=8081,
    tls_port=8081,
    path="",
    topics={"schemas": ("_schemas", _COMPACTED)},
    creates=False,
    elects=True,
    # Both are answered from memory: a Kafka that does not answer must not restart the registry, whose readers go on.
    probe=Probe("/config", "/", seconds=180),
    metrics_port=confluent.METRICS_PORT,
    run_as=confluent.USER,
    writable=("/etc/schema-registry", "/tmp", "/usr/logs"),  # noqa: S108 - paths in the container
    owned=(
        *("host.name", "host.port", "inter.instance.", "kafkastore.", "leader.eligibility", "listeners", "port"),
        *("schema.compatibility.level", "schema.registry.", "ssl."),
    ),
)

_KARAPACE = Implementation(
    name="karapace",
    title="Karapace",
    licence="apache-2.0",
    image="ghcr.io/aiven-open/karapace",
    port=8081,
    tls_port=8081,
    path="",
    topics={"schemas": ("_schemas", _COMPACTED)},
    creates=True,
    elects=True,
    # `/_health` asks Kafka, `/metrics` nobody.
    probe=Probe("/_health", "/metrics", seconds=180),
    metrics_port=0,
    run_as=1000,
    writable=("/opt/karapace/runtime", "/tmp"),  # noqa: S108 - paths in the container
    owned=(
        *("advertised_", "bootstrap_uri", "client_id", "compatibility", "group_id", "host", "karapace_", "master_"),
        *("port", "producer_acks", "replication_factor", "sasl_", "security_protocol", "server_tls_", "ssl_"),
        "topic_name",
    ),
    keys=r"^[a-z][a-z0-9_]*$",
)

_APICURIO = Implementation(
    name="apicurio",
    title="Apicurio Registry",
    licence="apache-2.0",
    image="quay.io/apicurio/apicurio-registry",
    port=8080,
    tls_port=8443,
    path="/apis/ccompat/v7",
    topics={
        "journal": ("_schemas-journal", _JOURNAL),
        "snapshots": ("_schemas-snapshots", _JOURNAL),
        "events": ("_schemas-events", _JOURNAL),
    },
    creates=False,
    elects=False,
    probe=Probe("/health/ready", "/health/live", seconds=300, port=9000),
    metrics_port=9000,
    run_as=1001,
    writable=("/tmp",),  # noqa: S108 - a path in the container
    owned=(
        *("apicurio.events.kafka.", "apicurio.kafka.common.", "apicurio.kafkasql.", "apicurio.storage.kind"),
        *(
            "apicurio.storage.snapshot.location",
            "apicurio.rules.global.compatibility",
            "quarkus.http.insecure-requests",
        ),
        *("quarkus.http.port", "quarkus.http.ssl", "quarkus.management."),
    ),
    keys=r"^(apicurio|quarkus)\.[A-Za-z0-9._\"-]+$",
)

IMPLEMENTATIONS: Mapping[Name, Implementation] = {one.name: one for one in (_APICURIO, _CONFLUENT, _KARAPACE)}


def registry_spec(request: ServiceRequest) -> SchemaRegistrySpec:
    """The request's section, known to be the schema registry's."""
    return request.section(SchemaRegistrySpec)


def chosen(spec: SchemaRegistrySpec) -> Implementation:
    """The implementation of a section."""
    return IMPLEMENTATIONS[spec.implementation]


def version(spec: SchemaRegistrySpec) -> str:
    """The chosen implementation's version; empty where nobody states it, which the rules refuse."""
    given: str | None = getattr(spec.versions, spec.implementation)
    return given or ""


def secret(spec: SchemaRegistrySpec) -> str:
    """The Secret with the registry's certificate; empty where it speaks HTTP."""
    return spec.tls.secret if spec.tls and spec.tls.enabled else ""


def name(request: ServiceRequest) -> str:
    """Name of the registry's objects and of its KafkaUser."""
    return f"{request.cluster}-schema-registry"


def port(spec: SchemaRegistrySpec) -> int:
    """The port that it speaks on."""
    one = chosen(spec)
    return one.tls_port if secret(spec) else one.port
