"""The component of the mirror into one cluster.

Owns      the type token `kafkafleet:services:Mirror`.
Refuses   everything else: the objects are `objects.py`.
"""

from components.services.component import ServiceComponent


class Mirror(ServiceComponent):
    """MirrorMaker 2 beside the cluster that it writes to: its users on both sides, what it trusts, its workers."""

    service = "mirror"
