"""Wrong peerings, hubs, shares and private links: one thing is wrong with each.

Owns      the list; every one is such that what moto takes of it is in the way of none after it.
Refuses   verdicts: what both witnesses say is found by asking them.
"""

from typing import Any

from tools.moto_witness.program import NOBODYS, THEIRS
from tools.moto_witness.wrong import NONE, Made, Wrong

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
_ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333"


def _link(made: Made, **changed: Any) -> dict[str, Any]:
    said = {"vpcId": made["their"].id, "serviceName": made["service"].outputs["serviceName"]}
    return {**said, "vpcEndpointType": "Interface", "subnetIds": [made["their-a"].id], **changed}


def _hub_pair(made: Made, attachment: str) -> dict[str, Any]:
    return {
        "transitGatewayRouteTableId": made["hub-table"].id,
        "transitGatewayAttachmentId": made[attachment].id,
    }


LINKS = [
    Wrong("a peering with itself", _PEERING, lambda m: {"vpcId": m["our"].id, "peerVpcId": m["our"].id}),
    Wrong(
        "a peering with a network that is not there",
        _PEERING,
        lambda m: {"vpcId": m["our"].id, "peerVpcId": f"vpc-{NONE}"},
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
        {"vpcPeeringConnectionId": f"pcx-{NONE}", "autoAccept": True},
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
        lambda m: {"transitGatewayId": f"tgw-{NONE}", "vpcId": m["our"].id, "subnetIds": [m["our-b"].id]},
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
        lambda m: _link(m, serviceName=f"com.amazonaws.vpce.eu-west-1.vpce-svc-{NONE}"),
        THEIRS,
    ),
    Wrong("an endpoint in a network that is not there", _ENDPOINT, lambda m: _link(m, vpcId=f"vpc-{NONE}"), THEIRS),
    Wrong(
        "an endpoint in a subnet that is not there",
        _ENDPOINT,
        lambda m: _link(m, subnetIds=[f"subnet-{NONE}"]),
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
        {"vpcEndpointServiceId": f"vpce-svc-{NONE}", "principalArn": "arn:aws:iam::999988887777:root"},
    ),
]
