"""The endpoint service by which listed accounts reach the cell's gateway, with whatever addresses they have.

Owns      the service, who may see it, and which connections are accepted.
Refuses   private DNS names by AWS: they need a public domain's proof; consumers have a zone of their own (`links.py`).
Identity  consumers write the service's name down; a service that is replaced is another one, so it is protected.
"""

import pulumi_aws as aws

from components.cell.network_spec import PrivateLink
from components.clouds.aws.builder import Builder


def link_service(build: Builder, link: PrivateLink, balancer: aws.lb.LoadBalancer) -> aws.ec2.VpcEndpointService:
    """Offer the load balancer to the consumers of `link`."""
    service = aws.ec2.VpcEndpointService(
        build.logical("gateway-link"),
        aws.ec2.VpcEndpointServiceArgs(
            acceptance_required=link.acceptance == "manual",
            network_load_balancer_arns=[balancer.arn],
            supported_ip_address_types=["ipv4"],
            tags=build.tags("gateway"),
        ),
        build.carries_data(),
    )
    allowed = [
        aws.ec2.VpcEndpointServiceAllowedPrinciple(
            build.logical(f"gateway-link-{account}"),
            aws.ec2.VpcEndpointServiceAllowedPrincipleArgs(
                vpc_endpoint_service_id=service.id, principal_arn=f"arn:aws:iam::{account}:root"
            ),
            build.plain(),
        )
        for account in sorted(link.consumers)
    ]
    for connection in sorted(link.accepted) if link.acceptance == "manual" else ():
        aws.ec2.VpcEndpointConnectionAccepter(
            build.logical(f"gateway-link-{connection}"),
            aws.ec2.VpcEndpointConnectionAccepterArgs(vpc_endpoint_service_id=service.id, vpc_endpoint_id=connection),
            build.plain(after=allowed),
        )
    return service
