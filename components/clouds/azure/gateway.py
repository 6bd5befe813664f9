"""The load balancer of a cell's gateway on Azure: AKS makes it from the Service.

Owns      the Service's annotations, its fixed address, the wildcard records that lead there, the private link.
Refuses   a load balancer of its own: AKS keeps the nodes in its load balancer's pool as they come and go.
Identity  the address: names, and what clients have let through their firewalls, hold it.
"""

import pulumi
from pulumi_azure_native import network as azure

from components import names
from components.clouds import resources as contract
from components.clouds.azure import addresses, ids, private_link, records
from components.clouds.azure.network import Network, of_azure
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import GatewayService
from components.clouds.resources import GatewayRequest

_ANNOTATION = "service.beta.kubernetes.io/azure-"

IDLE_MINUTES = 30
"""The longest that Azure has: a slow consumer's connection may say nothing for long. A private link has 4 to 5."""


class Gateway(contract.Gateway):
    """Build the load balancer, or rather what makes AKS build it."""

    def __init__(
        self,
        name: str,
        request: GatewayRequest,
        spec: AzureSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        del spec  # nothing of the cloud's own section is about the gateway
        network = of_azure(request.network)
        address: pulumi.Input[str]
        if request.exposure == "external":
            said, address = self._external(request, network, provider)
        else:
            said, address = self._internal(request, network)
        self.service = GatewayService(
            type="LoadBalancer",
            annotations={**said, f"{_ANNOTATION}load-balancer-tcp-idle-timeout": str(IDLE_MINUTES)},
            source_ranges=tuple(sorted(request.allowed_cidrs)) if request.exposure == "external" else (),
        )
        self.objects = ()
        self.told = {"address": address}
        if request.link:
            self.told = {
                **self.told,
                "service": private_link.service_id(request.identity),
                "instructions": private_link.instructions(request.identity, request.link),
            }
        self.done({"address": address})

    def _internal(self, request: GatewayRequest, network: Network) -> tuple[dict[str, str], str]:
        standing, identity = network.standing, request.identity
        address = addresses.front(standing.front_range)
        zone = network.zones.private
        records.private(self, f"{identity.cell}-gateway-wildcard", zone, address, identity.zones)
        said = {
            f"{_ANNOTATION}load-balancer-internal": "true",
            f"{_ANNOTATION}load-balancer-internal-subnet": standing.front,
            f"{_ANNOTATION}load-balancer-ipv4": address,
        }
        if request.link:
            said |= private_link.annotations(identity, request.link, standing.link, request.dns_zone)
        return said, address

    def _external(
        self, request: GatewayRequest, network: Network, provider: pulumi.ProviderResource
    ) -> tuple[dict[str, str], pulumi.Output[str]]:
        identity, zone = request.identity, network.zones.public
        if zone is None:
            raise ValueError(f"{identity.cell}: an external gateway needs the public DNS zone that a public cell has")
        physical = names.cell_resource(identity.cell, "gateway", limit=80)
        public = azure.PublicIPAddress(
            f"{identity.cell}-gateway-address",
            public_ip_address_name=physical,
            # In the group that AKS has for itself, where its load balancer may use it without further rights.
            resource_group_name=ids.node_resource_group(identity),
            location=identity.region,
            sku=azure.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            idle_timeout_in_minutes=IDLE_MINUTES,
            # In every zone from the start: the zones of an address cannot change.
            zones=["1", "2", "3"],
            tags=identity.tags,
            opts=self.child(provider, protect=identity.production, after=request.kubernetes.ready),
        )
        address = public.ip_address.apply(lambda given: given or "")
        records.public(self, f"{identity.cell}-gateway-wildcard", zone, address, identity.zones)
        return {
            f"{_ANNOTATION}pip-name": physical,
            f"{_ANNOTATION}load-balancer-resource-group": ids.node_resource_group(identity),
        }, address
