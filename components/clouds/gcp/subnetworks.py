"""The subnetworks of a cell. GCP's subnetworks are regional: one of each kind spans all zones.

Owns      `nodes` (with the secondary ranges of pods and services) and `lb` (load balancers), with their flow logs; the
          form of any other (`endpoints`, where the cell consumes private links).
Refuses   to compute a range: all come from the cell's layout.
Identity  the names of the secondary ranges are what the Kubernetes cluster refers to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.clouds.contract import Identity, NetworkRequest
from components.clouds.gcp import logs

PODS, SERVICES = "pods", "services"
NODES_ROLE, LOAD_BALANCERS_ROLE, ENDPOINTS_ROLE = "nodes", "lb", "endpoints"


@dataclass(frozen=True)
class Subnetworks:
    """Both subnetworks of a cell."""

    nodes: gcp.compute.Subnetwork
    load_balancers: gcp.compute.Subnetwork


def subnetwork(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    role: str,
    cidr: str,
    network: pulumi.Output[str],
    secondary: Mapping[str, str],
) -> gcp.compute.Subnetwork:
    """Make one ordinary subnetwork in `network`, given by its link."""
    return gcp.compute.Subnetwork(
        f"{identity.cell}-{role}",
        project=identity.account,
        region=identity.region,
        name=names.cell_resource(identity.cell, role),
        network=network,
        ip_cidr_range=cidr,
        purpose="PRIVATE",
        stack_type="IPV4_ONLY",
        # Nodes have no public address: this is how they reach Google's registries and APIs.
        private_ip_google_access=True,
        secondary_ip_ranges=[
            gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=name, ip_cidr_range=secondary[name])
            for name in sorted(secondary)
        ],
        log_config=gcp.compute.SubnetworkLogConfigArgs(
            aggregation_interval="INTERVAL_1_MIN", flow_sampling=0.5, metadata="INCLUDE_ALL_METADATA"
        ),
        opts=parent.child(provider, protect=identity.production),
    )


def subnetworks(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, network: gcp.compute.Network
) -> Subnetworks:
    """Make both subnetworks in `network`."""
    identity, ranges = request.identity, request.ranges
    inner = {PODS: ranges.pods, SERVICES: ranges.services}
    at = network.self_link
    return Subnetworks(
        nodes=subnetwork(parent, provider, identity, NODES_ROLE, ranges.regional, at, inner),
        load_balancers=subnetwork(parent, provider, identity, LOAD_BALANCERS_ROLE, ranges.regional_public, at, {}),
    )


def flow_logs(request: NetworkRequest) -> logs.Logs:
    """Where the flow logs of the cell's subnetworks go."""
    identity = request.identity
    roles = sorted({LOAD_BALANCERS_ROLE, NODES_ROLE} | ({ENDPOINTS_ROLE} if request.links else set()))
    found = " OR ".join(f'"{names.cell_resource(identity.cell, role)}"' for role in roles)
    return logs.Logs(
        role="flow-logs",
        query=(
            f'log_id("compute.googleapis.com/vpc_flows") AND resource.type="gce_subnetwork" '
            f'AND resource.labels.location:"{identity.region}" AND resource.labels.subnetwork_name=({found})'
        ),
        retention_days=request.spec.flow_logs_retention_days,
    )
