"""Effective routes in Azure: the virtual network, its peerings, hubs, and routes of one's own.

Owns      what a subnet's packets do: the longest prefix, and of equal ones a route of one's own first.
Refuses   network virtual appliances: a route to one is unknown; and VPN gateways, behind which stands an office.
"""

from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.front import Spot
from sandbox.trace.look import Address, Look, at, hop, inside, items, last, named, network, same
from sandbox.trace.places import Client, Net
from sandbox.trace.result import Hop, broken

_N = "azure-native:network:"
PEERING = f"{_N}VirtualNetworkPeering"
CONNECTION = f"{_N}HubVirtualNetworkConnection"


@dataclass(frozen=True)
class Route:
    """One effective route. `kind` is `local`, `peering`, `hub`, or a next hop type of a route table."""

    range: str
    kind: str
    to: str
    by: Record | None
    own: bool = False


def space(look: Look, vnet: str) -> list[str]:
    """Address space of a virtual network."""
    found = look.find(f"{_N}VirtualNetwork", vnet)
    return [str(one) for one in items(at(found.inputs, "addressSpace", "addressPrefixes"))] if found else []


def vnet_of(record: Record, part: str) -> str:
    """The virtual network in the id of something that belongs to it."""
    start = record.id.lower().find(part)
    return record.id[:start] if start > 0 else ""


def peering(look: Look, vnet: str, other: str) -> Record | None:
    """One side of a peering."""
    for one in look.all(PEERING):
        if same(vnet_of(one, "/virtualnetworkpeerings/"), vnet) and same(
            at(one.inputs, "remoteVirtualNetwork", "id"), other
        ):
            return one
    return None


def _connected(look: Look, one: Record) -> bool:
    vnet, other = vnet_of(one, "/virtualnetworkpeerings/"), str(at(one.inputs, "remoteVirtualNetwork", "id"))
    return peering(look, other, vnet) is not None and one.inputs.get("allowVirtualNetworkAccess") is not False


def connection(look: Look, vnet: str) -> Record | None:
    """A virtual network's connection to a hub."""
    return next((one for one in look.all(CONNECTION) if same(at(one.inputs, "remoteVirtualNetwork", "id"), vnet)), None)


def hub_of(one: Record) -> str:
    """The hub of a connection."""
    return vnet_of(one, "/hubvirtualnetworkconnections/")


def effective(look: Look, vnet: str, subnet: Record | None, client_hub: str = "") -> list[Route]:
    """Routes of a subnet. An office behind the hub is reached by a route for everything that the hub knows."""
    found = [Route(one, "local", vnet, look.find(f"{_N}VirtualNetwork", vnet)) for one in space(look, vnet)]
    for one in look.all(PEERING):
        other = str(at(one.inputs, "remoteVirtualNetwork", "id"))
        if same(vnet_of(one, "/virtualnetworkpeerings/"), vnet) and _connected(look, one):
            told = space(look, other) or items(at(one.outputs, "remoteVirtualNetworkAddressSpace", "addressPrefixes"))
            found += [Route(str(range_), "peering", other, one) for range_ in told]
    table = look.find(f"{_N}RouteTable", str(at(subnet.inputs, "routeTable", "id"))) if subnet else None
    spoke = connection(look, vnet)
    if spoke is not None and not (table and table.inputs.get("disableBgpRoutePropagation") is True):
        for one in look.all(CONNECTION):
            other = str(at(one.inputs, "remoteVirtualNetwork", "id"))
            if same(hub_of(one), hub_of(spoke)) and not same(other, vnet):
                found += [Route(range_, "hub", hub_of(spoke), one) for range_ in space(look, other)]
        if client_hub and same(client_hub, hub_of(spoke)):
            found.append(Route("10.0.0.0/8", "hub", hub_of(spoke), spoke))
            found += [Route(range_, "hub", hub_of(spoke), spoke) for range_ in ("172.16.0.0/12", "192.168.0.0/16")]
    return found + (_own(look, table) if table else [])


def _own(look: Look, table: Record) -> list[Route]:
    told = [(one, table) for one in items(table.inputs.get("routes"))]
    for one in look.all(f"{_N}Route"):
        if one.id.lower().startswith(f"{table.id.lower()}/routes/"):
            told.append((one.inputs, one))
    return [
        Route(
            str(one.get("addressPrefix")),
            str(one.get("nextHopType")),
            str(one.get("nextHopIpAddress") or ""),
            by,
            own=True,
        )
        for one, by in told
    ]


def choose(look: Look, vnet: str, subnet: Record | None, address: Address, client_hub: str = "") -> Route | None:
    """The route to an address."""
    fitting = [one for one in effective(look, vnet, subnet, client_hub) if inside(address, [one.range])]

    def rank(one: Route) -> tuple[int, bool]:
        net = network(one.range)
        return (net.prefixlen if net else -1, one.own)

    return max(fitting, key=rank) if fitting else None


def way(look: Look, client: Client, spot: Spot, answers_from: list[Record]) -> tuple[list[Hop], Address]:
    """The way there and back, and whom the client then seems to be. Answers leave from the nodes' own subnets."""
    asked = f"{spot.address} from {client.address}"
    if client.on_internet or (client.cloud != "azure" and spot.public):
        if not spot.public:
            return [
                hop("route", asked, spot.net.record, "fail", "a private address, which the internet does not route")
            ], client.address
        return [
            hop("route", asked, spot.net.record, "pass", "a public address; answers leave through the load balancer")
        ], client.address
    if client.cloud != "azure":
        told = f"{client.cloud} and Azure are only joined over public addresses here"
        return [hop("route", asked, "", "fail", told)], client.address
    if client.hub:
        return _office(look, client, spot, answers_from), client.address
    if spot.public:
        return _out(look, client, spot)
    return _private(look, client, spot, answers_from), client.address


def _out(look: Look, client: Client, spot: Spot) -> tuple[list[Hop], Address]:
    asked, subnet = f"{spot.address} from {client.address}", client.subnet
    nat = look.find(f"{_N}NatGateway", str(at(subnet.inputs, "natGateway", "id"))) if subnet else None
    for told in items(nat.inputs.get("publicIpAddresses")) if nat else []:
        found = look.find(f"{_N}PublicIPAddress", str(told.get("id")))
        source = network(found.outputs.get("ipAddress")) if found else None
        if source is not None:
            return [
                hop("route", asked, nat, "pass", f"out through the NAT gateway, as {source.network_address}")
            ], source.network_address
    if subnet is not None and subnet.inputs.get("defaultOutboundAccess") is False:
        return [
            hop("route", asked, subnet, "fail", "the subnet has no NAT gateway and no default way out")
        ], client.address
    return [hop("route", asked, subnet, "unknown", "Azure chooses the public address of the client")], client.address


def _peered(look: Look, client: Net, other: Net) -> Hop | None:
    """A peering that exists but does not work says why; None where there is none at all."""
    here, there = peering(look, other.id, client.id), peering(look, client.id, other.id)
    asked = f"{last(client.id)} and {last(other.id)}"
    if here is None and there is None:
        return None
    if here is None or there is None:
        missing = other.id if here is None else client.id
        return hop("peering", asked, here or there, "fail", f"Initiated: {last(missing)} has not made its side")
    closed = [one for one in (here, there) if one.inputs.get("allowVirtualNetworkAccess") is False]
    if closed:
        return hop("peering", asked, closed[0], "fail", "allowVirtualNetworkAccess is off")
    return hop("peering", asked, here, "pass", "Connected: both sides are made")


def _private(look: Look, client: Client, spot: Spot, answers_from: list[Record]) -> list[Hop]:
    net = client.net
    if net is None:
        return [hop("route", str(spot.address), "", "unknown", "the client's network is not known")]
    hops: list[Hop] = []
    mine, theirs = connection(look, net.id), connection(look, spot.net.id)
    if not same(net.id, spot.net.id):
        joined = _peered(look, net, spot.net)
        shared = mine is not None and theirs is not None and same(hub_of(mine), hub_of(theirs))
        if joined is not None and not (shared and joined.verdict == "fail"):
            hops.append(joined)
        elif shared and mine and theirs:
            hops.append(
                hop(
                    "hub",
                    f"{last(net.id)} and {last(spot.net.id)}",
                    theirs,
                    "pass",
                    f"both are connected to {last(hub_of(mine))}",
                )
            )
        else:
            hops.append(_not_joined(net, spot.net, mine, theirs))
    if broken(hops):
        return hops
    if net.record is None:
        hops.append(
            hop(
                "route",
                f"{spot.address} from {client.address}",
                net.id,
                "assumed",
                f"{last(net.id)} is not in the sandbox: that the address is in it",
            )
        )
    else:
        hops.append(
            _one_way(look, net.id, client.subnet, spot.address, spot.net, f"{spot.address} from {client.address}")
        )
    if broken(hops) or net.record is None:
        return hops
    return hops + _answers(look, client.address, spot, net, answers_from)


def _not_joined(net: Net, other: Net, mine: Record | None, theirs: Record | None) -> Hop:
    asked = f"{last(net.id)} and {last(other.id)}"
    if mine is not None or theirs is not None:
        missing = net if mine is None else other
        return hop("hub", asked, mine or theirs, "fail", f"{last(missing.id)} is not connected to the hub")
    return hop("peering", asked, "", "fail", "the networks are not peered and share no hub")


def _one_way(
    look: Look, vnet: str, subnet: Record | None, address: Address, goal: Net, asked: str, hub: str = ""
) -> Hop:
    found = choose(look, vnet, subnet, address, hub)
    if found is None:
        table = look.find(f"{_N}RouteTable", str(at(subnet.inputs, "routeTable", "id"))) if subnet else None
        closed = table is not None and table.inputs.get("disableBgpRoutePropagation") is True and connection(look, vnet)
        told = ": its route table does not take the hub's routes" if closed else ""
        return hop("route", asked, table or subnet or vnet, "fail", f"no route to {address}{told}")
    told = f"{found.range} leads to {found.kind} {last(found.to)}".rstrip()
    if found.kind in {"local", "VnetLocal", "peering", "hub"}:
        right = found.kind in {"hub", "VnetLocal"} or same(found.to, goal.id)
        return hop("route", asked, found.by, "pass" if right else "fail", told)
    if found.kind == "VirtualAppliance":
        return hop("route", asked, found.by, "unknown", f"{told}: what an appliance does is not modelled")
    return hop("route", asked, found.by, "fail", f"{told}, which does not lead to {last(goal.id)}")


def _answers(
    look: Look, source: Address, spot: Spot, goal: Net, answers_from: list[Record], hub: str = ""
) -> list[Hop]:
    """The way back from each of the nodes' subnets; one hop where all of them have it."""
    found: list[Hop] = []
    for subnet in answers_from:
        one = _one_way(look, spot.net.id, subnet, source, goal, f"{source} from {last(subnet.id)}: back", hub)
        if one.verdict != "pass" or not found:
            found.append(one)
        if one.verdict == "fail":
            break
    return found


def _office(look: Look, client: Client, spot: Spot, answers_from: list[Record]) -> list[Hop]:
    note = f"{client.address} is attached to {last(client.hub)} and routes {spot.address} there"
    hops = [hop("hub", f"{spot.address} from {client.address}", client.hub, "assumed", note)]
    spoke = connection(look, spot.net.id)
    if spoke is None or not same(hub_of(spoke), client.hub):
        return [
            *hops,
            hop(
                "hub",
                f"{last(spot.net.id)} on {last(client.hub)}",
                client.hub,
                "fail",
                f"{last(spot.net.id)} is not connected to it",
            ),
        ]
    hops.append(hop("hub", f"{last(spot.net.id)} on {last(client.hub)}", spoke, "pass", f"connected by {named(spoke)}"))
    office = Net("azure", client.hub, None)
    return hops + _answers(look, client.address, spot, office, answers_from, client.hub)
