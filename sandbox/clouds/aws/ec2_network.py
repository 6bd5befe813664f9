"""VPCs, their ranges, subnets and internet gateways.

Owns      which ranges a network may have, and that subnets lie inside one and overlap no sibling.
Refuses   to model the default route table, ACL and DHCP options beyond their ids.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws, offers
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import known, network, refuse, writing
from sandbox.clouds.aws.normal import defaults, ranges
from sandbox.clouds.aws.standing import PEERING, RANGE, VPC, peering_status, vpc_ranges
from sandbox.contract import Record, Refusal, Request, World

SUBNET = "aws:ec2/subnet:Subnet"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT = "aws:ec2/natGateway:NatGateway"

vpc_exists = laws.exists("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID")


def _vpc_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    part = {name: ids.hexadecimal(f"{id_}/{name}", 16) for name in ("sg", "rtb", "acl", "dopt")}
    return {
        "arn": ids.arn(request.scope, "ec2", f"vpc/{id_}"),
        "ownerId": request.scope.account,
        "defaultSecurityGroupId": f"sg-0{part['sg']}",
        "defaultRouteTableId": f"rtb-0{part['rtb']}",
        "mainRouteTableId": f"rtb-0{part['rtb']}",
        "defaultNetworkAclId": f"acl-0{part['acl']}",
        "dhcpOptionsId": f"dopt-0{ids.hexadecimal(f'{request.scope.account}/{request.scope.region}', 16)}",
    }


@writing
def _hostnames_need_support(request: Request, _world: World) -> Iterable[Refusal]:
    if request.inputs.get("enableDnsHostnames") is True and request.inputs.get("enableDnsSupport") is False:
        message = "enableDnsHostnames cannot be true while enableDnsSupport is false"
        yield refuse("InvalidParameterCombination", message, "enableDnsHostnames")


@writing
def _range_is_free(request: Request, world: World) -> Iterable[Refusal]:
    asked, vpc_id = network(request.inputs.get("cidrBlock")), request.inputs.get("vpcId")
    vpc = world.find(VPC, vpc_id, request.scope) if isinstance(vpc_id, str) else None
    if asked is None or vpc is None:
        return
    others = [r for r in world.all(RANGE, vpc.scope) if r.inputs.get("vpcId") == vpc.id and not _self(r, request)]
    for text in (vpc.inputs.get("cidrBlock"), *(r.inputs.get("cidrBlock") for r in others)):
        there = network(text)
        if there is not None and there.overlaps(asked):
            message = f"the CIDR '{asked}' conflicts with '{there}', which the VPC '{vpc.id}' already has"
            yield refuse("InvalidVpc.Range", message, "cidrBlock")


@writing
def _range_is_free_at_peers(request: Request, world: World) -> Iterable[Refusal]:
    asked, vpc = network(request.inputs.get("cidrBlock")), request.inputs.get("vpcId")
    for peering in world.all(PEERING):
        ends = [peering.inputs.get("vpcId"), peering.inputs.get("peerVpcId")]
        if asked is None or vpc not in ends or peering_status(world, peering) not in ("active", "pending-acceptance"):
            continue
        other = world.find(VPC, str(ends[ends.index(vpc) - 1]))
        for there in map(network, vpc_ranges(world, other) if other else ()):
            if there is not None and there.overlaps(asked):
                message = f"the CIDR '{asked}' overlaps {there} of '{other and other.id}', to which '{vpc}' is peered"
                yield refuse("InvalidVpc.Range", message, "cidrBlock")


def _self(record: Record, request: Request) -> bool:
    return record.urn == request.urn and request.operation != "create"


@laws.deleting
def _range_is_empty(request: Request, world: World) -> Iterable[Refusal]:
    mine = network(request.inputs.get("cidrBlock"))
    for subnet in world.all(SUBNET, request.scope):
        its = network(subnet.inputs.get("cidrBlock"))
        if mine and its and subnet.inputs.get("vpcId") == request.inputs.get("vpcId") and its.subnet_of(mine):
            message = f"the range '{mine}' is in use by subnet '{subnet.id}' and cannot be disassociated"
            yield refuse("InvalidCidrBlock.InUse", message)


@writing
def _subnet_fits(request: Request, world: World) -> Iterable[Refusal]:
    asked, vpc_id = network(request.inputs.get("cidrBlock")), request.inputs.get("vpcId")
    vpc = world.find(VPC, vpc_id, request.scope) if isinstance(vpc_id, str) else None
    if asked is None or vpc is None:
        return
    parts = vpc_ranges(world, vpc)
    # A preview may show the subnet together with the range that it will lie in.
    if request.operation != "check" and not any(
        asked.subnet_of(part) for part in map(network, parts) if part is not None
    ):
        message = f"the CIDR '{asked}' is invalid: it lies in none of the ranges of '{vpc.id}' ({', '.join(parts)})"
        yield refuse("InvalidSubnet.Range", message, "cidrBlock")
    for other in world.all(SUBNET, request.scope):
        there = network(other.inputs.get("cidrBlock"))
        if there is None or other.inputs.get("vpcId") != vpc.id or _self(other, request):
            continue
        if there.overlaps(asked):
            message = f"the CIDR '{asked}' conflicts with subnet '{other.id}' ({there})"
            yield refuse("InvalidSubnet.Conflict", message, "cidrBlock")


@writing
def _zone_exists(request: Request, _world: World) -> Iterable[Refusal]:
    zone, there = request.inputs.get("availabilityZone"), offers.zones(request.scope.region)
    if known(zone) and there and zone not in there:
        message = (
            f"value ({zone}) for parameter availabilityZone is invalid: subnets in {request.scope.region} can be "
            f"made in {', '.join(there)}"
        )
        yield refuse("InvalidParameterValue", message, "availabilityZone")


def _zone_id(zone: str) -> str:
    """`eu-central-1a` -> `euc1-az1`; which zone has which number differs by account, here it follows the letter."""
    area, direction, number = zone[:-1].split("-")
    return f"{area}{_DIRECTIONS.get(direction, direction[0])}{number}-az{'abcdefgh'.index(zone[-1]) + 1}"


_DIRECTIONS = {"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}


def _subnet_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    zone = request.inputs.get("availabilityZone")
    found: dict[str, object] = {
        "arn": ids.arn(request.scope, "ec2", f"subnet/{id_}"),
        "ownerId": request.scope.account,
        "privateDnsHostnameTypeOnLaunch": request.inputs.get("privateDnsHostnameTypeOnLaunch", "ip-name"),
    }
    return found | ({"availabilityZoneId": _zone_id(zone)} if isinstance(zone, str) else {})


@writing
def _one_gateway_a_vpc(request: Request, world: World) -> Iterable[Refusal]:
    vpc = request.inputs.get("vpcId")
    for other in world.all(GATEWAY, request.scope):
        if known(vpc) and other.inputs.get("vpcId") == vpc and not _self(other, request):
            message = f"network '{vpc}' already has the internet gateway '{other.id}' attached"
            yield refuse("Resource.AlreadyAssociated", message, "vpcId")


@laws.deleting
def _no_public_address_behind(request: Request, world: World) -> Iterable[Refusal]:
    subnets = {s.id for s in world.all(SUBNET, request.scope) if s.inputs.get("vpcId") == request.inputs.get("vpcId")}
    for nat in world.all(NAT, request.scope):
        if nat.inputs.get("subnetId") in subnets and nat.inputs.get("connectivityType") == "public":
            message = f"network '{request.inputs.get('vpcId')}' has mapped public addresses (NAT gateway '{nat.id}')"
            yield refuse("DependencyViolation", f"{message}: unmap them before detaching the gateway")


TYPES = [
    model(
        VPC,
        botocore(
            "ec2",
            "CreateVpc",
            {
                "assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock",
                "enableDnsHostnames": "",
                "enableDnsSupport": "",
                "enableNetworkAddressUsageMetrics": "",
            },
        ),
        ids.ec2_id("vpc"),
        computed=_vpc_outputs,
        immutable=("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "instanceTenancy"),
        normalize=(
            ranges("cidrBlock"),
            defaults(enableDnsSupport=True, enableDnsHostnames=False, instanceTenancy="default"),
        ),
        laws_of=(
            laws.sized("cidrBlock", 16, 28, "InvalidVpc.Range"),
            laws.needs("MissingParameter", "a VPC needs a range", "cidrBlock", "ipv4IpamPoolId"),
            _hostnames_need_support,
            laws.used_by(
                "DependencyViolation",
                (SUBNET, "vpcId"),
                (GATEWAY, "vpcId"),
                ("aws:ec2/securityGroup:SecurityGroup", "vpcId"),
                ("aws:ec2/routeTable:RouteTable", "vpcId"),
                ("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId"),
                ("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "vpcId"),
            ),
        ),
    ),
    model(
        RANGE,
        botocore("ec2", "AssociateVpcCidrBlock"),
        ids.ec2_id("vpc-cidr-assoc"),
        computed=lambda _request, _world, _id: {},
        immutable=("vpcId", "cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
        normalize=(ranges("cidrBlock"),),
        laws_of=(
            vpc_exists,
            laws.sized("cidrBlock", 16, 28, "InvalidVpc.Range"),
            laws.needs("MissingParameter", "an association needs a range", "cidrBlock", "ipv4IpamPoolId"),
            _range_is_free,
            _range_is_free_at_peers,
            _range_is_empty,
        ),
        tagged=False,
    ),
    model(
        SUBNET,
        botocore(
            "ec2",
            "CreateSubnet",
            {
                "assignIpv6AddressOnCreation": "",
                "customerOwnedIpv4Pool": "",
                "enableDns64": "",
                "enableLniAtDeviceIndex": "",
                "enableResourceNameDnsARecordOnLaunch": "",
                "enableResourceNameDnsAaaaRecordOnLaunch": "",
                "mapCustomerOwnedIpOnLaunch": "",
                "mapPublicIpOnLaunch": "",
                "privateDnsHostnameTypeOnLaunch": "",
            },
        ),
        ids.ec2_id("subnet"),
        computed=_subnet_outputs,
        immutable=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"),
        normalize=(
            ranges("cidrBlock"),
            defaults(mapPublicIpOnLaunch=False, assignIpv6AddressOnCreation=False, enableDns64=False),
        ),
        laws_of=(
            vpc_exists,
            laws.sized("cidrBlock", 16, 28, "InvalidSubnet.Range"),
            laws.needs("MissingParameter", "a subnet needs a range", "cidrBlock", "ipv4IpamPoolId", "ipv6CidrBlock"),
            _subnet_fits,
            _zone_exists,
        ),
        in_use_code="DependencyViolation",
    ),
    model(
        GATEWAY,
        botocore("ec2", "CreateInternetGateway", {"vpcId": ""}),
        ids.ec2_id("igw"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"internet-gateway/{id_}"),
            "ownerId": request.scope.account,
        },
        immutable=(),
        laws_of=(vpc_exists, _one_gateway_a_vpc, _no_public_address_behind),
    ),
]
