"""Elastic IPs and NAT gateways.

Owns      that an address is used once, and that a NAT gateway stands where it can work.
Refuses   ports and connections: no packet flows here.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import addresses, ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_network import GATEWAY, NAT, SUBNET
from sandbox.clouds.aws.ec2_routes import find
from sandbox.clouds.aws.laws import known, refuse, writing
from sandbox.clouds.aws.normal import defaults
from sandbox.contract import Refusal, Request, World

ADDRESS = "aws:ec2/eip:Eip"

_subnet_exists = laws.exists("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID")


@writing
def _address_is_free(request: Request, world: World) -> Iterable[Refusal]:
    mine = request.inputs.get("allocationId")
    if not known(mine):
        return
    for other in world.all(NAT, request.scope):
        if other.inputs.get("allocationId") == mine and not laws.same(other, request):
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
    subnet = find(world, request, SUBNET, "subnetId")
    if request.operation == "create" and public and subnet is not None:
        vpc = subnet.inputs.get("vpcId")
        if not any(g.inputs.get("vpcId") == vpc for g in world.all(GATEWAY, request.scope)):
            message = f"network '{vpc}' has no internet gateway attached: the NAT gateway would fail"
            yield refuse("Gateway.NotAttached", message, "subnetId")


def _nat_outputs(request: Request, world: World, id_: str) -> dict[str, object]:
    address = find(world, request, ADDRESS, "allocationId")
    part = ids.hexadecimal(id_, 16)
    subnet = find(world, request, SUBNET, "subnetId")
    private = addresses.pick(world, subnet, id_, request.urn) if subnet else ""
    return {
        "publicIp": address.outputs.get("publicIp") if address else "",
        "privateIp": request.inputs.get("privateIp") or old(request, "privateIp") or private,
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
