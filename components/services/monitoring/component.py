"""The component of a cluster's monitoring.

Owns      the type token `kafkafleet:services:Monitoring`.
Refuses   everything else: `objects.py` says what there is.
"""

from components.services.component import ServiceComponent


class Monitoring(ServiceComponent):
    """The monitoring of one cluster and of all that stands around it."""

    service = "monitoring"
