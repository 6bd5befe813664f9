"""What the cluster's other services may know of its Kafka.

Owns      the way from a request to a KafkaAccess.
Refuses   listeners that need a load balancer's address: nobody knows it before an apply.
"""

from components.services.access import KafkaAccess, KafkaWay
from components.services.contract import ServiceRequest
from components.services.kafka.listeners import PLATFORM, bootstrap_service, ways
from components.services.kafka.place import kafka_spec, sizing_of


def publish(request: ServiceRequest) -> KafkaAccess:
    """How the cluster's services reach its Kafka. The cell's node type must be known."""
    spec = kafka_spec(request)
    sizing = sizing_of(request)
    inside = {
        way.name: KafkaWay(
            way.name,
            way.type,
            f"{bootstrap_service(request.cluster, way)}.{request.namespace}.svc:{way.port}",
            way.authentication,
        )
        for way in ways(spec, request.place)
    }
    return KafkaAccess(
        cluster=request.cluster,
        namespace=request.namespace,
        bootstrap=inside[PLATFORM].bootstrap,
        ca_secret=f"{request.cluster}-cluster-ca-cert",
        version=spec.version,
        brokers=sizing.brokers,
        replication=sizing.replication,
        min_insync=sizing.min_insync,
        ways=tuple(inside.values()),
    )
