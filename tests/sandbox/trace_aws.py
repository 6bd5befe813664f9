"""A cell in AWS for tests of the trace, and the networks from which clients come."""

from typing import Any

from sandbox.contract import Scope
from tests.sandbox.trace_world import DNS, World

ACCOUNT, OTHER = "111122223333", "444455556666"
HERE, THERE = Scope("aws", ACCOUNT, "eu-west-1"), Scope("aws", OTHER, "eu-west-1")
ENDPOINT = "https://A.eks.amazonaws.com"
KUBE = Scope("kubernetes", ENDPOINT, "a.eks.amazonaws.com")
ZONES = "abc"
NLB = {
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
}
PUBLIC = {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"}
T = "aws:ec2transitgateway/"


def network(world: World, vpc: str, block: str, scope: Scope, **tags: str) -> None:
    """A VPC with a private subnet and a route table in each zone; `block` has two numbers, e.g. `10.0`."""
    world.add("aws:ec2/vpc:Vpc", vpc, scope, {"cidrBlock": f"{block}.0.0/16"}, mainRouteTableId=f"rtb-main-{vpc}")
    for index, zone in enumerate(ZONES):
        subnet(world, vpc, f"{vpc}-{zone}", f"{block}.{index * 16}.0/20", zone, scope, **tags)


def subnet(world: World, vpc: str, id: str, cidr: str, zone: str, scope: Scope, **tags: str) -> None:
    """A subnet with a route table of its own."""
    inputs = {"vpcId": vpc, "cidrBlock": cidr, "availabilityZone": f"eu-west-1{zone}", "tags": tags}
    world.add("aws:ec2/subnet:Subnet", f"subnet-{id}", scope, inputs, availabilityZoneId=f"euw1-az-{zone}")
    world.add("aws:ec2/routeTable:RouteTable", f"rtb-{id}", scope, {"vpcId": vpc})
    route = {"subnetId": f"subnet-{id}", "routeTableId": f"rtb-{id}"}
    world.add("aws:ec2/routeTableAssociation:RouteTableAssociation", f"assoc-{id}", scope, route)


def route(world: World, table: str, to: str, scope: Scope, **next: str) -> None:
    """One route."""
    inputs = {"routeTableId": f"rtb-{table}", "destinationCidrBlock": to, **next}
    world.add("aws:ec2/route:Route", f"r-{table}-{to}", scope, inputs)


def rule(world: World, way: str, id: str, group: str, first: int, last: int, **peer: str) -> None:
    """One rule of a security group; `way` is `Ingress` or `Egress`."""
    inputs = {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": first, "toPort": last, **peer}
    world.add(f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule", f"sgr-{id}", HERE, inputs)


def cell() -> World:
    """A private cell: nodes, zone, and a group for clients of pods; no Kafka yet."""
    world = World()
    role = {"kubernetes.io/role/internal-elb": "1"}
    network(world, "vpc-a", "10.0", HERE, **role)
    world.add("aws:ec2/internetGateway:InternetGateway", "igw-a", HERE, {"vpcId": "vpc-a"})
    for index, zone in enumerate(ZONES):
        public = {"kubernetes.io/role/elb": "1"}
        subnet(world, "vpc-a", f"vpc-a-public-{zone}", f"10.0.{128 + index * 2}.0/23", zone, HERE, **public)
        route(world, f"vpc-a-public-{zone}", "0.0.0.0/0", HERE, gatewayId="igw-a")
    inputs = {"name": "a", "vpcConfig": {"subnetIds": [f"subnet-vpc-a-{zone}" for zone in ZONES]}}
    inside = {"vpcId": "vpc-a", "clusterSecurityGroupId": "sg-nodes"}
    world.add("aws:eks/cluster:Cluster", "a", HERE, inputs, endpoint=ENDPOINT, vpcConfig=inside)
    world.add("aws:ec2/launchTemplate:LaunchTemplate", "lt-a", HERE, {"vpcSecurityGroupIds": ["sg-nodes", "sg-kafka"]})
    for kind in ("kafka", "system"):
        for zone in ZONES:
            pool: dict[str, Any] = {
                "clusterName": "a",
                "subnetIds": [f"subnet-vpc-a-{zone}"],
                "labels": {"dedicated": kind},
                "launchTemplate": {"id": "lt-a"},
                "tags": {"cell": "a"},
            }
            groups = [{"autoscalingGroups": [{"name": f"asg-{kind}-{zone}"}]}]
            world.add("aws:eks/nodeGroup:NodeGroup", f"a:{kind}-{zone}", HERE, pool, resources=groups)
    rule(world, "Ingress", "kafka", "sg-kafka", 9092, 9099, cidrIpv4="10.0.0.0/16")
    world.add("aws:route53/zone:Zone", "Z1", HERE, {"name": DNS, "vpcs": [{"vpcId": "vpc-a"}]})
    return world


def peered(world: World, client: str = "10.50") -> World:
    """A VPC of another account, peered from both sides, that resolves the cell's names."""
    network(world, "vpc-c", client, THERE)
    ids = {"vpcId": "vpc-a", "peerVpcId": "vpc-c", "peerOwnerId": OTHER}
    world.add(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "pcx-1", HERE, ids, acceptStatus="pending-acceptance"
    )
    accepted = {"vpcPeeringConnectionId": "pcx-1", "autoAccept": True}
    world.add("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", "pcx-1", THERE, accepted)
    for zone in ZONES:
        for table in (f"vpc-a-{zone}", f"vpc-a-public-{zone}"):
            route(world, table, f"{client}.0.0/16", HERE, vpcPeeringConnectionId="pcx-1")
        route(world, f"vpc-c-{zone}", "10.0.0.0/16", THERE, vpcPeeringConnectionId="pcx-1")
    _named(world, "vpc-c")
    return world


def hub(world: World) -> World:
    """A transit gateway of the cell's account, and a VPC of another account on it."""
    network(world, "vpc-c", "10.50", THERE)
    tables = {"associationDefaultRouteTableId": "tgw-rtb-1", "propagationDefaultRouteTableId": "tgw-rtb-1"}
    world.add(f"{T}transitGateway:TransitGateway", "tgw-1", HERE, {"autoAcceptSharedAttachments": "disable"}, **tables)
    for vpc, scope, to in (("vpc-a", HERE, "10.50.0.0/16"), ("vpc-c", THERE, "10.0.0.0/16")):
        subnets = [f"subnet-{vpc}-{zone}" for zone in ZONES]
        inputs = {"transitGatewayId": "tgw-1", "vpcId": vpc, "subnetIds": subnets}
        world.add(f"{T}vpcAttachment:VpcAttachment", f"tgw-attach-{vpc}", scope, inputs)
        for zone in ZONES:
            route(world, f"{vpc}-{zone}", to, scope, transitGatewayId="tgw-1")
    for zone in ZONES:
        route(world, f"vpc-a-{zone}", "10.90.0.0/16", HERE, transitGatewayId="tgw-1")
    inputs = {"transitGatewayAttachmentId": "tgw-attach-vpc-c"}
    world.add(f"{T}vpcAttachmentAccepter:VpcAttachmentAccepter", "tgw-attach-vpc-c", HERE, inputs)
    _named(world, "vpc-c")
    return world


def _named(world: World, vpc: str) -> None:
    inputs = {"zoneId": "Z1", "vpcId": vpc}
    world.add("aws:route53/zoneAssociation:ZoneAssociation", f"Z1:{vpc}", HERE, inputs)


def balancer(world: World, ports: tuple[int, ...], *, linked: bool = False) -> None:
    """The gateway's network load balancer, its groups, listeners, targets and name."""
    arn, name = "arn:nlb", "gw-0123.elb.eu-west-1.amazonaws.com"
    inputs: dict[str, Any] = {
        "internal": True,
        "subnets": [f"subnet-vpc-a-{zone}" for zone in ZONES],
        "securityGroups": ["sg-gateway"],
    }
    if linked:
        inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = "off"
    world.add("aws:lb/loadBalancer:LoadBalancer", arn, HERE, inputs, arn=arn, dnsName=name)
    for port in ports:
        node = node_port(port)
        rule(world, "Ingress", f"gateway-{port}", "sg-gateway", port, port, cidrIpv4="10.0.0.0/8")
        rule(world, "Egress", f"out-{port}", "sg-gateway", node, node, referencedSecurityGroupId="sg-nodes")
        rule(world, "Ingress", f"in-{port}", "sg-nodes", node, node, referencedSecurityGroupId="sg-gateway")
        target = {"port": node, "targetType": "instance", "vpcId": "vpc-a", "preserveClientIp": "false"}
        world.add("aws:lb/targetGroup:TargetGroup", f"tg-{port}", HERE, target, arn=f"arn:tg-{port}")
        actions = [{"type": "forward", "targetGroupArn": f"arn:tg-{port}"}]
        listener = {"loadBalancerArn": arn, "port": port, "defaultActions": actions}
        world.add("aws:lb/listener:Listener", f"listener-{port}", HERE, listener)
        for zone in ZONES:
            attached = {"autoscalingGroupName": f"asg-system-{zone}", "lbTargetGroupArn": f"arn:tg-{port}"}
            world.add("aws:autoscaling/attachment:Attachment", f"attachment-{port}-{zone}", HERE, attached)
    inputs = {"zoneId": "Z1", "name": f"*.{DNS}", "type": "A", "aliases": [{"name": name, "zoneId": "ZLB"}]}
    world.add("aws:route53/record:Record", f"Z1_*.{DNS}_A", HERE, inputs)


def node_port(port: int) -> int:
    """Port of the nodes for a port of the gateway."""
    return 30443 if port == 443 else 31000 + port % 1000


def service(ports: tuple[int, ...]) -> dict[str, Any]:
    """The gateway's Service as the cloud asks for it."""
    patch = {"value": {"spec": {"ports": [{"port": port, "nodePort": node_port(port)} for port in ports]}}}
    return {"type": "NodePort", "patch": {"type": "StrategicMerge", **patch}}


def linked(world: World, *, acceptance: bool = False) -> World:
    """An endpoint service at the gateway, and a VPC of another account with an endpoint and names for it."""
    network(world, "vpc-c", "10.0", THERE)
    provided = {"acceptanceRequired": acceptance, "networkLoadBalancerArns": ["arn:nlb"]}
    name = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
    world.add("aws:ec2/vpcEndpointService:VpcEndpointService", "vpce-svc-1", HERE, provided, serviceName=name)
    allowed = {"vpcEndpointServiceId": "vpce-svc-1", "principalArn": f"arn:aws:iam::{OTHER}:root"}
    world.add("aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple", "allowed", HERE, allowed)
    if acceptance:
        accepted = {"vpcEndpointId": "vpce-1", "vpcEndpointServiceId": "vpce-svc-1"}
        world.add(
            "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", "vpce-svc-1_vpce-1", HERE, accepted
        )
    subnets = [f"subnet-vpc-c-{zone}" for zone in ZONES]
    inputs = {"vpcId": "vpc-c", "serviceName": name, "subnetIds": subnets, "securityGroupIds": ["sg-link"]}
    dns = "vpce-1-abc.vpce-svc-1.eu-west-1.vpce.amazonaws.com"
    world.add("aws:ec2/vpcEndpoint:VpcEndpoint", "vpce-1", THERE, inputs, dnsEntries=[{"dnsName": dns}])
    rule(world, "Ingress", "link", "sg-link", 443, 443, cidrIpv4="10.0.0.0/16")
    world.add("aws:route53/zone:Zone", "Z2", THERE, {"name": DNS, "vpcs": [{"vpcId": "vpc-c"}]})
    inputs = {"zoneId": "Z2", "name": f"*.{DNS}", "type": "CNAME", "records": [dns]}
    world.add("aws:route53/record:Record", f"Z2_*.{DNS}_CNAME", THERE, inputs)
    return world
