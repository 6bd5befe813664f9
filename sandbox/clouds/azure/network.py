"""Virtual networks and their subnets.

Owns      address laws: inside the network, no overlap, room for Azure's own five addresses.
Refuses   gateways, security groups and routes: their files.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from sandbox.clouds.azure import arm, joins
from sandbox.clouds.azure.facts import facts
from sandbox.clouds.azure.model import FORCE_NEW, api, model
from sandbox.contract import Properties, Record, Refusal, Request, World

RESERVED = 5
"""Addresses of each subnet that Azure keeps: network, gateway, two for DNS, broadcast."""


def network(text: str) -> ipaddress.IPv4Network | None:
    """A range that Azure would take; None for anything else."""
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def prefixes(properties: Properties) -> list[ipaddress.IPv4Network]:
    """The valid ranges of a virtual network."""
    found = [network(str(one)) for one in arm.items(properties, "addressSpace", "addressPrefixes")]
    return [one for one in found if one is not None]


def subnet_range(properties: Properties) -> ipaddress.IPv4Network | None:
    """The range of a subnet, whichever of the two properties holds it."""
    given = arm.text(properties, "addressPrefix") or next(iter(arm.items(properties, "addressPrefixes")), "")
    return network(str(given))


def subnets_of(world: World, request: Request, group: str, name: str) -> list[Record]:
    """The subnets of one virtual network."""
    return [
        record
        for record in world.all(arm.AZURE + "network:Subnet", request.scope)
        if arm.text(record.inputs, "virtualNetworkName").lower() == name.lower()
        and arm.text(record.inputs, "resourceGroupName").lower() == group.lower()
    ]


def _cidr(value: Any, *path: str | int) -> Iterator[Refusal]:
    if isinstance(value, str) and (network(value) is None or "/" not in value):
        hint = ""
        try:
            hint = f": it should be '{ipaddress.IPv4Network(value, strict=False)}'"
        except ValueError:
            hint = ": write it like 10.20.0.0/16"
        yield arm.refuse(
            "InvalidCIDRNotation", f"The address prefix '{value}' has an invalid CIDR notation{hint}", *path
        )


def _space(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.items(request.inputs, "addressSpace", "addressPrefixes")
    if "addressSpace" not in request.inputs:
        yield arm.refuse("InvalidRequestFormat", "a virtual network must have an address space", "addressSpace")
    for index, one in enumerate(given):
        yield from _cidr(one, "addressSpace", "addressPrefixes", index)
    ranges = prefixes(request.inputs)
    for index, one in enumerate(ranges):
        for other in ranges[:index]:
            if one.overlaps(other):
                yield arm.refuse(
                    "address-space-overlaps",
                    f"the address prefixes {other} and {one} of one virtual network overlap",
                    "addressSpace",
                )


def _space_in_use(request: Request, world: World) -> Iterator[Refusal]:
    old = request.old
    if old is None or not arm.wholly_known(request.inputs.get("addressSpace")):
        return
    group, name = (arm.text(old.inputs, key) for key in ("resourceGroupName", "virtualNetworkName"))
    space = prefixes(request.inputs)
    for record in subnets_of(world, request, group, name):
        taken = subnet_range(record.inputs)
        if taken is not None and not any(taken.subnet_of(part) for part in space):
            yield arm.refuse(
                "InUsePrefixCannotBeDeleted",
                f"IpPrefix that holds {taken} on Vnet {name} has active allocations (subnet {record.id}) and cannot be "
                "deleted.",
                "addressSpace",
                "addressPrefixes",
            )


def _space_met(request: Request, world: World) -> Iterator[Refusal]:
    """What is joined must stay apart. The peerings carry a new range only when they are synchronised."""
    own = request.old.id if request.old else ""
    space = prefixes(request.inputs)
    for far, by in joins.joined(world, own):
        found = arm.resolve(world, joins.NETWORK, far) or arm.resolve(world, "network:VirtualHub", far)
        theirs = prefixes(found.inputs) if found else []
        if found and (hub := network(arm.text(found.inputs, "addressPrefix"))):
            theirs.append(hub)
        for one in theirs:
            if any(one.overlaps(part) for part in space):
                yield arm.refuse(
                    "VnetAddressSpacesOverlap",
                    f"The address space of {own} cannot be changed: it would overlap {one} of {far}, to which {by} "
                    "joins it",
                    "addressSpace",
                    "addressPrefixes",
                )


def _network_empty(request: Request, world: World) -> Iterator[Refusal]:
    old = request.old
    if old is None:
        return
    group, name = (arm.text(old.inputs, key) for key in ("resourceGroupName", "virtualNetworkName"))
    for record in subnets_of(world, request, group, name):
        users = [user.id for user in world.mentions(record.id)]
        if users:
            yield arm.refuse(
                "InUseSubnetCannotBeDeleted",
                f"Subnet {record.outputs.get('name')} is in use by {users[0]} and cannot be deleted. In order to "
                "delete the subnet, delete all the resources within the subnet.",
            )
        else:
            yield arm.refuse(
                "virtual-network-not-empty",
                f"virtual network '{name}' still has subnet '{record.id}': Azure would delete it too; delete it first",
            )
        return
    for peering in joins.peerings(world, old.id):
        yield arm.refuse(
            "virtual-network-not-empty",
            f"virtual network '{name}' still has peering '{peering.id}': Azure would delete it too; delete it first",
        )
        return


def _parent(request: Request, world: World) -> Record | None:
    return arm.named(
        world,
        "network:VirtualNetwork",
        request.scope,
        resourceGroupName=arm.text(request.inputs, "resourceGroupName"),
        virtualNetworkName=arm.text(request.inputs, "virtualNetworkName"),
    )


def _range(request: Request, _world: World) -> Iterator[Refusal]:
    one, many = request.inputs.get("addressPrefix"), request.inputs.get("addressPrefixes")
    if one is None and not many:
        yield arm.refuse("InvalidRequestFormat", "a subnet must have an address prefix", "addressPrefix")
    yield from _cidr(one, "addressPrefix")
    for index, other in enumerate(arm.items(request.inputs, "addressPrefixes")):
        yield from _cidr(other, "addressPrefixes", index)
    given = subnet_range(request.inputs)
    if given is not None and given.prefixlen > 29:
        yield arm.refuse(
            "NetcfgInvalidSubnet",
            f"Subnet '{arm.name_of(request, 'subnetName')}' is not valid: {given} has {given.num_addresses} addresses, "
            f"and Azure keeps {RESERVED} of them; the smallest subnet is a /29",
            "addressPrefix",
        )


def _inside(request: Request, world: World) -> Iterator[Refusal]:
    parent, given = _parent(request, world), subnet_range(request.inputs)
    if parent is None or given is None:
        return
    name = arm.name_of(request, "subnetName")
    vnet = arm.text(request.inputs, "virtualNetworkName")
    if not any(given.subnet_of(part) for part in prefixes(parent.inputs)):
        yield arm.refuse(
            "NetcfgSubnetRangeOutsideVnet",
            f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual "
            f"network '{vnet}'.",
            "addressPrefix",
        )
    for other in subnets_of(world, request, arm.text(request.inputs, "resourceGroupName"), vnet):
        taken = subnet_range(other.inputs)
        if other.id != (request.old.id if request.old else "") and taken is not None and taken.overlaps(given):
            yield arm.refuse(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet "
                f"in virtual network '{vnet}' ({other.outputs.get('name')}: {taken}).",
                "addressPrefix",
            )


def _room(request: Request, world: World) -> Iterator[Refusal]:
    group, vnet = (arm.text(request.inputs, key) for key in ("resourceGroupName", "virtualNetworkName"))
    most = facts()["quotas"]["subnets of a virtual network"]["most"]
    if request.operation == "create" and len(subnets_of(world, request, group, vnet)) >= most:
        yield arm.refuse("SubnetCountLimitReached", f"virtual network '{vnet}' has {most} subnets, which is the limit")


def _moved_in_use(request: Request, world: World) -> Iterator[Refusal]:
    old = request.old
    if old is None:
        return
    before, after = subnet_range(old.inputs), subnet_range(request.inputs)
    if before is None or after is None or before == after:
        return
    users = [user.id for user in world.mentions(old.id)]
    if users:
        yield arm.refuse(
            "InUseSubnetCannotBeUpdated",
            f"Subnet {old.outputs.get('name')} is in use by {users[0]} and its range {before} cannot be changed.",
            "addressPrefix",
        )


def _delegated(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.items(request.inputs, "delegations")
    for index, one in enumerate(given):
        service = arm.text(one, "serviceName")
        if service and not re.fullmatch(r"[A-Z][A-Za-z]*\.[A-Za-z]+(/[A-Za-z]+)+", service):
            yield arm.refuse(
                "SubnetDelegationServiceNameInvalid",
                f"'{service}' is not a service that takes subnets, like Microsoft.ContainerService/managedClusters",
                "delegations",
                index,
                "serviceName",
            )
    if len(given) > 1:
        yield arm.refuse(
            "SubnetWithMultipleDelegations", f"a subnet is delegated to one service, not to {len(given)}", "delegations"
        )


def _policies(request: Request, world: World) -> Iterator[Refusal]:
    """Private link services in a subnet need its policies off for as long as they stand."""
    if request.old is None or request.inputs.get("privateLinkServiceNetworkPolicies") != "Enabled":
        return
    for user in world.all("azure-native:network:PrivateLinkService"):
        for one in arm.items(user.inputs, "ipConfigurations"):
            if joins.same(arm.text(one, "subnet", "id"), request.old.id):
                yield arm.refuse(
                    "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet",
                    f"Private link service network policies cannot be enabled on subnet {request.old.id}: {user.id} "
                    "takes its addresses from it.",
                    "privateLinkServiceNetworkPolicies",
                )


def _gates(request: Request, world: World) -> Iterator[Refusal]:
    for key, target in (
        ("networkSecurityGroup", "network:NetworkSecurityGroup"),
        ("natGateway", "network:NatGateway"),
        ("routeTable", "network:RouteTable"),
    ):
        # A subnet has no region of its own: it is its network's.
        parent = _parent(request, world)
        where = arm.region(arm.text(parent.outputs, "location")) if parent else ""
        at = Request(
            request.operation,
            request.urn,
            request.type,
            request.scope,
            {**request.inputs, "location": where},
            request.old,
        )
        yield from arm.reference(at, world, target, arm.text(request.inputs, key, "id"), (key, "id"))


NAME = r"[A-Za-z0-9]([-\w.]{0,78}\w)?"
ALLOWED = "1 to 80 letters, digits, '_', '.' or '-', starting with a letter or digit and not ending with '.' or '-'"

TYPES = (
    model(
        "network:VirtualNetwork",
        "Microsoft.Network/virtualNetworks",
        api("network", "VirtualNetwork"),
        name="virtualNetworkName",
        version="2024-05-01",
        laws=(
            arm.well_named("virtualNetworkName", r"[A-Za-z0-9]([-\w.]{0,62}\w)?", ALLOWED.replace("80", "64")),
            arm.said(_space),
            arm.changing(_space_in_use),
            arm.changing(_space_met),
            arm.limited("virtual networks"),
            arm.leaving(_network_empty),
        ),
        immutable={"location": FORCE_NEW},
        normalize=arm.normal(enableDdosProtection=False),
        extra=lambda _request, _world, own: {"resourceGuid": arm.guid(own), "etag": f'W/"{arm.guid(own)}"'},
        in_use="virtual-network-in-use",
    ),
    model(
        "network:Subnet",
        "Microsoft.Network/virtualNetworks/subnets",
        api("network", "Subnet", {"name": "name"}),
        name="subnetName",
        parents=("virtualNetworkName",),
        version="2024-05-01",
        laws=(
            arm.well_named("subnetName", NAME, ALLOWED),
            arm.under(
                "network:VirtualNetwork",
                "Microsoft.Network/virtualNetworks",
                virtualNetworkName="virtualNetworkName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_range),
            arm.said(_delegated),
            arm.changing(_policies),
            arm.standing(_inside),
            arm.standing(_room),
            arm.standing(_gates),
            arm.changing(_moved_in_use),
        ),
        normalize=arm.normal(privateEndpointNetworkPolicies="Disabled", privateLinkServiceNetworkPolicies="Enabled"),
        extra=lambda _request, _world, own: {"provisioningState": "Succeeded", "etag": f'W/"{arm.guid(own)}"'},
        in_use="InUseSubnetCannotBeDeleted",
        tracked=False,
    ),
)
