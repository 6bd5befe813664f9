"""A cell in Google Cloud for tests of the trace, and the networks from which clients come."""

from typing import Any

from sandbox.contract import Scope
from tests.sandbox.trace_world import DNS, World

OWN, OTHER = Scope("gcp", "p-a", "europe-west1"), Scope("gcp", "p-c", "europe-west1")
CLUSTER = "projects/p-a/locations/europe-west1/clusters/a"
KUBE = Scope("kubernetes", CLUSTER, "10.0.144.2")
URL = "https://www.googleapis.com/compute/v1/"
INTERNAL = {
    "networking.gke.io/load-balancer-type": "Internal",
    "networking.gke.io/internal-load-balancer-allow-global-access": "true",
}
EXTERNAL = {"cloud.google.com/l4-rbs": "enabled"}


def net(name: str, project: str) -> str:
    """Id of a network."""
    return f"projects/{project}/global/networks/{name}"


def subnet(
    world: World, network: str, name: str, cidr: str, scope: Scope, region: str = "europe-west1", **more: Any
) -> None:
    """A subnetwork."""
    inputs = {
        "network": URL + network,
        "name": name,
        "ipCidrRange": cidr,
        "region": region,
        "purpose": "PRIVATE",
        **more,
    }
    id_ = f"projects/{scope.account}/regions/{region}/subnetworks/{name}"
    world.add("gcp:compute/subnetwork:Subnetwork", id_, scope, inputs)


def firewall(world: World, network: str, name: str, priority: int, scope: Scope, **told: Any) -> None:
    """A rule."""
    inputs = {"network": URL + network, "name": name, "priority": priority, "direction": "INGRESS", **told}
    world.add("gcp:compute/firewall:Firewall", f"projects/{scope.account}/global/firewalls/{name}", scope, inputs)


def cell() -> World:
    """A private cell: nodes, zone, and firewall; no Kafka yet."""
    world, network = World(), net("a", "p-a")
    world.add("gcp:compute/network:Network", network, OWN, {"name": "a"}, selfLink=URL + network)
    secondary = [
        {"rangeName": "pods", "ipCidrRange": "10.0.192.0/18"},
        {"rangeName": "services", "ipCidrRange": "10.0.160.0/20"},
    ]
    subnet(world, network, "a-nodes", "10.0.0.0/17", OWN, secondaryIpRanges=secondary)
    subnet(world, network, "a-lb", "10.0.128.0/20", OWN)
    tags, everything = ["a-node"], [{"protocol": "all"}]
    firewall(world, network, "deny", 65000, OWN, denies=everything, sourceRanges=["0.0.0.0/0"])
    firewall(world, network, "inside", 1000, OWN, allows=everything, sourceRanges=["10.0.0.0/16"], targetTags=tags)
    inputs = {
        "name": "a",
        "network": network,
        "subnetwork": "a-nodes",
        "ipAllocationPolicy": {"clusterSecondaryRangeName": "pods"},
        "resourceLabels": {"cell": "a"},
    }
    world.add("gcp:container/cluster:Cluster", CLUSTER, OWN, inputs)
    for kind in ("kafka", "system"):
        for zone in "bcd":
            config = {"tags": tags, "labels": {"dedicated": kind}}
            pool = {"cluster": CLUSTER, "nodeConfig": config, "nodeLocations": [f"europe-west1-{zone}"]}
            world.add("gcp:container/nodePool:NodePool", f"{CLUSTER}/nodePools/{kind}-{zone}", OWN, pool)
    visible = {"networks": [{"networkUrl": URL + network}]}
    zone_ = {"name": "a-internal", "dnsName": f"{DNS}.", "visibility": "private", "privateVisibilityConfig": visible}
    world.add("gcp:dns/managedZone:ManagedZone", "projects/p-a/managedZones/a-internal", OWN, zone_)
    return world


def _client(world: World, cidr: str = "10.50.0.0/20", region: str = "europe-west1") -> str:
    network = net("c", "p-c")
    world.add("gcp:compute/network:Network", network, OTHER, {"name": "c"}, selfLink=URL + network)
    subnet(world, network, "c-1", cidr, OTHER, region)
    return network


def _names(world: World, network: str) -> None:
    """A DNS peering zone in the client's project."""
    inputs = {
        "name": "c-peering",
        "dnsName": f"{DNS}.",
        "visibility": "private",
        "privateVisibilityConfig": {"networks": [{"networkUrl": URL + network}]},
        "peeringConfig": {"targetNetwork": {"networkUrl": URL + net("a", "p-a")}},
    }
    world.add("gcp:dns/managedZone:ManagedZone", "projects/p-c/managedZones/c-peering", OTHER, inputs)


def peered(world: World, region: str = "europe-west1") -> World:
    """A network of another project, peered from both sides, that resolves the cell's names."""
    ours, theirs = net("a", "p-a"), _client(world, region=region)
    for mine, other, scope in ((ours, theirs, OWN), (theirs, ours, OTHER)):
        inputs = {"network": URL + mine, "peerNetwork": URL + other, "name": "peer"}
        world.add("gcp:compute/networkPeering:NetworkPeering", f"{mine}/peer", scope, inputs)
    _names(world, theirs)
    return world


def hub(world: World) -> World:
    """A hub of the cell's project, with a network of another project on it."""
    ours, theirs = net("a", "p-a"), _client(world)
    id_ = "projects/p-a/locations/global/hubs/h"
    world.add("gcp:networkconnectivity/hub:Hub", id_, OWN, {"name": "h", "project": "p-a"})
    group = {"hub": id_, "name": "default", "autoAccept": {"autoAcceptProjects": ["p-c"]}}
    world.add("gcp:networkconnectivity/group:Group", f"{id_}/groups/default", OWN, group)
    for network, scope in ((ours, OWN), (theirs, OTHER)):
        linked = {"uri": URL + network, "excludeExportRanges": ["10.0.160.0/20"] if scope is OWN else []}
        inputs = {"hub": id_, "project": scope.account, "linkedVpcNetwork": linked}
        world.add("gcp:networkconnectivity/spoke:Spoke", f"projects/{scope.account}/spokes/s", scope, inputs)
    _names(world, theirs)
    return world


def address(world: World) -> dict[str, Any]:
    """The gateway's address and name, and its Service as the cloud asks for it."""
    inputs = {"name": "a-gateway", "addressType": "INTERNAL"}
    id_ = "projects/p-a/regions/europe-west1/addresses/a-gateway"
    world.add("gcp:compute/address:Address", id_, OWN, inputs, address="10.0.128.9", selfLink=URL + id_)
    record = {"managedZone": "a-internal", "name": f"*.{DNS}.", "type": "A", "rrdatas": ["10.0.128.9"]}
    world.add("gcp:dns/recordSet:RecordSet", "a-internal/*", OWN, record)
    told = {
        "networking.gke.io/load-balancer-ip-addresses": "a-gateway",
        "networking.gke.io/load-balancer-subnet": "a-lb",
    }
    return {"type": "LoadBalancer", "annotations": {**INTERNAL, **told}}


def linked(world: World) -> World:
    """A service attachment at the gateway, and a network of another project with an endpoint and names for it."""
    nat = {"purpose": "PRIVATE_SERVICE_CONNECT"}
    subnet(world, net("a", "p-a"), "a-nat", "10.0.154.0/24", OWN, **nat)
    spec = {
        "connectionPreference": "ACCEPT_MANUAL",
        "natSubnets": ["a-nat"],
        "consumerAllowList": [{"project": "p-c", "connectionLimit": 10}],
        "resourceRef": {"kind": "Service", "name": "kafka-gateway"},
    }
    body = {"metadata": {"name": "kafka-gateway", "namespace": "kafka-gateway"}, "spec": spec}
    world.add("kubernetes:networking.gke.io/v1:ServiceAttachment", "kafka-gateway/kafka-gateway", KUBE, body)
    network = _client(world, "10.0.0.0/20")
    id_ = "projects/p-c/regions/europe-west1/addresses/link"
    world.add("gcp:compute/address:Address", id_, OTHER, {"name": "link"}, address="10.0.0.77", selfLink=URL + id_)
    rule = {
        "project": "p-c",
        "region": "europe-west1",
        "network": URL + network,
        "ipAddress": URL + id_,
        "target": "projects/p-a/regions/europe-west1/serviceAttachments/k8s1-sa-1-kafka-gateway-kafka-gateway-2",
        "allowPscGlobalAccess": True,
    }
    world.add(
        "gcp:compute/forwardingRule:ForwardingRule", "projects/p-c/regions/europe-west1/forwardingRules/l", OTHER, rule
    )
    visible = {"networks": [{"networkUrl": URL + network}]}
    zone = {"name": "c-link", "dnsName": f"{DNS}.", "visibility": "private", "privateVisibilityConfig": visible}
    world.add("gcp:dns/managedZone:ManagedZone", "projects/p-c/managedZones/c-link", OTHER, zone)
    record = {"managedZone": "c-link", "name": f"*.{DNS}.", "type": "A", "rrdatas": ["10.0.0.77"]}
    world.add("gcp:dns/recordSet:RecordSet", "c-link/*", OTHER, record)
    return world
