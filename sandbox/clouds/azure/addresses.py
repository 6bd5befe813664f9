"""Addresses inside subnets: who has one, which are free, which one may be asked for.

Owns      counting what private endpoints, private link services, load balancers and nodes take of a subnet.
Refuses   ranges: `network.py`.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandbox.clouds.azure import aks_services, arm, joins
from sandbox.clouds.azure.network import RESERVED, subnet_range
from sandbox.contract import Record, Refusal, Request, World

SUBNET = "network:Subnet"
_HOLDERS = ("network:PrivateEndpoint", "network:PrivateLinkService", "network:LoadBalancer")
_CONFIGURATIONS = ("ipConfigurations", "frontendIPConfigurations")
_KEPT_BELOW = 4
"""The network's own address, the gateway and two for DNS; the fifth that Azure keeps is the last one."""


def network_of(subnet: str) -> str:
    """Id of the virtual network that a subnet's id lies in."""
    return subnet.rpartition("/subnets/")[0]


def held(world: World, subnet: str, but: str = "") -> dict[str, str]:
    """Address -> id of what has it in a subnet, leaving out the resource `but`."""
    found: dict[str, str] = {}
    for holder in _HOLDERS:
        for record in world.all(arm.AZURE + holder):
            if joins.same(record.id, but):
                continue
            if joins.same(arm.text(record.inputs, "subnet", "id"), subnet):
                found[arm.text(record.outputs, "privateAddress")] = record.id
            for key in _CONFIGURATIONS:
                for one in arm.items(record.outputs, key):
                    if joins.same(arm.text(one, "subnet", "id"), subnet):
                        found[arm.text(one, "privateIPAddress")] = record.id
    return found


def nodes(world: World, subnet: str) -> int:
    """Addresses that the node pools of a subnet may take, at the most that they scale to."""
    count = 0
    pools = [one.inputs for one in world.all("azure-native:containerservice:AgentPool")]
    for cluster in world.all("azure-native:containerservice:ManagedCluster"):
        pools += arm.items(cluster.inputs, "agentPoolProfiles")
    for pool in pools:
        if joins.same(arm.text(pool, "vnetSubnetID"), subnet):
            given = arm.known(pool, "maxCount") or arm.known(pool, "count") or 0
            count += int(given)
    return count


def free(given: ipaddress.IPv4Network, taken: Iterable[str]) -> Iterator[str]:
    """Addresses of a subnet that can be given out, lowest first."""
    gone = set(taken)
    for offset in _between(given):
        address = str(given[offset])
        if address not in gone:
            yield address


def _between(given: ipaddress.IPv4Network) -> range:
    return range(_KEPT_BELOW, given.num_addresses - 1)


@dataclass(frozen=True)
class Wanted:
    """One address that a resource takes: `asked` is empty where any free one will do; `path` says who wants it."""

    subnet: str
    asked: str
    path: tuple[str | int, ...] = ()


def give(world: World, own: str, wanted: Sequence[Wanted]) -> list[str]:
    """The addresses that a resource gets: what it asks for, and elsewhere what is free."""
    rest: dict[str, Iterator[str]] = {}
    for subnet in {one.subnet for one in wanted}:
        record = arm.resolve(world, SUBNET, subnet)
        given = subnet_range(record.inputs) if record else None
        if given is not None:
            gone = {*held(world, subnet, own), *(one.asked for one in wanted)}
            rest[subnet] = (one for one in free(given, gone) if not aks_services.holder(world, subnet, one))
    return [one.asked or next(rest.get(one.subnet, iter(())), "") for one in wanted]


def fits(request: Request, world: World, own: str, wanted: Sequence[Wanted]) -> Iterator[Refusal]:
    """Refusals of addresses: outside of their subnet, kept by Azure, taken already, or too many."""
    for subnet in dict.fromkeys(one.subnet for one in wanted):
        here = [one for one in wanted if one.subnet == subnet]
        yield from arm.reference(request, world, SUBNET, subnet, here[0].path)
        record = arm.resolve(world, SUBNET, subnet)
        given = subnet_range(record.inputs) if record else None
        if record is None or given is None:
            continue
        yield from undelegated(request, record, here[0].path)
        taken = held(world, subnet, own)
        for one in here:
            balancer = aks_services.holder(world, subnet, one.asked) if one.asked else ""
            yield from _asked(one, own, given, {**taken, one.asked: balancer} if balancer else taken)
        left = given.num_addresses - RESERVED - len(taken) - nodes(world, subnet)
        if len(here) > left:
            yield arm.refuse(
                "SubnetIsFull",
                f"Subnet {record.outputs.get('name')} with address prefix {given} does not have enough capacity for "
                f"{len(here)} IP addresses.",
                *here[0].path,
            )


def _asked(one: Wanted, own: str, given: ipaddress.IPv4Network, taken: Mapping[str, str]) -> Iterator[Refusal]:
    if not one.asked:
        return
    try:
        address = ipaddress.IPv4Address(one.asked)
    except ValueError:
        yield arm.refuse("InvalidRequestFormat", f"'{one.asked}' is not an IPv4 address", *one.path)
        return
    if address not in given:
        yield arm.refuse(
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {address} does not belong to the range of subnet prefix {given}.",
            *one.path,
        )
    elif int(address) - int(given[0]) not in _between(given):
        yield arm.refuse(
            "PrivateIPAddressInReservedRange",
            f"Private static IP address {address} falls within reserved IP range of subnet prefix {given}.",
            *one.path,
        )
    elif str(address) in taken:
        yield arm.refuse(
            "PrivateIPAddressIsAllocated",
            f"IP configuration of {own} is using the private IP address {address} which is already allocated to "
            f"resource {taken[str(address)]}.",
            *one.path,
        )


def undelegated(request: Request, subnet: Record, path: Sequence[str | int]) -> Iterator[Refusal]:
    """Refused in a subnet that is another service's own."""
    for delegation in arm.items(subnet.inputs, "delegations"):
        yield arm.refuse(
            "ResourceNotPermittedOnDelegatedSubnet",
            f"{request.type} is not permitted in subnet {subnet.id}, which is delegated to "
            f"{arm.text(delegation, 'serviceName')}",
            *path,
        )
