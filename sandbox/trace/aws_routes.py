"""Routes in AWS: from a client to an address in a VPC, and back.

Owns      VPC peerings, and the internet's side of a VPC. Transit gateways: sandbox/trace/aws_hub.py.
Refuses   firewalls, and network ACLs: the fleet makes none, and the default one lets everything pass.
"""

from sandbox.contract import Record
from sandbox.trace import aws_hub
from sandbox.trace.aws_tables import back, choose
from sandbox.trace.front import Spot
from sandbox.trace.look import Address, Look, hop, named, network
from sandbox.trace.places import Client, Net
from sandbox.trace.result import Hop, broken

PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"


def way(look: Look, client: Client, spot: Spot) -> tuple[list[Hop], Address]:
    """The way there and back, and the address from which the client then seems to come."""
    if client.on_internet or (client.cloud != "aws" and spot.public):
        return _from_internet(look, client.address, spot), client.address
    if client.cloud != "aws":
        told = f"{client.cloud} and AWS are only joined over public addresses here"
        return [hop("route", f"{spot.address} from {client.address}", "", "fail", told)], client.address
    if client.hub:
        return aws_hub.from_office(look, client, spot), client.address
    if client.net is None or client.net.record is None or client.subnet is None:
        return _from_unseen(look, client, spot), client.address
    if spot.public:
        return _out(look, client, client.subnet, spot)
    return _private(look, client, client.net, client.subnet, spot), client.address


def _from_internet(look: Look, source: Address, spot: Spot) -> list[Hop]:
    asked = f"{spot.address} from {source}"
    if not spot.public:
        return [hop("route", asked, spot.net.record, "fail", "a private address, which the internet does not route")]
    if spot.subnet is None:
        return [hop("route", asked, spot.net.record, "unknown", "the subnet of the address is not known")]
    found, shown = choose(look, spot.subnet, source)
    if found is None or not found.next.startswith("igw-"):
        leads = f"{found.range} leads to {found.next or 'local'}" if found else f"no route to {source}"
        return [hop("route", f"{asked}: back", shown, "fail", f"{leads}, not to an internet gateway")]
    return [hop("route", asked, found.record, "pass", f"internet gateway {found.next} of {spot.net.id}")]


def _out(look: Look, client: Client, subnet: Record, spot: Spot) -> tuple[list[Hop], Address]:
    """From a VPC to a public address: over its internet gateway or a NAT gateway, and in from the internet."""
    found, shown = choose(look, subnet, spot.address)
    asked = f"{spot.address} from {client.address}"
    if found is None:
        return [hop("route", asked, shown, "fail", f"no route to {spot.address}")], client.address
    if found.kind == "natGatewayId":
        nat = look.find("aws:ec2/natGateway:NatGateway", found.next)
        public = network(nat.outputs.get("publicIp")) if nat else None
        if public is None:
            return [hop("route", asked, found.record, "fail", f"NAT gateway {found.next} is not there")], client.address
        source = public.network_address
        first = hop("route", asked, found.record, "pass", f"out through {found.next}, as {source}")
        return [first, *_from_internet(look, source, spot)], source
    told = f"{found.range} leads to {found.next or 'local'}: the client has no public address of its own"
    return [hop("route", asked, found.record, "fail", told)], client.address


def _from_unseen(look: Look, client: Client, spot: Spot) -> list[Hop]:
    """From a network that the sandbox does not have: its half is unknown, ours is looked at."""
    id_ = client.net.id if client.net else ""
    told = f"{id_} or its subnet is not in the sandbox: its routes cannot be seen"
    hops = [hop("route", f"{spot.address} from {client.address}", id_, "unknown", told)]
    between = [
        one for one in look.all(PEERING) if {one.inputs.get("vpcId"), one.inputs.get("peerVpcId")} == {id_, spot.net.id}
    ]
    hops += [_active(look, one) for one in between[:1]]
    return hops if broken(hops) else [*hops, back(look, client.address, spot, {one.id for one in between})]


def _private(look: Look, client: Client, net: Net, subnet: Record, spot: Spot) -> list[Hop]:
    asked = f"{spot.address} from {client.address}"
    if net.id == spot.net.id:
        found, shown = choose(look, subnet, spot.address)
        if found is None or found.kind != "local":
            told = f"{found.range} leads to {found.next}" if found else f"{spot.address} is in no range of {net.id}"
            return [hop("route", asked, shown, "fail", told)]
        return [hop("route", asked, shown, "pass", f"{found.range} is local")]
    found, shown = choose(look, subnet, spot.address)
    if found is None:
        return [hop("route", asked, shown, "fail", f"no route to {spot.address}")]
    first = hop("route", asked, found.record, "pass", f"{shown}: {found.range} leads to {found.next or 'local'}")
    if found.kind == "vpcPeeringConnectionId":
        hops = [first, _peering(look, found.next, net, spot.net)]
        return hops if broken(hops) else [*hops, back(look, client.address, spot, {found.next})]
    if found.kind == "transitGatewayId":
        return [first, *aws_hub.between(look, found.next, net, subnet, client.address, spot)]
    told = f"{shown}: {found.range} leads to {found.next or f'{net.id} itself'}, which has no way to {spot.net.id}"
    return [hop("route", asked, found.record, "fail", told)]


def _peering(look: Look, id_: str, net: Net, other: Net) -> Hop:
    found = look.find(PEERING, id_)
    if found is None:
        accepted = look.where(ACCEPTER, vpcPeeringConnectionId=id_)
        if accepted:
            return hop("peering", id_, accepted[0], "assumed", "asked for by others, accepted here")
        return hop("peering", id_, "", "fail", f"peering {id_} is not there")
    if {found.inputs.get("vpcId"), found.inputs.get("peerVpcId")} != {net.id, other.id}:
        return hop("peering", id_, found, "fail", f"it does not join {net.id} and {other.id}")
    return _active(look, found)


def _active(look: Look, peering: Record) -> Hop:
    asked = f"{peering.inputs.get('vpcId')} and {peering.inputs.get('peerVpcId')}"
    if peering.inputs.get("autoAccept") is True:
        return hop("peering", asked, peering, "pass", "active: accepted by itself")
    accepters = look.where(ACCEPTER, vpcPeeringConnectionId=peering.id)
    by = next((one for one in accepters if one.inputs.get("autoAccept") is True), None)
    if by is None:
        return hop("peering", asked, peering, "fail", "pending-acceptance: the other side has not accepted it")
    return hop("peering", asked, peering, "pass", f"active: accepted by {named(by)}")
