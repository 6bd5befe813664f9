"""Routes in Google Cloud: within a VPC network, over peerings and over Network Connectivity Center.

Owns      subnet routes, which are global, peering of both sides, spokes of a hub, and the default route.
Refuses   VPN tunnels and interconnects: what is behind them is an office, whose routers are assumed to be right.
"""

from sandbox.contract import Record
from sandbox.trace.front import Spot
from sandbox.trace.look import Address, Look, at, hop, inside, items, last, network, same
from sandbox.trace.places import Client, Net, ranges, subnets
from sandbox.trace.result import Hop, broken

PEERING = "gcp:compute/networkPeering:NetworkPeering"
SPOKE = "gcp:networkconnectivity/spoke:Spoke"
HUB = "gcp:networkconnectivity/hub:Hub"


def way(look: Look, client: Client, spot: Spot) -> tuple[list[Hop], Address]:
    """The way there and back, and the address from which the client then seems to come."""
    asked = f"{spot.address} from {client.address}"
    if client.on_internet or (client.cloud != "gcp" and spot.public):
        return [_internet(look, asked, spot)], client.address
    if client.cloud != "gcp":
        told = f"{client.cloud} and GCP are only joined over public addresses here"
        return [hop("route", asked, "", "fail", told)], client.address
    if client.net is None:
        return _office(look, client, spot), client.address
    if spot.public:
        return _out(look, client, client.net, spot)
    inner = same(client.net.id, spot.net.id)
    return [_inside(client, spot, asked)] if inner else _joined(look, client, client.net, spot), client.address


def _inside(client: Client, spot: Spot, asked: str) -> Hop:
    if client.subnet is None:
        return hop("route", asked, spot.net.record, "fail", f"{client.address} is in no subnet of {spot.net.id}")
    if spot.subnet is None or not inside(spot.address, ranges(spot.subnet)):
        return hop("route", asked, spot.net.record, "fail", f"{spot.address} is in no subnet of {spot.net.id}")
    return hop("route", asked, spot.subnet, "pass", "subnet routes hold in the whole network")


def default_route(look: Look, net: Net) -> Record | None:
    """What leads out of a network: a route of its own, or the one that comes with it."""
    for one in look.all("gcp:compute/route:Route"):
        if same(one.inputs.get("network"), net.id) and one.inputs.get("destRange") == "0.0.0.0/0":
            return one
    made = net.record is not None and net.record.inputs.get("deleteDefaultRoutesOnCreate") is not True
    return net.record if made else None


def _internet(look: Look, asked: str, spot: Spot) -> Hop:
    if not spot.public:
        return hop("route", asked, spot.net.record, "fail", "a private address, which the internet does not route")
    found = default_route(look, spot.net)
    if found is None:
        return hop("route", f"{asked}: back", spot.net.record, "fail", "the network has no route to the internet")
    return hop("route", asked, found, "pass", "the network has a route to the internet")


def _out(look: Look, client: Client, net: Net, spot: Spot) -> tuple[list[Hop], Address]:
    asked = f"{spot.address} from {client.address}"
    if default_route(look, net) is None:
        return [
            hop("route", asked, net.record or net.id, "fail", "the network has no route to the internet")
        ], client.address
    nat = _nat(look, net)
    if nat is None:
        return [
            hop("route", asked, net.record or net.id, "fail", "no Cloud NAT: the client has no public address")
        ], client.address
    source = _nat_address(look, nat)
    if source is None:
        told = "its addresses are chosen by Google: source ranges cannot be judged"
        return [hop("route", asked, nat, "unknown", told)], client.address
    return [
        hop("route", asked, nat, "pass", f"out through Cloud NAT, as {source}"),
        _internet(look, asked, spot),
    ], source


def _nat(look: Look, net: Net) -> Record | None:
    routers = [one for one in look.all("gcp:compute/router:Router") if same(one.inputs.get("network"), net.id)]
    names = {one.inputs.get("name") for one in routers}
    return next(
        (one for one in look.all("gcp:compute/routerNat:RouterNat") if last(one.inputs.get("router")) in names), None
    )


def _nat_address(look: Look, nat: Record) -> Address | None:
    for told in items(nat.inputs.get("natIps")):
        for one in look.all("gcp:compute/address:Address"):
            found = (
                network(one.outputs.get("address"))
                if same(one.outputs.get("selfLink"), told) or same(one.id, told)
                else None
            )
            if found is not None:
                return found.network_address
    return None


def peering(look: Look, net: str, other: str) -> Record | None:
    """One side of a peering."""
    for one in look.all(PEERING):
        if same(one.inputs.get("network"), net) and same(one.inputs.get("peerNetwork"), other):
            return one
    return None


def _joined(look: Look, client: Client, net: Net, spot: Spot) -> list[Hop]:
    asked = f"{net.id} and {spot.net.id}"
    there, here = peering(look, net.id, spot.net.id), peering(look, spot.net.id, net.id)
    spokes = _spokes(look, net, spot.net)
    if spokes is not None and (there is None or here is None):
        return _over_hub(look, client, net, spot, *spokes)
    if there is None and here is None:
        return [hop("peering", asked, "", "fail", "the networks are not peered and share no hub")]
    if there is None or here is None:
        missing = net.id if there is None else spot.net.id
        return [hop("peering", asked, there or here, "fail", f"INACTIVE: {missing} has not made its side")]
    hops = [hop("peering", asked, here, "pass", "ACTIVE: both sides are made")]
    return [*hops, *_exchanged(look, client, net, spot, "peering")]


def _exchanged(look: Look, client: Client, net: Net, spot: Spot, over: str) -> list[Hop]:
    """Subnet routes of both networks are exchanged; what is in no subnet has none."""
    if spot.subnet is None or not inside(spot.address, ranges(spot.subnet)):
        return [
            hop("route", str(spot.address), spot.net.id, "fail", f"in no subnet of {spot.net.id}: {over} has no route")
        ]
    hops = [
        hop(
            "route",
            f"{spot.address} from {client.address}",
            spot.subnet,
            "pass",
            f"its subnet's route comes over the {over}",
        )
    ]
    asked = f"{client.address} from {spot.address}: back"
    if net.record is None:
        hops.append(
            hop(
                "route",
                asked,
                net.id,
                "assumed",
                f"{net.id} is not in the sandbox: that the address is in one of its subnets",
            )
        )
    elif not any(inside(client.address, ranges(one)) for one in subnets(look, net)):
        hops.append(hop("route", asked, net.record, "fail", f"{client.address} is in no subnet of {net.id}"))
    else:
        hops.append(hop("route", asked, client.subnet, "pass", f"its subnet's route comes over the {over}"))
    return hops


def _spoke(look: Look, net: Net, hub: str = "") -> Record | None:
    for one in look.all(SPOKE):
        if same(at(one.inputs, "linkedVpcNetwork", "uri"), net.id) and (not hub or same(one.inputs.get("hub"), hub)):
            return one
    return None


def _spokes(look: Look, net: Net, other: Net) -> tuple[Record, Record] | None:
    there = _spoke(look, other)
    here = _spoke(look, net, str(there.inputs.get("hub"))) if there else None
    return (here, there) if here and there else None


def _attached(look: Look, spoke: Record) -> Hop:
    """Whether the hub's owner lets a spoke in: one of another project must be accepted, by its group or by hand."""
    hub = next((one for one in look.all(HUB) if same(one.id, spoke.inputs.get("hub"))), None)
    asked = f"{at(spoke.inputs, 'linkedVpcNetwork', 'uri')} on {last(spoke.inputs.get('hub'))}"
    if hub is None:
        return hop(
            "hub",
            asked,
            spoke,
            "unknown",
            f"hub {spoke.inputs.get('hub')} is not in the sandbox: nobody knows if it accepted",
        )
    project = spoke.inputs.get("project") or spoke.scope.account
    if project == (hub.inputs.get("project") or hub.scope.account):
        return hop("hub", asked, spoke, "pass", "a spoke of the hub's own project")
    for group in look.all("gcp:networkconnectivity/group:Group"):
        if same(group.inputs.get("hub"), hub.id) and project in items(
            at(group.inputs, "autoAccept", "autoAcceptProjects")
        ):
            return hop("hub", asked, group, "pass", f"project {project} is accepted by itself")
    return hop("hub", asked, spoke, "fail", f"INACTIVE: the hub's owner has not accepted project {project}")


def _exported(spoke: Record, address: Address) -> Hop | None:
    excluded = inside(address, items(at(spoke.inputs, "linkedVpcNetwork", "excludeExportRanges")))
    told = f"{excluded} is not exported to the hub"
    return hop("hub", str(address), spoke, "fail", told) if excluded else None


def _over_hub(look: Look, client: Client, net: Net, spot: Spot, here: Record, there: Record) -> list[Hop]:
    hops = [_attached(look, here), _attached(look, there)]
    hops += [one for one in (_exported(there, spot.address), _exported(here, client.address)) if one is not None]
    return hops if broken(hops) else [*hops, *_exchanged(look, client, net, spot, "hub")]


def _office(look: Look, client: Client, spot: Spot) -> list[Hop]:
    note = f"{client.address} is attached to {client.hub} and routes {spot.address} there"
    hops = [hop("hub", f"{spot.address} from {client.address}", client.hub, "assumed", note)]
    spoke = _spoke(look, spot.net, client.hub)
    if spoke is None:
        return [
            *hops,
            hop("hub", f"{spot.net.id} on {client.hub}", client.hub, "fail", f"{spot.net.id} is no spoke of it"),
        ]
    hops.append(_attached(look, spoke))
    excluded = _exported(spoke, spot.address)
    return [*hops, excluded] if excluded else hops
