"""Wrong networks, subnets, routes and firewall rules: one thing is wrong with each.

Owns      the list; every one is such that what moto takes of it is in the way of none after it.
Refuses   verdicts: what both witnesses say is found by asking them.
"""

from collections.abc import Callable
from typing import Any

from tools.moto_witness.program import THEIRS
from tools.moto_witness.wrong import NONE, Made, Wrong

_VPC = "ec2/vpc:Vpc"
_RANGE = "ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
_SUBNET = "ec2/subnet:Subnet"
_NAT = "ec2/natGateway:NatGateway"
_TABLE = "ec2/routeTable:RouteTable"
_ROUTE = "ec2/route:Route"
_ROUTED = "ec2/routeTableAssociation:RouteTableAssociation"
_GROUP = "ec2/securityGroup:SecurityGroup"
_INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def _subnet(block: str, zone: str = "eu-west-1a") -> Callable[[Made], dict[str, Any]]:
    return lambda m: {"vpcId": m["our"].id, "cidrBlock": block, "availabilityZone": zone}


def _route(to: str, **target: str | Callable[[Made], str]) -> Callable[[Made], dict[str, Any]]:
    return lambda m: {
        "routeTableId": m["our-table"].id,
        "destinationCidrBlock": to,
        **{name: of if isinstance(of, str) else of(m) for name, of in target.items()},
    }


NETWORKS = [
    Wrong("a network of a /12", _VPC, {"cidrBlock": "10.16.0.0/12"}),
    Wrong("a network of no range at all", _VPC, {"cidrBlock": "10.0.0.300/16"}),
    Wrong("a second range over the first", _RANGE, lambda m: {"vpcId": m["our"].id, "cidrBlock": "10.0.16.0/20"}),
    Wrong("a second range over a peer's", _RANGE, lambda m: {"vpcId": m["our"].id, "cidrBlock": "10.1.16.0/20"}),
    Wrong("a subnet outside of its network", _SUBNET, _subnet("10.8.0.0/24")),
    Wrong("a subnet over another", _SUBNET, _subnet("10.0.1.128/25")),
    Wrong("a subnet in a zone that is not there", _SUBNET, _subnet("10.0.9.0/24", "eu-west-1q")),
    Wrong("a subnet of a /29", _SUBNET, _subnet("10.0.9.0/29")),
    Wrong("a subnet in another account's network", _SUBNET, _subnet("10.0.9.0/24"), THEIRS),
    Wrong("a second internet gateway", "ec2/internetGateway:InternetGateway", lambda m: {"vpcId": m["our"].id}),
    Wrong(
        "an internet gateway for a network that is not there",
        "ec2/internetGateway:InternetGateway",
        {"vpcId": f"vpc-{NONE}"},
    ),
    Wrong("a route table for a network that is not there", _TABLE, {"vpcId": f"vpc-{NONE}"}),
    Wrong("a security group for a network that is not there", _GROUP, {"name": "x", "vpcId": f"vpc-{NONE}"}),
    Wrong(
        "a nat gateway with an address that is not there",
        _NAT,
        lambda m: {"allocationId": f"eipalloc-{NONE}", "subnetId": m["our-b"].id},
    ),
    Wrong(
        "a nat gateway in a subnet that is not there",
        _NAT,
        {"connectivityType": "private", "subnetId": f"subnet-{NONE}"},
    ),
    Wrong(
        "an elastic address used twice", _NAT, lambda m: {"allocationId": m["address"].id, "subnetId": m["our-b"].id}
    ),
    Wrong(
        "a route to an internet gateway that is not there",
        _ROUTE,
        _route("192.168.1.0/24", gatewayId=f"igw-{NONE}"),
    ),
    Wrong(
        "a route to a nat gateway that is not there",
        _ROUTE,
        _route("192.168.2.0/24", natGatewayId=f"nat-{NONE}"),
    ),
    Wrong(
        "a route to a peering that is not there",
        _ROUTE,
        _route("192.168.3.0/24", vpcPeeringConnectionId=f"pcx-{NONE}"),
    ),
    Wrong(
        "a route to a peering of other networks",
        _ROUTE,
        _route("192.168.4.0/24", vpcPeeringConnectionId=lambda m: m["waiting"].id),
    ),
    Wrong(
        "a route to a hub that is not there",
        _ROUTE,
        _route("192.168.5.0/24", transitGatewayId=f"tgw-{NONE}"),
    ),
    Wrong(
        "a route to a hub without an attachment",
        _ROUTE,
        lambda m: {
            "routeTableId": m["second-table"].id,
            "destinationCidrBlock": "10.0.0.0/16",
            "transitGatewayId": m["hub"].id,
        },
    ),
    Wrong(
        "a route that is there",
        _ROUTE,
        lambda m: {
            "routeTableId": m["our-table"].id,
            "destinationCidrBlock": "0.0.0.0/0",
            "natGatewayId": m["nat"].id,
        },
    ),
    Wrong(
        "a route to nowhere in particular",
        _ROUTE,
        lambda m: {
            "routeTableId": m["our-table"].id,
            "destinationCidrBlock": "10.0.0.0.0/8",
            "natGatewayId": m["nat"].id,
        },
    ),
    Wrong(
        "a route inside of the network itself",
        _ROUTE,
        lambda m: {
            "routeTableId": m["our-table"].id,
            "destinationCidrBlock": "10.0.1.0/24",
            "vpcPeeringConnectionId": m["peering"].id,
        },
    ),
    Wrong(
        "a second table for a subnet", _ROUTED, lambda m: {"routeTableId": m["our-table"].id, "subnetId": m["our-b"].id}
    ),
    Wrong(
        "a table of another network for a subnet",
        _ROUTED,
        lambda m: {"routeTableId": m["second-table"].id, "subnetId": m["our-a"].id},
    ),
    Wrong("a security group's name twice", _GROUP, lambda m: {"name": "our-group", "vpcId": m["our"].id}),
    Wrong(
        "a rule that is there",
        _INGRESS,
        lambda m: {
            "securityGroupId": m["our-group"].id,
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
            "cidrIpv4": "10.0.0.0/16",
        },
    ),
    Wrong(
        "a rule for ports that are none",
        _INGRESS,
        lambda m: {
            "securityGroupId": m["our-group"].id,
            "ipProtocol": "tcp",
            "fromPort": 70000,
            "toPort": 70001,
            "cidrIpv4": "10.0.0.0/16",
        },
    ),
    Wrong(
        "a rule for a group that is not there",
        _INGRESS,
        {
            "securityGroupId": f"sg-{NONE}",
            "ipProtocol": "tcp",
            "fromPort": 1,
            "toPort": 2,
            "cidrIpv4": "10.0.0.0/16",
        },
    ),
]
