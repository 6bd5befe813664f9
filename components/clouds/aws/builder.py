"""What every file of this folder needs to make one resource: whose child it is, and its two names.

Owns      logical names `<cell>-<role>`, physical names `kf-<cell>-<role>`, the `Name` tag, and ARNs known in advance.
Refuses   resources: each stands in the file of its noun.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components import names
from components.base import Component
from components.clouds.contract import Identity


@dataclass(frozen=True)
class Builder:
    """Makes names and options for the children of one component."""

    component: Component
    provider: pulumi.ProviderResource
    identity: Identity

    def logical(self, role: str) -> str:
        """The name in the URN."""
        return f"{self.identity.cell}-{role}"

    def physical(self, role: str = "", limit: int = 63) -> str:
        """The name in AWS."""
        return names.cell_resource(self.identity.cell, role, limit)

    def tags(self, role: str, **more: str) -> dict[str, str]:
        """The resource's own tags; ownership and cost come from the provider's default tags."""
        return {"Name": self.physical(role, 255), **more}

    def carries_data(self, after: Sequence[pulumi.Resource] = (), ignore: Sequence[str] = ()) -> pulumi.ResourceOptions:
        """Options of a child whose loss loses data: protected in production."""
        return self.component.child(self.provider, protect=self.identity.production, after=after, ignore_changes=ignore)

    def plain(self, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        """Options of a child that can be made again."""
        return self.component.child(self.provider, after=after)

    def arn(self, service: str, resource: str) -> str:
        """ARN of something regional in the cell's account. Known before it exists, because names are."""
        return f"arn:aws:{service}:{self.identity.region}:{self.identity.account}:{resource}"

    @property
    def cluster_name(self) -> str:
        """Name of the EKS cluster; everything that has to name it before it exists uses this."""
        return self.physical(limit=100)

    @property
    def cluster_arn(self) -> str:
        """ARN of the EKS cluster."""
        return self.arn("eks", f"cluster/{self.cluster_name}")


def mark(value: str) -> str:
    """A range, or another reference, as a part of a logical name."""
    return value.replace(".", "-").replace("/", "-")


def document(*statements: Mapping[str, Any]) -> str:
    """A policy document as AWS stores it: one text for one meaning, so that a second run sees no change."""
    return json.dumps({"Statement": list(statements), "Version": "2012-10-17"}, sort_keys=True, separators=(",", ":"))
