"""Route tables, routes and associations.

Owns      that a route has one target in its own network, and that a subnet has one table.
Refuses   carrier, local, egress-only and core network targets: they are checked by the SDK's types only. Like AWS, it
          does not ask whether a peering's other end has the range that a route sends there.
"""

import zlib
from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_network import GATEWAY, NAT, SUBNET, vpc_exists
from sandbox.clouds.aws.laws import known, network, refuse, writing
from sandbox.clouds.aws.normal import ranges
from sandbox.clouds.aws.standing import (
    ACTIVE,
    ENDPOINT,
    PEERING,
    PENDING,
    TRANSIT,
    TRANSIT_ATTACHMENT,
    VPC,
    attachment_status,
    peering_status,
    transit,
    vpc_ranges,
)
from sandbox.contract import Record, Refusal, Request, World

TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"

_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "odbNetworkArn",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)

_table_exists = laws.exists("routeTableId", TABLE, "InvalidRouteTableID.NotFound", "routeTable ID")
_subnet_exists = laws.exists("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID")
_gateway_exists = laws.exists("gatewayId", GATEWAY, "InvalidGatewayID.NotFound", "gateway ID")


@writing
def _one_target(request: Request, _world: World) -> Iterable[Refusal]:
    for names, what in ((_DESTINATIONS, "destination"), (_TARGETS, "target")):
        given = [name for name in names if request.inputs.get(name) is not None]
        if len(given) != 1:
            said = f"has {len(given)} {what}s ({', '.join(given)})" if given else f"has no {what}"
            yield refuse("InvalidParameterCombination", f"a route {said}: it needs exactly one of {', '.join(names)}")


@writing
def _same_network(request: Request, world: World) -> Iterable[Refusal]:
    table = find(world, request, TABLE, "routeTableId")
    if table is None:
        return
    gateway, nat = find(world, request, GATEWAY, "gatewayId"), find(world, request, NAT, "natGatewayId")
    theirs = gateway.inputs.get("vpcId") if gateway else None
    if nat is not None:
        subnet = world.find(SUBNET, str(nat.inputs.get("subnetId")), request.scope)
        theirs = subnet.inputs.get("vpcId") if subnet else None
    if theirs is not None and theirs != table.inputs.get("vpcId"):
        target = (gateway or nat or table).id
        message = f"route table '{table.id}' and gateway '{target}' belong to different networks"
        yield refuse("InvalidParameterValue", message, "routeTableId")


@writing
def _attached_hub(request: Request, world: World) -> Iterable[Refusal]:
    id_, table = request.inputs.get("transitGatewayId"), find(world, request, TABLE, "routeTableId")
    if not isinstance(id_, str) or table is None:
        return
    vpc = table.inputs.get("vpcId")
    seen = transit(world, id_, request.scope.account, request.scope.region)
    attached = [
        one
        for one in world.all(TRANSIT_ATTACHMENT, request.scope)
        if (one.inputs.get("transitGatewayId"), one.inputs.get("vpcId")) == (id_, vpc)
    ]
    # The attachment, or the share that shows the gateway, may be made by the same run.
    if request.operation == "check" and world.find(TRANSIT, id_) is not None:
        return
    if seen is None or not attached:
        why = "" if seen is None else f": '{vpc}' has no attachment to it"
        message = f"the transitGateway ID '{id_}' does not exist{why}"
        yield refuse("InvalidTransitGatewayID.NotFound", message, "transitGatewayId")
    elif attachment_status(world, attached[0]) != "available":
        message = f"attachment '{attached[0].id}' is {attachment_status(world, attached[0])}: nothing is routed there"
        yield refuse("InvalidTransitGatewayID.NotFound", message, "transitGatewayId")


@writing
def _peering_of_the_network(request: Request, world: World) -> Iterable[Refusal]:
    id_, table = request.inputs.get("vpcPeeringConnectionId"), find(world, request, TABLE, "routeTableId")
    if not isinstance(id_, str):
        return
    found = world.find(PEERING, id_)
    ends = [found.inputs.get(end) for end in ("vpcId", "peerVpcId")] if found else []
    if found is None:
        message = f"the vpcPeeringConnection ID '{id_}' does not exist"
        yield refuse("InvalidVpcPeeringConnectionID.NotFound", message, "vpcPeeringConnectionId")
    elif table is not None and table.inputs.get("vpcId") not in ends:
        theirs = " and ".join(map(str, ends))
        message = f"route table '{table.id}' is of '{table.inputs.get('vpcId')}', '{id_}' connects {theirs}"
        yield refuse("InvalidParameterValue", message, "vpcPeeringConnectionId")
    elif peering_status(world, found) not in (ACTIVE, PENDING):
        message = (
            f"peering '{id_}' is {peering_status(world, found)}: a route needs one that is active or may become so"
        )
        yield refuse("InvalidStateTransition", message, "vpcPeeringConnectionId")


@writing
def _endpoint_of_the_network(request: Request, world: World) -> Iterable[Refusal]:
    endpoint, table = find(world, request, ENDPOINT, "vpcEndpointId"), find(world, request, TABLE, "routeTableId")
    id_ = request.inputs.get("vpcEndpointId")
    if isinstance(id_, str) and endpoint is None:
        yield refuse("InvalidVpcEndpointId.NotFound", f"the VpcEndpoint ID '{id_}' does not exist", "vpcEndpointId")
    elif endpoint is not None and endpoint.inputs.get("vpcEndpointType") != "GatewayLoadBalancer":
        kind = endpoint.inputs.get("vpcEndpointType")
        message = f"'{id_}' is of type {kind}: routes lead to endpoints of gateway load balancers only"
        yield refuse("InvalidParameterValue", message, "vpcEndpointId")
    elif endpoint is not None and table is not None and endpoint.inputs.get("vpcId") != table.inputs.get("vpcId"):
        message = f"route table '{table.id}' and endpoint '{id_}' belong to different networks"
        yield refuse("InvalidParameterValue", message, "vpcEndpointId")


@writing
def _not_inside_the_network(request: Request, world: World) -> Iterable[Refusal]:
    table, asked = find(world, request, TABLE, "routeTableId"), network(request.inputs.get("destinationCidrBlock"))
    vpc = world.find(VPC, str(table.inputs.get("vpcId")), request.scope) if table else None
    if vpc is None or asked is None or request.inputs.get("networkInterfaceId") is not None:
        return
    for part in map(network, vpc_ranges(world, vpc)):
        free = any(request.inputs.get(name) is not None for name in ("natGatewayId", "vpcEndpointId"))
        if part is not None and asked.subnet_of(part) and not (free and asked != part):
            message = (
                f"the destination CIDR block {asked} is equal to or more specific than one of this VPC's CIDR blocks, "
                f"{part}: this route can target only an interface, a NAT gateway or an endpoint"
            )
            yield refuse("InvalidParameterValue", message, "destinationCidrBlock")


def _route_state(request: Request, world: World, _id: str) -> dict[str, object]:
    peering = world.find(PEERING, str(request.inputs.get("vpcPeeringConnectionId")))
    waits = peering is not None and peering_status(world, peering) != ACTIVE
    return {"origin": "CreateRoute", "state": "blackhole" if waits else "active"}


def find(world: World, request: Request, token: str, name: str) -> Record | None:
    """The resource of a type whose id is at the property."""
    id_ = request.inputs.get(name)
    return world.find(token, id_, request.scope) if isinstance(id_, str) else None


@writing
def _destination_is_free(request: Request, world: World) -> Iterable[Refusal]:
    table = request.inputs.get("routeTableId")
    if not known(table) or request.operation == "update":
        return
    for other in world.all(ROUTE, request.scope):
        same = all(other.inputs.get(name) == request.inputs.get(name) for name in _DESTINATIONS)
        if same and other.inputs.get("routeTableId") == table and not laws.same(other, request):
            message = (
                f"the route identified by {request.inputs.get('destinationCidrBlock')} already exists in '{table}'"
            )
            yield refuse("RouteAlreadyExists", message, "destinationCidrBlock")


def _route_id(request: Request, _world: World) -> str:
    to = next((request.inputs[name] for name in _DESTINATIONS if request.inputs.get(name)), "")
    return f"r-{request.inputs.get('routeTableId')}{zlib.crc32(str(to).encode())}"


@writing
def _one_table_a_subnet(request: Request, world: World) -> Iterable[Refusal]:
    subnet = request.inputs.get("subnetId")
    if not known(subnet):
        return
    for other in world.all(ASSOCIATION, request.scope):
        if other.inputs.get("subnetId") == subnet and not laws.same(other, request):
            message = f"the subnet '{subnet}' already has an association ('{other.id}') with a route table"
            yield refuse("Resource.AlreadyAssociated", message, "subnetId")


@writing
def _association_in_one_network(request: Request, world: World) -> Iterable[Refusal]:
    table, subnet = find(world, request, TABLE, "routeTableId"), find(world, request, SUBNET, "subnetId")
    if table and subnet and table.inputs.get("vpcId") != subnet.inputs.get("vpcId"):
        message = f"route table '{table.id}' and subnet '{subnet.id}' belong to different networks"
        yield refuse("InvalidParameterValue", message, "subnetId")


TYPES = [
    model(
        TABLE,
        botocore("ec2", "CreateRouteTable", {"propagatingVgws": "", "routes": ""}),
        ids.ec2_id("rtb"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"route-table/{id_}"),
            "ownerId": request.scope.account,
        },
        immutable=("vpcId",),
        laws_of=(vpc_exists, laws.used_by("DependencyViolation", (ASSOCIATION, "routeTableId"))),
    ),
    model(
        ROUTE,
        botocore("ec2", "CreateRoute", {"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}),
        _route_id,
        computed=_route_state,
        immutable=("routeTableId", *_DESTINATIONS),
        normalize=(ranges("destinationCidrBlock"),),
        laws_of=(
            _table_exists,
            _gateway_exists,
            laws.exists("natGatewayId", NAT, "InvalidNatGatewayID.NotFound", "natGateway ID"),
            laws.sized("destinationCidrBlock", 0, 32, "InvalidParameterValue"),
            _one_target,
            _same_network,
            _attached_hub,
            _peering_of_the_network,
            _endpoint_of_the_network,
            _not_inside_the_network,
            _destination_is_free,
        ),
        tagged=False,
    ),
    model(
        ASSOCIATION,
        botocore("ec2", "AssociateRouteTable"),
        ids.ec2_id("rtbassoc"),
        computed=lambda _request, _world, _id: {},
        immutable=("subnetId", "gatewayId"),
        laws_of=(
            _table_exists,
            _subnet_exists,
            laws.needs("MissingParameter", "an association needs what is routed", "subnetId", "gatewayId"),
            _one_table_a_subnet,
            _association_in_one_network,
        ),
        tagged=False,
    ),
]
