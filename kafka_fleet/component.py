"""The base of a service's component, for packages outside of this repository.

Owns      the name under which another package imports it. Apart from `kafka_fleet`, because it loads Pulumi: a section
          is validated without.
Refuses   definitions of its own.
"""

from components.services.component import ServiceComponent

__all__ = ["ServiceComponent"]
