"""The component of a cluster's schema registry.

Owns      its name: `kafkafleet:services:SchemaRegistry` is in every URN below it.
Refuses   everything else: `objects.py` says what there is.
"""

from components.services.component import ServiceComponent


class SchemaRegistry(ServiceComponent):
    """The schema registry of one cluster."""

    service = "schema_registry"
