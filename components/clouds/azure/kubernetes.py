"""The Kubernetes cluster of one cell on Azure: AKS.

Owns      the cluster, its maintenance windows, and the order identities -> keys -> cluster -> nodes.
Refuses   local accounts: whoever logs in is someone in Entra, and what they may do is said by RBAC in the cluster.
Identity  the cluster's name; its node resource group holds every broker's disk, so the cluster is protected.
"""

import base64
import ipaddress

import pulumi
import yaml
from pulumi_azure_native import containerservice

from components import names
from components.clouds import resources as contract
from components.clouds.azure import audit_logs, dns_writer, identities, ids, keys, nodes
from components.clouds.azure.rules import POD_CIDR
from components.clouds.azure.spec import AzureSpec
from components.clouds.resources import KubernetesRequest

_WINDOWS = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
"""AKS gives these two names their meaning: patches of Kubernetes, and images of the nodes."""


class Kubernetes(contract.Kubernetes):
    """Build the cluster that `request` asks for."""

    def __init__(
        self,
        name: str,
        request: KubernetesRequest,
        spec: AzureSpec,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("clouds", name, opts)
        if request.system_nodes.least_per_zone < 1:
            raise ValueError(
                f"{request.identity.cell}: kubernetes.system_nodes.least_per_zone is "
                f"{request.system_nodes.least_per_zone}; AKS wants at least 1 node in each system pool"
            )
        self._request, self._spec, self._azure = request, spec, provider
        who = identities.build(self, request, provider)
        held = keys.build(self, request, spec, who, provider)
        first, *others = nodes.pools(request, "system")
        cluster = self._cluster(who, held, first)
        separate = [
            nodes.separate(self, request, pool, cluster, provider) for pool in (*others, *nodes.pools(request, "kafka"))
        ]
        for window in _WINDOWS:
            self._maintenance(window, cluster)
        audit_logs.build(self, request, cluster, provider)

        self.cluster_name = cluster.name
        self.cluster_id = cluster.id
        host = cluster.private_fqdn if request.api == "private" else cluster.fqdn
        self.endpoint = host.apply(lambda given: f"https://{given}:443")
        self.ca_certificate = self._ca_certificate(cluster)
        self.disk_key = held.disks.id
        self.dns_writer = dns_writer.build(self, request, spec, cluster, provider)
        self.ready = (cluster, *separate)
        self.done(
            {
                "cluster_name": self.cluster_name,
                "cluster_id": self.cluster_id,
                "endpoint": self.endpoint,
                "ca_certificate": self.ca_certificate,
                "disk_key": self.disk_key,
            }
        )

    def _cluster(
        self, who: identities.Identities, held: keys.Keys, first: nodes.Pool
    ) -> containerservice.ManagedCluster:
        request, identity = self._request, self._request.identity
        name = names.cell_resource(identity.cell, limit=63)
        return containerservice.ManagedCluster(
            f"{identity.cell}-aks",
            resource_name_=name,
            resource_group_name=ids.resource_group(identity),
            node_resource_group=ids.node_resource_group(identity),
            location=identity.region,
            dns_prefix=names.cell_resource(identity.cell, limit=54),
            kubernetes_version=request.version,
            sku=containerservice.ManagedClusterSKUArgs(name="Base", tier="Standard"),
            support_plan="KubernetesOfficial",
            enable_rbac=True,
            disable_local_accounts=True,
            disk_encryption_set_id=held.disks.id,
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[who.control.id],
            ),
            identity_profile={
                "kubeletidentity": containerservice.UserAssignedIdentityArgs(
                    resource_id=who.kubelet.id, client_id=who.kubelet.client_id, object_id=who.kubelet.principal_id
                )
            },
            aad_profile=containerservice.ManagedClusterAADProfileArgs(
                managed=True,
                enable_azure_rbac=False,
                admin_group_object_ids=[request.access.platform],
                tenant_id=self._spec.tenant_id,
            ),
            agent_pool_profiles=[nodes.inline(request, first)],
            network_profile=self._network_profile(),
            api_server_access_profile=self._api_access(),
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            security_profile=containerservice.ManagedClusterSecurityProfileArgs(
                workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
                image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
                    enabled=True, interval_hours=168
                ),
                azure_key_vault_kms=containerservice.AzureKeyVaultKmsArgs(
                    enabled=True, key_id=held.etcd, key_vault_network_access="Public"
                ),
            ),
            storage_profile=containerservice.ManagedClusterStorageProfileArgs(
                disk_csi_driver=containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
                file_csi_driver=containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=False),
                snapshot_controller=containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(enabled=True),
            ),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel=containerservice.UpgradeChannel.PATCH, node_os_upgrade_channel="NodeImage"
            ),
            tags=identity.tags,
            opts=self.child(
                self._azure,
                protect=identity.production,
                after=(*request.network.ready, *who.grants, *held.grants),
                # The autoscaler moves it between least and most.
                ignore_changes=["agentPoolProfiles[0].count"],
            ),
        )

    def _network_profile(self) -> containerservice.ContainerServiceNetworkProfileArgs:
        services = self._request.ranges.services
        return containerservice.ContainerServiceNetworkProfileArgs(
            network_plugin="azure",
            network_plugin_mode="overlay",
            network_dataplane="cilium",
            network_policy="cilium",
            pod_cidr=POD_CIDR,
            service_cidr=services,
            # The tenth address: AKS keeps the first for the API server.
            dns_service_ip=str(ipaddress.IPv4Network(services)[10]),
            ip_families=["IPv4"],
            load_balancer_sku="standard",
            outbound_type="userAssignedNATGateway",
        )

    def _api_access(self) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
        request = self._request
        if request.api == "private":
            return containerservice.ManagedClusterAPIServerAccessProfileArgs(
                enable_private_cluster=True,
                enable_private_cluster_public_fqdn=False,
                private_dns_zone="system",
                disable_run_command=True,
            )
        # Nodes come from the NAT gateways' addresses too, and AKS adds only its own load balancer's by itself.
        ranges = pulumi.Output.all(*request.network.egress_ips).apply(
            lambda addresses: sorted({*request.api_allowed_cidrs, *(f"{address}/32" for address in addresses)})
        )
        return containerservice.ManagedClusterAPIServerAccessProfileArgs(
            enable_private_cluster=False, authorized_ip_ranges=ranges, disable_run_command=True
        )

    def _maintenance(self, window: str, cluster: containerservice.ManagedCluster) -> None:
        identity = self._request.identity
        containerservice.MaintenanceConfiguration(
            f"{identity.cell}-{window}",
            config_name=window,
            resource_name_=cluster.name,
            resource_group_name=ids.resource_group(identity),
            maintenance_window=containerservice.MaintenanceWindowArgs(
                duration_hours=8,
                start_time=self._spec.maintenance_start_utc,
                utc_offset="+00:00",
                schedule=containerservice.ScheduleArgs(
                    weekly=containerservice.WeeklyScheduleArgs(
                        day_of_week=containerservice.WeekDay(self._spec.maintenance_day), interval_weeks=1
                    )
                ),
            ),
            opts=self.child(self._azure),
        )

    def _ca_certificate(self, cluster: containerservice.ManagedCluster) -> pulumi.Output[str]:
        """AKS tells its certificate authority nowhere but in a kubeconfig; that one holds no credential."""
        found = containerservice.list_managed_cluster_user_credentials_output(
            resource_group_name=ids.resource_group(self._request.identity),
            resource_name=cluster.name,
            format="exec",
            opts=pulumi.InvokeOutputOptions(parent=self, provider=self._azure),
        )
        return pulumi.Output.unsecret(found.apply(lambda given: certificate_authority(given.kubeconfigs[0].value)))


def certificate_authority(kubeconfig: str) -> str:
    """The certificate authority in a base64 kubeconfig, itself base64 as a kubeconfig has it."""
    document = yaml.safe_load(base64.b64decode(kubeconfig))
    authority = document["clusters"][0]["cluster"]["certificate-authority-data"]
    if not authority:
        raise ValueError("the kubeconfig that AKS returned names no certificate authority")
    return str(authority)
