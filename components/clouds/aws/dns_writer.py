"""The identity by which external-dns writes records: into the cell's own zones, and into no other.

Owns      its role, the binding to its service account, and the chart's values that follow from AWS.
Refuses   which names are written: the platform gives the chart the cell's domains.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, document
from components.clouds.aws.network import Network
from components.clouds.aws.roles import pod_trust, role

NAMESPACE = ACCOUNT = "external-dns"


def dns_writer(build: Builder, cluster: aws.eks.Cluster, network: Network) -> Mapping[str, Any]:
    """Make the identity. Returned: values of external-dns' chart."""
    zones = [network.private_dns_zone_id]
    if network.public_dns_zone_id is not None:
        zones.append(network.public_dns_zone_id)
    writer = role(
        build,
        "external-dns",
        f"Writes the records of cell {build.identity.cell}: external-dns",
        pod_trust(build, NAMESPACE, ACCOUNT),
        own=pulumi.Output.all(*zones).apply(_own_zones),
    )
    aws.eks.PodIdentityAssociation(
        build.logical("external-dns-identity"),
        aws.eks.PodIdentityAssociationArgs(
            cluster_name=cluster.name,
            namespace=NAMESPACE,
            service_account=ACCOUNT,
            role_arn=writer.arn,
            tags=build.tags("external-dns"),
        ),
        build.plain(after=writer.ready),
    )
    return {
        "provider": {"name": "aws"},
        "serviceAccount": {"create": True, "name": ACCOUNT},
        "env": [{"name": "AWS_DEFAULT_REGION", "value": build.identity.region}],
        "extraArgs": [pulumi.Output.concat("--zone-id-filter=", zone) for zone in zones],
    }


def _own_zones(zones: list[str]) -> str:
    own = [f"arn:aws:route53:::hostedzone/{zone}" for zone in sorted(zones)]
    return document(
        {
            "Action": ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
            "Effect": "Allow",
            "Resource": own,
        },
        {
            "Action": ["route53:ListTagsForResource", "route53:ListTagsForResources"],
            "Effect": "Allow",
            "Resource": own,
        },
        # Names of zones only; this action knows no resource.
        {"Action": ["route53:ListHostedZones"], "Effect": "Allow", "Resource": ["*"]},
    )
