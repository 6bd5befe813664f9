"""What Services in a cluster ask AKS for by their annotations: load balancers, addresses, private link services.

Owns      finding the annotations, wherever an object keeps those of the Service that it leads to.
Refuses   Kubernetes' own laws of Services, and what AKS' controller makes of them: none of it is a record.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm, joins
from sandbox.clouds.azure.network import network, subnet_range
from sandbox.contract import Record, World

_PREFIX = "service.beta.kubernetes.io/azure-"
_ADDRESS, _SUBNET = "load-balancer-ipv4", "load-balancer-internal-subnet"


def word(said: Mapping[str, Any], key: str) -> str:
    """One annotation of AKS', without what all of them begin with."""
    return arm.text(said, _PREFIX + key)


def annotations(value: Any, key: str) -> Iterator[Mapping[str, Any]]:
    """Every mapping inside that has an annotation: a Service, an EnvoyProxy and a release each have another place."""
    if isinstance(value, Mapping):
        if word(value, key):
            yield value
        for one in value.values():
            yield from annotations(one, key)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from annotations(one, key)


def asking(world: World, key: str, value: str) -> Iterator[tuple[Record, Record, Mapping[str, Any]]]:
    """Who asks for something by an annotation: the object, its cluster on AKS, and what it says."""
    for record in world.mentions(value):
        if record.scope.cloud != "kubernetes":
            continue
        cluster = arm.resolve(world, "containerservice:ManagedCluster", record.scope.account)
        for said in annotations(record.inputs, key) if cluster else ():
            if cluster is not None and word(said, key) == value:
                yield record, cluster, said


def subnet_of(cluster: Record, name: str) -> str:
    """Id of a subnet that an annotation names: of the nodes' own network; that of the nodes where it names none."""
    nodes = arm.text(next(iter(arm.items(cluster.inputs, "agentPoolProfiles")), {}), "vnetSubnetID")
    if name.startswith("/") or not name:
        return name or nodes
    return f"{nodes.rpartition('/')[0]}/{name}"


def front_of(cluster: Record, said: Mapping[str, Any]) -> str:
    """Id of the subnet in which an internal load balancer stands."""
    return subnet_of(cluster, word(said, _SUBNET))


def holder(world: World, subnet: str, address: str) -> str:
    """Who has asked for an address of a subnet for a load balancer: the object's URN, or nobody."""
    for record, cluster, said in asking(world, _ADDRESS, address):
        if joins.same(front_of(cluster, said), subnet):
            return record.urn
    return ""


def misplaced(world: World, cluster: Record, said: Mapping[str, Any]) -> str:
    """Why an internal load balancer cannot have the address that is asked for it; empty where it can."""
    asked, subnet = word(said, _ADDRESS), front_of(cluster, said)
    found = arm.resolve(world, "network:Subnet", subnet)
    if found is None:
        return f"subnet {subnet} of the load balancer does not exist"
    given = subnet_range(found.inputs)
    address = network(asked) if asked else None
    if address is not None and given is not None and not address.subnet_of(given):
        return f"address {asked} of the load balancer is not in subnet {subnet}, {given}"
    return ""
