"""Transit gateways and what attaches networks to them.

Owns      who may attach (the owner, and whom a resource share names), one attachment a network, one subnet a zone.
Refuses   VPN, peering and Connect attachments: a hub's other side is the company's own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws, subnets
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_network import SUBNET, vpc_exists
from sandbox.clouds.aws.laws import known, refuse, region_of, writing
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.clouds.aws.standing import TRANSIT, attachment_status, transit
from sandbox.clouds.aws.standing import TRANSIT_ACCEPTER as ACCEPTER
from sandbox.clouds.aws.standing import TRANSIT_ATTACHMENT as ATTACHMENT
from sandbox.contract import Record, Refusal, Request, World

_NOT_FOUND = "InvalidTransitGatewayID.NotFound"
_ATTACHMENT_NOT_FOUND = "InvalidTransitGatewayAttachmentID.NotFound"


def visible(request: Request, world: World) -> Record | None:
    """The transit gateway that the request names, as far as its account may see it."""
    id_ = request.inputs.get("transitGatewayId")
    return transit(world, id_, request.scope.account, request.scope.region) if isinstance(id_, str) else None


@writing
def gateway_visible(request: Request, world: World) -> Iterable[Refusal]:
    """The transit gateway exists, in this region, in this account or shared with it."""
    id_ = request.inputs.get("transitGatewayId")
    # A share of the same run may come after a preview's check.
    if not isinstance(id_, str) or visible(request, world) is not None:
        return
    elsewhere = world.find(TRANSIT, id_)
    if elsewhere is not None and region_of(elsewhere) == request.scope.region:
        if request.operation == "check":
            return
        why = f": it is of account {elsewhere.scope.account}, and no resource share of it names this one"
    else:
        why = "" if elsewhere is None else f": it is in region {region_of(elsewhere)}"
    message = f"the transitGateway ID '{id_}' does not exist in account {request.scope.account}, "
    yield refuse(_NOT_FOUND, f"{message}region {request.scope.region}{why}", "transitGatewayId")


@writing
def _number(request: Request, _world: World) -> Iterable[Refusal]:
    asked = request.inputs.get("amazonSideAsn")
    if not known(asked):
        return
    text = str(int(asked)) if isinstance(asked, float) else str(asked)
    if not text.isdigit() or not (64512 <= int(text) <= 65534 or 4200000000 <= int(text) <= 4294967294):
        message = f"amazonSideAsn is {text}: allowed are 64512-65534 and 4200000000-4294967294"
        yield refuse("InvalidParameterValue", message, "amazonSideAsn")


@laws.deleting
def _nothing_attached(request: Request, world: World) -> Iterable[Refusal]:
    attached = [one for one in world.all(ATTACHMENT) if request.old and _gateway_id(one) == request.old.id]
    if request.old and attached:
        names = ", ".join(one.id for one in attached)
        yield refuse("IncorrectState", f"{request.old.id} has non-deleted VPC Attachments: {names}")


def _gateway_id(attachment: Record) -> str:
    return str(attachment.inputs.get("transitGatewayId"))


@writing
def _subnets_of_the_network(request: Request, world: World) -> Iterable[Refusal]:
    vpc, inside = request.inputs.get("vpcId"), subnets.named(request, world)
    if request.inputs.get("subnetIds") == []:
        yield refuse("MissingParameter", "an attachment needs a subnet in each zone that it serves", "subnetIds")
    for place, subnet in inside:
        if known(vpc) and subnet.inputs.get("vpcId") != vpc:
            message = f"subnet '{subnet.id}' is of '{subnet.inputs.get('vpcId')}', the attachment of '{vpc}'"
            yield refuse("InvalidSubnetID.NotFound", message, *place)
    for place, zone, both in subnets.twins(inside):
        message = f"subnets {both} are both in {zone}: an attachment has one a zone"
        yield refuse("DuplicateSubnetsInSameZone", message, *place)


@writing
def _one_a_network(request: Request, world: World) -> Iterable[Refusal]:
    mine = (request.inputs.get("transitGatewayId"), request.inputs.get("vpcId"))
    for other in world.all(ATTACHMENT, request.scope):
        theirs = (other.inputs.get("transitGatewayId"), other.inputs.get("vpcId"))
        if all(map(known, mine)) and mine == theirs and not laws.same(other, request):
            message = f"'{mine[0]}' has an attachment to '{mine[1]}' already: '{other.id}'"
            yield refuse("DuplicateTransitGatewayAttachment", message, "vpcId")


@writing
def _owner_accepts(request: Request, world: World) -> Iterable[Refusal]:
    id_ = request.inputs.get("transitGatewayAttachmentId")
    found = world.find(ATTACHMENT, id_) if isinstance(id_, str) else None
    gateway = world.find(TRANSIT, _gateway_id(found)) if found else None
    if not isinstance(id_, str):
        return
    if found is None or gateway is None or gateway.scope.account != request.scope.account:
        message = f"the attachment '{id_}' does not exist at a transit gateway of account {request.scope.account}"
        yield refuse(_ATTACHMENT_NOT_FOUND, message, "transitGatewayAttachmentId")
    elif request.operation == "create" and attachment_status(world, found) != "pendingAcceptance":
        message = f"{id_} is in invalid state: it is {attachment_status(world, found)}, nothing waits to be accepted"
        yield refuse("IncorrectState", message, "transitGatewayAttachmentId")


def _gateway_outputs(request: Request, _world: World, id_: str) -> Mapping[str, Any]:
    table = f"tgw-rtb-0{ids.hexadecimal(id_, 16)}"
    return {
        "arn": old(request, "arn") or ids.arn(request.scope, "ec2", f"transit-gateway/{id_}"),
        "ownerId": request.scope.account,
        "associationDefaultRouteTableId": _default(request, "defaultRouteTableAssociation", table),
        "propagationDefaultRouteTableId": _default(request, "defaultRouteTablePropagation", table),
    }


def _default(request: Request, name: str, table: str) -> str:
    return table if request.inputs.get(name) == "enable" else ""


def _accepted_outputs(_request: Request, world: World, id_: str) -> Mapping[str, Any]:
    found = world.find(ATTACHMENT, id_)
    names = ("applianceModeSupport", "dnsSupport", "ipv6Support", "subnetIds", "transitGatewayId", "vpcId")
    if found is None:
        return {}
    return {name: found.inputs.get(name) for name in names} | {"vpcOwnerId": found.scope.account}


_OPTIONS = (
    "amazonSideAsn",
    "autoAcceptSharedAttachments",
    "defaultRouteTableAssociation",
    "defaultRouteTablePropagation",
    "dnsSupport",
    "multicastSupport",
    "securityGroupReferencingSupport",
    "vpnEcmpSupport",
)
_ATTACHMENT_OPTIONS = ("applianceModeSupport", "dnsSupport", "ipv6Support", "securityGroupReferencingSupport")
_AFTERWARDS = {"transitGatewayDefaultRouteTableAssociation": "", "transitGatewayDefaultRouteTablePropagation": ""}
_ENABLED = ("transitGatewayDefaultRouteTableAssociation", "transitGatewayDefaultRouteTablePropagation")

TYPES = [
    model(
        TRANSIT,
        botocore(
            "ec2",
            "CreateTransitGateway",
            {name: f"Options.{name[:1].upper()}{name[1:]}" for name in _OPTIONS}
            # Said in a call of its own, after the gateway is there.
            | {"encryptionSupport": "", "transitGatewayCidrBlocks": "Options.TransitGatewayCidrBlocks"},
        ),
        ids.ec2_id("tgw"),
        computed=_gateway_outputs,
        immutable=("multicastSupport",),
        normalize=(
            sets("transitGatewayCidrBlocks"),
            defaults(
                amazonSideAsn=64512,
                autoAcceptSharedAttachments="disable",
                defaultRouteTableAssociation="enable",
                defaultRouteTablePropagation="enable",
                dnsSupport="enable",
                multicastSupport="disable",
                securityGroupReferencingSupport="disable",
                vpnEcmpSupport="enable",
            ),
        ),
        laws_of=(_number, _nothing_attached),
    ),
    model(
        ATTACHMENT,
        botocore(
            "ec2",
            "CreateTransitGatewayVpcAttachment",
            {name: f"Options.{name[:1].upper()}{name[1:]}" for name in _ATTACHMENT_OPTIONS} | _AFTERWARDS,
        ),
        ids.ec2_id("tgw-attach"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"transit-gateway-attachment/{id_}"),
            "vpcOwnerId": request.scope.account,
        },
        immutable=("transitGatewayId", "vpcId"),
        normalize=(
            sets("subnetIds"),
            defaults(
                applianceModeSupport="disable",
                dnsSupport="enable",
                ipv6Support="disable",
                securityGroupReferencingSupport="enable",
                **dict.fromkeys(_ENABLED, True),
            ),
        ),
        laws_of=(
            gateway_visible,
            vpc_exists,
            laws.exists("subnetIds.[]", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
            _subnets_of_the_network,
            _one_a_network,
        ),
    ),
    model(
        ACCEPTER,
        botocore("ec2", "AcceptTransitGatewayVpcAttachment", _AFTERWARDS),
        lambda request, _world: str(request.inputs.get("transitGatewayAttachmentId")),
        computed=_accepted_outputs,
        immutable=("transitGatewayAttachmentId",),
        normalize=(defaults(**dict.fromkeys(_ENABLED, True)),),
        laws_of=(_owner_accepts,),
    ),
]
