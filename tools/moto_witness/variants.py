"""Wrong requests on top of the good program: one thing is wrong with each, and AWS refuses every one.

Owns      the list; each says in its name what is wrong.
Refuses   verdicts: what both witnesses say is found by asking them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record, Scope
from tools.moto_witness.asked import Asked
from tools.moto_witness.program import NOBODYS, OURS, THEIRS

Made = Mapping[str, Record]


@dataclass(frozen=True)
class Wrong:
    """One wrong request."""

    what: str
    type: str
    inputs: dict[str, Any] | Callable[[Made], dict[str, Any]]
    scope: Scope = OURS

    def asked(self, made: Made) -> Asked:
        """The request, given what the good program made."""
        inputs = self.inputs if isinstance(self.inputs, dict) else self.inputs(made)
        return Asked(f"aws:{self.type}", self.what.replace(" ", "-"), inputs, self.scope)


_VPC = "ec2/vpc:Vpc"
_RANGE = "ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
_SUBNET = "ec2/subnet:Subnet"
_NAT = "ec2/natGateway:NatGateway"
_TABLE = "ec2/routeTable:RouteTable"
_ROUTE = "ec2/route:Route"
_ROUTED = "ec2/routeTableAssociation:RouteTableAssociation"
_GROUP = "ec2/securityGroup:SecurityGroup"
_INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_PEERING = "ec2/vpcPeeringConnection:VpcPeeringConnection"
_ACCEPTER = "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
_OPTIONS = "ec2/peeringConnectionOptions:PeeringConnectionOptions"
_HUB = "ec2transitgateway/transitGateway:TransitGateway"
_ATTACHMENT = "ec2transitgateway/vpcAttachment:VpcAttachment"
_HUB_ROUTED = "ec2transitgateway/routeTableAssociation:RouteTableAssociation"
_HUB_LEARNS = "ec2transitgateway/routeTablePropagation:RouteTablePropagation"
_HUB_ROUTE = "ec2transitgateway/route:Route"
_SHARED = "ram/resourceAssociation:ResourceAssociation"
_SHARED_WITH = "ram/principalAssociation:PrincipalAssociation"
_ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
_SERVICE = "ec2/vpcEndpointService:VpcEndpointService"
_PRINCIPAL = "ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"
_BALANCER = "lb/loadBalancer:LoadBalancer"
_TARGETS = "lb/targetGroup:TargetGroup"
_LISTENER = "lb/listener:Listener"
_ZONE = "route53/zone:Zone"
_RECORD = "route53/record:Record"
_SEEN = "route53/zoneAssociation:ZoneAssociation"

_NONE = "0123456789abcdef0"
_ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333"


def _subnet(block: str, zone: str = "eu-west-1a") -> Callable[[Made], dict[str, Any]]:
    return lambda m: {"vpcId": m["our"].id, "cidrBlock": block, "availabilityZone": zone}


def _route(to: str, **target: str | Callable[[Made], str]) -> Callable[[Made], dict[str, Any]]:
    return lambda m: {
        "routeTableId": m["our-table"].id,
        "destinationCidrBlock": to,
        **{name: of if isinstance(of, str) else of(m) for name, of in target.items()},
    }


def _balancer(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"name": "more", "internal": True, "loadBalancerType": "network", "subnets": [made["our-a"].id]}
    return {**said, **changed}


def _listener(made: Made, **changed: Any) -> dict[str, Any]:
    actions = [{"type": "forward", "targetGroupArn": made["targets"].id}]
    return {
        "loadBalancerArn": made["balancer"].id,
        "port": 9100,
        "protocol": "TCP",
        "defaultActions": actions,
    } | changed


def _targets(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"name": "more", "port": 31100, "protocol": "TCP", "targetType": "instance", "vpcId": made["our"].id}
    return {**said, **changed}


def _link(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"vpcId": made["their"].id, "serviceName": made["service"].outputs["serviceName"]}
    return {**said, "vpcEndpointType": "Interface", "subnetIds": [made["their-a"].id], **changed}


def _hub_pair(made: Made, attachment: str) -> dict[str, Any]:
    return {
        "transitGatewayRouteTableId": made["hub-table"].id,
        "transitGatewayAttachmentId": made[attachment].id,
    }


WRONG = [
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
        {"vpcId": f"vpc-{_NONE}"},
    ),
    Wrong("a route table for a network that is not there", _TABLE, {"vpcId": f"vpc-{_NONE}"}),
    Wrong("a security group for a network that is not there", _GROUP, {"name": "x", "vpcId": f"vpc-{_NONE}"}),
    Wrong(
        "a nat gateway with an address that is not there",
        _NAT,
        lambda m: {"allocationId": f"eipalloc-{_NONE}", "subnetId": m["our-b"].id},
    ),
    Wrong(
        "a nat gateway in a subnet that is not there",
        _NAT,
        {"connectivityType": "private", "subnetId": f"subnet-{_NONE}"},
    ),
    Wrong(
        "an elastic address used twice", _NAT, lambda m: {"allocationId": m["address"].id, "subnetId": m["our-b"].id}
    ),
    Wrong(
        "a route to an internet gateway that is not there",
        _ROUTE,
        _route("192.168.1.0/24", gatewayId=f"igw-{_NONE}"),
    ),
    Wrong(
        "a route to a nat gateway that is not there",
        _ROUTE,
        _route("192.168.2.0/24", natGatewayId=f"nat-{_NONE}"),
    ),
    Wrong(
        "a route to a peering that is not there",
        _ROUTE,
        _route("192.168.3.0/24", vpcPeeringConnectionId=f"pcx-{_NONE}"),
    ),
    Wrong(
        "a route to a peering of other networks",
        _ROUTE,
        _route("192.168.4.0/24", vpcPeeringConnectionId=lambda m: m["waiting"].id),
    ),
    Wrong(
        "a route to a hub that is not there",
        _ROUTE,
        _route("192.168.5.0/24", transitGatewayId=f"tgw-{_NONE}"),
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
            "securityGroupId": f"sg-{_NONE}",
            "ipProtocol": "tcp",
            "fromPort": 1,
            "toPort": 2,
            "cidrIpv4": "10.0.0.0/16",
        },
    ),
    Wrong("a peering with itself", _PEERING, lambda m: {"vpcId": m["our"].id, "peerVpcId": m["our"].id}),
    Wrong(
        "a peering with a network that is not there",
        _PEERING,
        lambda m: {"vpcId": m["our"].id, "peerVpcId": f"vpc-{_NONE}"},
    ),
    Wrong(
        "a second peering of two networks",
        _PEERING,
        lambda m: {"vpcId": m["our"].id, "peerVpcId": m["their"].id, "peerOwnerId": THEIRS.account},
    ),
    Wrong(
        "a peering accepted by who asked for it",
        _ACCEPTER,
        lambda m: {"vpcPeeringConnectionId": m["waiting"].id, "autoAccept": True},
    ),
    Wrong(
        "a peering accepted that is not there",
        _ACCEPTER,
        {"vpcPeeringConnectionId": f"pcx-{_NONE}", "autoAccept": True},
    ),
    Wrong(
        "options of a peering that waits",
        _OPTIONS,
        lambda m: {
            "vpcPeeringConnectionId": m["waiting"].id,
            "requester": {"allowRemoteVpcDnsResolution": True},
        },
    ),
    Wrong("a hub with a number that is taken", _HUB, {"amazonSideAsn": 7224}),
    Wrong(
        "an attachment with another network's subnet",
        _ATTACHMENT,
        lambda m: {"transitGatewayId": m["hub"].id, "vpcId": m["second"].id, "subnetIds": [m["our-b"].id]},
    ),
    Wrong(
        "a second attachment of a network",
        _ATTACHMENT,
        lambda m: {"transitGatewayId": m["hub"].id, "vpcId": m["our"].id, "subnetIds": [m["our-b"].id]},
    ),
    Wrong(
        "an attachment to a hub that is not there",
        _ATTACHMENT,
        lambda m: {"transitGatewayId": f"tgw-{_NONE}", "vpcId": m["our"].id, "subnetIds": [m["our-b"].id]},
    ),
    Wrong("a second association of an attachment", _HUB_ROUTED, lambda m: _hub_pair(m, "attachment")),
    Wrong("a propagation that is there", _HUB_LEARNS, lambda m: _hub_pair(m, "attachment")),
    Wrong(
        "a hub's route that is there",
        _HUB_ROUTE,
        lambda m: {"destinationCidrBlock": "172.16.0.0/12", **_hub_pair(m, "attachment")},
    ),
    Wrong(
        "a share of what is no resource",
        _SHARED,
        lambda m: {"resourceShareArn": m["share"].id, "resourceArn": "tgw-of-ours"},
    ),
    Wrong(
        "a share with nobody", _SHARED_WITH, lambda m: {"resourceShareArn": m["share"].id, "principal": "the-others"}
    ),
    Wrong(
        "an endpoint of a service that is not there",
        _ENDPOINT,
        lambda m: _link(m, serviceName=f"com.amazonaws.vpce.eu-west-1.vpce-svc-{_NONE}"),
        THEIRS,
    ),
    Wrong("an endpoint in a network that is not there", _ENDPOINT, lambda m: _link(m, vpcId=f"vpc-{_NONE}"), THEIRS),
    Wrong(
        "an endpoint in a subnet that is not there",
        _ENDPOINT,
        lambda m: _link(m, subnetIds=[f"subnet-{_NONE}"]),
        THEIRS,
    ),
    Wrong(
        "an endpoint of an account that is not let in",
        _ENDPOINT,
        lambda m: _link(m, vpcId=m["other"].id, subnetIds=[m["other-a"].id]),
        NOBODYS,
    ),
    Wrong(
        "a service on a load balancer that is not there",
        _SERVICE,
        {
            "acceptanceRequired": False,
            "networkLoadBalancerArns": [f"{_ARN}:loadbalancer/net/none/0123456789abcdef"],
        },
    ),
    Wrong("a service on no load balancer", _SERVICE, {"acceptanceRequired": False}),
    Wrong(
        "a principal for a service that is not there",
        _PRINCIPAL,
        {"vpcEndpointServiceId": f"vpce-svc-{_NONE}", "principalArn": "arn:aws:iam::999988887777:root"},
    ),
    Wrong("a load balancer of a name that is taken", _BALANCER, lambda m: _balancer(m, name="gateway")),
    Wrong("a load balancer with too long a name", _BALANCER, lambda m: _balancer(m, name="x" * 33)),
    Wrong("a load balancer without subnets", _BALANCER, lambda m: _balancer(m, subnets=[])),
    Wrong(
        "a load balancer in a subnet that is not there",
        _BALANCER,
        lambda m: _balancer(m, subnets=[f"subnet-{_NONE}"]),
    ),
    Wrong("a target group of a name that is taken", _TARGETS, lambda m: _targets(m, name="gateway-443")),
    Wrong("a target group in a network that is not there", _TARGETS, lambda m: _targets(m, vpcId=f"vpc-{_NONE}")),
    Wrong("a target group of an unknown protocol", _TARGETS, lambda m: _targets(m, protocol="SCTP")),
    Wrong(
        "a listener for a target group that is not there",
        _LISTENER,
        lambda m: _listener(
            m,
            defaultActions=[{"type": "forward", "targetGroupArn": f"{_ARN}:targetgroup/none/0123456789abcdef"}],
        ),
    ),
    Wrong(
        "a listener of a load balancer that is not there",
        _LISTENER,
        lambda m: _listener(m, loadBalancerArn=f"{_ARN}:loadbalancer/net/none/0123456789abcdef"),
    ),
    Wrong("a second listener on a port", _LISTENER, lambda m: _listener(m, port=443)),
    Wrong("a listener of an application's protocol", _LISTENER, lambda m: _listener(m, protocol="HTTP")),
    Wrong("a zone of no name", _ZONE, lambda m: {"name": "our..internal", "vpcs": [{"vpcId": m["our"].id}]}),
    Wrong(
        "a second zone of a name in a network",
        _ZONE,
        lambda m: {"name": "our.kafka.internal", "vpcs": [{"vpcId": m["our"].id}]},
    ),
    Wrong(
        "a record that is there",
        _RECORD,
        lambda m: {
            "zoneId": m["zone"].id,
            "name": "*.our.kafka.internal",
            "type": "A",
            "ttl": 60,
            "records": ["10.0.0.9"],
        },
    ),
    Wrong(
        "a record in a zone that is not there",
        _RECORD,
        {"zoneId": "Z0123456789ABCDEFGHIJ", "name": "a", "type": "A", "ttl": 60, "records": ["10.0.0.9"]},
    ),
    Wrong(
        "a record with no address",
        _RECORD,
        lambda m: {"zoneId": m["zone"].id, "name": "a", "type": "A", "ttl": 60, "records": ["ten"]},
    ),
    Wrong(
        "an association with a zone of another account, not let in",
        _SEEN,
        lambda m: {"zoneId": m["zone"].id, "vpcId": m["their"].id},
        THEIRS,
    ),
    Wrong(
        "an association with a public zone",
        _SEEN,
        lambda m: {"zoneId": m["public-zone"].id, "vpcId": m["our"].id},
    ),
]
