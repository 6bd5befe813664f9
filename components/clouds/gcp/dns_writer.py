"""Who writes the records of load balancers and pods: external-dns, as a Google service account of its own.

Owns      the account, its rights to the cell's own zones, and what external-dns' chart must say to act as it.
Refuses   rights to any other zone: it may see which zones the project has, and change the cell's.
"""

from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity
from components.clouds.gcp import paths
from components.clouds.resources import Network

NAMESPACE = SERVICE_ACCOUNT = "external-dns"


def dns_writer(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    network: Network,
    enabled: list[pulumi.Resource],
    cluster: pulumi.Resource,
) -> dict[str, Any]:
    """Make the account and its rights; the values of external-dns' chart."""
    cell, project = identity.cell, identity.account
    account = gcp.serviceaccount.Account(
        f"{cell}-dns-account",
        project=project,
        account_id=names.cell_resource(cell, "dns", limit=30),
        display_name=f"external-dns of cell {cell}",
        opts=parent.child(provider, after=enabled),
    )
    gcp.serviceaccount.IAMMember(
        f"{cell}-dns-account-user",
        service_account_id=account.name,
        role="roles/iam.workloadIdentityUser",
        member=f"serviceAccount:{project}.svc.id.goog[{NAMESPACE}/{SERVICE_ACCOUNT}]",
        # The project's identity pool is born with its first cluster.
        opts=parent.child(provider, after=[cluster]),
    )
    gcp.projects.IAMMember(
        f"{cell}-dns-reader",
        project=project,
        role="roles/dns.reader",
        member=account.member,
        opts=parent.child(provider),
    )
    zones = {"private": network.private_dns_zone_id}
    if network.public_dns_zone_id is not None:
        zones["public"] = network.public_dns_zone_id
    for visibility, zone in sorted(zones.items()):
        gcp.dns.DnsManagedZoneIamMember(
            f"{cell}-dns-writer-{visibility}",
            project=project,
            managed_zone=zone.apply(paths.last),
            role="roles/dns.admin",
            member=account.member,
            opts=parent.child(provider),
        )
    return {
        "provider": {"name": "google"},
        "extraArgs": [f"--google-project={project}"],
        "serviceAccount": {
            "create": True,
            "name": SERVICE_ACCOUNT,
            "annotations": {"iam.gke.io/gcp-service-account": account.email},
        },
    }
