"""Other virtual networks that are peered with the cell's.

Owns      both halves of a peering, or the cell's half with what the others have to do; names across it.
Refuses   gateways of the other side, and traffic that it forwards for third ones: a peering is for its two networks.

Azure has no requests to accept: a peering is up when both halves exist. Our half and the link of our zone are made by
whoever applies the cell, who needs `peer/action` and `join/action` on the other network for them (README.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import network

from components import names
from components.base import Component
from components.cell.network_spec import Peering
from components.clouds.azure import dns, elsewhere
from components.clouds.azure.references import Parts, parts
from components.clouds.azure.spec import AzureSpec
from components.clouds.azure.standing import Standing
from components.clouds.contract import NetworkRequest


@dataclass(frozen=True)
class Peerings:
    """`told` is for people; `made` holds the halves on our side, one after the other."""

    told: Mapping[str, Any]
    made: tuple[network.VirtualNetworkPeering, ...]


def build(
    owner: Component,
    request: NetworkRequest,
    spec: AzureSpec,
    standing: Standing,
    zone: dns.Zone,
    provider: pulumi.ProviderResource,
) -> Peerings:
    """Make the halves that are ours to make, and say the rest."""
    identity = request.identity
    told: dict[str, Any] = {}
    ours: list[network.VirtualNetworkPeering] = []
    for name in sorted(request.spec.peerings):
        peering = request.spec.peerings[name]
        theirs = parts(peering.network)
        # One at a time: Azure locks a virtual network for each change.
        after: list[pulumi.Resource] = [*standing.ready, *ours[-1:]]
        half = _half(
            f"{identity.cell}-peer-{name}",
            names.cell_resource(identity.cell, name, limit=80),
            (standing.name, standing.group),
            pulumi.Output.from_input(peering.network),
            owner.child(provider, after=after),
        )
        ours.append(half)
        if peering.side == "both":
            there = elsewhere.provider(
                owner,
                identity,
                spec,
                provider,
                subscription=theirs.subscription,
                purpose=f"peer-{name}",
                client_id=peering.principal,
            )
            _half(
                f"{identity.cell}-peer-{name}-theirs",
                names.cell_resource(identity.cell, limit=80),
                (theirs.name, theirs.group),
                standing.id,
                # Azure refuses the second half while the first is being made.
                owner.child(there, after=(half,)),
            )
        if peering.dns:
            dns.link(owner, request, zone, peering.network, purpose=f"dns-link-{name}", physical=name)
        told[name] = {
            "id": half.id,
            "state": half.peering_state,
            "instructions": _instructions(request, theirs, standing, peering),
        }
    return Peerings(told, tuple(ours))


def _half(
    logical: str,
    physical: str,
    at: tuple[pulumi.Input[str], pulumi.Input[str]],
    remote: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> network.VirtualNetworkPeering:
    name, group = at
    return network.VirtualNetworkPeering(
        logical,
        virtual_network_peering_name=physical,
        virtual_network_name=name,
        resource_group_name=group,
        remote_virtual_network=network.SubResourceArgs(id=remote),
        allow_virtual_network_access=True,
        allow_forwarded_traffic=False,
        allow_gateway_transit=False,
        use_remote_gateways=False,
        opts=opts,
    )


def _instructions(
    request: NetworkRequest, theirs: Parts, standing: Standing, peering: Peering
) -> list[pulumi.Input[str]]:
    """What the others do, with rights on their network."""
    said: list[pulumi.Input[str]] = []
    if peering.side == "ours":
        said.append(
            pulumi.Output.concat(
                f"az network vnet peering create --subscription {theirs.subscription} --resource-group {theirs.group}"
                f" --vnet-name {theirs.name} --name {names.cell_resource(request.identity.cell, limit=80)}"
                " --allow-vnet-access true --remote-vnet ",
                standing.id,
            )
        )
    if peering.dns:
        said.append(
            f"where that network has DNS servers of its own: forward {request.private_dns_zone} to 168.63.129.16"
        )
    return said
