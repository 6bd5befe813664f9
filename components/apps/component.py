"""The component of one app: everything in its file.

Owns      the type token `kafkafleet:apps:App` and the logical names `<app>-<role>`, e.g. `<app>-topic-<name>`.
Refuses   decisions: the objects are `objects.py`.
"""

import pulumi

from components.apps.contract import AppRequest
from components.apps.naming import user_name
from components.apps.objects import objects
from components.apps.rotation import valid
from components.base import Component
from components.services.register import register


class App(Component):
    """What one application has on one cluster. `name` is the app's."""

    def __init__(
        self,
        name: str,
        request: AppRequest,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("apps", name, opts)
        register(self, name, objects(request), provider, protect=request.protected)
        self.topics = sorted(request.spec.topics)
        self.users = sorted(
            user_name(request.app, key, generation)
            for key, user in request.spec.users.items()
            for generation in valid(user, request.today)
        )
        self.done({"topics": self.topics, "users": self.users})
