"""The component of one app: its topics and users.

Owns      the type token `kafkafleet:apps:App` and the logical names `<app>-topic-<name>` and `<app>-user-<key>`.
Refuses   decisions: the objects are `objects.py`.
"""

import pulumi

from components.apps.contract import AppRequest
from components.apps.objects import objects, user_name
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
        register(self, name, objects(request), provider, production=request.production)
        self.topics = sorted(request.spec.topics)
        self.users = sorted(user_name(request.app, key) for key in request.spec.users)
        self.done({"topics": self.topics, "users": self.users})
