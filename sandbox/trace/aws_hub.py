"""Transit gateways: attachments, their route tables, and the way back.

Owns      association, propagation and static routes of a transit gateway, and acceptance of an attachment.
Refuses   VPNs and Direct Connect: what is behind them is an office, whose routers are assumed to be right.
"""

from sandbox.contract import Record
from sandbox.trace.aws_tables import back, cidrs
from sandbox.trace.front import Spot
from sandbox.trace.look import Address, Look, hop, inside, items, named
from sandbox.trace.places import Client, Net
from sandbox.trace.result import Hop, broken

_T = "aws:ec2transitgateway/"
GATEWAY = f"{_T}transitGateway:TransitGateway"
ATTACHMENT = f"{_T}vpcAttachment:VpcAttachment"


def _attachment(look: Look, hub: str, vpc: str) -> Record | None:
    return next(iter(look.where(ATTACHMENT, transitGatewayId=hub, vpcId=vpc)), None)


def _attached(look: Look, hub: str, net: Net) -> Hop:
    """Whether a VPC is attached, and the hub's owner has accepted it."""
    asked = f"attachment of {net.id} to {hub}"
    found, gateway = _attachment(look, hub, net.id), look.find(GATEWAY, hub)
    if found is None:
        return hop("hub", asked, gateway or hub, "fail", f"{net.id} is not attached")
    accepted = look.where(f"{_T}vpcAttachmentAccepter:VpcAttachmentAccepter", transitGatewayAttachmentId=found.id)
    if gateway is None:
        verdict = "pass" if accepted else "unknown"
        told = (
            f"accepted by {named(accepted[0])}"
            if accepted
            else f"{hub} is not in the sandbox: nobody knows if it accepted"
        )
        return hop("hub", asked, found, verdict, told)  # type: ignore[arg-type] # one of two words of the type
    same_account = gateway.scope.account == found.scope.account
    if same_account or accepted or gateway.inputs.get("autoAcceptSharedAttachments") == "enable":
        return hop("hub", asked, found, "pass", "attached" if same_account else "attached and accepted")
    return hop("hub", asked, found, "fail", f"waits for {hub}'s owner to accept it")


def _default(look: Look, hub: str, what: str) -> str:
    """Id of the hub's default table for association or propagation; empty where it has none."""
    gateway = look.find(GATEWAY, hub)
    if gateway is None or gateway.inputs.get(f"defaultRouteTable{what.title()}", "enable") != "enable":
        return ""
    return str(gateway.outputs.get(f"{what}DefaultRouteTableId") or f"the default table of {hub}")


def _joins(attachment: Record, what: str) -> bool:
    return attachment.inputs.get(f"transitGatewayDefaultRouteTable{what.title()}") is not False


def _table(look: Look, hub: str, attachment: Record) -> str:
    for one in look.where(f"{_T}routeTableAssociation:RouteTableAssociation", transitGatewayAttachmentId=attachment.id):
        return str(one.inputs.get("transitGatewayRouteTableId"))
    return _default(look, hub, "association") if _joins(attachment, "association") else ""


def _entries(look: Look, hub: str, table: str) -> list[tuple[str, str, str]]:
    """Routes of a table: range, attachment, and where the route comes from."""
    found = []
    for one in look.where(f"{_T}route:Route", transitGatewayRouteTableId=table):
        goal = "" if one.inputs.get("blackhole") else str(one.inputs.get("transitGatewayAttachmentId"))
        found.append((str(one.inputs.get("destinationCidrBlock")), goal, named(one)))
    told = {
        str(one.inputs.get("transitGatewayAttachmentId")): named(one)
        for one in look.where(f"{_T}routeTablePropagation:RouteTablePropagation", transitGatewayRouteTableId=table)
    }
    for one in look.where(ATTACHMENT, transitGatewayId=hub):
        by_default = _joins(one, "propagation") and table == _default(look, hub, "propagation")
        if one.id in told or by_default:
            by = told.get(one.id, f"propagated by {named(one)}")
            found += [(range_, one.id, by) for range_ in cidrs(look, str(one.inputs.get("vpcId")))]
    return found


def _leads(look: Look, hub: str, source: Record, goal: Record, address: Address) -> Hop:
    """Whether the table of one attachment leads an address to another."""
    asked = f"{address} in the table of {source.id}"
    if look.find(GATEWAY, hub) is None and not look.where(
        f"{_T}routeTableAssociation:RouteTableAssociation", transitGatewayAttachmentId=source.id
    ):
        return hop("hub", asked, hub, "unknown", f"{hub} is not in the sandbox: its route tables cannot be seen")
    table = _table(look, hub, source)
    if not table:
        return hop("hub", asked, source, "fail", "the attachment is associated with no route table")
    fitting = [one for one in _entries(look, hub, table) if inside(address, [one[0]])]
    if not fitting:
        return hop(
            "hub", asked, table, "fail", f"no route to {address}: nothing propagates it, and there is no static one"
        )
    range_, to, by = max(fitting, key=lambda one: int(one[0].rpartition("/")[2]))
    if to != goal.id:
        return hop("hub", asked, table, "fail", f"{range_} leads to {to or 'nowhere (blackhole)'} ({by})")
    return hop("hub", asked, table, "pass", f"{range_} leads to {to} ({by})")


def _zone(look: Look, attachment: Record, subnet: Record) -> Hop | None:
    """A transit gateway serves the zones in which it has an attachment subnet."""
    served = [look.find("aws:ec2/subnet:Subnet", id_) for id_ in items(attachment.inputs.get("subnetIds"))]
    zones = {one.inputs.get("availabilityZone") for one in served if one is not None}
    zone = subnet.inputs.get("availabilityZone")
    if not zones or zone in zones:
        return None
    return hop(
        "hub",
        f"{subnet.id} in {zone}",
        attachment,
        "fail",
        f"the attachment serves {', '.join(sorted(map(str, zones)))} only",
    )


def between(look: Look, hub: str, net: Net, subnet: Record, source: Address, spot: Spot) -> list[Hop]:
    """From one VPC to another over a transit gateway, and back."""
    hops = [_attached(look, hub, net)]
    if not broken(hops):
        hops.append(_attached(look, hub, spot.net))
    mine, other = _attachment(look, hub, net.id), _attachment(look, hub, spot.net.id)
    if broken(hops) or mine is None or other is None:
        return hops
    hops += [
        one for one in (_zone(look, mine, subnet), _zone(look, other, spot.subnet) if spot.subnet else None) if one
    ]
    hops.append(_leads(look, hub, mine, other, spot.address))
    if not broken(hops):
        hops.append(_leads(look, hub, other, mine, source))
    return hops if broken(hops) else [*hops, back(look, source, spot, {hub})]


def from_office(look: Look, client: Client, spot: Spot) -> list[Hop]:
    """From something that is attached to the hub by other means than a VPC."""
    hub = client.hub
    note = f"{client.address} is attached to {hub} and routes {spot.address} there"
    hops = [hop("hub", f"{spot.address} from {client.address}", hub, "assumed", note)]
    hops.append(_attached(look, hub, spot.net))
    other = _attachment(look, hub, spot.net.id)
    if broken(hops) or other is None:
        return hops
    table = _default(look, hub, "association")
    if not table:
        hops.append(
            hop(
                "hub",
                f"{spot.address} in {hub}",
                hub,
                "unknown",
                f"the table of the office's attachment to {hub} is not known",
            )
        )
    else:
        fitting = [one for one in _entries(look, hub, table) if inside(spot.address, [one[0]])]
        right = [one for one in fitting if one[1] == other.id]
        verdict = "pass" if right else "fail"
        told = f"{right[0][0]} leads to {other.id} ({right[0][2]})" if right else f"no route to {spot.address}"
        hops.append(hop("hub", f"{spot.address} in the default table", table, verdict, told))  # type: ignore[arg-type] # one of two words of the type
    return hops if broken(hops) else [*hops, back(look, client.address, spot, {hub})]
