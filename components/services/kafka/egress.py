"""A destination outside of the cell's Kubernetes that brokers may speak to: nothing else leaves the namespace.

Owns      the shape of a destination and the NetworkPolicy rule that it becomes.
Refuses   names: a NetworkPolicy knows addresses and ports only.
"""

from typing import Any

from pydantic import Field

from components.model import Cidr, Items, Spec


class Egress(Spec):
    """Addresses and a port that brokers may speak to."""

    cidrs: Items[Cidr] = Field(
        default=(), description="Address ranges. None means any address on the port: say them where they are known."
    )
    port: int = Field(default=443, ge=1, le=65535, description="TCP port.")


def rule(egress: Egress) -> dict[str, Any]:
    """The egress rule of a NetworkPolicy."""
    body: dict[str, Any] = {"ports": [{"protocol": "TCP", "port": egress.port}]}
    if egress.cidrs:
        body["to"] = [{"ipBlock": {"cidr": cidr}} for cidr in sorted(egress.cidrs)]
    return body
