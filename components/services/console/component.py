"""The component of one console.

Owns      the type token `kafkafleet:services:Console`.
Refuses   everything else: the objects are `objects.py`.
"""

from components.services.component import ServiceComponent


class Console(ServiceComponent):
    """A console: its user, its pods and what guards them."""

    service = "console"
