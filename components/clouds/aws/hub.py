"""The transit hub: a Transit Gateway of the cell's own or of others, and the network's attachment to it.

Owns      the gateway with its sharing where `new`, the attachment with its subnets, routes to the hub's ranges.
Refuses   route tables of the hub: each attachment is associated with the gateway's default table and propagates into
          it, so that cells of other stacks and offices join without anybody else's stack knowing of them.
Identity  a gateway that is replaced takes every attachment with it: it is protected in production.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.cell.network_spec import Hub, NewHub
from components.clouds.aws.builder import Builder
from components.clouds.aws.existing import own_cidrs
from components.clouds.aws.routes import routes
from components.clouds.aws.zones import Zones
from components.clouds.contract import NetworkRequest


def hub(
    build: Builder,
    request: NetworkRequest,
    asked: Hub,
    vpc_id: pulumi.Output[str],
    zone_id: pulumi.Output[str],
    made: Zones,
) -> Mapping[str, Any]:
    """Attach the network; what is told of it."""
    gateway = _new(build, asked.new) if asked.new is not None else pulumi.Output.from_input(asked.id or "")
    existing = request.spec.existing is not None
    subnets = dict(made.private) if existing else _subnets(build, request, vpc_id)
    attachment = aws.ec2transitgateway.VpcAttachment(
        build.logical("hub-attachment"),
        aws.ec2transitgateway.VpcAttachmentArgs(
            transit_gateway_id=gateway,
            vpc_id=vpc_id,
            subnet_ids=[subnet for _, subnet in sorted(subnets.items())],
            dns_support="enable",
            ipv6_support="disable",
            appliance_mode_support="disable",
            tags=build.tags("hub"),
        ),
        build.plain(),
    )
    routes(build, made.tables, "hub", asked.cidrs, hub=gateway, after=[attachment])
    return {
        "id": gateway,
        "attachment": attachment.id,
        "instructions": pulumi.Output.all(gateway, attachment.id, zone_id).apply(
            lambda ids: commands(request, asked, *ids)
        ),
    }


def _new(build: Builder, new: NewHub) -> pulumi.Output[str]:
    made = aws.ec2transitgateway.TransitGateway(
        build.logical("hub"),
        aws.ec2transitgateway.TransitGatewayArgs(
            description=f"Hub of cell {build.identity.cell}",
            amazon_side_asn=new.asn,
            default_route_table_association="enable",
            default_route_table_propagation="enable",
            # Only the accounts that it is shared with can attach at all: being listed is the acceptance.
            auto_accept_shared_attachments="enable" if new.shared_with else "disable",
            dns_support="enable",
            vpn_ecmp_support="enable",
            tags=build.tags("hub"),
        ),
        build.carries_data(),
    )
    if new.shared_with:
        _share(build, new, made)
    return made.id


def _share(build: Builder, new: NewHub, made: aws.ec2transitgateway.TransitGateway) -> None:
    share = aws.ram.ResourceShare(
        build.logical("hub-share"),
        aws.ram.ResourceShareArgs(
            name=build.physical("hub"),
            # Accounts outside of the organisation too: each of them is named below, and has to accept.
            allow_external_principals=True,
            tags=build.tags("hub"),
        ),
        build.plain(),
    )
    aws.ram.ResourceAssociation(
        build.logical("hub-shared"),
        aws.ram.ResourceAssociationArgs(resource_arn=made.arn, resource_share_arn=share.arn),
        build.plain(),
    )
    for account in sorted(new.shared_with):
        aws.ram.PrincipalAssociation(
            build.logical(f"hub-shared-with-{account}"),
            aws.ram.PrincipalAssociationArgs(principal=account, resource_share_arn=share.arn),
            build.plain(),
        )


def _subnets(build: Builder, request: NetworkRequest, vpc_id: pulumi.Output[str]) -> dict[str, pulumi.Output[str]]:
    """A /28 in each zone, with a table that knows the VPC only: what comes from the hub goes nowhere else."""
    part = aws.ec2.VpcIpv4CidrBlockAssociation(
        build.logical("infrastructure-range"),
        aws.ec2.VpcIpv4CidrBlockAssociationArgs(vpc_id=vpc_id, cidr_block=request.ranges.infrastructure),
        build.carries_data(),
    )
    table = aws.ec2.RouteTable(
        build.logical("hub-routes"),
        aws.ec2.RouteTableArgs(vpc_id=vpc_id, tags=build.tags("hub")),
        build.plain(),
    )
    found: dict[str, pulumi.Output[str]] = {}
    for zone in sorted(request.identity.zones):
        subnet = aws.ec2.Subnet(
            build.logical(f"hub-{zone}"),
            aws.ec2.SubnetArgs(
                vpc_id=vpc_id,
                cidr_block=request.ranges.attachments[zone],
                availability_zone=zone,
                map_public_ip_on_launch=False,
                tags=build.tags(f"hub-{zone}"),
            ),
            build.carries_data(after=[part]),
        )
        aws.ec2.RouteTableAssociation(
            build.logical(f"hub-{zone}-routed"),
            aws.ec2.RouteTableAssociationArgs(route_table_id=table.id, subnet_id=subnet.id),
            build.plain(),
        )
        found[zone] = subnet.id
    return found


def commands(request: NetworkRequest, asked: Hub, gateway: str, attachment: str, zone_id: str) -> list[str]:
    """What people have to do, in order. The hub's own account may be another one; its id does not say."""
    region, existing = request.identity.region, request.spec.existing
    found: list[str] = []
    if asked.new is not None:
        found += [
            f"account {account}, unless it is of the same organisation: aws ram accept-resource-share-invitation "
            f"--region {region} --resource-share-invitation-arn <from aws ram get-resource-share-invitations>"
            for account in sorted(asked.new.shared_with)
        ]
    else:
        found.append(
            "the hub's owner, where the hub is another account's and accepts nothing by itself: "
            f"aws ec2 accept-transit-gateway-vpc-attachment --region {region} "
            f"--transit-gateway-attachment-id {attachment}"
        )
        found += [
            "the hub's owner, where its route tables learn nothing by themselves: "
            f"aws ec2 create-transit-gateway-route --region {region} "
            f"--transit-gateway-route-table-id <of {gateway}> --destination-cidr-block {cidr} "
            f"--transit-gateway-attachment-id {attachment}"
            for cidr in own_cidrs(request)
        ]
    if existing is not None:
        found += [
            f"aws ec2 create-route --region {region} --route-table-id <each route table of the cell's subnets in "
            f"{existing.network}> --destination-cidr-block {cidr} --transit-gateway-id {gateway}"
            for cidr in sorted(asked.cidrs)
        ]
    found.append(
        "for each network on the hub that is to resolve the cell's names: aws route53 "
        f"create-vpc-association-authorization --hosted-zone-id {zone_id} --vpc VPCRegion=<region>,VPCId=<network>; "
        f"then, with its own account: aws route53 associate-vpc-with-hosted-zone --hosted-zone-id {zone_id} "
        "--vpc VPCRegion=<region>,VPCId=<network>"
    )
    return found
