"""How things stand that follow from several resources: who accepted, who was let in, what is associated with what.

Owns      the one answer to each such question, for laws and for whoever reads the sandbox's state.
Refuses   time: a peering that nobody accepts waits for ever, unless its record says that it has expired.
"""

import re
from collections.abc import Iterable

from sandbox.clouds.aws.laws import network, region_of, texts
from sandbox.contract import Record, World

VPC = "aws:ec2/vpc:Vpc"
RANGE = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
PEERING_ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
TRANSIT = "aws:ec2transitgateway/transitGateway:TransitGateway"
TRANSIT_ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
TRANSIT_ACCEPTER = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
SHARED = "aws:ram/resourceAssociation:ResourceAssociation"
SHARED_WITH = "aws:ram/principalAssociation:PrincipalAssociation"
SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"
SERVICE_PRINCIPAL = "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINT_ACCEPTER = "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter"
ZONE = "aws:route53/zone:Zone"
ZONE_ASSOCIATION = "aws:route53/zoneAssociation:ZoneAssociation"

ACTIVE = "active"
PENDING = "pending-acceptance"


def vpc_ranges(world: World, vpc: Record) -> list[str]:
    """All IPv4 ranges of a VPC."""
    more = [r.inputs.get("cidrBlock") for r in world.all(RANGE, vpc.scope) if r.inputs.get("vpcId") == vpc.id]
    return [text for text in (vpc.inputs.get("cidrBlock"), *more) if isinstance(text, str)]


def overlap(world: World, one: Record, other: Record) -> str:
    """The first pair of ranges of two VPCs that overlap, in words; empty where none do."""
    for mine in map(network, vpc_ranges(world, one)):
        for theirs in map(network, vpc_ranges(world, other)):
            if mine and theirs and mine.overlaps(theirs):
                return f"{mine} of '{one.id}' and {theirs} of '{other.id}'"
    return ""


def peering_status(world: World, peering: Record) -> str:
    """`active`, `pending-acceptance`, or what ended it (`expired`, `rejected`)."""
    said = str(peering.outputs.get("acceptStatus"))
    if said not in (ACTIVE, PENDING):
        return said
    accepted = any(
        one.type == PEERING_ACCEPTER and one.outputs.get("acceptStatus") == ACTIVE for one in world.mentions(peering.id)
    )
    return ACTIVE if accepted or peering.inputs.get("autoAccept") is True else PENDING


def shared_with(world: World, arn: str, account: str) -> bool:
    """Whether a share that holds the resource names the account (or anybody in it).

    The sandbox's accounts are one organization with sharing switched on: being named is enough.
    """
    shares = {str(one.inputs.get("resourceShareArn")) for one in world.mentions(arn) if one.type == SHARED}
    return any(
        one.type == SHARED_WITH and account_of(str(one.inputs.get("principal"))) in (account, "*")
        for share in shares
        for one in world.mentions(share)
    )


def account_of(principal: str) -> str:
    """The account that a principal is of; `*` where it means everybody (also an organization)."""
    if re.fullmatch(r"\d{12}", principal):
        return principal
    if principal == "*" or principal.startswith("arn:aws:organizations:"):
        return "*"
    found = re.match(r"arn:aws:(?:iam|sts)::(\d{12}):", principal)
    return found.group(1) if found else ""


def transit(world: World, id_: str, account: str, region: str) -> Record | None:
    """The transit gateway, where the account may see it: its own, or one that is shared with it."""
    found = world.find(TRANSIT, id_)
    if found is None or region_of(found) != region:
        return None
    own = found.scope.account == account
    return found if own or shared_with(world, str(found.outputs.get("arn")), account) else None


def attachment_status(world: World, attachment: Record) -> str:
    """`available`, or `pendingAcceptance` until the gateway's owner has accepted an attachment of another account."""
    gateway = world.find(TRANSIT, str(attachment.inputs.get("transitGatewayId")))
    if gateway is None:
        return "deleted"
    own = gateway.scope.account == attachment.scope.account
    accepted = own or gateway.inputs.get("autoAcceptSharedAttachments") == "enable"
    accepted = accepted or any(one.type == TRANSIT_ACCEPTER for one in world.mentions(attachment.id))
    return "available" if accepted else "pendingAcceptance"


def service_of(world: World, name: object) -> Record | None:
    """The endpoint service of a name."""
    return next(iter(world.by_output("serviceName", name, SERVICE)), None)


def service_lets(world: World, service: Record, account: str) -> bool:
    """Whether an account may see an endpoint service: its owner's may, and those that it names."""
    named: Iterable[object] = (
        *(service.inputs.get("allowedPrincipals") or ()),
        *(one.inputs.get("principalArn") for one in world.mentions(service.id) if one.type == SERVICE_PRINCIPAL),
    )
    return service.scope.account == account or any(account_of(str(one)) in (account, "*") for one in named)


def endpoint_status(world: World, endpoint: Record) -> str:
    """`available`, or `pendingAcceptance` until the service's owner has accepted the connection."""
    service = service_of(world, endpoint.inputs.get("serviceName"))
    if service is None or service.inputs.get("acceptanceRequired") is not True:
        return "available"
    if endpoint.inputs.get("autoAccept") is True and endpoint.scope.account == service.scope.account:
        return "available"
    accepted = any(
        one.type == ENDPOINT_ACCEPTER and one.inputs.get("vpcEndpointServiceId") == service.id
        for one in world.mentions(endpoint.id)
    )
    return "available" if accepted else "pendingAcceptance"


def zone_networks(world: World, zone: Record) -> set[str]:
    """Every network that a private zone is associated with, in any account."""
    more = {str(one.inputs.get("vpcId")) for one in world.mentions(zone.id) if one.type == ZONE_ASSOCIATION}
    return more | {vpc for _, vpc in texts(zone.inputs, "vpcs.[].vpcId")}
