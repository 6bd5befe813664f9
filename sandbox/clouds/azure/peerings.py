"""Peerings of virtual networks.

Owns      what Azure asks of the two networks: address spaces apart, one peering a pair, gateways where flags say so.
Refuses   rights: a network of another subscription is taken to be open to whoever peers with it.
"""

import ipaddress
from collections.abc import Iterator
from typing import Any

from sandbox.clouds.azure import arm, joins, quotas
from sandbox.clouds.azure.model import api, model
from sandbox.clouds.azure.network import ALLOWED, NAME, prefixes
from sandbox.contract import Properties, Record, Refusal, Request, World

_NETWORKS = "Microsoft.Network/virtualNetworks"


def _local(request: Request) -> str:
    group, name = (arm.text(request.inputs, key) for key in ("resourceGroupName", "virtualNetworkName"))
    return arm.resource_id(request.scope.account, group, _NETWORKS, name)


def _id(request: Request) -> str:
    return f"{_local(request)}/virtualNetworkPeerings/{arm.name_of(request, 'virtualNetworkPeeringName')}"


def _remote(request: Request) -> str:
    return arm.text(request.inputs, "remoteVirtualNetwork", "id")


def ranges(world: World, network: str) -> list[ipaddress.IPv4Network]:
    """The address space of a network, empty where it does not exist."""
    found = arm.resolve(world, joins.NETWORK, network)
    return prefixes(found.inputs) if found else []


def overlap(ones: list[ipaddress.IPv4Network], others: list[ipaddress.IPv4Network]) -> str:
    """The ranges in which two address spaces meet, as Azure lists them; empty where they are apart."""
    return ", ".join(
        dict.fromkeys(str(part) for one in ones for other in others if one.overlaps(other) for part in (one, other))
    )


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    if "remoteVirtualNetwork" not in request.inputs:
        yield arm.refuse(
            "InvalidRequestFormat", "a peering must name its remote virtual network", "remoteVirtualNetwork"
        )
    elif joins.same(_remote(request), _local(request)):
        yield arm.refuse(
            "PeeringVnetToItselfNotAllowed",
            f"{_local(request)} cannot be peered with itself",
            "remoteVirtualNetwork",
            "id",
        )
    if request.inputs.get("allowGatewayTransit") is True and request.inputs.get("useRemoteGateways") is True:
        yield arm.refuse(
            "gateway-transit-both-ways",
            "allowGatewayTransit offers this network's gateway and useRemoteGateways takes the other's: a peering does "
            "one of them",
            "useRemoteGateways",
        )


def _remote_exists(request: Request, world: World) -> Iterator[Refusal]:
    path = ("remoteVirtualNetwork", "id")
    yield from arm.reference(
        request, world, joins.NETWORK, _remote(request), path, "InvalidGlobalResourceReference", anywhere=True
    )


def _apart(request: Request, world: World) -> Iterator[Refusal]:
    here, there = _local(request), _remote(request)
    ours = ranges(world, here)
    if found := overlap(ours, ranges(world, there)):
        yield arm.refuse(
            "VnetAddressSpacesOverlap",
            f"Cannot create or update peering {_id(request)}. Virtual networks {here} and {there} cannot be peered "
            f"because their address spaces overlap. Overlapping address prefixes: {found}.",
            "remoteVirtualNetwork",
            "id",
        )
    for other in joins.peerings(world, there):
        third = joins.remote(other)
        if joins.same(third, here):
            continue
        if found := overlap(ours, ranges(world, third)):
            yield arm.refuse(
                "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
                f"Cannot create or update peering {_id(request)}. Virtual networks {here} and {there} cannot be peered "
                f"because address space of the first virtual network overlaps with address space of virtual network "
                f"{third} already peered with the second virtual network. Overlapping address prefixes: {found}.",
                "remoteVirtualNetwork",
                "id",
            )


def _one_a_pair(request: Request, world: World) -> Iterator[Refusal]:
    own = request.old.id if request.old else _id(request)
    others = [one for one in joins.peerings(world, _local(request)) if not joins.same(one.id, own)]
    for one in others:
        if joins.same(joins.remote(one), _remote(request)):
            yield arm.refuse(
                "AnotherPeeringAlreadyReferencesRemoteVnet",
                f"Peering {one.id} already references remote virtual network {_remote(request)}. Cannot add another "
                f"peering {own} referencing the same remote virtual network.",
                "remoteVirtualNetwork",
                "id",
            )
    yield from quotas.over(
        "peerings of a virtual network", len(others) + 1, _local(request), "VnetPeeringCountLimitReached"
    )


def _answered(request: Request, world: World) -> Iterator[Refusal]:
    """Only a new side meets this: whoever updates the one that stands brings it back to Initiated."""
    if request.operation != "create":
        return
    for one in joins.peerings(world, _remote(request)):
        if joins.same(joins.remote(one), _local(request)) and joins.was_connected(one):
            yield arm.refuse(
                "RemotePeeringIsDisconnected",
                f"Cannot create or update peering {_id(request)} because remote peering {one.id} referencing parent "
                "virtual network is in Disconnected state. Update or re-create the remote peering to get it back to "
                "Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted and "
                "re-created.",
            )


def _gateways(request: Request, world: World) -> Iterator[Refusal]:
    if request.inputs.get("useRemoteGateways") is not True:
        return
    here, there = _local(request), _remote(request)
    if joins.gateway(world, there) is None:
        yield arm.refuse(
            "RemoteVnetHasNoGateways",
            f"Peering {_id(request)} cannot have UseRemoteGateway flag set to true because remote virtual network "
            f"{there} referenced by the peering does not have any gateways.",
            "useRemoteGateways",
        )
    if joins.gateway(world, here) is not None:
        yield arm.refuse(
            "VnetHasGateways",
            f"Peering {_id(request)} cannot have UseRemoteGateway flag set to true because {here} has a gateway of its "
            "own",
            "useRemoteGateways",
        )
    for answer in joins.peerings(world, there):
        if joins.same(joins.remote(answer), here) and answer.inputs.get("allowGatewayTransit") is not True:
            yield arm.refuse(
                "RemotePeeringDoesNotAllowGatewayTransit",
                f"Peering {_id(request)} cannot have UseRemoteGateway flag set to true because remote peering "
                f"{answer.id} does not have AllowGatewayTransit set",
                "useRemoteGateways",
            )
    own = request.old.id if request.old else _id(request)
    for other in joins.peerings(world, here):
        if not joins.same(other.id, own) and other.inputs.get("useRemoteGateways") is True:
            yield arm.refuse(
                "UseRemoteGatewaysAlreadySet",
                f"{other.id} uses remote gateways already: a network does so over one peering",
                "useRemoteGateways",
            )


def _outputs(request: Request, world: World, id: str) -> Properties:
    here, there = _local(request), _remote(request)
    spaces: dict[str, Any] = {}
    for side, network in (("local", here), ("remote", there)):
        found = arm.resolve(world, joins.NETWORK, network)
        space = {"addressPrefixes": arm.items(found.inputs, "addressSpace", "addressPrefixes") if found else []}
        # The first is what is routed, the second what the network has: a call brings both together.
        spaces |= {f"{side}AddressSpace": space, f"{side}VirtualNetworkAddressSpace": space}
    answer = joins.other_side(world, Record(request.urn, request.type, id, request.scope, request.inputs, {}))
    return {
        **spaces,
        "provisioningState": "Succeeded",
        "peeringState": "Connected" if answer else "Initiated",
        "peeringSyncLevel": "FullyInSync",
        "resourceGuid": arm.guid(id),
        "etag": f'W/"{arm.guid(id)}"',
    }


def _observed(record: Record, world: World) -> Properties:
    return {"peeringState": joins.peering_state(world, record), "peeringSyncLevel": joins.sync_level(world, record)}


TYPES = (
    model(
        joins.PEERING,
        f"{_NETWORKS}/virtualNetworkPeerings",
        api("network", "VirtualNetworkPeering", {"syncRemoteAddressSpace": ""}),
        name="virtualNetworkPeeringName",
        parents=("virtualNetworkName",),
        version="2024-05-01",
        laws=(
            arm.well_named("virtualNetworkPeeringName", NAME, ALLOWED),
            arm.under(
                joins.NETWORK,
                _NETWORKS,
                virtualNetworkName="virtualNetworkName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_said),
            arm.standing(_remote_exists),
            arm.standing(_apart),
            arm.standing(_one_a_pair),
            arm.standing(_answered),
            arm.standing(_gateways),
            arm.frozen_in_place(
                "ChangingRemoteVirtualNetworkNotAllowed",
                "remoteVirtualNetwork.id",
                why="a peering leads to one network for life; make another one",
            ),
        ),
        normalize=arm.normal(
            allowVirtualNetworkAccess=True,
            allowForwardedTraffic=False,
            allowGatewayTransit=False,
            useRemoteGateways=False,
            doNotVerifyRemoteGateways=False,
            peerCompleteVnets=True,
        ),
        extra=_outputs,
        observed=_observed,
        tracked=False,
    ),
)
