"""The way out of a cell: Cloud NAT with addresses of its own.

Owns      router, NAT and the reserved addresses by which the rest of the world knows the cell.
Refuses   automatic addresses: a partner's allow list would break whenever Google picks new ones.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import NetworkRequest
from components.clouds.gcp.labels import labels
from components.clouds.gcp.vpc import Vpc


@dataclass(frozen=True)
class Egress:
    """What others need of it: the addresses, and the NAT that must stand before nodes start."""

    nat: gcp.compute.RouterNat
    ips: list[pulumi.Output[str]]


def egress(
    parent: Component,
    provider: pulumi.ProviderResource,
    request: NetworkRequest,
    vpc: Vpc,
    nodes: gcp.compute.Subnetwork,
) -> Egress:
    """Make the NAT of `nodes`.

    Cloud NAT is regional and outlives a zone by itself, so `single` and `per-zone` differ in the number of addresses:
    each carries 64,512 connections to one destination.
    """
    identity = request.identity
    roles = ["nat"] if request.spec.nat == "single" else [f"nat-{zone}" for zone in sorted(identity.zones)]
    addresses = [
        gcp.compute.Address(
            f"{identity.cell}-{role}",
            project=identity.account,
            region=identity.region,
            name=names.cell_resource(identity.cell, role),
            address_type="EXTERNAL",
            network_tier="PREMIUM",
            labels=labels(identity.tags),
            # Nothing here refers to the network, but once it stands the API is on.
            opts=parent.child(provider, protect=identity.production, after=[nodes]),
        )
        for role in roles
    ]
    router = gcp.compute.Router(
        f"{identity.cell}-router",
        project=identity.account,
        region=identity.region,
        name=names.cell_resource(identity.cell, "router"),
        network=vpc.link,
        opts=parent.child(provider),
    )
    nat = gcp.compute.RouterNat(
        f"{identity.cell}-router-nat",
        project=identity.account,
        region=identity.region,
        router=router.name,
        name=names.cell_resource(identity.cell, "nat"),
        nat_ip_allocate_option="MANUAL_ONLY",
        nat_ips=[address.self_link for address in addresses],
        source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
        subnetworks=[
            # Pods leave with their own addresses, so the secondary ranges need the NAT too.
            gcp.compute.RouterNatSubnetworkArgs(name=nodes.self_link, source_ip_ranges_to_nats=["ALL_IP_RANGES"])
        ],
        # A node with many connectors needs more than the static 64 ports; it gets them when it asks.
        enable_dynamic_port_allocation=True,
        min_ports_per_vm=64,
        max_ports_per_vm=4096,
        enable_endpoint_independent_mapping=False,
        log_config=gcp.compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
        opts=parent.child(provider),
    )
    return Egress(nat=nat, ips=[address.address for address in addresses])
