"""What follows from a section without being said: names, image, mode, and what ksqlDB may do in Kafka.

Owns      the way from a request to its section with nothing left open, and the grants of its user.
Refuses   wildcards: what queries may read and write is listed in the section.
Identity  the name of the workload is in the names of its volumes; the service id in those of its topics.
"""

from collections.abc import Sequence

from components.services.contract import ServiceRequest
from components.services.kafka_user import Grant
from components.services.ksqldb.spec import KsqlDbSpec

IMAGE = "docker.io/confluentinc/cp-ksqldb-server"
PORT = 8088
METRICS_PORT = 9404


def ksqldb_spec(request: ServiceRequest) -> KsqlDbSpec:
    """The request's section, known to be ksqlDB's."""
    return request.section(KsqlDbSpec)


def name(request: ServiceRequest) -> str:
    """Name of the workload, of its Service and of its KafkaUser."""
    return f"{request.cluster}-ksqldb"


def image(spec: KsqlDbSpec) -> str:
    """The image as it is written, before the cell's mirror."""
    return spec.image or f"{IMAGE}:{spec.version}"


def service_id(request: ServiceRequest) -> str:
    """`ksql.service.id`."""
    return ksqldb_spec(request).service_id or f"{request.cluster.replace('-', '_')}_"


def internal_prefix(request: ServiceRequest) -> str:
    """Beginning of everything that ksqlDB makes for itself in Kafka."""
    return f"_confluent-ksql-{service_id(request)}"


def output_prefix(request: ServiceRequest) -> str:
    """Beginning of the topics that queries make without naming them."""
    return ksqldb_spec(request).output_prefix or f"ksql-{service_id(request)}"


def base_url(request: ServiceRequest) -> str:
    """Where the REST API is, inside Kubernetes."""
    scheme = "https" if ksqldb_spec(request).mode.tls else "http"
    return f"{scheme}://{name(request)}.{request.namespace}.svc:{PORT}"


def grants(request: ServiceRequest) -> Sequence[Grant]:
    """What its user may do. From Confluent's list of ACLs, without its reads of all topics."""
    spec, internal, output = ksqldb_spec(request), internal_prefix(request), output_prefix(request)
    found = [
        Grant("cluster", "", ("Describe", "DescribeConfigs")),
        Grant("topic", internal, ("All",), prefix=True),
        Grant("group", internal, ("All",), prefix=True),
        Grant("topic", output, ("All",), prefix=True),
        # Exactly-once producers of Kafka Streams are named after the query, the writer of commands after the service.
        Grant("transactionalId", internal, ("Describe", "Write"), prefix=True),
        Grant("transactionalId", service_id(request), ("Describe", "Write")),
    ]
    reads = {prefix: {"Describe", "DescribeConfigs", "Read"} for prefix in spec.reads}
    for prefix in spec.writes:
        reads[prefix] = reads.get(prefix, set()) | {"Create", "Describe", "DescribeConfigs", "Write"}
    return [*found, *(Grant("topic", prefix, tuple(sorted(what)), prefix=True) for prefix, what in reads.items())]
