"""The Kubernetes cluster of one cell: EKS with its keys, logs, nodes, add-ons and access entries.

Owns      the control plane, and the order in which the rest of the cluster comes up around it.
Refuses   Kubernetes objects (the cell's platform makes them), and the aws-auth ConfigMap: access is by entries only.
Identity  the cluster's id is its endpoint: EKS puts a random part into it, so a cluster that was deleted and made
          again under the same name is not taken for the old one.
"""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.clouds import resources
from components.clouds.aws.addons import Addons
from components.clouds.aws.builder import Builder, document
from components.clouds.aws.dns_writer import dns_writer
from components.clouds.aws.entries import access_entries
from components.clouds.aws.keys import key, log_writers, node_launchers
from components.clouds.aws.network import Network
from components.clouds.aws.nodes import Fleet, nodes, scaling_group
from components.clouds.aws.roles import Role, role, trust
from components.clouds.aws.spec import AwsSpec
from components.clouds.resources import KubernetesRequest

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


class Kubernetes(resources.Kubernetes):
    """Make the cluster that `request` asks for."""

    node_firewall_id: pulumi.Output[str]
    """EKS' own security group, which every node is in; only this folder's gateway reads it."""
    scaling_groups: Mapping[str, pulumi.Output[str]]
    """Zone -> scaling group of its system nodes, where the gateway's pods run; only this folder's gateway reads it."""

    def __init__(
        self,
        name: str,
        request: KubernetesRequest,
        spec: AwsSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make keys, control plane, access, network add-ons, nodes, then the add-ons that need nodes."""
        super().__init__("clouds", name, opts)
        if not isinstance(request.network, Network):
            raise TypeError(f"EKS stands on this folder's own network, not on {type(request.network).__name__}")
        build = Builder(self, provider, request.identity)
        cluster = self._control_plane(build, request, spec)
        disks_key = key(build, "disks", f"Disks of cell {request.identity.cell}", spec, *node_launchers(build))
        entries = access_entries(build, cluster, request.access)
        addons = Addons(build, spec, cluster)
        groups = nodes(
            Fleet(build, spec, request, request.network, cluster, disks_key.arn, after=addons.before_nodes())
        )
        after = addons.after_nodes(disks_key.arn, list(groups.values()))

        self.cluster_name = cluster.name
        self.cluster_id = cluster.endpoint
        self.endpoint = cluster.endpoint
        self.ca_certificate = cluster.certificate_authority.apply(lambda authority: authority.data or "")
        self.disk_key = disks_key.arn
        self.dns_writer = dns_writer(build, cluster, request.network)
        self.node_firewall_id = cluster.vpc_config.apply(lambda config: config.cluster_security_group_id or "")
        self.scaling_groups = {zone: scaling_group(group) for (kind, zone), group in groups.items() if kind == "system"}
        self.ready = [*entries, *groups.values(), *after]
        self.done({"cluster_name": self.cluster_name, "endpoint": self.endpoint})

    @staticmethod
    def _logs(build: Builder, request: KubernetesRequest, spec: AwsSpec) -> aws.cloudwatch.LogGroup:
        # EKS writes to exactly this name, and would make the group itself: unencrypted, kept for ever.
        name = f"/aws/eks/{build.cluster_name}/cluster"
        logs_key = key(
            build,
            "control-plane-logs",
            f"Audit logs of EKS cluster {build.cluster_name}",
            spec,
            log_writers(build, name),
        )
        return aws.cloudwatch.LogGroup(
            build.logical("control-plane-logs"),
            aws.cloudwatch.LogGroupArgs(
                name=name,
                kms_key_id=logs_key.arn,
                retention_in_days=request.log_retention_days,
                tags=build.tags("control-plane-logs"),
            ),
            build.plain(),
        )

    @staticmethod
    def _role(build: Builder, secrets_key: aws.kms.Key) -> Role:
        return role(
            build,
            "control-plane",
            f"EKS cluster {build.cluster_name}",
            trust(
                "eks.amazonaws.com",
                StringEquals={"aws:SourceAccount": build.identity.account},
                ArnEquals={"aws:SourceArn": build.cluster_arn},
            ),
            managed=["AmazonEKSClusterPolicy"],
            own=secrets_key.arn.apply(
                lambda arn: document(
                    {
                        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
                        "Effect": "Allow",
                        "Resource": [arn],
                    }
                )
            ),
        )

    def _control_plane(self, build: Builder, request: KubernetesRequest, spec: AwsSpec) -> aws.eks.Cluster:
        secrets_key = key(build, "secrets", f"Kubernetes Secrets of cell {request.identity.cell}", spec)
        logs = self._logs(build, request, spec)
        its_role = self._role(build, secrets_key)
        public = request.api == "public"
        return aws.eks.Cluster(
            build.logical("eks"),
            aws.eks.ClusterArgs(
                name=build.cluster_name,
                role_arn=its_role.arn,
                version=request.version,
                access_config=aws.eks.ClusterAccessConfigArgs(
                    authentication_mode="API",
                    # Whoever happened to run the first apply is no administrator: the entries say who is.
                    bootstrap_cluster_creator_admin_permissions=False,
                ),
                bootstrap_self_managed_addons=False,
                deletion_protection=request.identity.production,
                enabled_cluster_log_types=list(LOG_TYPES),
                encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                    provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=secrets_key.arn),
                    resources=["secrets"],
                ),
                kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                    ip_family="ipv4", service_ipv4_cidr=request.ranges.services
                ),
                upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=spec.support_type),
                vpc_config=aws.eks.ClusterVpcConfigArgs(
                    endpoint_private_access=True,
                    endpoint_public_access=public,
                    # EKS keeps its own value while the public endpoint is off, and would show it as a change.
                    public_access_cidrs=sorted(request.api_allowed_cidrs) if public else None,
                    subnet_ids=[subnet for _, subnet in sorted(request.network.node_subnet_ids.items())],
                ),
                tags=build.tags("eks"),
            ),
            build.carries_data(after=[logs, *its_role.ready]),
        )
