"""Route tables, routes, associations, Elastic IPs and NAT gateways.

Owns      that a route has one target in its own network, that an address is used once, that a subnet has one table.
Refuses   routes to anything but internet and NAT gateways: their targets are checked by the SDK's types only.
"""

import zlib
from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_network import GATEWAY, NAT, SUBNET, vpc_exists
from sandbox.clouds.aws.laws import known, refuse, writing
from sandbox.clouds.aws.normal import defaults, ranges
from sandbox.contract import Record, Refusal, Request, World

TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ADDRESS = "aws:ec2/eip:Eip"

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
    table = _find(world, request, TABLE, "routeTableId")
    if table is None:
        return
    gateway, nat = _find(world, request, GATEWAY, "gatewayId"), _find(world, request, NAT, "natGatewayId")
    theirs = gateway.inputs.get("vpcId") if gateway else None
    if nat is not None:
        subnet = world.find(SUBNET, str(nat.inputs.get("subnetId")), request.scope)
        theirs = subnet.inputs.get("vpcId") if subnet else None
    if theirs is not None and theirs != table.inputs.get("vpcId"):
        target = (gateway or nat or table).id
        message = f"route table '{table.id}' and gateway '{target}' belong to different networks"
        yield refuse("InvalidParameterValue", message, "routeTableId")


def _find(world: World, request: Request, token: str, name: str) -> Record | None:
    id_ = request.inputs.get(name)
    return world.find(token, id_, request.scope) if isinstance(id_, str) else None


@writing
def _destination_is_free(request: Request, world: World) -> Iterable[Refusal]:
    table = request.inputs.get("routeTableId")
    if not known(table) or request.operation == "update":
        return
    for other in world.all(ROUTE, request.scope):
        same = all(other.inputs.get(name) == request.inputs.get(name) for name in _DESTINATIONS)
        if same and other.inputs.get("routeTableId") == table and other.urn != request.urn:
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
        if other.inputs.get("subnetId") == subnet and other.urn != request.urn:
            message = f"the subnet '{subnet}' already has an association ('{other.id}') with a route table"
            yield refuse("Resource.AlreadyAssociated", message, "subnetId")


@writing
def _association_in_one_network(request: Request, world: World) -> Iterable[Refusal]:
    table, subnet = _find(world, request, TABLE, "routeTableId"), _find(world, request, SUBNET, "subnetId")
    if table and subnet and table.inputs.get("vpcId") != subnet.inputs.get("vpcId"):
        message = f"route table '{table.id}' and subnet '{subnet.id}' belong to different networks"
        yield refuse("InvalidParameterValue", message, "subnetId")


@writing
def _address_is_free(request: Request, world: World) -> Iterable[Refusal]:
    mine = request.inputs.get("allocationId")
    if not known(mine):
        return
    for other in world.all(NAT, request.scope):
        if other.inputs.get("allocationId") == mine and other.urn != request.urn:
            message = f"the Elastic IP '{mine}' is already associated with NAT gateway '{other.id}'"
            yield refuse("Resource.AlreadyAssociated", message, "allocationId")


@writing
def _nat_is_possible(request: Request, world: World) -> Iterable[Refusal]:
    public = request.inputs.get("connectivityType", "public") == "public"
    address = request.inputs.get("allocationId")
    if request.inputs.get("availabilityMode") == "regional":
        return
    if public and address is None:
        yield refuse("MissingParameter", "a public NAT gateway needs an allocationId", "allocationId")
    if request.inputs.get("subnetId") is None:
        yield refuse("MissingParameter", "a zonal NAT gateway needs a subnetId", "subnetId")
    if not public and address is not None:
        message = "a private NAT gateway cannot have an allocationId"
        yield refuse("InvalidParameterCombination", message, "allocationId")
    subnet = _find(world, request, SUBNET, "subnetId")
    if request.operation == "create" and public and subnet is not None:
        vpc = subnet.inputs.get("vpcId")
        if not any(g.inputs.get("vpcId") == vpc for g in world.all(GATEWAY, request.scope)):
            message = f"network '{vpc}' has no internet gateway attached: the NAT gateway would fail"
            yield refuse("Gateway.NotAttached", message, "subnetId")


def _nat_outputs(request: Request, world: World, id_: str) -> dict[str, object]:
    address = _find(world, request, ADDRESS, "allocationId")
    part = ids.hexadecimal(id_, 16)
    return {
        "publicIp": address.outputs.get("publicIp") if address else "",
        "privateIp": request.inputs.get("privateIp") or f"10.255.{int(part[:2], 16)}.{int(part[2:4], 16)}",
        "networkInterfaceId": f"eni-0{part}",
        "associationId": f"eipassoc-0{part}",
        "availabilityMode": request.inputs.get("availabilityMode", "zonal"),
    }


def _address_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    public = old(request, "publicIp") or ids.address(id_)
    return {
        "allocationId": id_,
        "arn": ids.arn(request.scope, "ec2", f"elastic-ip/{id_}"),
        "publicIp": public,
        "publicDns": f"ec2-{public.replace('.', '-')}.{request.scope.region}.compute.amazonaws.com",
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": request.scope.region,
    }


@laws.deleting
def _address_is_unused(request: Request, world: World) -> Iterable[Refusal]:
    for nat in world.all(NAT, request.scope):
        if request.old and nat.inputs.get("allocationId") == request.old.id:
            message = f"the address '{request.old.id}' is in use by NAT gateway '{nat.id}' and cannot be released"
            yield refuse("InvalidIPAddress.InUse", message)


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
        computed=lambda _request, _world, _id: {"origin": "CreateRoute", "state": "active"},
        immutable=("routeTableId", *_DESTINATIONS),
        normalize=(ranges("destinationCidrBlock"),),
        laws_of=(
            _table_exists,
            _gateway_exists,
            laws.exists("natGatewayId", NAT, "InvalidNatGatewayID.NotFound", "natGateway ID"),
            laws.sized("destinationCidrBlock", 0, 32, "InvalidParameterValue"),
            _one_target,
            _same_network,
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
    model(
        ADDRESS,
        botocore("ec2", "AllocateAddress", {"associateWithPrivateIp": "", "instance": "", "networkInterface": ""}),
        ids.ec2_id("eipalloc"),
        computed=_address_outputs,
        immutable=("domain", "address", "publicIpv4Pool", "networkBorderGroup", "customerOwnedIpv4Pool"),
        normalize=(defaults(domain="vpc"),),
        laws_of=(_address_is_unused,),
    ),
    model(
        NAT,
        botocore("ec2", "CreateNatGateway", {"privateIp": "PrivateIpAddress"}),
        ids.ec2_id("nat"),
        computed=_nat_outputs,
        immutable=("allocationId", "subnetId", "connectivityType", "privateIp", "availabilityMode", "vpcId"),
        normalize=(defaults(connectivityType="public"),),
        laws_of=(
            _subnet_exists,
            laws.exists("allocationId", ADDRESS, "InvalidAllocationID.NotFound", "allocation ID"),
            _address_is_free,
            _nat_is_possible,
        ),
    ),
]
