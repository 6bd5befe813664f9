"""The component of the Connect workers of one cluster.

Owns      the type token `kafkafleet:services:Connect`.
Refuses   everything else: the objects are `objects.py`.
"""

from components.services.component import ServiceComponent


class Connect(ServiceComponent):
    """Connect workers: their user, the KafkaConnect object, autoscaling, network policies."""

    service = "connect"
