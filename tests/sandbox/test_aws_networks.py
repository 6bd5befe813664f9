"""AWS's laws between networks: peerings, hubs, private links, load balancers, names. Each seen red beside its green."""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.clouds.aws import MODEL, addresses, quotas, standing
from sandbox.contract import UNKNOWN, Record, Refusal
from tests.sandbox.aws_links import FAR, THEIRS, THERE, Links
from tests.sandbox.aws_world import ACCOUNT, HERE, TOKENS, World

KINDS = sorted(Links().good())
EVERY = sorted(Links().good() | Links().more())


@pytest.fixture(scope="module")
def links() -> Links:
    return Links()


def good(links: Links, kind: str) -> dict[str, Any]:
    return (links.good() | links.more())[kind]


def codes(refusals: list[Refusal]) -> set[str]:
    return {refusal.code for refusal in refusals}


@pytest.mark.parametrize("kind", EVERY)
def test_the_good_example_is_accepted(links: Links, kind: str) -> None:
    assert links.world.refusals(kind, good(links, kind)) == []


@pytest.mark.parametrize("kind", EVERY)
def test_unknown_values_pass_every_law(links: Links, kind: str) -> None:
    inputs = good(links, kind)
    unknown = {k: UNKNOWN if k.endswith(("Id", "Arn", "Ids", "Arns", "ame", "vpcs")) else v for k, v in inputs.items()}
    assert links.world.refusals(kind, unknown, operation="check") == []
    assert links.world.refusals(kind, dict.fromkeys(inputs, UNKNOWN), operation="check") == []


@pytest.mark.parametrize("kind", KINDS)
def test_normal_forms_are_idempotent_and_change_no_input(links: Links, kind: str) -> None:
    model, given = MODEL.types[TOKENS[kind]], good(links, kind)
    before = json.dumps(given, sort_keys=True)
    once = model.normalize(given)
    assert model.normalize(once) == once
    assert json.dumps(given, sort_keys=True) == before


Change = Callable[[Links], dict[str, Any]]


def alias(links: Links, **changed: Any) -> dict[str, Any]:
    return {"aliases": [{**links.good()["Record"]["aliases"][0], **changed}]}


def values(kind: str, *records: str, **more: Any) -> dict[str, Any]:
    return {"aliases": None, "type": kind, "ttl": 60, "records": list(records), **more}


RED: list[tuple[str, Change, str, str]] = [
    # peerings
    ("VpcPeeringConnection", lambda c: {"peerVpcId": "vpc-0", "peerRegion": None}, "InvalidVpcID.NotFound", "'vpc-0'"),
    ("VpcPeeringConnection", lambda c: {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound", "does not exist in account"),
    ("VpcPeeringConnection", lambda c: {"peerOwnerId": THEIRS}, "peering-failed", "incorrect VPC-ID, Account ID"),
    ("VpcPeeringConnection", lambda c: {"peerRegion": "eu-west-3"}, "peering-failed", "incorrect VPC-ID"),
    (
        "VpcPeeringConnection",
        lambda c: {"peerVpcId": c.vpc.id, "peerRegion": None},
        "peering-failed",
        "10.0.0.0/16 of",
    ),
    (
        "VpcPeeringConnection",
        lambda c: {"peerVpcId": c.their_vpc.id, "peerOwnerId": THEIRS, "peerRegion": None},
        "VpcPeeringConnectionAlreadyExists",
        "connects the networks already (active)",
    ),
    (
        "VpcPeeringConnection",
        lambda c: {"vpcId": c.second.id, "peerVpcId": c.their_vpc.id, "peerOwnerId": THEIRS, "peerRegion": None},
        "VpcPeeringConnectionAlreadyExists",
        "(pending-acceptance)",
    ),
    ("VpcPeeringConnection", lambda c: {"autoAccept": True}, "OperationNotPermitted", "peerRegion cannot be set"),
    (
        "VpcPeeringConnection",
        lambda c: {"peerVpcId": c.their_vpc.id, "peerOwnerId": THEIRS, "peerRegion": None, "autoAccept": True},
        "OperationNotPermitted",
        "cannot accept for the owner",
    ),
    (
        "VpcPeeringConnection",
        lambda c: {"requester": {"allowRemoteVpcDnsResolution": True}},
        "OperationNotPermitted",
        "only to active peerings",
    ),
    (
        "VpcPeeringConnectionAccepter",
        lambda c: {"vpcPeeringConnectionId": "pcx-0"},
        "InvalidVpcPeeringConnectionID.NotFound",
        "'pcx-0' does not exist",
    ),
    (
        "VpcPeeringConnectionAccepter",
        lambda c: {"vpcPeeringConnectionId": c.peering.id},
        "OperationNotPermitted",
        "the owner of its peer has to accept it",
    ),
    (
        "VpcPeeringConnectionAccepter",
        lambda c: {"requester": {"allowRemoteVpcDnsResolution": True}},
        "OperationNotPermitted",
        "requester's options",
    ),
    (
        "PeeringConnectionOptions",
        lambda c: {"vpcPeeringConnectionId": c.waiting.id, "accepter": {"allowRemoteVpcDnsResolution": True}},
        "OperationNotPermitted",
        "is pending-acceptance: peering options can be added only to active peerings",
    ),
    (
        "PeeringConnectionOptions",
        lambda c: {"accepter": {"allowRemoteVpcDnsResolution": True}},
        "OperationNotPermitted",
        "the accepter's options",
    ),
    ("PeeringConnectionOptions", lambda c: {"requester": None}, "MissingParameter", "give requester or accepter"),
    # routes to peerings and hubs
    (
        "Route",
        lambda c: {"vpcPeeringConnectionId": "pcx-0"},
        "InvalidVpcPeeringConnectionID.NotFound",
        "does not exist",
    ),
    (
        "Route",
        lambda c: {"routeTableId": c.second_table.id},
        "InvalidParameterValue",
        "connects",
    ),
    (
        "Route",
        lambda c: {"vpcPeeringConnectionId": None, "transitGatewayId": "tgw-0"},
        "InvalidTransitGatewayID.NotFound",
        "'tgw-0' does not exist",
    ),
    (
        "Route",
        lambda c: {"vpcPeeringConnectionId": None, "transitGatewayId": c.manual.id},
        "InvalidTransitGatewayID.NotFound",
        "has no attachment to it",
    ),
    (
        "Route",
        lambda c: {"destinationCidrBlock": "10.0.1.0/24"},
        "InvalidParameterValue",
        "equal to or more specific than",
    ),
    (
        "Route",
        lambda c: {"vpcPeeringConnectionId": None, "vpcEndpointId": "vpce-0"},
        "InvalidVpcEndpointId.NotFound",
        "does not exist",
    ),
    # hubs
    ("TransitGateway", lambda c: {"amazonSideAsn": 65000 + 1000}, "InvalidParameterValue", "64512-65534"),
    ("TransitGateway", lambda c: {"dnsSupport": "on"}, "value-not-allowed", "enable"),
    (
        "TransitVpcAttachment",
        lambda c: {"transitGatewayId": "tgw-0"},
        "InvalidTransitGatewayID.NotFound",
        "does not exist in account",
    ),
    ("TransitVpcAttachment", lambda c: {"vpcId": c.their_vpc.id}, "InvalidVpcID.NotFound", "it is in account"),
    ("TransitVpcAttachment", lambda c: {"subnetIds": []}, "MissingParameter", "a subnet in each zone"),
    ("TransitVpcAttachment", lambda c: {"subnetIds": ["subnet-0"]}, "InvalidSubnetID.NotFound", "does not exist"),
    ("TransitVpcAttachment", lambda c: {"subnetIds": [c.a.id]}, "InvalidSubnetID.NotFound", "the attachment of"),
    (
        "TransitVpcAttachment",
        lambda c: {"vpcId": c.vpc.id, "subnetIds": [c.b.id]},
        "DuplicateTransitGatewayAttachment",
        "has an attachment to",
    ),
    (
        "TransitVpcAttachmentAccepter",
        lambda c: {"transitGatewayAttachmentId": "tgw-attach-0"},
        "InvalidTransitGatewayAttachmentID.NotFound",
        "does not exist at a transit gateway of account",
    ),
    (
        "TransitVpcAttachmentAccepter",
        lambda c: {"transitGatewayAttachmentId": c.attachment.id},
        "IncorrectState",
        "nothing waits to be accepted",
    ),
    (
        "TransitRouteTable",
        lambda c: {"transitGatewayId": c.their_hub.id},
        "InvalidTransitGatewayID.NotFound",
        "it is in account",
    ),
    (
        "TransitRouteTableAssociation",
        lambda c: {"transitGatewayRouteTableId": "tgw-rtb-0"},
        "InvalidRouteTableID.NotFound",
        "does not exist",
    ),
    (
        "TransitRouteTableAssociation",
        lambda c: {"transitGatewayAttachmentId": c.attachment.id},
        "InvalidTransitGatewayAttachmentID.NotFound",
        "whose route table this is",
    ),
    (
        "TransitRouteTableAssociation",
        lambda c: {
            "transitGatewayRouteTableId": c.hub.outputs["associationDefaultRouteTableId"],
            "transitGatewayAttachmentId": c.attachment.id,
        },
        "Resource.AlreadyAssociated",
        "is already associated to route table",
    ),
    (
        "TransitRouteTableAssociation",
        lambda c: {
            "transitGatewayRouteTableId": c.hub.outputs["associationDefaultRouteTableId"],
            "transitGatewayAttachmentId": c.their_attachment.id,
        },
        "IncorrectState",
        "pendingAcceptance",
    ),
    (
        "TransitRouteTablePropagation",
        lambda c: {
            "transitGatewayRouteTableId": c.hub.outputs["propagationDefaultRouteTableId"],
            "transitGatewayAttachmentId": c.attachment.id,
        },
        "TransitGatewayRouteTablePropagation.Duplicate",
        "already exists",
    ),
    ("TransitRoute", lambda c: {"transitGatewayAttachmentId": None}, "MissingParameter", "or blackhole: true"),
    ("TransitRoute", lambda c: {"blackhole": True}, "InvalidParameterCombination", "has no attachment"),
    ("TransitRoute", lambda c: {"destinationCidrBlock": "10.3.0.0"}, "InvalidParameterValue", "no IPv4 range"),
    # shares
    ("ResourceShare", lambda c: {"region": "eu-west-9"}, "InvalidRegion", "invalid AWS region"),
    (
        "ResourceAssociation",
        lambda c: {"resourceShareArn": c.their_share.id},
        "UnknownResourceException",
        "does not exist in account",
    ),
    (
        "ResourceAssociation",
        lambda c: {"resourceArn": c.their_hub.outputs["arn"]},
        "UnknownResourceException",
        "only its owner shares it",
    ),
    ("ResourceAssociation", lambda c: {"resourceArn": "tgw-0"}, "MalformedArnException", "is not the ARN"),
    (
        "ResourceAssociation",
        lambda c: {"resourceArn": c.vpc.outputs["arn"]},
        "InvalidResourceTypeException",
        "cannot be shared",
    ),
    ("PrincipalAssociation", lambda c: {"principal": "them"}, "MalformedArnException", "is no principal"),
    ("PrincipalAssociation", lambda c: {"principal": ACCOUNT}, "InvalidParameterException", "with itself"),
    (
        "ResourceShareAccepter",
        lambda c: {"shareArn": c.share.id},
        "ResourceShareInvitationArnNotFoundException",
        "no RAM resource share",
    ),
    # load balancers
    ("LoadBalancer", lambda c: {"name": "x" * 33}, "ValidationError", "cannot be longer than '32'"),
    ("LoadBalancer", lambda c: {"name": "-x"}, "ValidationError", "letters, digits and hyphens"),
    ("LoadBalancer", lambda c: {"name": "internal-x"}, "ValidationError", "cannot start with"),
    ("LoadBalancer", lambda c: {"name": "gateway"}, "DuplicateLoadBalancerName", "exists already"),
    ("LoadBalancer", lambda c: {"subnets": None}, "ValidationError", "exactly one of subnets and subnetMappings"),
    ("LoadBalancer", lambda c: {"subnets": ["subnet-0"]}, "SubnetNotFound", "does not exist"),
    ("LoadBalancer", lambda c: {"subnets": [c.a.id, c.second_a.id]}, "InvalidConfigurationRequest", "same zone"),
    (
        "LoadBalancer",
        lambda c: {"subnets": [c.b.id, c.second_a.id]},
        "InvalidConfigurationRequest",
        "different networks",
    ),
    ("LoadBalancer", lambda c: {"securityGroups": ["sg-0"]}, "InvalidSecurityGroup", "does not exist"),
    (
        "LoadBalancer",
        lambda c: {"securityGroups": [c.second_group.id]},
        "InvalidConfigurationRequest",
        "the load balancer in",
    ),
    (
        "LoadBalancer",
        lambda c: {"subnets": [c.second_a.id], "securityGroups": [], "internal": False},
        "InvalidSubnet",
        "has no internet gateway",
    ),
    (
        "LoadBalancer",
        lambda c: {"securityGroups": None},
        "InvalidConfigurationRequest",
        "no inbound rules to enforce",
    ),
    (
        "LoadBalancer",
        lambda c: {"subnets": None, "subnetMappings": [{"subnetId": c.a.id, "privateIpv4Address": "10.0.0.2"}]},
        "InvalidConfigurationRequest",
        "AWS keeps",
    ),
    (
        "LoadBalancer",
        lambda c: {"subnets": None, "subnetMappings": [{"subnetId": c.a.id, "privateIpv4Address": "10.9.0.9"}]},
        "InvalidConfigurationRequest",
        "is not in subnet",
    ),
    (
        "LoadBalancer",
        lambda c: {
            "subnets": None,
            "subnetMappings": [
                {
                    "subnetId": c.a.id,
                    "privateIpv4Address": c.balancer.outputs["networkInterfaces"][0]["privateIpAddress"],
                }
            ],
        },
        "InvalidIPAddress.InUse",
        "is in use in subnet",
    ),
    (
        "LoadBalancer",
        lambda c: {"subnets": None, "subnetMappings": [{"subnetId": c.a.id, "allocationId": "eipalloc-0"}]},
        "AllocationIdNotFound",
        "does not exist",
    ),
    ("TargetGroup", lambda c: {"name": "gateway-443"}, "DuplicateTargetGroupName", "exists already"),
    ("TargetGroup", lambda c: {"name": "a.b"}, "pattern-mismatch|ValidationError", "letters, digits and hyphens"),
    ("TargetGroup", lambda c: {"vpcId": "vpc-0"}, "ValidationError", "'vpc-0' does not exist"),
    ("TargetGroup", lambda c: {"port": None}, "ValidationError", "must have a port"),
    ("TargetGroup", lambda c: {"port": 70000}, "ValidationError|too-large", "65535"),
    ("TargetGroup", lambda c: {"protocol": "SCTP"}, "value-not-allowed", "allowed are"),
    ("TargetGroup", lambda c: {"protocol": "UDP"}, "InvalidConfigurationRequest", "always preserved"),
    (
        "TargetGroup",
        lambda c: {"healthCheck": {"protocol": "TCP", "path": "/"}},
        "InvalidConfigurationRequest",
        "have no path",
    ),
    ("TargetGroup", lambda c: {"healthCheck": {"interval": 2}}, "ValidationError|too-small", "5"),
    ("TargetGroup", lambda c: {"healthCheck": {"port": "kafka"}}, "ValidationError", "'traffic-port'"),
    ("TargetGroup", lambda c: {"healthCheck": {"protocol": "UDP"}}, "ValidationError", "is not supported"),
    ("Listener", lambda c: {"loadBalancerArn": "arn:none"}, "LoadBalancerNotFound", "does not exist"),
    (
        "Listener",
        lambda c: {"defaultActions": [{"type": "forward", "targetGroupArn": "arn:none"}]},
        "TargetGroupNotFound",
        "does not exist",
    ),
    ("Listener", lambda c: {"port": 443}, "DuplicateListener", "already exists on port 443"),
    ("Listener", lambda c: {"port": None}, "ValidationError", "needs a port"),
    ("Listener", lambda c: {"protocol": "HTTP"}, "UnsupportedProtocol", "TCP, TLS"),
    ("Listener", lambda c: {"protocol": "TLS"}, "CertificateNotFound", "certificate must be specified"),
    ("Listener", lambda c: {"certificateArn": "arn:aws:acm:x"}, "InvalidConfigurationRequest", "cannot be given to"),
    ("Listener", lambda c: {"tcpIdleTimeoutSeconds": 30}, "InvalidConfigurationRequest", "60 to 6000"),
    ("Listener", lambda c: {"protocol": "UDP"}, "InvalidConfigurationRequest", "which speaks TCP"),
    ("Listener", lambda c: {"defaultActions": []}, "ValidationError", "needs an action"),
    (
        "Listener",
        lambda c: {"defaultActions": [{"type": "fixed-response"}]},
        "InvalidLoadBalancerAction",
        "only forwards",
    ),
    (
        "Listener",
        lambda c: {"loadBalancerArn": c.bare.id},
        "TargetGroupAssociationLimit",
        "is of another load balancer already",
    ),
    ("Attachment", lambda c: {"autoscalingGroupName": "eks-none"}, "ValidationError", "not found in account"),
    ("Attachment", lambda c: {"lbTargetGroupArn": "arn:none"}, "ValidationError", "'arn:none' does not exist"),
    ("Attachment", lambda c: {"lbTargetGroupArn": None}, "ValidationError", "exactly one of elb"),
    # private links
    (
        "VpcEndpointService",
        lambda c: {"networkLoadBalancerArns": ["arn:none"]},
        "LoadBalancerNotFound",
        "does not exist in account",
    ),
    ("VpcEndpointService", lambda c: {"networkLoadBalancerArns": None}, "InvalidParameter", "exactly one of"),
    ("VpcEndpointService", lambda c: {"allowedPrincipals": [THEIRS]}, "InvalidPrincipal", "is invalid"),
    ("VpcEndpointService", lambda c: {"supportedRegions": ["eu-west-9"]}, "InvalidParameter", "is not a region"),
    ("VpcEndpointService", lambda c: {"privateDnsName": "kafka"}, "InvalidParameter", "public domain"),
    (
        "VpcEndpointServiceAllowedPrinciple",
        lambda c: {"vpcEndpointServiceId": "vpce-svc-0"},
        "InvalidVpcEndpointServiceId.NotFound",
        "does not exist",
    ),
    ("VpcEndpointServiceAllowedPrinciple", lambda c: {"principalArn": THEIRS}, "InvalidPrincipal", "is invalid"),
    (
        "VpcEndpointConnectionAccepter",
        lambda c: {"vpcEndpointId": "vpce-0"},
        "InvalidVpcEndpointId.NotFound",
        "does not exist at the service",
    ),
    (
        "VpcEndpointConnectionAccepter",
        lambda c: {"vpcEndpointServiceId": "vpce-svc-0"},
        "InvalidVpcEndpointServiceId.NotFound",
        "does not exist",
    ),
    ("VpcEndpoint", lambda c: {"serviceName": "com.amazonaws.eu-west-1.ecr"}, "InvalidServiceName", "does not exist"),
    (
        "VpcEndpoint",
        lambda c: {"serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0", "privateDnsEnabled": False},
        "InvalidServiceName",
        "does not exist in eu-west-1",
    ),
    ("VpcEndpoint", lambda c: {"subnetIds": ["subnet-0"]}, "InvalidSubnetId.NotFound", "does not exist"),
    ("VpcEndpoint", lambda c: {"subnetIds": [c.second_a.id]}, "InvalidParameter", "the endpoint in"),
    ("VpcEndpoint", lambda c: {"securityGroupIds": [c.second_group.id]}, "InvalidParameter", "what it is for is in"),
    ("VpcEndpoint", lambda c: {"securityGroupIds": ["sg-0"]}, "InvalidGroup.NotFound", "does not exist"),
    ("VpcEndpoint", lambda c: {"routeTableIds": [c.table.id]}, "InvalidParameter", "cannot have route tables"),
    # names
    ("VpcAssociationAuthorization", lambda c: {"zoneId": "Z0"}, "NoSuchHostedZone", "no hosted zone found"),
    ("VpcAssociationAuthorization", lambda c: {"zoneId": c.their_zone.id}, "NoSuchHostedZone", "no hosted zone"),
    ("VpcAssociationAuthorization", lambda c: {"zoneId": c.public.id}, "PublicZoneVPCAssociation", "public zone"),
    ("VpcAssociationAuthorization", lambda c: {"vpcId": "vpc-0"}, "InvalidVPCId", "is not there"),
    ("VpcAssociationAuthorization", lambda c: {"vpcRegion": "eu-west-2"}, "InvalidVPCId", "region eu-west-2"),
    ("ZoneAssociation", lambda c: {"zoneId": "Z0"}, "NoSuchHostedZone", "no hosted zone found"),
    ("ZoneAssociation", lambda c: {"vpcId": c.their_vpc.id}, "InvalidVPCId", f"of account {ACCOUNT}"),
    ("ZoneAssociation", lambda c: {"vpcId": c.second.id}, "NotAuthorizedException", "has to authorize it first"),
    (
        "ZoneAssociation",
        lambda c: {"zoneId": c.zone.id},
        "ConflictingDomainExists",
        "has already been associated with the zone",
    ),
    ("Record", lambda c: {"zoneId": "Z0"}, "NoSuchHostedZone", "does not exist"),
    ("Record", lambda c: {"name": "a.*.orders.kafka.internal"}, "InvalidChangeBatch", "only as the whole first one"),
    ("Record", lambda c: {"aliases": None}, "InvalidInput", "exactly one of records and aliases"),
    ("Record", lambda c: {"ttl": 60}, "InvalidInput", "no ttl of its own"),
    ("Record", lambda c: values("A", "10.0.0.1", ttl=None), "InvalidInput", "needs a ttl"),
    ("Record", lambda c: values("A", "10.0.0"), "InvalidChangeBatch", "is no IPv4 address"),
    ("Record", lambda c: values("CNAME", "a.b", "c.d"), "InvalidChangeBatch", "has one value"),
    ("Record", lambda c: values("CNAME", "a b"), "InvalidChangeBatch", "is no domain name"),
    ("Record", lambda c: values("CNAME", "a.b", name=""), "InvalidChangeBatch", "not permitted at apex"),
    ("Record", lambda c: values("A", "10.0.0.1", name="a"), "InvalidChangeBatch", "already exists"),
    ("Record", lambda c: values("CNAME", "b.c", name="a"), "InvalidChangeBatch", "nothing stands beside a CNAME"),
    ("Record", lambda c: {"type": "ALIAS"}, "value-not-allowed", "allowed are"),
    (
        "Record",
        lambda c: alias(c, name="none-0.elb.eu-west-1.amazonaws.com"),
        "InvalidChangeBatch",
        "was not found",
    ),
    ("Record", lambda c: alias(c, zoneId=c.zone.id), "InvalidChangeBatch", "does not lie within the target zone"),
    # identities
    ("PodIdentityAssociation", lambda c: {"clusterName": "none"}, "ResourceNotFoundException", "does not exist"),
    (
        "PodIdentityAssociation",
        lambda c: {"roleArn": c.node_role.outputs["arn"]},
        "InvalidParameterException",
        "cannot be assumed by pods.eks.amazonaws.com",
    ),
]


@pytest.mark.parametrize(("kind", "change", "code", "text"), RED, ids=[f"{k}-{t}" for k, _, _, t in RED])
def test_a_wrong_input_is_refused_in_the_vendors_words(
    links: Links, kind: str, change: Change, code: str, text: str
) -> None:
    inputs = {key: value for key, value in (good(links, kind) | change(links)).items() if value is not None}
    said = links.world.refusals(kind, inputs)
    assert [r for r in said if r.code in code.split("|") and text in r.message], said


def test_every_type_is_seen_red() -> None:
    assert {kind for kind, *_ in RED} == set(EVERY)


def test_a_peering_waits_until_its_peer_accepts_it() -> None:
    links = Links()
    assert standing.peering_status(links.world, links.peering) == "active"
    assert standing.peering_status(links.world, links.waiting) == "pending-acceptance"
    route = {
        "routeTableId": links.second_table.id,
        "destinationCidrBlock": "10.1.0.0/16",
        "vpcPeeringConnectionId": links.waiting.id,
    }
    assert links.world.make("Route", "early", **route).outputs["state"] == "blackhole"
    accepted = links.world.make("VpcPeeringConnectionAccepter", "now", **links.good()["VpcPeeringConnectionAccepter"])
    assert accepted.outputs["acceptStatus"] == "active"
    assert (accepted.outputs["vpcId"], accepted.outputs["peerVpcId"]) == (links.second.id, links.their_vpc.id)
    assert standing.peering_status(links.world, links.waiting) == "active"
    late = route | {"destinationCidrBlock": "10.1.1.0/24"}
    assert links.world.make("Route", "late", **late).outputs["state"] == "active"


def test_a_peering_that_has_expired_is_accepted_no_more() -> None:
    links = Links()
    at = links.world.records.index(links.waiting)
    links.world.records[at] = replace(links.waiting, outputs={**links.waiting.outputs, "acceptStatus": "expired"})
    inputs = links.good()["VpcPeeringConnectionAccepter"]
    assert "InvalidStateTransition" in codes(links.world.refusals("VpcPeeringConnectionAccepter", inputs))
    route = {
        "routeTableId": links.second_table.id,
        "destinationCidrBlock": "10.1.0.0/16",
        "vpcPeeringConnectionId": links.waiting.id,
    }
    assert codes(links.world.refusals("Route", route)) == {"InvalidStateTransition"}
    again = {"vpcId": links.second.id, "peerVpcId": links.their_vpc.id, "peerOwnerId": THEIRS}
    assert links.world.refusals("VpcPeeringConnection", again) == []


def test_a_peering_looks_at_every_range_of_both_sides() -> None:
    links = Links()
    links.world.make("VpcIpv4CidrBlockAssociation", "more", vpcId=links.second.id, cidrBlock="10.2.0.0/20")
    overlapping = {"vpcId": links.second.id, "peerVpcId": links.far_vpc.id, "peerRegion": FAR.region}
    assert codes(links.world.refusals("VpcPeeringConnection", overlapping)) == {"peering-failed"}
    later = {"vpcId": links.vpc.id, "cidrBlock": "10.1.0.0/20"}
    assert codes(links.world.refusals("VpcIpv4CidrBlockAssociation", later)) == {"InvalidVpc.Range"}
    assert links.world.refusals("VpcIpv4CidrBlockAssociation", {**later, "cidrBlock": "10.7.0.0/20"}) == []


def test_one_account_accepts_in_its_other_region_with_the_same_provider() -> None:
    links = Links()
    made = links.world.make("VpcPeeringConnection", "far", **links.good()["VpcPeeringConnection"])
    inputs = {"vpcPeeringConnectionId": made.id, "autoAccept": True}
    assert "OperationNotPermitted" in codes(links.world.refusals("VpcPeeringConnectionAccepter", inputs))
    links.world.make("VpcPeeringConnectionAccepter", "far", **inputs, region=FAR.region)
    back = {
        "routeTableId": links.far_table.id,
        "destinationCidrBlock": "10.0.0.0/16",
        "vpcPeeringConnectionId": made.id,
    }
    assert codes(links.world.refusals("Route", back)) == {"InvalidRouteTableID.NotFound"}
    assert links.world.make("Route", "back", **back, region=FAR.region).outputs["region"] == FAR.region


def test_a_hub_of_another_account_needs_a_share_that_names_ours() -> None:
    links = Links()
    inputs = {"transitGatewayId": links.hub.id, "vpcId": links.their_vpc.id, "subnetIds": [links.their_a.id]}
    links.world.records.remove(links.their_attachment)
    assert links.world.refusals("TransitVpcAttachment", inputs, scope=THERE) == []
    links.world.records.remove(links.named)
    (refused,) = links.world.refusals("TransitVpcAttachment", inputs, scope=THERE)
    assert refused.code == "InvalidTransitGatewayID.NotFound"
    assert "no resource share of it names this one" in refused.message


def test_nothing_is_routed_to_a_hub_before_its_owner_accepts() -> None:
    links = Links()
    route = {
        "routeTableId": links.their_table.id,
        "destinationCidrBlock": "10.0.0.0/16",
        "transitGatewayId": links.hub.id,
    }
    (refused,) = links.world.refusals("Route", route, scope=THERE)
    assert "pendingAcceptance" in refused.message
    links.world.make("TransitVpcAttachmentAccepter", "ok", transitGatewayAttachmentId=links.their_attachment.id)
    assert links.world.refusals("Route", route, scope=THERE) == []


def test_a_hub_that_accepts_by_itself_leaves_nothing_to_wait_for() -> None:
    links = Links()
    links.world.update(links.hub, autoAcceptSharedAttachments="enable")
    assert standing.attachment_status(links.world, links.their_attachment) == "available"


def test_an_attachment_has_one_association_and_each_propagation_once() -> None:
    links = Links()
    for kind, code in (
        ("TransitRouteTableAssociation", "Resource.AlreadyAssociated"),
        ("TransitRouteTablePropagation", "TransitGatewayRouteTablePropagation.Duplicate"),
        ("TransitRoute", "RouteAlreadyExists"),
    ):
        made = links.world.make(kind, "first", **links.good()[kind])
        assert codes(links.world.refusals(kind, links.good()[kind])) == {code}
        assert made.outputs.get("resourceId", links.second.id) == links.second.id


def test_a_hub_serves_one_subnet_a_zone() -> None:
    links = Links()
    twin = links.world.make(
        "Subnet", "twin", vpcId=links.second.id, cidrBlock="10.3.7.0/28", availabilityZone="eu-west-1a"
    )
    inputs = {**links.good()["TransitVpcAttachment"], "subnetIds": [links.second_a.id, twin.id]}
    assert codes(links.world.refusals("TransitVpcAttachment", inputs)) == {"DuplicateSubnetsInSameZone"}


def test_a_link_must_be_allowed_and_accepted() -> None:
    links = Links()
    assert links.endpoint.outputs["state"] == "pendingAcceptance"
    assert standing.endpoint_status(links.world, links.endpoint) == "pendingAcceptance"
    accepter = links.good()["VpcEndpointConnectionAccepter"]
    assert (
        links.world.make("VpcEndpointConnectionAccepter", "ok", **accepter).outputs["vpcEndpointState"] == "available"
    )
    assert standing.endpoint_status(links.world, links.endpoint) == "available"
    links.world.update(links.service, allowedPrincipals=[])
    (refused,) = links.world.refusals("VpcEndpoint", links.link_inputs(), scope=THERE)
    assert refused.code == "InvalidServiceName"
    assert "none of its allowed principals" in refused.message
    permission = {"vpcEndpointServiceId": links.service.id, "principalArn": f"arn:aws:iam::{THEIRS}:root"}
    links.world.make("VpcEndpointServiceAllowedPrinciple", "them", **permission)
    assert links.world.refusals("VpcEndpoint", links.link_inputs(), scope=THERE) == []


def test_a_link_stands_in_the_zones_of_its_service() -> None:
    links = Links()
    third = links.world.make(
        "Subnet", "c", THERE, vpcId=links.their_vpc.id, cidrBlock="10.1.9.0/24", availabilityZone="eu-west-1c"
    )
    (refused,) = links.world.refusals("VpcEndpoint", {**links.link_inputs(), "subnetIds": [third.id]}, scope=THERE)
    assert refused.code == "InvalidParameter"
    assert "it is in eu-west-1a, eu-west-1b" in refused.message


def test_a_link_from_another_region_needs_the_services_word() -> None:
    links = Links()
    inputs = {
        "vpcId": links.far_vpc.id,
        "serviceName": links.service.outputs["serviceName"],
        "vpcEndpointType": "Interface",
        "subnetIds": [links.far_a.id],
        "serviceRegion": "eu-west-1",
    }
    (refused,) = links.world.refusals("VpcEndpoint", inputs, scope=FAR)
    assert "does not support consumers in eu-central-1" in refused.message
    links.world.update(links.service, supportedRegions=["eu-west-1", "eu-central-1"])
    assert links.world.refusals("VpcEndpoint", inputs, scope=FAR) == []


def test_private_names_need_dns_and_stand_once() -> None:
    links = Links()
    inputs = links.more()["VpcEndpoint"]
    links.world.make("VpcEndpoint", "ecr", **inputs)
    assert [r for r in links.world.refusals("VpcEndpoint", inputs) if "conflicting DNS domain" in r.message]
    links.world.update(links.vpc, enableDnsHostnames=False)
    other = {**inputs, "serviceName": "com.amazonaws.eu-west-1.sts"}
    assert [r for r in links.world.refusals("VpcEndpoint", other) if "enableDnsHostnames" in r.message]


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("service", "ExistingVpcEndpointConnections"),
        ("balancer", "ResourceInUse"),
        ("targets", "ResourceInUse"),
        ("hub", "IncorrectState"),
        ("zone", "HostedZoneNotEmpty"),
        ("group", "DependencyViolation"),
    ],
)
def test_what_is_in_use_stays(of: str, code: str) -> None:
    links = Links()
    assert codes(links.world.refused_delete(getattr(links, of))) == {code}


@pytest.mark.parametrize(
    ("of", "users"),
    [
        ("service", ["endpoint"]),
        ("balancer", ["service"]),
        ("targets", ["listener"]),
        ("hub", ["attachment", "their_attachment"]),
        ("zone", ["record"]),
        ("group", ["balancer"]),
    ],
)
def test_what_is_in_use_no_more_goes(of: str, users: list[str]) -> None:
    links = Links()
    for user in users:
        links.world.records.remove(getattr(links, user))
    assert links.world.refused_delete(getattr(links, of)) == []


def test_a_table_of_a_hub_goes_after_its_associations() -> None:
    links = Links()
    assert links.world.refused_delete(links.hub_table) == []
    links.world.make("TransitRouteTableAssociation", "a", **links.good()["TransitRouteTableAssociation"])
    assert codes(links.world.refused_delete(links.hub_table)) == {"IncorrectState"}


def test_a_protected_load_balancer_stays() -> None:
    links = Links()
    guarded = links.world.update(links.bare, enableDeletionProtection=True)
    assert codes(links.world.refused_delete(guarded)) == {"OperationNotPermitted"}


def test_security_groups_of_a_load_balancer_are_given_at_the_start_or_never() -> None:
    links = Links()
    refused = links.world.refused_update(links.bare, securityGroups=[links.group.id])
    assert codes(refused) == {"InvalidConfigurationRequest"}
    assert "was made without security groups" in refused[0].message
    assert codes(links.world.refused_update(links.balancer, securityGroups=[])) == {"InvalidConfigurationRequest"}
    more = links.world.make("SecurityGroup", "more", name="more", vpcId=links.vpc.id)
    assert links.world.refused_update(links.balancer, securityGroups=[more.id]) == []


def test_targets_by_address_take_no_nodes() -> None:
    links = Links()
    inputs = {**links.good()["TargetGroup"], "targetType": "ip"}
    by_address = links.world.make("TargetGroup", "ip", **inputs)
    (refused,) = links.world.refusals("Attachment", {**links.good()["Attachment"], "lbTargetGroupArn": by_address.id})
    assert "it must be instance" in refused.message
    links.world.make("Attachment", "once", **links.good()["Attachment"])
    assert codes(links.world.refusals("Attachment", links.good()["Attachment"])) == {"already-exists"}


def test_targets_of_another_network_are_not_led_to() -> None:
    links = Links()
    away = links.world.make(
        "TargetGroup", "away", **{**links.good()["TargetGroup"], "name": "away", "vpcId": links.second.id}
    )
    assert codes(links.world.refusals("Listener", links.listener_inputs(9200, away))) == {"InvalidConfigurationRequest"}
    join = {**links.good()["Attachment"], "lbTargetGroupArn": away.id}
    assert codes(links.world.refusals("Attachment", join)) == {"ValidationError"}


def test_one_zone_of_a_name_a_network_also_over_accounts() -> None:
    links = Links()
    mine = links.world.make("Zone", "same", name="their.kafka.internal", vpcs=[{"vpcId": links.second.id}])
    assert links.world.refusals("ZoneAssociation", links.good()["ZoneAssociation"]) == []
    links.world.make("ZoneAssociation", "ok", **links.good()["ZoneAssociation"])
    assert links.vpc.id in standing.zone_networks(links.world, links.their_zone)
    again = {"zoneId": mine.id, "vpcId": links.vpc.id}
    assert codes(links.world.refusals("ZoneAssociation", again)) == {"ConflictingDomainExists"}
    zone = {"name": "their.kafka.internal", "vpcs": [{"vpcId": links.vpc.id}]}
    assert codes(links.world.refusals("Zone", zone)) == {"ConflictingDomainExists"}


def test_a_service_account_has_one_role() -> None:
    links = Links()
    links.world.make("PodIdentityAssociation", "first", **links.good()["PodIdentityAssociation"])
    refused = links.world.refusals("PodIdentityAssociation", links.good()["PodIdentityAssociation"])
    assert codes(refused) == {"ResourceInUseException"}


def test_addresses_lie_in_their_subnets_and_are_never_given_twice() -> None:
    links = Links()
    for number in range(12):
        links.world.make("LoadBalancer", f"n{number}", **{**links.good()["LoadBalancer"], "name": f"n{number}"})
    for service in ("sts", "logs", "kms"):
        inputs = {**links.more()["VpcEndpoint"], "serviceName": f"com.amazonaws.eu-west-1.{service}"}
        links.world.make("VpcEndpoint", service, **inputs)
    held = [one for record in links.world.records for one in addresses.of(record)]
    assert len(held) == len(set(held)) == 2 + 1 + 1 + 2 * 12 + 2 * 3
    for subnet_id, address in held:
        subnet = next(r for r in links.world.records if r.id == subnet_id)
        block = ipaddress.IPv4Network(subnet.inputs["cidrBlock"])
        assert ipaddress.IPv4Address(address) in block
        assert address not in [str(block[n]) for n in (0, 1, 2, 3, -1)]
    once = [addresses.of(r) for r in Links().world.records]
    assert once == [addresses.of(r) for r in Links().world.records]


def test_a_resource_keeps_its_addresses_when_it_changes() -> None:
    links = Links()
    grown = links.world.update(links.endpoint, subnetIds=[links.their_a.id, links.their_b.id])
    before, after = links.endpoint.outputs["networkInterfaces"], grown.outputs["networkInterfaces"]
    assert before[0] in after
    assert len(after) == 2
    assert links.world.update(links.balancer, tags={"a": "b"}).outputs == {
        **links.balancer.outputs,
        "tags": {"a": "b"},
        "tagsAll": {"a": "b"},
    }


def test_a_full_subnet_takes_nothing_more() -> None:
    links = Links()
    small = links.world.make(
        "Subnet", "small", vpcId=links.vpc.id, cidrBlock="10.0.9.0/28", availabilityZone="eu-west-1c"
    )
    inputs = {"internal": True, "loadBalancerType": "network", "subnets": [small.id]}
    for number in range(4):
        links.world.make("LoadBalancer", f"s{number}", **inputs, name=f"s{number}")
    (refused,) = links.world.refusals("LoadBalancer", {**inputs, "name": "s4"})
    assert (refused.code, "7 left, 8 needed" in refused.message) == ("InvalidSubnet", True)


def test_names_and_ids_are_like_the_vendors() -> None:
    links = Links()
    name = links.balancer.outputs["dnsName"]
    assert name.startswith("gateway-")
    assert name.endswith(".elb.eu-west-1.amazonaws.com")
    assert links.balancer.outputs["zoneId"] == "Z2IFOLAFXWLO4F"
    service = links.service.outputs["serviceName"]
    assert service == f"com.amazonaws.vpce.eu-west-1.{links.service.id}"
    regional, zonal = (entry["dnsName"] for entry in links.endpoint.outputs["dnsEntries"])
    assert regional.endswith(f".{links.service.id}.eu-west-1.vpce.amazonaws.com")
    assert zonal == regional.replace(f".{links.service.id}", f"-eu-west-1a.{links.service.id}")
    assert links.listener.id.startswith(links.balancer.id.replace(":loadbalancer/", ":listener/") + "/")
    assert links.record.outputs["fqdn"] == "a.orders.kafka.internal"
    assert links.hub.outputs["associationDefaultRouteTableId"].startswith("tgw-rtb-0")
    assert len(links.public.outputs["nameServers"]) == 4
    short = links.world.make("Record", "s", zoneId=links.zone.id, name="b", type="A", ttl=60, records=["10.0.0.1"])
    assert short.outputs["fqdn"] == "b.orders.kafka.internal"


def test_a_security_groups_name_is_free_in_another_network() -> None:
    links = Links()
    inputs = {"name": "gateway", "vpcId": links.vpc.id}
    assert codes(links.world.refusals("SecurityGroup", inputs)) == {"InvalidGroup.Duplicate"}
    assert links.world.refusals("SecurityGroup", {**inputs, "vpcId": links.second.id}) == []
    assert links.world.refused_update(links.group, tags={"a": "b"}) == []


def fill(world: World, kind: str, number: int, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
    for n in range(number):
        world.records.append(Record(f"urn:{kind}:{n}", TOKENS[kind], f"{kind}-{n}", HERE, inputs, outputs))


@pytest.mark.parametrize(
    ("kind", "inputs", "quota", "outputs"),
    [
        ("LoadBalancer", {"loadBalancerType": "network"}, quotas.BALANCERS, {}),
        ("VpcEndpoint", {"vpcEndpointType": "Interface", "vpcId": "vpc-1"}, quotas.INTERFACES, {}),
        ("VpcEndpoint", {"vpcEndpointType": "Gateway", "vpcId": "vpc-1"}, quotas.GATEWAYS, {}),
        (
            "VpcPeeringConnection",
            {"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": True},
            quotas.PEERINGS,
            {"acceptStatus": "active"},
        ),
        (
            "VpcPeeringConnection",
            {"vpcId": "vpc-1", "peerVpcId": "vpc-2"},
            quotas.PENDING_PEERINGS,
            {"acceptStatus": "pending-acceptance"},
        ),
    ],
)
def test_a_quota_counts_what_it_is_about(
    kind: str, inputs: dict[str, Any], quota: quotas.Quota, outputs: dict[str, Any]
) -> None:
    world = World()
    fill(world, kind, quota.limit - 1, inputs, outputs)
    assert not [r for r in world.refusals(kind, inputs, operation="check") if "maximum number" in r.message]
    fill(world, kind, 1, inputs, outputs)
    over = [r for r in world.refusals(kind, inputs, operation="check", name="one-more") if "maximum" in r.message]
    assert {(r.code, f"{quota.limit} of {quota.limit}" in r.message) for r in over} == {(quota.code, True)}
    if quota is not quotas.PEERINGS:  # those count at both ends, whoever asked
        elsewhere = world.refusals(kind, inputs, operation="check", scope=THERE)
        assert not [r for r in elsewhere if "maximum" in r.message]


def test_a_zone_has_so_many_networks() -> None:
    links = Links()
    vpcs = [{"vpcId": f"vpc-{n}"} for n in range(quotas.ZONE_NETWORKS.limit)]
    at = links.world.records.index(links.their_zone)
    links.world.records[at] = replace(links.their_zone, inputs={**links.their_zone.inputs, "vpcs": vpcs})
    assert codes(links.world.refusals("ZoneAssociation", links.good()["ZoneAssociation"])) == {"LimitsExceeded"}


@pytest.mark.parametrize(
    ("config", "account"),
    [
        ({"assumeRoles": [{"roleArn": f"arn:aws:iam::{THEIRS}:role/peer"}]}, THEIRS),
        ({"assumeRoles": [{"roleArn": f"arn:aws:iam::{THEIRS}:role/a/peer"}], "allowedAccountIds": [THEIRS]}, THEIRS),
        ({"allowedAccountIds": [ACCOUNT]}, ACCOUNT),
    ],
)
def test_a_provider_works_for_the_account_of_its_role(config: dict[str, Any], account: str) -> None:
    config = {"region": "eu-west-1", **config}
    assert list(MODEL.check_config(config)) == []
    assert MODEL.scope(config).account == account


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"assumeRoles": [{"roleArn": "peer"}]}, "ValidationError"),
        (
            {"assumeRoles": [{"roleArn": f"arn:aws:iam::{THEIRS}:role/peer"}], "allowedAccountIds": [ACCOUNT]},
            "AccountNotAllowed",
        ),
        (
            {"assumeRoles": [{"roleArn": f"arn:aws:iam::{THEIRS}:role/peer"}], "forbiddenAccountIds": [THEIRS]},
            "AccountNotAllowed",
        ),
    ],
)
def test_a_role_of_a_wrong_account_is_refused(config: dict[str, Any], code: str) -> None:
    assert codes(list(MODEL.check_config({"region": "eu-west-1", **config}))) == {code}
