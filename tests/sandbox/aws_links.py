"""Networks that are linked: two accounts, a peering, a hub, a load balancer offered to others, zones and records."""

from typing import Any

from sandbox.contract import Record, Scope
from tests.sandbox.aws_world import ACCOUNT, HERE, World

THEIRS = "999988887777"
THERE = Scope("aws", THEIRS, "eu-west-1")
FAR = Scope("aws", ACCOUNT, "eu-central-1")
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],'
    '"Principal":{"Service":"%s"}}]}'
)


class Links:
    """Our network (`vpc`), theirs in another account, and one of each thing between the two."""

    def __init__(self) -> None:
        w = self.world = World()
        self.vpc, self.a, self.b, self.table = self._network("ours", "10.0.0.0/16", HERE)
        self.their_vpc, self.their_a, self.their_b, self.their_table = self._network("theirs", "10.1.0.0/16", THERE)
        self.far_vpc, self.far_a, _, self.far_table = self._network("far", "10.2.0.0/16", FAR)
        self.second, self.second_a, _, self.second_table = self._network("second", "10.3.0.0/16", HERE)
        self.gateway = w.make("InternetGateway", "igw", vpcId=self.vpc.id)
        self.group = w.make("SecurityGroup", "sg", name="gateway", vpcId=self.vpc.id)
        self.second_group = w.make("SecurityGroup", "sg2", name="second", vpcId=self.second.id)
        self.their_group = w.make("SecurityGroup", "sg3", THERE, name="link", vpcId=self.their_vpc.id)
        # Peerings: ours to theirs stands, theirs to our second one waits.
        self.peering = w.make(
            "VpcPeeringConnection", "p", vpcId=self.vpc.id, peerVpcId=self.their_vpc.id, peerOwnerId=THEIRS
        )
        self.accepted = w.make(
            "VpcPeeringConnectionAccepter", "pa", THERE, vpcPeeringConnectionId=self.peering.id, autoAccept=True
        )
        self.waiting = w.make(
            "VpcPeeringConnection", "w", THERE, vpcId=self.their_vpc.id, peerVpcId=self.second.id, peerOwnerId=ACCOUNT
        )
        self._hub()
        self._gateway()
        self._names()

    def _network(self, mark: str, block: str, scope: Scope) -> tuple[Record, Record, Record, Record]:
        w, start = self.world, block.removesuffix(".0.0/16")
        vpc = w.make("Vpc", mark, scope, cidrBlock=block, enableDnsHostnames=True)
        a, b = (
            w.make(
                "Subnet",
                f"{mark}-{zone}",
                scope,
                vpcId=vpc.id,
                cidrBlock=f"{start}.{number}.0/24",
                availabilityZone=f"{scope.region}{zone}",
            )
            for number, zone in enumerate("ab")
        )
        return vpc, a, b, w.make("RouteTable", mark, scope, vpcId=vpc.id)

    def _hub(self) -> None:
        w = self.world
        self.hub = w.make("TransitGateway", "hub")
        self.manual = w.make(
            "TransitGateway",
            "manual",
            defaultRouteTableAssociation="disable",
            defaultRouteTablePropagation="disable",
        )
        self.share = w.make("ResourceShare", "share", name="hubs", allowExternalPrincipals=True)
        arn = self.share.outputs["arn"]
        for mark, hub in (("hub", self.hub), ("manual", self.manual)):
            w.make("ResourceAssociation", mark, resourceArn=hub.outputs["arn"], resourceShareArn=arn)
        self.named = w.make("PrincipalAssociation", "them", principal=THEIRS, resourceShareArn=arn)
        self.attachment = w.make(
            "TransitVpcAttachment", "ours", transitGatewayId=self.hub.id, vpcId=self.vpc.id, subnetIds=[self.a.id]
        )
        self.their_attachment = w.make(
            "TransitVpcAttachment",
            "theirs",
            THERE,
            transitGatewayId=self.hub.id,
            vpcId=self.their_vpc.id,
            subnetIds=[self.their_a.id],
        )
        self.second_attachment = w.make(
            "TransitVpcAttachment",
            "second",
            transitGatewayId=self.manual.id,
            vpcId=self.second.id,
            subnetIds=[self.second_a.id],
        )
        self.hub_table = w.make("TransitRouteTable", "t", transitGatewayId=self.manual.id)
        # A share of theirs that names us.
        self.their_hub = w.make("TransitGateway", "theirs", THERE)
        self.their_share = w.make("ResourceShare", "theirs", THERE, name="their-hub")
        their_arn = self.their_share.outputs["arn"]
        w.make(
            "ResourceAssociation",
            "their-hub",
            THERE,
            resourceArn=self.their_hub.outputs["arn"],
            resourceShareArn=their_arn,
        )
        w.make("PrincipalAssociation", "us", THERE, principal=ACCOUNT, resourceShareArn=their_arn)

    def _gateway(self) -> None:
        w = self.world
        self.balancer = w.make(
            "LoadBalancer",
            "nlb",
            name="gateway",
            internal=True,
            loadBalancerType="network",
            subnets=[self.a.id, self.b.id],
            securityGroups=[self.group.id],
        )
        self.bare = w.make(
            "LoadBalancer", "bare", name="bare", internal=True, loadBalancerType="network", subnets=[self.a.id]
        )
        self.targets = w.make(
            "TargetGroup",
            "tg",
            name="gateway-443",
            port=30443,
            protocol="TCP",
            targetType="instance",
            vpcId=self.vpc.id,
        )
        self.listener = w.make("Listener", "l443", **self.listener_inputs(443, self.targets))
        self.service = w.make(
            "VpcEndpointService",
            "svc",
            acceptanceRequired=True,
            networkLoadBalancerArns=[self.balancer.id],
            allowedPrincipals=[f"arn:aws:iam::{THEIRS}:root"],
        )
        self.endpoint = w.make("VpcEndpoint", "link", THERE, **self.link_inputs())
        role = w.make("Role", "eks", name="eks", assumeRolePolicy=TRUST % "eks.amazonaws.com")
        self.pod_role = w.make("Role", "pod", name="pod", assumeRolePolicy=TRUST % "pods.eks.amazonaws.com")
        self.node_role = w.make("Role", "node", name="node", assumeRolePolicy=TRUST % "ec2.amazonaws.com")
        w.make(
            "Cluster",
            "kf",
            name="kf",
            version="1.33",
            roleArn=role.outputs["arn"],
            accessConfig={"authenticationMode": "API"},
            vpcConfig={"endpointPrivateAccess": True, "subnetIds": [self.a.id, self.b.id]},
        )
        self.nodes = w.make(
            "NodeGroup",
            "system",
            clusterName="kf",
            nodeGroupName="system",
            nodeRoleArn=self.node_role.outputs["arn"],
            subnetIds=[self.a.id],
            scalingConfig={"minSize": 1, "desiredSize": 1, "maxSize": 2},
        )
        self.scaling_group = self.nodes.outputs["resources"][0]["autoscalingGroups"][0]["name"]

    def _names(self) -> None:
        w = self.world
        self.zone = w.make("Zone", "z", name="orders.kafka.internal", vpcs=[{"vpcId": self.vpc.id}])
        self.public = w.make("Zone", "pub", name="kafka.example.com")
        self.record = w.make(
            "Record", "r", zoneId=self.zone.id, name="a.orders.kafka.internal", type="A", ttl=60, records=["10.0.0.9"]
        )
        self.their_zone = w.make("Zone", "tz", THERE, name="their.kafka.internal", vpcs=[{"vpcId": self.their_vpc.id}])
        w.make("VpcAssociationAuthorization", "ta", THERE, zoneId=self.their_zone.id, vpcId=self.vpc.id)

    def listener_inputs(self, port: int, group: Record) -> dict[str, Any]:
        return {
            "loadBalancerArn": self.balancer.id,
            "port": port,
            "protocol": "TCP",
            "tcpIdleTimeoutSeconds": 660,
            "defaultActions": [{"type": "forward", "targetGroupArn": group.id}],
        }

    def link_inputs(self) -> dict[str, Any]:
        return {
            "vpcId": self.their_vpc.id,
            "serviceName": self.service.outputs["serviceName"],
            "vpcEndpointType": "Interface",
            "subnetIds": [self.their_a.id],
            "securityGroupIds": [self.their_group.id],
            "privateDnsEnabled": False,
        }

    def good(self) -> dict[str, dict[str, Any]]:
        """Inputs of one more resource of each kind, which the world accepts in our account."""
        return {
            "Attachment": {"autoscalingGroupName": self.scaling_group, "lbTargetGroupArn": self.targets.id},
            "Listener": self.listener_inputs(9100, self.targets),
            "LoadBalancer": {
                "name": "more",
                "internal": True,
                "loadBalancerType": "network",
                "subnets": [self.a.id, self.b.id],
                "securityGroups": [self.group.id],
                "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
            },
            "PeeringConnectionOptions": {
                "vpcPeeringConnectionId": self.peering.id,
                "requester": {"allowRemoteVpcDnsResolution": True},
            },
            "PodIdentityAssociation": {
                "clusterName": "kf",
                "namespace": "external-dns",
                "serviceAccount": "external-dns",
                "roleArn": self.pod_role.outputs["arn"],
            },
            "PrincipalAssociation": {"principal": "444455556666", "resourceShareArn": self.share.id},
            "Record": {
                "zoneId": self.zone.id,
                "name": "*.orders.kafka.internal",
                "type": "A",
                "aliases": [
                    {
                        "name": self.balancer.outputs["dnsName"],
                        "zoneId": self.balancer.outputs["zoneId"],
                        "evaluateTargetHealth": True,
                    }
                ],
            },
            "ResourceAssociation": {"resourceArn": self.a.outputs["arn"], "resourceShareArn": self.share.id},
            "ResourceShare": {"name": "more"},
            "ResourceShareAccepter": {"shareArn": self.their_share.id},
            "TargetGroup": {
                "name": "gateway-9100",
                "port": 31100,
                "protocol": "TCP",
                "targetType": "instance",
                "vpcId": self.vpc.id,
                "preserveClientIp": "false",
                "healthCheck": {"protocol": "TCP", "port": "traffic-port", "interval": 10},
            },
            "TransitGateway": {"description": "more", "amazonSideAsn": 64600},
            "TransitRoute": {
                "transitGatewayRouteTableId": self.hub_table.id,
                "transitGatewayAttachmentId": self.second_attachment.id,
                "destinationCidrBlock": "10.3.0.0/16",
            },
            "TransitRouteTable": {"transitGatewayId": self.hub.id},
            "TransitRouteTableAssociation": {
                "transitGatewayRouteTableId": self.hub_table.id,
                "transitGatewayAttachmentId": self.second_attachment.id,
            },
            "TransitRouteTablePropagation": {
                "transitGatewayRouteTableId": self.hub_table.id,
                "transitGatewayAttachmentId": self.second_attachment.id,
            },
            "TransitVpcAttachment": {
                "transitGatewayId": self.hub.id,
                "vpcId": self.second.id,
                "subnetIds": [self.second_a.id],
                "applianceModeSupport": "disable",
            },
            "TransitVpcAttachmentAccepter": {"transitGatewayAttachmentId": self.their_attachment.id},
            "VpcAssociationAuthorization": {"zoneId": self.zone.id, "vpcId": self.their_vpc.id},
            "VpcEndpointConnectionAccepter": {
                "vpcEndpointId": self.endpoint.id,
                "vpcEndpointServiceId": self.service.id,
            },
            "VpcEndpointService": {"acceptanceRequired": False, "networkLoadBalancerArns": [self.bare.id]},
            "VpcEndpointServiceAllowedPrinciple": {
                "vpcEndpointServiceId": self.service.id,
                "principalArn": "arn:aws:iam::444455556666:role/client",
            },
            "VpcPeeringConnection": {"vpcId": self.vpc.id, "peerVpcId": self.far_vpc.id, "peerRegion": FAR.region},
            "VpcPeeringConnectionAccepter": {"vpcPeeringConnectionId": self.waiting.id, "autoAccept": True},
            "ZoneAssociation": {"zoneId": self.their_zone.id, "vpcId": self.vpc.id},
        }

    def more(self) -> dict[str, dict[str, Any]]:
        """Good examples of kinds that a plain cell has too, as they are between networks."""
        return {
            "VpcEndpoint": {
                "vpcId": self.vpc.id,
                "serviceName": "com.amazonaws.eu-west-1.ecr.api",
                "vpcEndpointType": "Interface",
                "subnetIds": [self.a.id, self.b.id],
                "securityGroupIds": [self.group.id],
                "privateDnsEnabled": True,
            },
            "Route": {
                "routeTableId": self.table.id,
                "destinationCidrBlock": "10.1.0.0/16",
                "vpcPeeringConnectionId": self.peering.id,
            },
        }
