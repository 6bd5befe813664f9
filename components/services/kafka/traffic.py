"""What the clients of a cluster are declared to move.

Owns      the rates of its size, and whether consumers read from the nearest copy.
Refuses   a cluster without a size (its node type is unknown): the cell's own check says so.
"""

from components.services.contract import ServiceRequest, Traffic
from components.services.kafka.place import kafka_spec, known, sizing_of

NEAREST = "org.apache.kafka.common.replica.RackAwareReplicaSelector"
"""Kafka's selector of the replica in the consumer's own rack (KIP-392); racks are zones here."""


def traffic(request: ServiceRequest) -> Traffic | None:
    """The rates that the cluster was sized for."""
    if not known(request):
        return None
    sizing = sizing_of(request)
    load = sizing.throughput
    return Traffic(
        produce_mb_per_s=load.produce_mb_per_s,
        consume_mb_per_s=load.produce_mb_per_s * load.consume_fan_out,
        copies=sizing.replication,
        reads_near=kafka_spec(request).config.get("replica.selector.class") == NEAREST,
    )
