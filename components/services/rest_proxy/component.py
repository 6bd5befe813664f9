"""The component of a cluster's REST proxy.

Owns      its name: `kafkafleet:services:RestProxy` is in every URN below it.
Refuses   everything else: `objects.py` says what there is.
"""

from components.services.component import ServiceComponent


class RestProxy(ServiceComponent):
    """The REST proxy of one cluster."""

    service = "rest_proxy"
