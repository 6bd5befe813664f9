"""Private links of others that the cell's network consumes: an endpoint in each zone, and names that lead to it.

Owns      endpoint, its firewall, the private zone of its names.
Refuses   the provider's side: `link_service.py` of the provider's cell.
Identity  another service replaces the endpoint, and the provider may have to accept it anew.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components import dns_names
from components.clouds.aws.builder import Builder, mark
from components.clouds.aws.zones import Zones
from components.clouds.contract import LinkRequest, NetworkRequest

PORTS = ((443, 443), (1024, 65535))
"""What may stand behind a link: clusters by name, and broker ports, which only the provider knows."""


def links(build: Builder, request: NetworkRequest, vpc_id: pulumi.Output[str], made: Zones) -> Mapping[str, Any]:
    """Make every link; what is told of each, by name."""
    return {name: _link(build, request, vpc_id, made, name, link) for name, link in sorted(request.links.items())}


def _link(
    build: Builder,
    request: NetworkRequest,
    vpc_id: pulumi.Output[str],
    made: Zones,
    name: str,
    link: LinkRequest,
) -> Mapping[str, Any]:
    region = link.service.split(".")[3]
    endpoint = aws.ec2.VpcEndpoint(
        build.logical(f"link-{name}"),
        aws.ec2.VpcEndpointArgs(
            vpc_id=vpc_id,
            service_name=link.service,
            service_region=region if region != build.identity.region else None,
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet for _, subnet in sorted(made.private.items())],
            security_group_ids=[_firewall(build, request, vpc_id, name).id],
            private_dns_enabled=False,
            tags=build.tags(f"link-{name}"),
        ),
        build.plain(),
    )
    _names(build, vpc_id, made, name, link, endpoint)
    return {
        "endpoint": endpoint.id,
        "addresses": endpoint.dns_entries.apply(lambda entries: [entry.dns_name for entry in entries]),
    }


def _firewall(build: Builder, request: NetworkRequest, vpc_id: pulumi.Output[str], name: str) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        build.logical(f"link-{name}-firewall"),
        aws.ec2.SecurityGroupArgs(
            name=build.physical(f"link-{name}", 255),
            description=f"Private link {name} of cell {build.identity.cell}",
            vpc_id=vpc_id,
            tags=build.tags(f"link-{name}"),
        ),
        build.plain(),
    )
    for source in sorted(request.ranges.inside):
        for first, last in PORTS:
            aws.vpc.SecurityGroupIngressRule(
                build.logical(f"link-{name}-from-{mark(source)}-{first}"),
                aws.vpc.SecurityGroupIngressRuleArgs(
                    security_group_id=group.id,
                    description="The cell's own clients",
                    ip_protocol="tcp",
                    from_port=first,
                    to_port=last,
                    cidr_ipv4=source,
                    tags=build.tags(f"link-{name}"),
                ),
                build.plain(),
            )
    return group


def _names(
    build: Builder,
    vpc_id: pulumi.Output[str],
    made: Zones,
    name: str,
    link: LinkRequest,
    endpoint: aws.ec2.VpcEndpoint,
) -> None:
    zone = aws.route53.Zone(
        build.logical(f"link-{name}-dns"),
        aws.route53.ZoneArgs(
            name=link.dns_zone,
            comment=f"Private link {name} of cell {build.identity.cell}",
            force_destroy=False,
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc_id)],
            tags=build.tags(f"link-{name}"),
        ),
        build.plain(),
    )

    def record(role: str, at: pulumi.Input[str], to: pulumi.Output[str]) -> None:
        aws.route53.Record(
            build.logical(role),
            aws.route53.RecordArgs(zone_id=zone.zone_id, name=at, type="CNAME", ttl=60, records=[to]),
            build.plain(),
        )

    zones = sorted(made.private)
    everything, *zonal = dns_names.wildcards(link.dns_zone, zones)
    record(f"link-{name}-names", everything, _entry(endpoint, ""))
    for cloud_zone, its_names in zip(zones, zonal, strict=True):
        record(f"link-{name}-names-{cloud_zone}", its_names, _entry(endpoint, cloud_zone))
    # A zone's own name differs between accounts, its id does not: providers outside of the fleet name zones by it.
    for cloud_zone, zone_id in sorted(made.zone_ids.items()):
        record(
            f"link-{name}-names-{cloud_zone}-id",
            zone_id.apply(lambda found: dns_names.wildcards(link.dns_zone, [found])[1]),
            _entry(endpoint, cloud_zone),
        )


def _entry(endpoint: aws.ec2.VpcEndpoint, zone: str) -> pulumi.Output[str]:
    """The endpoint's name for one zone, or the one for all of them, which AWS lists first."""

    def pick(entries: Any) -> str:
        names: list[str] = [entry.dns_name for entry in entries]
        return next((name for name in names if zone and name.partition(".")[0].endswith(f"-{zone}")), names[0])

    return endpoint.dns_entries.apply(pick)
