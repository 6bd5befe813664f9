"""The GKE cluster itself, without its nodes.

Owns      the arguments of the regional control plane: endpoints, encryption, data plane, maintenance.
Refuses   Autopilot (brokers need nodes of their own) and the default node pool (removed at once).
"""

import datetime

import pulumi
import pulumi_gcp as gcp

from components import names
from components.clouds.contract import Identity
from components.clouds.gcp.keys import Keys
from components.clouds.gcp.labels import labels
from components.clouds.gcp.network import gcp_network
from components.clouds.gcp.pods import MAX_PODS
from components.clouds.gcp.spec import MAINTENANCE_HOURS, GcpSpec
from components.clouds.resources import KubernetesRequest

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EPOCH = datetime.date(2026, 1, 1)
"""Any day in the past: GKE wants the first occurrence of a window, and only its hours count."""

_container = gcp.container


def cluster_name(identity: Identity) -> str:
    """Physical name of the cell's cluster. GKE takes 40 characters."""
    return names.cell_resource(identity.cell, limit=40)


def _maintenance(spec: GcpSpec) -> _container.ClusterMaintenancePolicyArgs:
    start = datetime.datetime.combine(_EPOCH, datetime.time(spec.maintenance_start_hour_utc))
    end = start + datetime.timedelta(hours=MAINTENANCE_HOURS)
    days = ",".join(sorted(set(spec.maintenance_days), key=_WEEK.index))
    return _container.ClusterMaintenancePolicyArgs(
        recurring_window=_container.ClusterMaintenancePolicyRecurringWindowArgs(
            start_time=f"{start:%Y-%m-%dT%H:%M:%SZ}",
            end_time=f"{end:%Y-%m-%dT%H:%M:%SZ}",
            recurrence=f"FREQ=WEEKLY;BYDAY={days}",
        ),
        maintenance_exclusions=[
            # The channel would raise the minor version by itself; here it changes with the cell's file only.
            _container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
                exclusion_name="minor-versions-by-review",
                start_time=f"{_EPOCH:%Y-%m-%d}T00:00:00Z",
                exclusion_options=_container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
                    scope="NO_MINOR_UPGRADES", end_time_behavior="UNTIL_END_OF_SUPPORT"
                ),
            )
        ],
    )


def _authorized(request: KubernetesRequest) -> _container.ClusterMasterAuthorizedNetworksConfigArgs:
    ranges = dict.fromkeys(request.ranges.inside, "cell")
    if request.api == "public":
        ranges |= dict.fromkeys(request.api_allowed_cidrs, "api_allowed_cidrs")
    return _container.ClusterMasterAuthorizedNetworksConfigArgs(
        # Otherwise any machine on Google Cloud, of any customer, may knock.
        gcp_public_cidrs_access_enabled=False,
        private_endpoint_enforcement_enabled=True,
        cidr_blocks=[
            _container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=cidr, display_name=ranges[cidr])
            for cidr in sorted(ranges)
        ],
    )


def cluster_args(
    request: KubernetesRequest, spec: GcpSpec, keys: Keys, node_account: pulumi.Output[str]
) -> _container.ClusterArgs:
    """The control plane that `request` asks for."""
    identity = request.identity
    vpc = gcp_network(request.network).vpc
    return _container.ClusterArgs(
        project=identity.account,
        name=cluster_name(identity),
        location=identity.region,
        node_locations=sorted(identity.zones),
        min_master_version=request.version,
        release_channel=_container.ClusterReleaseChannelArgs(channel=spec.release_channel),
        deletion_protection=identity.production,
        resource_labels=labels(identity.tags),
        network=request.network.id,
        subnetwork=request.network.node_subnet_ids[min(identity.zones)],
        networking_mode="VPC_NATIVE",
        ip_allocation_policy=_container.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=vpc.pods, services_secondary_range_name=vpc.services, stack_type="IPV4"
        ),
        datapath_provider="ADVANCED_DATAPATH",
        default_max_pods_per_node=MAX_PODS["system"],
        enable_l4_ilb_subsetting=True,
        private_cluster_config=_container.ClusterPrivateClusterConfigArgs(
            enable_private_nodes=True,
            enable_private_endpoint=request.api == "private",
            master_ipv4_cidr_block=request.ranges.control_plane,
        ),
        control_plane_endpoints_config=_container.ClusterControlPlaneEndpointsConfigArgs(
            dns_endpoint_config=_container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                allow_external_traffic=spec.dns_endpoint
            ),
            ip_endpoints_config=_container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(enabled=True),
        ),
        master_authorized_networks_config=_authorized(request),
        master_auth=_container.ClusterMasterAuthArgs(
            client_certificate_config=_container.ClusterMasterAuthClientCertificateConfigArgs(
                issue_client_certificate=False
            )
        ),
        anonymous_authentication_config=_container.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED"),
        rbac_binding_config=_container.ClusterRbacBindingConfigArgs(
            enable_insecure_binding_system_authenticated=False, enable_insecure_binding_system_unauthenticated=False
        ),
        workload_identity_config=_container.ClusterWorkloadIdentityConfigArgs(
            workload_pool=f"{identity.account}.svc.id.goog"
        ),
        database_encryption=_container.ClusterDatabaseEncryptionArgs(state="ENCRYPTED", key_name=keys.etcd.id),
        enable_shielded_nodes=True,
        addons_config=_container.ClusterAddonsConfigArgs(
            dns_cache_config=_container.ClusterAddonsConfigDnsCacheConfigArgs(enabled=True),
            gce_persistent_disk_csi_driver_config=_container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(
                enabled=True
            ),
        ),
        # Control-plane logs only: brokers log far more than anyone pays for.
        logging_config=_container.ClusterLoggingConfigArgs(
            enable_components=["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS"]
        ),
        monitoring_config=_container.ClusterMonitoringConfigArgs(
            enable_components=["SYSTEM_COMPONENTS"],
            managed_prometheus=_container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=False),
        ),
        cost_management_config=_container.ClusterCostManagementConfigArgs(enabled=True),
        maintenance_policy=_maintenance(spec),
        remove_default_node_pool=True,
        initial_node_count=1,
        # The default pool lives for minutes, but an organisation may forbid disks without a key even then.
        node_config=_container.ClusterNodeConfigArgs(boot_disk_kms_key=keys.disks.id, service_account=node_account),
    )
