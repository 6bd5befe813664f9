"""A good program: two accounts, their networks, a peering, a hub, a gateway offered to the other, and names.

Owns      one resource of every translated type at least, in an order in which all of them can be made.
Refuses   what no network is made of: clusters, nodes, keys.
"""

from collections.abc import Callable
from typing import Any

from sandbox.contract import Record, Scope

OURS = Scope("aws", "111122223333", "eu-west-1")
THEIRS = Scope("aws", "999988887777", "eu-west-1")
NOBODYS = Scope("aws", "444455556666", "eu-west-1")
"""An account that nobody has let in."""

Make = Callable[..., Record]
"""`make(token, name, scope, **inputs)`: what was made of it."""


def linked(make: Make) -> dict[str, Record]:
    """Make everything; records by their names."""
    made: dict[str, Record] = {}

    def add(token: str, name: str, scope: Scope = OURS, /, **inputs: Any) -> Record:
        made[name] = make(f"aws:{token}", name, scope, **inputs)
        return made[name]

    _network(add, "our", "10.0", OURS)
    _network(add, "second", "10.2", OURS)
    _network(add, "their", "10.1", THEIRS)
    _network(add, "other", "10.4", NOBODYS)
    _way_out(add, made)
    _peering(add, made)
    _hub(add, made)
    _gateway(add, made)
    _link(add, made)
    _names(add, made)
    return made


def _network(add: Callable[..., Record], mark: str, start: str, scope: Scope) -> None:
    vpc = add("ec2/vpc:Vpc", mark, scope, cidrBlock=f"{start}.0.0/16", enableDnsHostnames=True)
    for number, zone in enumerate("ab"):
        add(
            "ec2/subnet:Subnet",
            f"{mark}-{zone}",
            scope,
            vpcId=vpc.id,
            cidrBlock=f"{start}.{number}.0/24",
            availabilityZone=f"{scope.region}{zone}",
        )
    add("ec2/routeTable:RouteTable", f"{mark}-table", scope, vpcId=vpc.id)
    add("ec2/securityGroup:SecurityGroup", f"{mark}-group", scope, name=f"{mark}-group", vpcId=vpc.id)


def _way_out(add: Callable[..., Record], made: dict[str, Record]) -> None:
    vpc, table = made["our"].id, made["our-table"].id
    add("ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "range", vpcId=vpc, cidrBlock="10.9.0.0/20")
    add("ec2/internetGateway:InternetGateway", "internet", vpcId=vpc)
    address = add("ec2/eip:Eip", "address", domain="vpc")
    nat = add("ec2/natGateway:NatGateway", "nat", allocationId=address.id, subnetId=made["our-a"].id)
    add("ec2/route:Route", "out", routeTableId=table, destinationCidrBlock="0.0.0.0/0", natGatewayId=nat.id)
    add(
        "ec2/routeTableAssociation:RouteTableAssociation",
        "our-b-routed",
        routeTableId=table,
        subnetId=made["our-b"].id,
    )
    add(
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "in",
        securityGroupId=made["our-group"].id,
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
        cidrIpv4="10.0.0.0/16",
    )
    add(
        "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "out-to-itself",
        securityGroupId=made["our-group"].id,
        ipProtocol="tcp",
        fromPort=30443,
        toPort=30443,
        referencedSecurityGroupId=made["our-group"].id,
    )
    add(
        "ec2/vpcEndpoint:VpcEndpoint",
        "s3",
        vpcId=vpc,
        serviceName="com.amazonaws.eu-west-1.s3",
        vpcEndpointType="Gateway",
        routeTableIds=[table],
    )


def _peering(add: Callable[..., Record], made: dict[str, Record]) -> None:
    peering = add(
        "ec2/vpcPeeringConnection:VpcPeeringConnection",
        "peering",
        vpcId=made["our"].id,
        peerVpcId=made["their"].id,
        peerOwnerId=THEIRS.account,
    )
    accepter = "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    add(accepter, "accepted", THEIRS, vpcPeeringConnectionId=peering.id, autoAccept=True)
    options = "ec2/peeringConnectionOptions:PeeringConnectionOptions"
    dns = {"allowRemoteVpcDnsResolution": True}
    add(options, "our-options", vpcPeeringConnectionId=peering.id, requester=dns)
    add(options, "their-options", THEIRS, vpcPeeringConnectionId=peering.id, accepter=dns)
    for mark, scope, there in (("our", OURS, "10.1.0.0/16"), ("their", THEIRS, "10.0.0.0/16")):
        add(
            "ec2/route:Route",
            f"{mark}-to-peer",
            scope,
            routeTableId=made[f"{mark}-table"].id,
            destinationCidrBlock=there,
            vpcPeeringConnectionId=peering.id,
        )
    # A second one that nobody has accepted.
    add(
        "ec2/vpcPeeringConnection:VpcPeeringConnection",
        "waiting",
        vpcId=made["second"].id,
        peerVpcId=made["their"].id,
        peerOwnerId=THEIRS.account,
    )


def _hub(add: Callable[..., Record], made: dict[str, Record]) -> None:
    hub = add(
        "ec2transitgateway/transitGateway:TransitGateway",
        "hub",
        amazonSideAsn=64600,
        autoAcceptSharedAttachments="enable",
        defaultRouteTableAssociation="disable",
        defaultRouteTablePropagation="disable",
    )
    share = add("ram/resourceShare:ResourceShare", "share", name="hub", allowExternalPrincipals=True)
    arn = share.id
    add(
        "ram/resourceAssociation:ResourceAssociation",
        "shared",
        resourceShareArn=arn,
        resourceArn=hub.outputs["arn"],
    )
    add("ram/principalAssociation:PrincipalAssociation", "with", resourceShareArn=arn, principal=THEIRS.account)
    table = add("ec2transitgateway/routeTable:RouteTable", "hub-table", transitGatewayId=hub.id)
    attachment = add(
        "ec2transitgateway/vpcAttachment:VpcAttachment",
        "attachment",
        transitGatewayId=hub.id,
        vpcId=made["our"].id,
        subnetIds=[made["our-a"].id],
    )
    pair = {"transitGatewayRouteTableId": table.id, "transitGatewayAttachmentId": attachment.id}
    add("ec2transitgateway/routeTableAssociation:RouteTableAssociation", "hub-association", **pair)
    add("ec2transitgateway/routeTablePropagation:RouteTablePropagation", "hub-propagation", **pair)
    add("ec2transitgateway/route:Route", "hub-route", destinationCidrBlock="172.16.0.0/12", **pair)
    add(
        "ec2/route:Route",
        "our-to-hub",
        routeTableId=made["our-table"].id,
        destinationCidrBlock="10.2.0.0/16",
        transitGatewayId=hub.id,
    )


def _gateway(add: Callable[..., Record], made: dict[str, Record]) -> None:
    balancer = add(
        "lb/loadBalancer:LoadBalancer",
        "balancer",
        name="gateway",
        internal=True,
        loadBalancerType="network",
        subnets=[made["our-a"].id, made["our-b"].id],
        securityGroups=[made["our-group"].id],
        enableCrossZoneLoadBalancing=True,
    )
    targets = add(
        "lb/targetGroup:TargetGroup",
        "targets",
        name="gateway-443",
        port=30443,
        protocol="TCP",
        targetType="instance",
        vpcId=made["our"].id,
        healthCheck={"protocol": "TCP", "port": "traffic-port"},
    )
    add(
        "lb/listener:Listener",
        "listener",
        loadBalancerArn=balancer.id,
        port=443,
        protocol="TCP",
        defaultActions=[{"type": "forward", "targetGroupArn": targets.id}],
    )


def _link(add: Callable[..., Record], made: dict[str, Record]) -> None:
    service = add(
        "ec2/vpcEndpointService:VpcEndpointService",
        "service",
        acceptanceRequired=False,
        networkLoadBalancerArns=[made["balancer"].id],
    )
    add(
        "ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
        "allowed",
        vpcEndpointServiceId=service.id,
        principalArn=f"arn:aws:iam::{THEIRS.account}:root",
    )
    add(
        "ec2/vpcEndpoint:VpcEndpoint",
        "link",
        THEIRS,
        vpcId=made["their"].id,
        serviceName=service.outputs["serviceName"],
        vpcEndpointType="Interface",
        subnetIds=[made["their-a"].id],
        securityGroupIds=[made["their-group"].id],
    )


def _names(add: Callable[..., Record], made: dict[str, Record]) -> None:
    zone = add("route53/zone:Zone", "zone", name="our.kafka.internal", vpcs=[{"vpcId": made["our"].id}])
    add("route53/zone:Zone", "public-zone", name="our.example.com")
    balancer = made["balancer"].outputs
    target = {"name": balancer["dnsName"], "zoneId": balancer["zoneId"], "evaluateTargetHealth": True}
    add("route53/record:Record", "record", zoneId=zone.id, name="*.our.kafka.internal", type="A", aliases=[target])
    add("route53/zoneAssociation:ZoneAssociation", "seen", zoneId=zone.id, vpcId=made["second"].id)
    seen_by = [{"vpcId": made["their"].id}]
    theirs = add("route53/zone:Zone", "their-zone", THEIRS, name="their.kafka.internal", vpcs=seen_by)
    add(
        "route53/vpcAssociationAuthorization:VpcAssociationAuthorization",
        "let-in",
        THEIRS,
        zoneId=theirs.id,
        vpcId=made["our"].id,
    )
    add("route53/zoneAssociation:ZoneAssociation", "seen-by-us", zoneId=theirs.id, vpcId=made["our"].id)
