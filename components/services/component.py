"""The component of a service: the objects that its pure function returns, registered with the engine.

Owns      how any service's objects become resources, so that no service does it in a way of its own.
Refuses   decisions: everything is in the request, and a service's subclass only gives its name to the type token.
"""

import pulumi

from components import catalog
from components.base import Component
from components.services.contract import ServiceRequest
from components.services.register import register


class ServiceComponent(Component):
    """One service of one cluster. A service subclasses it in its folder and says which entry it is.

    Constructor: `(name, request, provider, opts=None)`; `name` is the cluster's. The type token is
    `kafkafleet:services:<Class>`. `endpoints` is what a person connects to, by name.
    """

    service: str
    """The service's key in the catalog."""

    def __init__(
        self,
        name: str,
        request: ServiceRequest,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("services", name, opts)
        entry = catalog.services()[self.service]
        objects = catalog.load(entry.objects)(request)
        register(self, name, objects, provider, protect=request.protected)
        self.endpoints = dict(catalog.load(entry.endpoints)(request))
        self.done({"endpoints": self.endpoints})
