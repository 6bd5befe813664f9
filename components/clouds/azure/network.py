"""The network of one cell on Azure.

Owns      the resource group and the order: network, names, peerings, hub, links.
Refuses   to know how each of them is made: one file each.
Identity  the group holds everything and is protected in production.
"""

from typing import Any

import pulumi
from pulumi_azure_native import resources

from components.clouds import resources as contract
from components.clouds.azure import dns, existing, hub, ids, links, peering, virtual_network
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import NetworkRequest


class Network(contract.Network):
    """Build the network that `request` asks for. `standing` and `zones` are for this folder's own use."""

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: AzureSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        identity, asked = request.identity, request.spec
        group = resources.ResourceGroup(
            f"{identity.cell}-group",
            resource_group_name=ids.resource_group(identity),
            location=identity.region,
            tags=identity.tags,
            opts=self.child(provider, protect=identity.production),
        )
        if asked.existing is not None:
            self.standing = existing.build(request, asked.existing)
        else:
            self.standing = virtual_network.build(self, request, spec, group, provider)
        self.zones = dns.build(self, request, spec, self.standing, group, provider)

        told: dict[str, Any] = {}
        peerings = peering.build(self, request, spec, self.standing, self.zones.private, provider)
        if peerings.told:
            told["peerings"] = peerings.told
        if asked.hub is not None:
            told["hub"] = hub.build(
                self,
                request,
                spec,
                asked.hub,
                self.standing,
                self.zones.private,
                group,
                provider,
                after=peerings.made[-1:],
            )
        if request.links:
            told["links"] = links.build(self, request, self.standing, group, provider)
        if self.zones.name_servers is not None:
            told["name_servers"] = self.zones.name_servers

        self.id = self.standing.id
        self.node_subnet_ids = self.standing.nodes
        self.load_balancer_subnet_ids = self.standing.load_balancers
        self.private_dns_zone_id = self.zones.private.id
        self.public_dns_zone_id = self.zones.public.id if self.zones.public else None
        self.egress_ips = self.standing.egress_ips
        self.ready = (group, *self.standing.ready, *self.zones.ready)
        self.told = told
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})


def of_azure(network: contract.Network) -> Network:
    """The network as this folder made it: a cell never mixes clouds."""
    if not isinstance(network, Network):
        raise TypeError(f"a {type(network).__module__}.{type(network).__name__} under an Azure cell")
    return network
