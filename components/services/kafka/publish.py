"""What the cluster's other services may know of its Kafka.

Owns      the way from a request to a KafkaAccess.
Refuses   what only an apply tells: every address is a name, and the names are known before.
"""

from components.services.access import KafkaAccess, KafkaWay
from components.services.contract import ServiceRequest
from components.services.kafka import addresses
from components.services.kafka.listeners import PLATFORM, Way, defaults, ways
from components.services.kafka.place import kafka_spec, known, sizing_of


def _way(request: ServiceRequest, way: Way) -> KafkaWay:
    outside = way.type != "internal"
    return KafkaWay(
        way.name,
        way.type,
        addresses.bootstrap(request, way),
        way.authentication,
        fan_out=way.fan_out or "",
        brokers=addresses.brokers(request, way) if outside else (),
        names=addresses.names(request.cluster, way, request.place) if outside else (),
    )


def publish(request: ServiceRequest) -> KafkaAccess:
    """How the cluster's services reach its Kafka.

    Where the cell's node type is unknown nothing has a size: the cell's own check refuses that, and until then the
    other services are judged beside a Kafka of three brokers. A platform listener that the file takes away is
    refused too, and until then it is there.
    """
    spec = kafka_spec(request)
    sizing = sizing_of(request) if known(request) else None
    found = {way.name: _way(request, way) for way in (*defaults(request.place).values(), *ways(spec, request.place))}
    named = {way.name for way in ways(spec, request.place)}
    return KafkaAccess(
        cluster=request.cluster,
        namespace=request.namespace,
        bootstrap=found[PLATFORM].bootstrap,
        ca_secret=f"{request.cluster}-cluster-ca-cert",
        version=spec.version,
        brokers=sizing.brokers if sizing else 3,
        replication=sizing.replication if sizing else 3,
        min_insync=sizing.min_insync if sizing else 2,
        ways=tuple(way for name, way in found.items() if name in named),
    )
