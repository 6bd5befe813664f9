"""The network of one cell on Azure.

Owns      the resource group, the virtual network with its subnets, gates, routes and private DNS zone, flow logs.
Refuses   inline subnets: Azure would then take every subnet that this list forgets for one to delete.
Identity  the group, the network and its subnets carry everything; all of them are protected in production.
"""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import network, privatedns, resources

from components import names
from components.clouds import resources as contract
from components.clouds.azure import egress, ids, log_account, security
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import NetworkRequest


class Network(contract.Network):
    """Build the network that `request` asks for."""

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: AzureSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        self._request, self._spec, self._azure = request, spec, provider
        identity = request.identity
        self._group = resources.ResourceGroup(
            f"{identity.cell}-group",
            resource_group_name=ids.resource_group(identity),
            location=identity.region,
            tags=identity.tags,
            opts=self.child(provider, protect=identity.production),
        )
        self._network = self._virtual_network()
        out = egress.build(self, request, self._group.name, provider)
        subnets = self._subnets(out)
        zone, link = self._private_dns()
        flow_log = self._flow_log()

        self.id = self._network.id
        self.node_subnet_ids = {z: subnets[z, "nodes"].id for z in identity.zones}
        self.load_balancer_subnet_ids = {z: subnets[z, "load-balancers"].id for z in identity.zones}
        self.private_dns_zone_id = zone.id
        self.egress_ips = out.addresses
        self.ready = (self._group, *subnets.values(), link, flow_log)
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})

    def _virtual_network(self) -> network.VirtualNetwork:
        identity, ranges = self._request.identity, self._request.ranges
        return network.VirtualNetwork(
            f"{identity.cell}-virtual-network",
            virtual_network_name=names.cell_resource(identity.cell, limit=64),
            resource_group_name=self._group.name,
            location=identity.region,
            # Not the whole block: Kubernetes' services must be outside the network. All ranges that subnets may ever
            # take are here from the start, because each later change must be synchronised to every peered network.
            address_space=network.AddressSpaceArgs(
                address_prefixes=sorted(
                    (ranges.regional, ranges.regional_public, ranges.control_plane, ranges.endpoints)
                )
            ),
            tags=identity.tags,
            opts=self.child(self._azure, protect=identity.production),
        )

    def _gate(self, role: str, rules: list[network.SecurityRuleArgs]) -> network.NetworkSecurityGroup:
        identity = self._request.identity
        return network.NetworkSecurityGroup(
            f"{identity.cell}-{role}-gate",
            network_security_group_name=names.cell_resource(identity.cell, role, limit=80),
            resource_group_name=self._group.name,
            location=identity.region,
            security_rules=rules,
            tags=identity.tags,
            opts=self.child(self._azure),
        )

    def _subnets(self, out: egress.Egress) -> Mapping[tuple[str, str], network.Subnet]:
        """Subnets of all zones, one after the other: Azure locks the whole network for each of them."""
        identity, ranges = self._request.identity, self._request.ranges
        gates = {
            "nodes": self._gate("nodes", security.node_rules(self._request)),
            "load-balancers": self._gate("load-balancers", security.load_balancer_rules(self._request)),
        }
        table = network.RouteTable(
            f"{identity.cell}-routes",
            route_table_name=names.cell_resource(identity.cell, limit=80),
            resource_group_name=self._group.name,
            location=identity.region,
            disable_bgp_route_propagation=True,
            routes=security.routes(),
            tags=identity.tags,
            opts=self.child(self._azure),
        )
        made: dict[tuple[str, str], network.Subnet] = {}
        for role in ("nodes", "load-balancers"):
            for zone in ids.zones(identity):
                range_of = ranges.zones[zone]
                nodes = role == "nodes"
                made[zone, role] = network.Subnet(
                    f"{identity.cell}-{role}-{zone}",
                    subnet_name=names.cell_resource(identity.cell, f"{role}-{ids.zone_number(zone)}", limit=80),
                    virtual_network_name=self._network.name,
                    resource_group_name=self._group.name,
                    address_prefix=range_of.private if nodes else range_of.public,
                    network_security_group=network.NetworkSecurityGroupArgs(id=gates[role].id),
                    nat_gateway=network.SubResourceArgs(id=out.gateway_ids[zone]) if nodes else None,
                    route_table=network.RouteTableArgs(id=table.id) if nodes else None,
                    default_outbound_access=False,
                    private_endpoint_network_policies="Disabled",
                    private_link_service_network_policies="Enabled",
                    opts=self.child(self._azure, protect=identity.production, after=list(made.values())[-1:]),
                )
        return made

    def _private_dns(self) -> tuple[privatedns.PrivateZone, privatedns.VirtualNetworkLink]:
        identity = self._request.identity
        zone = privatedns.PrivateZone(
            f"{identity.cell}-dns",
            private_zone_name=self._request.private_dns_zone,
            resource_group_name=self._group.name,
            location="global",
            tags=identity.tags,
            opts=self.child(self._azure, protect=identity.production),
        )
        link = privatedns.VirtualNetworkLink(
            f"{identity.cell}-dns-link",
            virtual_network_link_name=names.cell_resource(identity.cell, limit=80),
            private_zone_name=zone.name,
            resource_group_name=self._group.name,
            location="global",
            virtual_network=privatedns.SubResourceArgs(id=self._network.id),
            registration_enabled=False,
            tags=identity.tags,
            opts=self.child(self._azure),
        )
        return zone, link

    def _flow_log(self) -> network.FlowLog:
        identity, days = self._request.identity, self._request.flow_logs_retention_days
        account = log_account.build(
            self, identity, "flow", retention_days=days, group=self._group.name, provider=self._azure
        )
        return network.FlowLog(
            f"{identity.cell}-flow-log",
            flow_log_name=names.cell_resource(identity.cell, limit=80),
            # Azure makes the region's watcher when the first virtual network appears there, so this waits for ours.
            network_watcher_name=f"NetworkWatcher_{identity.region}",
            resource_group_name=self._spec.network_watcher_resource_group,
            location=identity.region,
            target_resource_id=self._network.id,
            storage_id=account.id,
            enabled=True,
            format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
            retention_policy=network.RetentionPolicyParametersArgs(days=days, enabled=True),
            tags=identity.tags,
            opts=self.child(self._azure),
        )
