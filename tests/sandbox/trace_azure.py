"""A cell in Azure for tests of the trace, and the networks from which clients come."""

from typing import Any

from sandbox.contract import Scope
from tests.sandbox.trace_world import DNS, World

OWN, OTHER = Scope("azure", "s-a", "westeurope"), Scope("azure", "s-c", "westeurope")
P = "service.beta.kubernetes.io/azure-"
INTERNAL = {f"{P}load-balancer-internal": "true"}
N = "azure-native:network:"


def arm(scope: Scope, group: str, path: str) -> str:
    """An id."""
    return f"/subscriptions/{scope.account}/resourceGroups/{group}/providers/Microsoft.Network/{path}"


VNET, CLIENT = arm(OWN, "a", "virtualNetworks/a"), arm(OTHER, "c", "virtualNetworks/c")
CLUSTER = "/subscriptions/s-a/resourceGroups/a/providers/Microsoft.ContainerService/managedClusters/a"
KUBE = Scope("kubernetes", CLUSTER, "a.azmk8s.io")
ZONE = arm(OWN, "a", f"privateDnsZones/{DNS}")


def subnet(world: World, vnet: str, name: str, cidr: str, scope: Scope, **more: Any) -> str:
    """A subnet."""
    id_ = f"{vnet}/subnets/{name}"
    world.add(f"{N}Subnet", id_, scope, {"addressPrefix": cidr, "subnetName": name, **more})
    return id_


def _rule(name: str, priority: int, access: str, source: str, ports: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "priority": priority,
        "access": access,
        "direction": "Inbound",
        "protocol": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": "*",
        "destinationPortRanges": ports,
    }


def group(world: World, name: str, source: str = "VirtualNetwork") -> dict[str, str]:
    """A group that lets clients in, and nobody else."""
    id_ = arm(OWN, "a", f"networkSecurityGroups/{name}")
    allowed = _rule("allow-kafka", 200, "Allow", source, ["443", "9092-9199"])
    rules = [allowed, _rule("deny-inbound", 4096, "Deny", "*", ["*"])]
    world.add(f"{N}NetworkSecurityGroup", id_, OWN, {"securityRules": rules})
    return {"id": id_}


def cell(source: str = "VirtualNetwork", *, hub: bool = False) -> World:
    """A private cell: nodes, zone, and groups; no Kafka yet."""
    world = World()
    world.add(f"{N}VirtualNetwork", VNET, OWN, {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}})
    table = arm(OWN, "a", "routeTables/a")
    routes = [{"name": "internet", "addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}]
    world.add(f"{N}RouteTable", table, OWN, {"disableBgpRoutePropagation": not hub, "routes": routes})
    nodes, balancers = group(world, "nodes", source), group(world, "balancers", source)
    subnets = [
        subnet(
            world, VNET, f"nodes-{n}", f"10.0.{n * 16}.0/20", OWN, networkSecurityGroup=nodes, routeTable={"id": table}
        )
        for n in range(3)
    ]
    subnet(world, VNET, "lb", "10.0.128.0/23", OWN, networkSecurityGroup=balancers)
    pools = [{"name": "system1", "mode": "System", "vnetSubnetID": subnets[0], "nodeLabels": {"dedicated": "system"}}]
    world.add(
        "azure-native:containerservice:ManagedCluster",
        CLUSTER,
        OWN,
        {"agentPoolProfiles": pools, "tags": {"cell": "a"}},
    )
    for index, id_ in enumerate(subnets):
        pool = {"vnetSubnetID": id_, "nodeLabels": {"dedicated": "kafka"}}
        world.add("azure-native:containerservice:AgentPool", f"{CLUSTER}/agentPools/kafka{index}", OWN, pool)
    world.add("azure-native:privatedns:PrivateZone", ZONE, OWN, {"privateZoneName": DNS})
    link(world, VNET, "a")
    return world


def link(world: World, vnet: str, name: str) -> None:
    """The cell's zone, seen from a network."""
    id_ = f"{ZONE}/virtualNetworkLinks/{name}"
    world.add("azure-native:privatedns:VirtualNetworkLink", id_, OWN, {"virtualNetwork": {"id": vnet}})


def _client(world: World, block: str = "10.50.0.0/16") -> None:
    world.add(f"{N}VirtualNetwork", CLIENT, OTHER, {"addressSpace": {"addressPrefixes": [block]}})
    subnet(world, CLIENT, "c-1", block.replace("/16", "/20"), OTHER)


def peered(world: World) -> World:
    """A network of another subscription, peered from both sides, that resolves the cell's names."""
    _client(world)
    for mine, other, scope in ((VNET, CLIENT, OWN), (CLIENT, VNET, OTHER)):
        inputs = {"remoteVirtualNetwork": {"id": other}, "allowVirtualNetworkAccess": True}
        world.add(f"{N}VirtualNetworkPeering", f"{mine}/virtualNetworkPeerings/p", scope, inputs)
    link(world, CLIENT, "c")
    return world


def hub(world: World) -> World:
    """A hub with the cell's network and one of another subscription on it."""
    _client(world)
    id_ = arm(OWN, "a", "virtualHubs/h")
    world.add(f"{N}VirtualHub", id_, OWN, {"addressPrefix": "10.99.0.0/23"})
    for name, vnet in (("a", VNET), ("c", CLIENT)):
        inputs = {"remoteVirtualNetwork": {"id": vnet}}
        world.add(f"{N}HubVirtualNetworkConnection", f"{id_}/hubVirtualNetworkConnections/{name}", OWN, inputs)
    link(world, CLIENT, "c")
    return world


def service(world: World) -> dict[str, Any]:
    """The gateway's name, and its Service as the cloud asks for it."""
    record = {"relativeRecordSetName": "*", "recordType": "A", "aRecords": [{"ipv4Address": "10.0.129.252"}]}
    world.add("azure-native:privatedns:PrivateRecordSet", f"{ZONE}/A/*", OWN, record)
    told = {f"{P}load-balancer-internal-subnet": "lb", f"{P}load-balancer-ipv4": "10.0.129.252"}
    return {"type": "LoadBalancer", "annotations": {**INTERNAL, **told}}


def offered(annotations: dict[str, Any], approval: str = "s-c") -> dict[str, Any]:
    """The same, with a private link service."""
    told = {
        f"{P}pls-create": "true",
        f"{P}pls-name": "kf-a",
        f"{P}pls-ip-configuration-subnet": "link",
        f"{P}pls-visibility": "s-c",
        f"{P}pls-auto-approval": approval,
    }
    return {**annotations, "annotations": {**annotations["annotations"], **told}}


def linked(world: World) -> World:
    """The provider's NAT subnet, and a network of another subscription with an endpoint and names for it."""
    subnet(world, VNET, "link", "10.0.154.0/24", OWN, privateLinkServiceNetworkPolicies="Disabled")
    _client(world, "10.0.0.0/16")
    pls = "/subscriptions/s-a/resourceGroups/a-nodes/providers/Microsoft.Network/privateLinkServices/kf-a"
    inputs = {
        "subnet": {"id": f"{CLIENT}/subnets/c-1"},
        "privateLinkServiceConnections": [{"name": "l", "privateLinkServiceId": pls}],
        "ipConfigurations": [{"privateIPAddress": "10.0.0.77"}],
    }
    world.add(f"{N}PrivateEndpoint", arm(OTHER, "c", "privateEndpoints/pe"), OTHER, inputs)
    zone = arm(OTHER, "c", f"privateDnsZones/{DNS}")
    world.add("azure-native:privatedns:PrivateZone", zone, OTHER, {"privateZoneName": DNS})
    of_zone = {"virtualNetwork": {"id": CLIENT}}
    world.add("azure-native:privatedns:VirtualNetworkLink", f"{zone}/virtualNetworkLinks/c", OTHER, of_zone)
    record = {"relativeRecordSetName": "*", "recordType": "A", "aRecords": [{"ipv4Address": "10.0.0.77"}]}
    world.add("azure-native:privatedns:PrivateRecordSet", f"{zone}/A/*", OTHER, record)
    return world


def approve(world: World, status: str = "Approved") -> None:
    """The provider's answer to the connection."""
    pls = "/subscriptions/s-a/resourceGroups/a-nodes/providers/Microsoft.Network/privateLinkServices/kf-a"
    inputs = {"privateLinkServiceConnectionState": {"status": status}}
    type_ = f"{N}PrivateLinkServicePrivateEndpointConnection"
    world.add(type_, f"{pls}/privateEndpointConnections/pe.0123", OWN, inputs)
