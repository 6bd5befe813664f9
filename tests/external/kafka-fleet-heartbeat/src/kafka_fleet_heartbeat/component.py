"""The component of one heartbeat.

Owns      the type token `kafkafleet:services:Heartbeat`.
Refuses   everything else: the objects are `objects.py`.
"""

from kafka_fleet.component import ServiceComponent


class Heartbeat(ServiceComponent):
    """A heartbeat: its topic, its user and its pod."""

    service = "heartbeat"
