"""EKS's own add-ons: the pod network before any node, DNS and the disk driver once nodes can run them.

Owns      the five add-ons, their versions where pinned, and the roles of the two that call AWS.
Refuses   add-ons by Helm: what EKS ships and patches itself is not run a second time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, document
from components.clouds.aws.roles import Role, pod_trust, role
from components.clouds.aws.spec import AwsSpec


@dataclass(frozen=True)
class Addons:
    """Makes the add-ons of one cluster."""

    build: Builder
    spec: AwsSpec
    cluster: aws.eks.Cluster

    def before_nodes(self) -> list[pulumi.Resource]:
        """What a node needs to become ready. Pods get addresses and identities from these."""
        network = role(
            self.build,
            "pod-network",
            "Gives pods their addresses: the VPC CNI",
            pod_trust(self.build, "kube-system", "aws-node"),
            managed=["AmazonEKS_CNI_Policy"],
        )
        # Without it Strimzi's NetworkPolicies are accepted and nobody enforces them.
        settings = {"enableNetworkPolicy": "true"}
        return [
            self._addon("eks-pod-identity-agent"),
            self._addon("kube-proxy"),
            self._addon("vpc-cni", ("aws-node", network), settings),
        ]

    def after_nodes(self, disk_key_arn: pulumi.Output[str], after: Sequence[pulumi.Resource]) -> list[pulumi.Resource]:
        """What runs as ordinary pods: EKS reports these as failed while there is no node."""
        disks = role(
            self.build,
            "disk-driver",
            "Makes and attaches the brokers' disks: the EBS CSI driver",
            pod_trust(self.build, "kube-system", "ebs-csi-controller-sa"),
            managed=["AmazonEBSCSIDriverPolicyV2"],
            own=disk_key_arn.apply(_use_of_disk_key),
        )
        return [
            self._addon("aws-ebs-csi-driver", ("ebs-csi-controller-sa", disks), after=after),
            self._addon("coredns", after=after),
        ]

    def _addon(
        self,
        name: str,
        identity: tuple[str, Role] | None = None,
        settings: dict[str, Any] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.eks.Addon:
        identities = None
        if identity is not None:
            account, its_role = identity
            identities = [aws.eks.AddonPodIdentityAssociationArgs(role_arn=its_role.arn, service_account=account)]
            after = (*after, *its_role.ready)
        return aws.eks.Addon(
            self.build.logical(name),
            aws.eks.AddonArgs(
                cluster_name=self.cluster.name,
                addon_name=name,
                addon_version=getattr(self.spec.addon_versions, name.replace("-", "_")),
                configuration_values=json.dumps(settings, sort_keys=True) if settings else None,
                pod_identity_associations=identities,
                # What someone changed by hand in the cluster is put back: the declaration is in Git.
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="OVERWRITE",
                tags=self.build.tags(name),
            ),
            self.build.plain(after=after),
        )


def _use_of_disk_key(key_arn: str) -> str:
    return document(
        {
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
            "Effect": "Allow",
            "Resource": [key_arn],
        },
        {
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncrypt*",
            ],
            "Effect": "Allow",
            "Resource": [key_arn],
        },
    )
