"""What follows from a console's section without being said: names, image, what it may do in Kafka.

Owns      the way from a request to its section, and the grants of its user.
Refuses   changes of topics and ACLs: they are declared in the fleet.
"""

from collections.abc import Iterator, Sequence

from components.services.console.spec import ConsoleSpec
from components.services.contract import ServiceRequest
from components.services.kafka_user import Grant

IMAGE = "ghcr.io/kafbat/kafka-ui"
PORT = 8080
METRICS_PORT = 9404


def console_spec(request: ServiceRequest) -> ConsoleSpec:
    """The request's section, known to be a console's."""
    return request.section(ConsoleSpec)


def name(request: ServiceRequest) -> str:
    """Name of the workload, of its Service and of its KafkaUser."""
    return f"{request.cluster}-console"


def image(spec: ConsoleSpec) -> str:
    """The image as it is written, before the cell's mirror."""
    return spec.image or f"{IMAGE}:v{spec.version}"


def base_url(request: ServiceRequest) -> str:
    """Where the console is, inside Kubernetes."""
    scheme = "https" if console_spec(request).tls_secret else "http"
    return f"{scheme}://{name(request)}.{request.namespace}.svc:{PORT}"


def _topics(patterns: Sequence[str], operations: tuple[str, ...]) -> Iterator[Grant]:
    for pattern in patterns:
        yield Grant("topic", pattern, operations, prefix=pattern != "*")


def grants(request: ServiceRequest) -> Sequence[Grant]:
    """What its user may do. It sees every topic and group, because that is what a console is for; no data by itself."""
    spec = console_spec(request)
    found = [
        Grant("cluster", "", ("Describe", "DescribeConfigs")),
        Grant("topic", "*", ("Describe", "DescribeConfigs")),
        Grant("group", "*", ("Delete", "Describe", "Read") if spec.mode == "operate" else ("Describe",)),
    ]
    found += _topics(spec.reads, ("Read",))
    if spec.mode == "operate":
        found += _topics(spec.produces, ("Write",))
    return found
