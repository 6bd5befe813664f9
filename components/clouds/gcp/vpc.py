"""The VPC network in which a cell stands: one of its own, or one that the company has already.

Owns      what the rest of the cloud's code may know of it, the same for both.
Refuses   a network of another project (shared VPC): firewall rules and GKE's grants would be that project's.
Identity  network and subnetworks of a cell's own are protected in production: everything hangs on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.cell.network_spec import Existing
from components.clouds.contract import NetworkRequest
from components.clouds.gcp import paths
from components.clouds.gcp.subnetworks import PODS, SERVICES, subnetworks


@dataclass(frozen=True)
class Vpc:
    """A network with the two subnetworks of a cell.

    name     of the network, in the cell's project
    link     full link of the network: what rules, zones, peerings and spokes refer to
    shared   others have machines in it: no rule may bind them, and no name be taken from them
    nodes, load_balancers  ids of the subnetworks
    pods, services  names of the secondary ranges of `nodes`
    after    what whoever refers to the network must wait for, where the reference itself does not say so
    """

    name: str
    id: pulumi.Output[str]
    link: pulumi.Output[str]
    shared: bool
    nodes: pulumi.Output[str]
    load_balancers: pulumi.Output[str]
    pods: str
    services: str
    after: Sequence[pulumi.Resource]


def own(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, enabled: Sequence[pulumi.Resource]
) -> tuple[Vpc, gcp.compute.Subnetwork]:
    """Make a network with both subnetworks; the nodes' one is handed on to the NAT."""
    identity = request.identity
    name = names.cell_resource(identity.cell)
    network = gcp.compute.Network(
        f"{identity.cell}-vpc",
        project=identity.account,
        name=name,
        auto_create_subnetworks=False,
        routing_mode="REGIONAL",
        opts=parent.child(provider, protect=identity.production, after=enabled),
    )
    made = subnetworks(parent, provider, request, network)
    return Vpc(
        name=name,
        id=network.id,
        link=network.self_link,
        shared=False,
        nodes=made.nodes.id,
        load_balancers=made.load_balancers.id,
        pods=PODS,
        services=SERVICES,
        after=(),
    ), made.nodes


def found(request: NetworkRequest, existing: Existing, enabled: Sequence[pulumi.Resource]) -> Vpc:
    """The company's network. Its subnetworks are regional: those of the first zone are those of every zone."""
    identity = request.identity
    subnets = existing.zones[min(identity.zones)]
    base = f"projects/{identity.account}/regions/{identity.region}/subnetworks"

    def known(text: str) -> pulumi.Output[str]:
        return pulumi.Output.from_input(text)

    return Vpc(
        name=paths.last(existing.network),
        id=known(existing.network),
        link=known(paths.link(existing.network)),
        shared=True,
        nodes=known(f"{base}/{subnets.nodes.id}"),
        load_balancers=known(f"{base}/{subnets.load_balancers.id}"),
        pods=existing.pods_name or PODS,
        services=existing.services_name or SERVICES,
        after=enabled,
    )
