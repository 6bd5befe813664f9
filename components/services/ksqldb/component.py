"""The component of one ksqlDB.

Owns      the type token `kafkafleet:services:KsqlDb`.
Refuses   everything else: the objects are `objects.py`.
"""

from components.services.component import ServiceComponent


class KsqlDb(ServiceComponent):
    """A ksqlDB: its user, its servers with their state, and what guards them."""

    service = "ksqldb"
