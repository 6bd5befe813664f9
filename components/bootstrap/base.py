"""What the bootstraps of all clouds share: names, protection, and how the outputs are called.

Owns      the component base: everything it makes is protected, because every cell's state hangs on it.
Refuses   randomness in names.
"""

from typing import Any

import pulumi

from components import names
from components.base import Component
from components.bootstrap.contract import BootstrapRequest


class BootstrapComponent(Component):
    """Base of each cloud's program. `outputs` are told to the person who ran it; none is secret."""

    def __init__(
        self,
        name: str,
        request: BootstrapRequest,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("bootstrap", name, opts)
        self.request = request
        self.provider = provider
        self.outputs: dict[str, Any] = {}

    def kept(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of what holds or guards the state."""
        return self.child(self.provider, protect=True, after=after)

    def plain(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of what can be made again."""
        return self.child(self.provider, after=after)

    def name(self, role: str, limit: int = 63) -> str:
        """Physical name, e.g. `kf-acme-secrets`."""
        return names.bounded(f"kf-{self.request.fleet}-{role}", limit)

    def unique(self, role: str, limit: int = 63) -> str:
        """Physical name of something that is unique in the whole cloud."""
        return names.globally_unique(f"{self.request.fleet}-{role}", self.request.account, limit)
