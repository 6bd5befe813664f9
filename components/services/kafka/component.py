"""The component of one Kafka cluster.

Owns      the type token `kafkafleet:services:Kafka`.
Refuses   everything else: the objects are `objects.py`.
"""

from components.services.component import ServiceComponent


class Kafka(ServiceComponent):
    """A Kafka cluster: namespace, network policies, node pools, the Kafka object."""

    service = "kafka"
