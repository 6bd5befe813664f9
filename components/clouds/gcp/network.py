"""The network of a cell on GCP.

Owns      the VPC network, its private DNS zone, and the order of what subnetworks, egress, firewall and logs make.
Refuses   the project's default network, and peering: how a network is reached from elsewhere is not the cell's.
Identity  network, subnetworks, addresses and DNS zone are protected in production: everything hangs on them.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_gcp as gcp

from components import names
from components.clouds import resources
from components.clouds.contract import NetworkRequest
from components.clouds.gcp import apis, logs
from components.clouds.gcp.egress import egress
from components.clouds.gcp.firewall import firewall
from components.clouds.gcp.labels import labels
from components.clouds.gcp.spec import GcpSpec
from components.clouds.gcp.subnetworks import flow_logs, subnetworks

APIS = ("compute", "dns", "logging")


class Network(resources.Network):
    """Build the network that `request` asks for."""

    id: pulumi.Output[str]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_dns_zone_id: pulumi.Output[str]
    egress_ips: Sequence[pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: GcpSpec,  # noqa: ARG002 - the contract's signature; nothing of GCP's own reaches the network
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        identity = request.identity
        enabled = apis.enable(self, provider, identity, APIS)
        network = gcp.compute.Network(
            f"{identity.cell}-vpc",
            project=identity.account,
            name=names.cell_resource(identity.cell),
            auto_create_subnetworks=False,
            routing_mode="REGIONAL",
            opts=self.child(provider, protect=identity.production, after=enabled),
        )
        subnets = subnetworks(self, provider, request, network)
        way_out = egress(self, provider, request, network, subnets.nodes)
        rules = firewall(self, provider, request, network)
        zone = gcp.dns.ManagedZone(
            f"{identity.cell}-dns",
            project=identity.account,
            name=names.cell_resource(identity.cell, "internal"),
            dns_name=f"{request.private_dns_zone}.",
            description=f"names inside cell {identity.cell}",
            visibility="private",
            private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network.self_link)]
            ),
            labels=labels(identity.tags),
            opts=self.child(provider, protect=identity.production),
        )
        logs.keep(self, provider, identity, flow_logs(identity, request.flow_logs_retention_days), enabled)

        self.id = network.id
        self.node_subnet_ids = dict.fromkeys(identity.zones, subnets.nodes.id)
        self.load_balancer_subnet_ids = dict.fromkeys(identity.zones, subnets.load_balancers.id)
        self.private_dns_zone_id = zone.id
        self.egress_ips = way_out.ips
        self.ready = [way_out.nat, *rules, *enabled]
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})
