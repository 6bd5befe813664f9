"""The network of a cell on GCP.

Owns      the order of network, way out, firewall, names, and of everything that the network is joined to.
Refuses   the project's default network.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.clouds import resources
from components.clouds.contract import NetworkRequest
from components.clouds.gcp import apis, hub, links, logs, outbound, peering, zones
from components.clouds.gcp.egress import egress
from components.clouds.gcp.firewall import firewall
from components.clouds.gcp.spec import GcpSpec
from components.clouds.gcp.subnetworks import flow_logs
from components.clouds.gcp.vpc import Vpc, found, own

APIS = ("compute", "dns", "logging")


class Network(resources.Network):
    """Build the network that `request` asks for."""

    id: pulumi.Output[str]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_dns_zone_id: pulumi.Output[str]
    public_dns_zone_id: pulumi.Output[str] | None
    egress_ips: Sequence[pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    told: Mapping[str, Any]
    vpc: Vpc

    def __init__(
        self,
        name: str,
        request: NetworkRequest,
        spec: GcpSpec,  # noqa: ARG002 - the contract's signature; nothing of GCP's own reaches the network
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        identity, net = request.identity, request.spec
        wanted = {*APIS, *(hub.APIS if net.hub else ())}
        enabled = apis.enable(self, provider, identity, wanted)
        self.egress_ips, nat = [], []
        if net.existing:
            vpc = found(request, net.existing, enabled)
        else:
            vpc, nodes = own(self, provider, request, enabled)
            way_out = egress(self, provider, request, vpc, nodes)
            self.egress_ips, nat = way_out.ips, [way_out.nat]
            logs.keep(self, provider, identity, flow_logs(request), enabled)
        rules = firewall(self, provider, request, vpc)
        zone, public = zones.private(self, provider, request, vpc), zones.public(self, provider, request, enabled)

        self.vpc = vpc
        self.id = vpc.id
        self.node_subnet_ids = dict.fromkeys(identity.zones, vpc.nodes)
        self.load_balancer_subnet_ids = dict.fromkeys(identity.zones, vpc.load_balancers)
        self.private_dns_zone_id = zone
        self.public_dns_zone_id = public.id if public else None
        told = {
            "peerings": peering.peerings(self, provider, request, vpc),
            "hub": hub.attach(self, provider, request, vpc, enabled) if net.hub else {},
            "links": links.links(self, provider, request, vpc),
            "egress": outbound.confine(self, provider, request, vpc) if net.egress else {},
            "name_servers": public.name_servers if public else {},
        }
        self.told = {key: value for key, value in told.items() if value != {}}
        self.ready = [*nat, *rules, *enabled]
        self.done({"id": self.id, "egress_ips": list(self.egress_ips)})


def gcp_network(network: resources.Network) -> Network:
    """The network as this cloud made it: one cell's parts come from one cloud."""
    if not isinstance(network, Network):
        raise TypeError(f"a {type(network).__module__}.{type(network).__name__} is no network of GCP")
    return network
