"""Route tables of transit gateways: what is associated with them, what they learn, and their static routes.

Owns      one association an attachment, and that everything in a table is attached to the table's own gateway.
Refuses   what attachments propagate: the routes that follow are read from the attachments, not kept here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import at_effect, known, refuse, writing
from sandbox.clouds.aws.normal import defaults, ranges
from sandbox.clouds.aws.standing import TRANSIT, attachment_status
from sandbox.clouds.aws.standing import TRANSIT_ATTACHMENT as ATTACHMENT
from sandbox.contract import Record, Refusal, Request, World

TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
ROUTE = "aws:ec2transitgateway/route:Route"

_TABLE_ID, _ATTACHMENT_ID = "transitGatewayRouteTableId", "transitGatewayAttachmentId"


def _gateway_of_table(request: Request, world: World) -> str | None:
    """The gateway whose table is named: one that somebody made, or a gateway's own default one."""
    id_ = request.inputs.get(_TABLE_ID)
    found = world.find(TABLE, id_, request.scope) if isinstance(id_, str) else None
    if found is not None:
        return str(found.inputs.get("transitGatewayId"))
    for name in ("associationDefaultRouteTableId", "propagationDefaultRouteTableId"):
        for gateway in world.by_output(name, id_, TRANSIT) if isinstance(id_, str) and id_ else ():
            if gateway.scope.account == request.scope.account:
                return gateway.id
    return None


@writing
def _table_exists(request: Request, world: World) -> Iterable[Refusal]:
    id_ = request.inputs.get(_TABLE_ID)
    if isinstance(id_, str) and _gateway_of_table(request, world) is None:
        message = f"transit gateway route table '{id_}' does not exist in account {request.scope.account}"
        yield refuse("InvalidRouteTableID.NotFound", message, _TABLE_ID)


def _attachment(request: Request, world: World) -> Record | None:
    id_ = request.inputs.get(_ATTACHMENT_ID)
    return world.find(ATTACHMENT, id_) if isinstance(id_, str) else None


@writing
def _attached_to_the_same(request: Request, world: World) -> Iterable[Refusal]:
    id_, gateway = request.inputs.get(_ATTACHMENT_ID), _gateway_of_table(request, world)
    if not isinstance(id_, str) or gateway is None:
        return
    found = _attachment(request, world)
    if found is None or found.inputs.get("transitGatewayId") != gateway:
        message = f"the attachment '{id_}' does not exist at '{gateway}', whose route table this is"
        yield refuse("InvalidTransitGatewayAttachmentID.NotFound", message, _ATTACHMENT_ID)
    elif request.operation == "create" and attachment_status(world, found) != "available":
        message = f"{id_} is in invalid state: it is {attachment_status(world, found)}, its gateway's owner must accept"
        yield refuse("IncorrectState", message, _ATTACHMENT_ID)


def _by_default(world: World, attachment: Record, name: str, option: str) -> str:
    """The default table in which the gateway puts the attachment; empty where it does not."""
    gateway = world.find(TRANSIT, str(attachment.inputs.get("transitGatewayId")))
    taken = attachment.inputs.get(option) is not False
    return str(gateway.outputs.get(name) or "") if gateway and taken else ""


@at_effect
def _one_association(request: Request, world: World) -> Iterable[Refusal]:
    found = _attachment(request, world)
    if found is None or request.inputs.get("replaceExistingAssociation") is True:
        return
    option = "transitGatewayDefaultRouteTableAssociation"
    tables = {_by_default(world, found, "associationDefaultRouteTableId", option)} - {""}
    for other in world.all(ASSOCIATION):
        if other.inputs.get(_ATTACHMENT_ID) == found.id and not laws.same(other, request):
            tables.add(str(other.inputs.get(_TABLE_ID)))
    if tables:
        message = f"transit gateway attachment {found.id} is already associated to route table {sorted(tables)[0]}"
        yield refuse("Resource.AlreadyAssociated", message, _ATTACHMENT_ID)


@at_effect
def _one_propagation(request: Request, world: World) -> Iterable[Refusal]:
    found, table = _attachment(request, world), request.inputs.get(_TABLE_ID)
    if found is None:
        return
    option = "transitGatewayDefaultRouteTablePropagation"
    tables = {_by_default(world, found, "propagationDefaultRouteTableId", option)}
    for other in world.all(PROPAGATION):
        if other.inputs.get(_ATTACHMENT_ID) == found.id and not laws.same(other, request):
            tables.add(str(other.inputs.get(_TABLE_ID)))
    if table in tables:
        message = f"propagation of {found.id} already exists in transit gateway route table {table}"
        yield refuse("TransitGatewayRouteTablePropagation.Duplicate", message, _ATTACHMENT_ID)


@writing
def _leads_somewhere(request: Request, _world: World) -> Iterable[Refusal]:
    target, hole = request.inputs.get(_ATTACHMENT_ID), request.inputs.get("blackhole") is True
    if target is None and not hole:
        yield refuse("MissingParameter", "a route needs an attachment, or blackhole: true", _ATTACHMENT_ID)
    if target is not None and hole:
        message = "a route into a black hole has no attachment"
        yield refuse("InvalidParameterCombination", message, "blackhole")


@writing
def _destination_is_free(request: Request, world: World) -> Iterable[Refusal]:
    mine = [request.inputs.get(name) for name in (_TABLE_ID, "destinationCidrBlock")]
    for other in world.all(ROUTE, request.scope):
        theirs = [other.inputs.get(name) for name in (_TABLE_ID, "destinationCidrBlock")]
        if all(map(known, mine)) and mine == theirs and not laws.same(other, request):
            message = f"route {mine[1]} already exists in transit gateway route table {mine[0]}"
            yield refuse("RouteAlreadyExists", message, "destinationCidrBlock")


def _attached(request: Request, world: World, _id: str) -> Mapping[str, Any]:
    found = _attachment(request, world)
    return {"resourceId": found.inputs.get("vpcId") if found else "", "resourceType": "vpc"}


def _pair(request: Request, _world: World) -> str:
    return f"{request.inputs.get(_TABLE_ID)}_{request.inputs.get(_ATTACHMENT_ID)}"


TYPES = [
    model(
        TABLE,
        botocore("ec2", "CreateTransitGatewayRouteTable"),
        ids.ec2_id("tgw-rtb"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"transit-gateway-route-table/{id_}"),
            "defaultAssociationRouteTable": False,
            "defaultPropagationRouteTable": False,
        },
        immutable=("transitGatewayId",),
        laws_of=(
            laws.exists("transitGatewayId", TRANSIT, "InvalidTransitGatewayID.NotFound", "transitGateway ID"),
            laws.used_by("IncorrectState", (ASSOCIATION, _TABLE_ID)),
        ),
    ),
    model(
        ASSOCIATION,
        botocore("ec2", "AssociateTransitGatewayRouteTable", {"replaceExistingAssociation": ""}),
        _pair,
        computed=_attached,
        immutable=(_TABLE_ID, _ATTACHMENT_ID, "replaceExistingAssociation"),
        normalize=(defaults(replaceExistingAssociation=False),),
        laws_of=(_table_exists, _attached_to_the_same, _one_association),
        tagged=False,
    ),
    model(
        PROPAGATION,
        botocore("ec2", "EnableTransitGatewayRouteTablePropagation"),
        _pair,
        computed=_attached,
        immutable=(_TABLE_ID, _ATTACHMENT_ID),
        laws_of=(_table_exists, _attached_to_the_same, _one_propagation),
        tagged=False,
    ),
    model(
        ROUTE,
        botocore("ec2", "CreateTransitGatewayRoute"),
        lambda request, _world: f"{request.inputs.get(_TABLE_ID)}_{request.inputs.get('destinationCidrBlock')}",
        computed=lambda _request, _world, _id: {},
        immutable=(_TABLE_ID, _ATTACHMENT_ID, "destinationCidrBlock", "blackhole"),
        normalize=(ranges("destinationCidrBlock"), defaults(blackhole=False)),
        laws_of=(
            _table_exists,
            _attached_to_the_same,
            laws.sized("destinationCidrBlock", 0, 32, "InvalidParameterValue"),
            _leads_somewhere,
            _destination_is_free,
        ),
        tagged=False,
    ),
]
