"""Who is who on a cell: the nodes' own account, and the principals of the fleet.

Owns      the nodes' service account and the grants on the project.
Refuses   broad roles: all but the platform may only find and reach this cluster; what they may do there is for
          Kubernetes' RBAC to say. Every grant is bound to the cell's own cluster by a condition, so that a project
          may hold several cells and deleting one takes nothing from another.
"""

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Access, Identity

ADMINISTRATOR = "roles/container.admin"
VISITOR = "roles/container.clusterViewer"


def node_account(
    parent: Component, provider: pulumi.ProviderResource, identity: Identity, after: list[pulumi.Resource]
) -> tuple[gcp.serviceaccount.Account, gcp.projects.IAMMember]:
    """The account of the nodes, which may write logs and metrics and nothing else, and its grant."""
    account = gcp.serviceaccount.Account(
        f"{identity.cell}-nodes-account",
        project=identity.account,
        account_id=names.cell_resource(identity.cell, "nodes", limit=30),
        display_name=f"nodes of cell {identity.cell}",
        opts=parent.child(provider, after=after),
    )
    grant = gcp.projects.IAMMember(
        f"{identity.cell}-nodes-role",
        project=identity.account,
        role="roles/container.defaultNodeServiceAccount",
        member=account.member,
        opts=parent.child(provider),
    )
    return account, grant


def principals(
    parent: Component, provider: pulumi.ProviderResource, identity: Identity, access: Access, cluster: str
) -> None:
    """Let the principals reach the cluster of that name."""
    full = f"projects/{identity.account}/locations/{identity.region}/clusters/{cluster}"
    for kind, principal in sorted(access.given.items()):
        gcp.projects.IAMMember(
            f"{identity.cell}-{kind}-role",
            project=identity.account,
            role=ADMINISTRATOR if kind == "platform" else VISITOR,
            member=f"serviceAccount:{principal}",
            condition=gcp.projects.IAMMemberConditionArgs(
                title=f"{cluster}-{kind}", expression=f'resource.name == "{full}"'
            ),
            opts=parent.child(provider),
        )
