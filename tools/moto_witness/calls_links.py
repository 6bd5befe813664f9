"""Peerings, hubs, shares and private links, as the provider makes them."""

from collections.abc import Mapping
from typing import Any

from tools.moto_witness.moto_side import Clients, FailedError, given

Inputs = Mapping[str, Any]


def _peering(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    names = {"VpcId": "vpcId", "PeerVpcId": "peerVpcId", "PeerOwnerId": "peerOwnerId", "PeerRegion": "peerRegion"}
    made = ec2.create_vpc_peering_connection(**given(i, **names))["VpcPeeringConnection"]
    if made["Status"]["Code"] == "failed":
        raise FailedError("peering-failed", made["Status"]["Message"])
    if i.get("autoAccept"):
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made["VpcPeeringConnectionId"])
    return {"id": made["VpcPeeringConnectionId"]}


def _accepted(on: Clients, i: Inputs) -> dict[str, Any]:
    id_ = i["vpcPeeringConnectionId"]
    if i.get("autoAccept"):
        on.of("ec2").accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
    return {"id": id_}


def _options(on: Clients, i: Inputs) -> dict[str, Any]:
    sides = {
        f"{side.title()}PeeringConnectionOptions": {
            "AllowDnsResolutionFromRemoteVpc": i[side]["allowRemoteVpcDnsResolution"]
        }
        for side in ("requester", "accepter")
        if i.get(side)
    }
    id_ = i["vpcPeeringConnectionId"]
    on.of("ec2").modify_vpc_peering_connection_options(VpcPeeringConnectionId=id_, **sides)
    return {"id": id_}


def _hub(on: Clients, i: Inputs) -> dict[str, Any]:
    options = given(
        i,
        AmazonSideAsn="amazonSideAsn",
        AutoAcceptSharedAttachments="autoAcceptSharedAttachments",
        DefaultRouteTableAssociation="defaultRouteTableAssociation",
        DefaultRouteTablePropagation="defaultRouteTablePropagation",
        DnsSupport="dnsSupport",
        VpnEcmpSupport="vpnEcmpSupport",
    )
    ec2 = on.of("ec2")
    made = ec2.create_transit_gateway(Options=options, **given(i, Description="description"))["TransitGateway"]
    told = {"id": made["TransitGatewayId"], "arn": made["TransitGatewayArn"]}
    default = made["Options"].get("AssociationDefaultRouteTableId")
    return told | ({"associationDefaultRouteTableId": default} if default else {})


def _attachment(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {"TransitGatewayId": "transitGatewayId", "VpcId": "vpcId", "SubnetIds": "subnetIds"}
    made = on.of("ec2").create_transit_gateway_vpc_attachment(**given(i, **names))["TransitGatewayVpcAttachment"]
    return {"id": made["TransitGatewayAttachmentId"]}


def _attachment_accepted(on: Clients, i: Inputs) -> dict[str, Any]:
    id_ = i["transitGatewayAttachmentId"]
    on.of("ec2").accept_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=id_)
    return {"id": id_}


def _hub_table(on: Clients, i: Inputs) -> dict[str, Any]:
    made = on.of("ec2").create_transit_gateway_route_table(TransitGatewayId=i["transitGatewayId"])
    return {"id": made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]}


_PAIR = {
    "TransitGatewayRouteTableId": "transitGatewayRouteTableId",
    "TransitGatewayAttachmentId": "transitGatewayAttachmentId",
}


def _hub_association(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ec2").associate_transit_gateway_route_table(**given(i, **_PAIR))
    return {}


def _hub_propagation(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ec2").enable_transit_gateway_route_table_propagation(**given(i, **_PAIR))
    return {}


def _hub_route(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {"DestinationCidrBlock": "destinationCidrBlock", "Blackhole": "blackhole"}
    on.of("ec2").create_transit_gateway_route(**given(i, **names, **_PAIR))
    return {}


def _share(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {"name": "name", "allowExternalPrincipals": "allowExternalPrincipals"}
    arn = on.of("ram").create_resource_share(**given(i, **names))["resourceShare"]["resourceShareArn"]
    return {"id": arn, "arn": arn}


def _shared(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ram").associate_resource_share(resourceShareArn=i["resourceShareArn"], resourceArns=[i["resourceArn"]])
    return {}


def _shared_with(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ram").associate_resource_share(resourceShareArn=i["resourceShareArn"], principals=[i["principal"]])
    return {}


def _endpoint(on: Clients, i: Inputs) -> dict[str, Any]:
    made = on.of("ec2").create_vpc_endpoint(
        **given(
            i,
            VpcId="vpcId",
            ServiceName="serviceName",
            VpcEndpointType="vpcEndpointType",
            RouteTableIds="routeTableIds",
            SubnetIds="subnetIds",
            SecurityGroupIds="securityGroupIds",
            PrivateDnsEnabled="privateDnsEnabled",
        )
    )["VpcEndpoint"]
    return {"id": made["VpcEndpointId"]}


def _service(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {
        "AcceptanceRequired": "acceptanceRequired",
        "NetworkLoadBalancerArns": "networkLoadBalancerArns",
        "SupportedRegions": "supportedRegions",
    }
    made = on.of("ec2").create_vpc_endpoint_service_configuration(**given(i, **names))["ServiceConfiguration"]
    return {"id": made["ServiceId"], "serviceName": made["ServiceName"]}


def _principal(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ec2").modify_vpc_endpoint_service_permissions(
        ServiceId=i["vpcEndpointServiceId"], AddAllowedPrincipals=[i["principalArn"]]
    )
    return {}


def _endpoint_accepted(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ec2").accept_vpc_endpoint_connections(
        ServiceId=i["vpcEndpointServiceId"], VpcEndpointIds=[i["vpcEndpointId"]]
    )
    return {}


CALLS = {
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": _peering,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _accepted,
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": _options,
    "aws:ec2transitgateway/transitGateway:TransitGateway": _hub,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _attachment,
    "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter": _attachment_accepted,
    "aws:ec2transitgateway/routeTable:RouteTable": _hub_table,
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation": _hub_association,
    "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation": _hub_propagation,
    "aws:ec2transitgateway/route:Route": _hub_route,
    "aws:ram/resourceShare:ResourceShare": _share,
    "aws:ram/resourceAssociation:ResourceAssociation": _shared,
    "aws:ram/principalAssociation:PrincipalAssociation": _shared_with,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ec2/vpcEndpointService:VpcEndpointService": _service,
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": _principal,
    "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter": _endpoint_accepted,
}
