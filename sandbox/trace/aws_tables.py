"""Route tables of a VPC.

Owns      which table a subnet has, and which of its routes an address takes.
Refuses   what stands at the other end of a route.
"""

from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.front import Spot
from sandbox.trace.look import Address, Look, at, hop, inside, items, network
from sandbox.trace.result import Hop

_TARGETS = ("gatewayId", "natGatewayId", "transitGatewayId", "vpcPeeringConnectionId", "networkInterfaceId")


@dataclass(frozen=True)
class Route:
    """The route that a table chooses. `kind` is `local`, or the property that names the next hop."""

    range: str
    kind: str
    next: str
    record: Record


def cidrs(look: Look, vpc: str) -> list[str]:
    """Ranges of a VPC."""
    found = look.find("aws:ec2/vpc:Vpc", vpc)
    more = look.where("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", vpcId=vpc)
    return [str(one.inputs["cidrBlock"]) for one in [*([found] if found else []), *more] if one.inputs.get("cidrBlock")]


def table(look: Look, subnet: Record) -> tuple[str, Record]:
    """Id of the route table of a subnet, and what says so."""
    for one in look.where("aws:ec2/routeTableAssociation:RouteTableAssociation", subnetId=subnet.id):
        return str(one.inputs.get("routeTableId")), one
    vpc = str(subnet.inputs.get("vpcId"))
    for one in look.where("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", vpcId=vpc):
        return str(one.inputs.get("routeTableId")), one
    found = look.find("aws:ec2/vpc:Vpc", vpc)
    return str(found.outputs.get("mainRouteTableId")) if found else "", found or subnet


def choose(look: Look, subnet: Record, address: Address) -> tuple[Route | None, str]:
    """The longest route to an address in a subnet's table, and how the table is named."""
    id_, by = table(look, subnet)
    shown = f"RouteTable {id_} of {subnet.id}" + (" (the main one)" if by.type.endswith(":Vpc") else "")
    found = [Route(one, "local", "", by) for one in cidrs(look, str(subnet.inputs.get("vpcId")))]
    inline = look.find("aws:ec2/routeTable:RouteTable", id_)
    for told in items(inline.inputs.get("routes")) if inline else []:
        found += _route(str(told.get("cidrBlock")), told, inline)
    for one in look.where("aws:ec2/route:Route", routeTableId=id_):
        found += _route(str(one.inputs.get("destinationCidrBlock")), one.inputs, one)
    fitting = [one for one in found if inside(address, [one.range])]
    return (max(fitting, key=lambda one: _length(one.range)) if fitting else None), shown


def _length(range_: str) -> int:
    net = network(range_)
    return net.prefixlen if net else -1


def _route(range_: str, told: object, record: Record | None) -> list[Route]:
    for kind in _TARGETS:
        next_ = at(told, kind)
        if next_ and record is not None:
            return [Route(range_, kind, str(next_), record)]
    return []


def back(look: Look, source: Address, spot: Spot, through: set[str]) -> Hop:
    """The way back: the table of the spot's subnet must lead to the client over the same thing."""
    asked = f"{source} from {spot.address}: back"
    if spot.subnet is None:
        return hop("route", asked, spot.net.id, "unknown", "the subnet of the address is not known")
    found, shown = choose(look, spot.subnet, source)
    if found is None:
        return hop("route", asked, shown, "fail", f"no route back to {source}")
    if found.next not in through:
        told = (
            f"{found.range} leads to {found.next or 'local'}, not back over {', '.join(sorted(through)) or 'a peering'}"
        )
        return hop("route", asked, found.record, "fail", f"{shown}: {told}")
    return hop("route", asked, found.record, "pass", f"{shown}: {found.range} leads back over {found.next}")
