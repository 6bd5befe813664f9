"""The DNS zones of a cell: a private one in its network, and a public one where clients come from the internet.

Owns      the zones.
Refuses   records: the gateway's stand with the gateway, all others are external-dns' work.
"""

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder
from components.clouds.contract import NetworkRequest


def private_zone(build: Builder, request: NetworkRequest, vpc_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Id of the private zone: the company's own where the file names one."""
    existing = request.spec.existing
    if existing is not None and existing.private_dns_zone is not None:
        return pulumi.Output.from_input(existing.private_dns_zone)
    zone = aws.route53.Zone(
        build.logical("dns"),
        aws.route53.ZoneArgs(
            name=request.private_dns_zone,
            comment=f"Kafka of cell {request.identity.cell}",
            force_destroy=False,
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc_id)],
            tags=build.tags("dns"),
        ),
        # Peers' networks are associated beside the zone, and a refresh lists them here: they are no drift.
        build.carries_data(ignore=["vpcs"]),
    )
    return zone.zone_id


def public_zone(build: Builder, request: NetworkRequest) -> aws.route53.Zone | None:
    """The zone that the internet sees. Whoever owns the parent domain delegates to its name servers."""
    if not request.public_dns_zone:
        return None
    return aws.route53.Zone(
        build.logical("public-dns"),
        aws.route53.ZoneArgs(
            name=request.public_dns_zone,
            comment=f"Kafka of cell {request.identity.cell}, from outside",
            force_destroy=False,
            tags=build.tags("public-dns"),
        ),
        build.carries_data(),
    )
