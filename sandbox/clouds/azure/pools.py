"""Agent pools among what exists: in a cluster or resources of their own.

Owns      subnets with room and a way out, quotas of cores, pod addresses, and the type `AgentPool`.
Refuses   nodes: nothing runs in the sandbox.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.facts import facts
from sandbox.clouds.azure.model import FORCE_NEW, api, model
from sandbox.clouds.azure.network import RESERVED, subnet_range
from sandbox.clouds.azure.pool_rules import FOR_LIFE, Where, minor, patch, pool_said
from sandbox.contract import Properties, Record, Refusal, Request, World


def pool_standing(
    request: Request, world: World, pool: Mapping[str, Any], name: str, where: Where, outbound: str
) -> Iterator[Refusal]:
    """Refusals of a pool because of what exists: its subnet, the subnet's way out, and room in it."""
    subnet_id = arm.text(pool, "vnetSubnetID")
    path = (*where, "vnetSubnetID")
    yield from arm.reference(request, world, "network:Subnet", subnet_id, path, "VnetSubnetNotFound")
    subnet = arm.resolve(world, "network:Subnet", subnet_id, request.scope) if subnet_id else None
    if subnet is None:
        return
    if outbound == "userAssignedNATGateway" and not arm.text(subnet.inputs, "natGateway", "id"):
        yield arm.refuse(
            "NatGatewayNotAssociatedWithSubnet",
            f"outboundType userAssignedNATGateway needs a NAT gateway on subnet {subnet_id} of pool {name}, and it has "
            "none",
            *path,
        )
    given = subnet_range(subnet.inputs)
    if given is not None:
        free = given.num_addresses - RESERVED
        wanted = _nodes(pool) + _surge(pool)
        taken = sum(_nodes(other) + _surge(other) for other in _others(request, world, subnet.id, name))
        if wanted + taken > free:
            yield arm.refuse(
                "InsufficientSubnetSize",
                f"Pre-allocated IPs {wanted + taken} exceeds IPs available {free} in Subnet Cidr {given}, Subnet Name "
                f"{subnet.outputs.get('name')}: pool {name} may grow to {_nodes(pool)} nodes and one for upgrades",
                *path,
            )


def _nodes(pool: Mapping[str, Any]) -> int:
    for key in ("maxCount", "count"):
        found = arm.known(pool, key)
        if isinstance(found, int | float):
            return int(found)
    return 1


def _surge(pool: Mapping[str, Any]) -> int:
    given = arm.text(pool, "upgradeSettings", "maxSurge")
    return int(given) if given.isdigit() else 1


def all_pools(cluster: Record, world: World, request: Request) -> list[tuple[str, Mapping[str, Any]]]:
    """Every pool of a cluster, in either form, by name."""
    found = [(arm.text(pool, "name"), pool) for pool in arm.items(cluster.inputs, "agentPoolProfiles")]
    return found + [(arm.text(r.inputs, "agentPoolName"), r.inputs) for r in _separate(cluster, world, request)]


def _separate(cluster: Record, world: World, request: Request) -> list[Record]:
    group, name = (arm.text(cluster.inputs, key).lower() for key in ("resourceGroupName", "resourceName"))
    return [
        record
        for record in world.all("azure-native:containerservice:AgentPool", request.scope)
        if arm.text(record.inputs, "resourceGroupName").lower() == group
        and arm.text(record.inputs, "resourceName").lower() == name
    ]


def _others(request: Request, world: World, subnet: str, name: str) -> Iterator[Mapping[str, Any]]:
    me = request.old.id if request.old else ""
    for record in world.mentions(subnet):
        if record.id == me:
            continue
        if record.type == "azure-native:containerservice:AgentPool":
            yield record.inputs
        elif record.type == "azure-native:containerservice:ManagedCluster":
            for pool in arm.items(record.inputs, "agentPoolProfiles"):
                if arm.text(pool, "vnetSubnetID") == subnet and arm.text(pool, "name") != name:
                    yield pool


def cores(request: Request, world: World, pools: list[Mapping[str, Any]]) -> Iterator[Refusal]:
    """The cores of each size family must be within the subscription's quota for the region."""
    wanted: Counter[str] = Counter()
    for pool in pools:
        size = facts()["sizes"].get(arm.text(pool, "vmSize"))
        if size:
            wanted[size["family"]] += size["cores"] * _nodes(pool)
    most = facts()["quotas"]["cores of a size family"]["most"]
    me, here = request.old.id if request.old else "", arm.place(request)
    for record in (
        *world.all("azure-native:containerservice:ManagedCluster", request.scope),
        *world.all("azure-native:containerservice:AgentPool", request.scope),
    ):
        if record.id == me or arm.region(arm.text(record.outputs, "location") or record.scope.region) != here:
            continue
        for pool in arm.items(record.inputs, "agentPoolProfiles") or [record.inputs]:
            size = facts()["sizes"].get(arm.text(pool, "vmSize"))
            if size and size["family"] in wanted:
                wanted[size["family"]] += size["cores"] * _nodes(pool)
    for family, total in sorted(wanted.items()):
        if total > most:
            yield arm.refuse(
                "ErrCode_InsufficientVCPUQuota",
                f"Insufficient vcpu quota requested {total} for family {family} in region {here}: the limit is {most}.",
            )


def cluster_of(request: Request, world: World) -> Record | None:
    """The cluster that a separate pool belongs to."""
    return arm.named(
        world,
        "containerservice:ManagedCluster",
        request.scope,
        resourceGroupName=arm.text(request.inputs, "resourceGroupName"),
        resourceName=arm.text(request.inputs, "resourceName"),
    )


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    yield from pool_said(request.inputs, arm.text(request.inputs, "agentPoolName"), arm.place(request), ())


def _standing(request: Request, world: World) -> Iterator[Refusal]:
    cluster = cluster_of(request, world)
    if cluster is None:
        return
    name = arm.text(request.inputs, "agentPoolName")
    outbound = arm.text(cluster.inputs, "networkProfile", "outboundType")
    yield from pool_standing(request, world, request.inputs, name, (), outbound)
    yield from cores(request, world, [request.inputs])
    pools = all_pools(cluster, world, request)
    if request.operation == "create" and any(other == name for other, _ in pools):
        yield arm.refuse("Conflict", f"The cluster has an agent pool named '{name}' already.", "agentPoolName")
    most = facts()["quotas"]["agent pools of a cluster"]["most"]
    if request.operation == "create" and len(pools) >= most:
        yield arm.refuse("QuotaExceeded", f"a cluster has at most {most} agent pools")
    yield from _versions(request, cluster)
    yield from _one_network(request, cluster)
    yield from _pods(request, world, cluster)


def _versions(request: Request, cluster: Record) -> Iterator[Refusal]:
    wanted = minor(arm.text(request.inputs, "orchestratorVersion"))
    has = minor(arm.text(cluster.outputs, "kubernetesVersion"))
    if wanted > has > (0, 0):
        yield arm.refuse(
            "NodePoolMcVersionIncompatible",
            f"Node pool version {'.'.join(map(str, wanted))} and control plane version {'.'.join(map(str, has))} are "
            "incompatible. Minor version of node pool version is bigger than that of the control plane.",
            "orchestratorVersion",
        )


def _one_network(request: Request, cluster: Record) -> Iterator[Refusal]:
    first = arm.text(next(iter(arm.items(cluster.inputs, "agentPoolProfiles")), {}), "vnetSubnetID")
    mine = arm.text(request.inputs, "vnetSubnetID")
    if first and mine and first.rpartition("/subnets/")[0].lower() != mine.rpartition("/subnets/")[0].lower():
        yield arm.refuse(
            "InvalidParameter", f"All agent pools must be in the same virtual network: {mine} is not", "vnetSubnetID"
        )


def pod_room(cidr: str, nodes: int, where: Where) -> Iterator[Refusal]:
    """An overlay gives each node a /24 for its pods."""
    try:
        blocks = ipaddress.IPv4Network(cidr).num_addresses // 256
    except ValueError:
        return
    if nodes > blocks:
        yield arm.refuse(
            "InsufficientPodCidr",
            f"podCidr {cidr} has room for {blocks} nodes (an overlay takes a /24 for each), and the pools may grow to "
            f"{nodes}",
            *where,
        )


def _pods(request: Request, world: World, cluster: Record) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "agentPoolName")
    others = sum(_nodes(pool) for other, pool in all_pools(cluster, world, request) if other != name)
    cidr = arm.text(cluster.inputs, "networkProfile", "podCidr")
    yield from pod_room(cidr, others + _nodes(request.inputs), ("maxCount",))


def nodes_of(pools: list[Mapping[str, Any]]) -> int:
    """How many nodes pools may grow to."""
    return sum(_nodes(pool) for pool in pools)


def _pool_outputs(request: Request, _world: World, id: str) -> Properties:
    given = request.inputs
    version = patch(arm.text(given, "orchestratorVersion"))
    return {
        "count": given.get("count", given.get("minCount", 1)),
        "currentOrchestratorVersion": version,
        "nodeImageVersion": f"AKS{arm.text(given, 'osSKU') or 'Ubuntu'}-{version}",
        "powerState": {"code": "Running"},
        "provisioningState": "Succeeded",
        "eTag": arm.guid(id),
    }


DEFAULTS: Mapping[str, Any] = {
    "mode": "User",
    "osType": "Linux",
    "osDiskType": "Managed",
    "scaleDownMode": "Delete",
    "type": "VirtualMachineScaleSets",
}

TYPES = (
    model(
        "containerservice:AgentPool",
        "Microsoft.ContainerService/managedClusters/agentPools",
        api("containerservice", "AgentPool"),
        name="agentPoolName",
        parents=("resourceName",),
        version="2025-09-01",
        laws=(
            arm.under(
                "containerservice:ManagedCluster",
                "Microsoft.ContainerService/managedClusters",
                resourceName="resourceName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_said),
            arm.standing(_standing),
            arm.frozen_in_place(
                "PropertyChangeNotAllowed",
                *(key for key in FOR_LIFE if key != "vmSize"),
                why="a pool keeps it for life; make a new pool",
            ),
        ),
        immutable=dict.fromkeys(("vmSize", "gpuInstanceProfile"), FORCE_NEW),
        normalize=arm.normal(**DEFAULTS),
        extra=_pool_outputs,
        tracked=False,
    ),
)
