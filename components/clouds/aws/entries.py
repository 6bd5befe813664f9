"""Who may enter a cell's EKS cluster: access entries for the cell's principals, and nobody else.

Owns      the entries, and the one policy association (the platform's).
Refuses   EKS policies for anyone but the platform: their rights are RBAC roles of the cell's platform, bound to the
          groups named here, so that they read the same on every cloud.
"""

import pulumi_aws as aws

from components.clouds.aws.builder import Builder
from components.clouds.contract import KUBERNETES_GROUPS, Access

ADMINISTRATOR = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def access_entries(build: Builder, cluster: aws.eks.Cluster, access: Access) -> list[aws.eks.AccessPolicyAssociation]:
    """Let the principals in. Returned: what must stand before the platform can apply anything."""
    entries = {
        kind: aws.eks.AccessEntry(
            build.logical(f"access-{kind}"),
            aws.eks.AccessEntryArgs(
                cluster_name=cluster.name,
                principal_arn=principal,
                kubernetes_groups=[KUBERNETES_GROUPS[kind]] if kind in KUBERNETES_GROUPS else None,
                type="STANDARD",
                tags=build.tags(f"access-{kind}"),
            ),
            build.plain(),
        )
        for kind, principal in access.given.items()
    }
    return [
        aws.eks.AccessPolicyAssociation(
            build.logical("access-platform-administrator"),
            aws.eks.AccessPolicyAssociationArgs(
                cluster_name=cluster.name,
                principal_arn=access.platform,
                policy_arn=ADMINISTRATOR,
                access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            ),
            build.plain(after=[entries["platform"]]),
        )
    ]
