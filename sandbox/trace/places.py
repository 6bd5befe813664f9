"""Where a client stands: `internet:<address>`, `network:<network>[:<address>]`, `hub:<hub>:<address>`, `cell:<cell>`.

Owns      reading a place, and the network, subnet and address that it means.
Refuses   a place that the sandbox does not have; what is said of it names what there is.
"""

import ipaddress
from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.look import Address, Look, at, host, inside, items, last, named, network, same
from sandbox.trace.result import TraceError

NETWORKS = {
    "aws": "aws:ec2/vpc:Vpc",
    "gcp": "gcp:compute/network:Network",
    "azure": "azure-native:network:VirtualNetwork",
}
HUBS = {
    "aws": "aws:ec2transitgateway/transitGateway:TransitGateway",
    "gcp": "gcp:networkconnectivity/hub:Hub",
    "azure": "azure-native:network:VirtualHub",
}
FORMS = "internet:<address>, network:<network>[:<address>], hub:<hub>:<address> or cell:<cell>"


@dataclass(frozen=True)
class Net:
    """A network of some cloud. `record` is None where the sandbox only knows its id."""

    cloud: str
    id: str
    record: Record | None


@dataclass(frozen=True)
class Client:
    """Who connects. With a hub there is a hub and no network; on the internet neither.

    subnet  the subnet that holds the address; None on the internet, on a hub, and in a network that is not here
    node    the client is a pod or node of the cell itself
    """

    told: str
    cloud: str
    address: Address
    net: Net | None = None
    subnet: Record | None = None
    hub: str = ""
    node: bool = False

    @property
    def on_internet(self) -> bool:
        """Whether it comes from anywhere."""
        return self.net is None and not self.hub


def networks(look: Look) -> list[Net]:
    """Every network of the sandbox."""
    return [Net(cloud, one.id, one) for cloud, type_ in NETWORKS.items() for one in look.all(type_)]


def subnets(look: Look, net: Net) -> list[Record]:
    """Subnets of a network that may hold a machine."""
    if net.cloud == "aws":
        return look.where("aws:ec2/subnet:Subnet", vpcId=net.id)
    if net.cloud == "gcp":
        return [
            one
            for one in look.all("gcp:compute/subnetwork:Subnetwork")
            if same(one.inputs.get("network"), net.id) or last(one.inputs.get("network")) == net.id
        ]
    return [
        one
        for one in look.all("azure-native:network:Subnet")
        if one.id.lower().startswith(f"{net.id.lower()}/subnets/")
    ]


def ranges(subnet: Record) -> list[str]:
    """Ranges of a subnet: the first is that of machines, others are of pods and services."""
    found = [
        subnet.inputs.get("cidrBlock") or subnet.inputs.get("ipCidrRange") or subnet.inputs.get("addressPrefix"),
        *items(subnet.inputs.get("addressPrefixes")),
        *(one.get("ipCidrRange") for one in items(subnet.inputs.get("secondaryIpRanges"))),
    ]
    return [str(one) for one in found if one]


def subnet_of(look: Look, net: Net, address: Address) -> Record | None:
    """The subnet of a network that holds an address."""
    return next((one for one in subnets(look, net) if inside(address, ranges(one))), None)


def net_of_subnet(look: Look, subnet_id: str) -> tuple[Net, Record] | None:
    """The network that a subnet belongs to, by the subnet's id, self link, or name."""
    for net in networks(look):
        for one in subnets(look, net):
            if same(one.id, subnet_id):
                return net, one
    return None


def _address(text: str, told: str) -> Address:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        raise TraceError(f"'{text}' in --from '{told}' is no IPv4 address; a place is {FORMS}") from None


def _split(text: str) -> tuple[str, str]:
    """An id and the address after it, if any: ARNs and self links have colons of their own."""
    head, _, tail = text.rpartition(":")
    return (head, tail) if head and tail.replace(".", "").isdigit() and tail.count(".") == 3 else (text, "")


def _network(look: Look, text: str, told: str) -> Client:
    id_, given = _split(text)
    found = [net for net in networks(look) if same(net.id, id_)] or [
        net for net in networks(look) if last(net.id) == id_
    ]
    if len(found) > 1:
        raise TraceError(f"--from '{told}' means {len(found)} networks: {', '.join(net.id for net in found)}; give one")
    if not found:
        if not given:
            known = ", ".join(net.id for net in networks(look)) or "none"
            raise TraceError(f"the sandbox has no network '{id_}' (it has {known}); give its client's address after it")
        return Client(told, _cloud(id_), _address(given, told), Net(_cloud(id_), id_, None))
    net = found[0]
    if given:
        address = _address(given, told)
        return Client(told, net.cloud, address, net, subnet_of(look, net, address))
    return _anywhere(look, net, told)


def _anywhere(look: Look, net: Net, told: str) -> Client:
    candidates = [one for one in subnets(look, net) if _for_machines(one)]
    if not candidates:
        raise TraceError(f"network {net.id} has no subnet for a client; give its address: --from {told}:<address>")
    chosen = min(candidates, key=lambda one: (network(ranges(one)[0]) or network("255.255.255.255/32"), one.id))
    return Client(told, net.cloud, host(ranges(chosen)[0], 100), net, chosen)


def _for_machines(subnet: Record) -> bool:
    """Whether clients stand here: not in a hub's /28, not in a NAT range of private links."""
    net = network(ranges(subnet)[0]) if ranges(subnet) else None
    return net is not None and net.prefixlen < 28 and subnet.inputs.get("purpose", "PRIVATE") in {"PRIVATE", None}


def _cloud(id_: str) -> str:
    if id_.startswith(("vpc-", "tgw-")):
        return "aws"
    return "azure" if id_.lower().startswith("/subscriptions/") else "gcp"


def _cell(look: Look, cell: str, told: str) -> Client:
    for node_subnet in node_subnets(look, cell):
        found = net_of_subnet(look, node_subnet)
        if found is not None:
            net, record = found
            return Client(told, net.cloud, host(ranges(record)[0], 100), net, record, node=True)
    raise TraceError(f"the sandbox has no cell '{cell}' with nodes; `fleet up {cell}` makes one")


def node_subnets(look: Look, cell: str) -> list[str]:
    """Subnets in which the nodes of a cell stand; a cell's resources carry its name as a tag or label."""
    found: list[str] = []
    for one in look.all("aws:eks/nodeGroup:NodeGroup"):
        if at(one.inputs, "tags", "cell") == cell:
            found += items(one.inputs.get("subnetIds"))
    for one in look.all("gcp:container/cluster:Cluster"):
        if at(one.inputs, "resourceLabels", "cell") == cell:
            found.append(_subnetwork(look, one))
    for one in look.all("azure-native:containerservice:ManagedCluster"):
        if at(one.inputs, "tags", "cell") == cell:
            found += [pool.get("vnetSubnetID") for pool in items(one.inputs.get("agentPoolProfiles"))]
    return sorted({one for one in found if one})


def _subnetwork(look: Look, cluster: Record) -> str:
    """A GKE cluster's subnetwork, by its id: the cluster may name it by self link or by name."""
    given = cluster.inputs.get("subnetwork")
    for one in look.all("gcp:compute/subnetwork:Subnetwork"):
        if same(one.id, given) or (one.inputs.get("name") == given and one.scope.account == cluster.scope.account):
            return one.id
    return str(given or "")


def parse(look: Look, told: str) -> Client:
    """The client of a `--from`."""
    form, _, rest = told.partition(":")
    if form == "internet" and rest:
        return Client(told, "", _address(rest, told))
    if form == "cell" and rest:
        return _cell(look, rest, told)
    if form == "network" and rest:
        return _network(look, rest, told)
    if form == "hub" and rest:
        id_, given = _split(rest)
        if not given:
            raise TraceError(f"--from '{told}' has no address: say hub:{rest}:<address>")
        hubs = [(cloud, one) for cloud, type_ in HUBS.items() for one in look.all(type_) if _is_hub(one, id_)]
        cloud, id_ = (hubs[0][0], hubs[0][1].id) if hubs else (_cloud(id_), id_)
        return Client(told, cloud, _address(given, told), hub=id_)
    raise TraceError(f"--from '{told}' is no place; a place is {FORMS}")


def _is_hub(record: Record, id_: str) -> bool:
    return same(record.id, id_) or last(record.id) == id_


def describe(client: Client) -> str:
    """A client in words."""
    if client.on_internet:
        return f"{client.address} on the internet"
    if client.hub:
        return f"{client.address} behind hub {client.hub}"
    return f"{client.address} in {named(client.net.record) or client.net.id}" if client.net else str(client.address)
