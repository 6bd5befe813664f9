"""The subnets of a cell and the ways out of them, zone by zone.

Owns      CIDR associations, private and public subnets, NAT gateways with their addresses, route tables.
Refuses   to compute a range: they come from the cell's layout, so an existing subnet never moves.
Identity  everything of a zone is named by the zone, never by its position in the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, mark
from components.clouds.contract import NetworkRequest

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Zones:
    """What the rest of the network needs of its zones.

    tables    route tables that are the cell's own, by logical name: none in a network of the company's
    zone_ids  zone -> its id, which is the same in every account; empty where the subnets are not ours
    """

    private: Mapping[str, pulumi.Output[str]]
    public: Mapping[str, pulumi.Output[str]]
    tables: Mapping[str, pulumi.Output[str]]
    zone_ids: Mapping[str, pulumi.Output[str]]
    addresses: tuple[pulumi.Output[str], ...]
    ready: tuple[pulumi.Resource, ...]


def zones(build: Builder, request: NetworkRequest, vpc: aws.ec2.Vpc) -> Zones:
    """Make every zone of the cell. With `nat: single`, the first zone listed has the only NAT gateway."""
    names = sorted(request.identity.zones)
    private = {zone: _private_subnet(build, request, vpc, zone) for zone in names}
    public = {zone: _public_subnet(build, request, vpc, zone) for zone in names}
    public_table = _route_table(build, vpc, "public")
    out = _public_routes(build, vpc, public, public_table)
    with_nat = names if request.spec.nat == "per-zone" else [request.identity.zones[0]]
    addresses = {zone: _address(build, zone, out) for zone in with_nat}
    gateways = {zone: _nat(build, zone, public[zone], addresses[zone], out) for zone in with_nat}
    tables = {zone: _route_table(build, vpc, f"private-{zone}") for zone in names}
    ready: list[pulumi.Resource] = [*out]
    for zone in names:
        gateway = gateways.get(zone, gateways[with_nat[0]])
        ready.append(_associate(build, f"private-{zone}", tables[zone], private[zone]))
        for role, destination in _ways_out(request).items():
            ready.append(
                aws.ec2.Route(
                    build.logical(f"private-{zone}-{role}"),
                    aws.ec2.RouteArgs(
                        route_table_id=tables[zone].id, destination_cidr_block=destination, nat_gateway_id=gateway.id
                    ),
                    build.plain(),
                )
            )
    return Zones(
        private={zone: subnet.id for zone, subnet in private.items()},
        public={zone: subnet.id for zone, subnet in public.items()},
        tables={**{f"private-{zone}": table.id for zone, table in tables.items()}, "public": public_table.id},
        zone_ids={zone: subnet.availability_zone_id for zone, subnet in private.items()},
        addresses=tuple(addresses[zone].public_ip for zone in with_nat),
        ready=tuple(ready),
    )


def _ways_out(request: NetworkRequest) -> Mapping[str, str]:
    """Destinations outside, by role. What is not listed has no route, whatever a firewall says."""
    if request.spec.egress is None:
        return {"out": ANYWHERE}
    return {f"out-{mark(cidr)}": cidr for cidr in sorted(request.spec.egress.allowed_cidrs)}


def _private_subnet(build: Builder, request: NetworkRequest, vpc: aws.ec2.Vpc, zone: str) -> aws.ec2.Subnet:
    # A VPC's own range is at most a /16 and a cell's block may be larger, so each zone brings its range along.
    # Adding a zone adds an association and touches nothing else.
    part = aws.ec2.VpcIpv4CidrBlockAssociation(
        build.logical(f"private-{zone}-range"),
        aws.ec2.VpcIpv4CidrBlockAssociationArgs(vpc_id=vpc.id, cidr_block=request.ranges.zones[zone].private),
        build.carries_data(),
    )
    return aws.ec2.Subnet(
        build.logical(f"private-{zone}"),
        aws.ec2.SubnetArgs(
            vpc_id=vpc.id,
            cidr_block=request.ranges.zones[zone].private,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=build.tags(f"private-{zone}", **{"kubernetes.io/role/internal-elb": "1"}),
        ),
        build.carries_data(after=[part]),
    )


def _public_subnet(build: Builder, request: NetworkRequest, vpc: aws.ec2.Vpc, zone: str) -> aws.ec2.Subnet:
    # In a private cell no load balancer may find a public subnet, whatever a Service asks for.
    found = {"kubernetes.io/role/elb": "1"} if request.reachability == "public" else {}
    return aws.ec2.Subnet(
        build.logical(f"public-{zone}"),
        aws.ec2.SubnetArgs(
            vpc_id=vpc.id,
            cidr_block=request.ranges.zones[zone].public,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=build.tags(f"public-{zone}", **found),
        ),
        build.carries_data(),
    )


def _public_routes(
    build: Builder, vpc: aws.ec2.Vpc, public: Mapping[str, aws.ec2.Subnet], table: aws.ec2.RouteTable
) -> tuple[pulumi.Resource, ...]:
    gateway = aws.ec2.InternetGateway(
        build.logical("internet"),
        aws.ec2.InternetGatewayArgs(vpc_id=vpc.id, tags=build.tags("internet")),
        build.plain(),
    )
    route = aws.ec2.Route(
        build.logical("public-out"),
        aws.ec2.RouteArgs(route_table_id=table.id, destination_cidr_block=ANYWHERE, gateway_id=gateway.id),
        build.plain(),
    )
    return route, *(_associate(build, f"public-{zone}", table, subnet) for zone, subnet in public.items())


def _address(build: Builder, zone: str, out: tuple[pulumi.Resource, ...]) -> aws.ec2.Eip:
    # Protected in production although it holds no data: partners allow-list it, and a released one never comes back.
    return aws.ec2.Eip(
        build.logical(f"nat-address-{zone}"),
        aws.ec2.EipArgs(domain="vpc", tags=build.tags(f"nat-{zone}")),
        build.carries_data(after=out[:1]),
    )


def _nat(
    build: Builder, zone: str, subnet: aws.ec2.Subnet, address: aws.ec2.Eip, out: tuple[pulumi.Resource, ...]
) -> aws.ec2.NatGateway:
    return aws.ec2.NatGateway(
        build.logical(f"nat-{zone}"),
        aws.ec2.NatGatewayArgs(
            allocation_id=address.id,
            connectivity_type="public",
            subnet_id=subnet.id,
            tags=build.tags(f"nat-{zone}"),
        ),
        build.plain(after=out),
    )


def _route_table(build: Builder, vpc: aws.ec2.Vpc, role: str) -> aws.ec2.RouteTable:
    return aws.ec2.RouteTable(
        build.logical(f"{role}-routes"),
        aws.ec2.RouteTableArgs(vpc_id=vpc.id, tags=build.tags(role)),
        build.plain(),
    )


def _associate(
    build: Builder, role: str, table: aws.ec2.RouteTable, subnet: aws.ec2.Subnet
) -> aws.ec2.RouteTableAssociation:
    return aws.ec2.RouteTableAssociation(
        build.logical(f"{role}-routed"),
        aws.ec2.RouteTableAssociationArgs(route_table_id=table.id, subnet_id=subnet.id),
        build.plain(),
    )
