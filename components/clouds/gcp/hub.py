"""The Network Connectivity Center hub that a cell's network is attached to.

Owns      the attachment (a VPC spoke), and the hub itself where the cell makes one.
Refuses   routes: a hub hands every spoke the subnet ranges of all others by itself, so `hub.cidrs` opens the firewall
          and nothing more.
Identity  others are attached to a hub that a cell made: it is protected in production.
"""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.cell.network_spec import NewHub
from components.clouds.contract import Identity, NetworkRequest
from components.clouds.gcp import paths
from components.clouds.gcp.labels import labels
from components.clouds.gcp.peering import resolving
from components.clouds.gcp.vpc import Vpc

APIS = ("networkconnectivity",)

GROUP = "default"
"""The one group of a mesh. Its `auto_accept` says whose spokes need nobody's approval."""


def attach(
    parent: Component,
    provider: pulumi.ProviderResource,
    request: NetworkRequest,
    vpc: Vpc,
    enabled: Sequence[pulumi.Resource],
) -> dict[str, Any]:
    """Attach the network, making the hub first where the cell asks for a new one."""
    identity, wanted = request.identity, request.spec.hub
    if wanted is None:
        return {}
    new = wanted.new
    hub = _new(parent, provider, identity, new, enabled) if new else None
    spoke = gcp.networkconnectivity.Spoke(
        f"{identity.cell}-hub-spoke",
        project=identity.account,
        name=names.cell_resource(identity.cell),
        location="global",
        hub=hub.id if hub else wanted.id or "",
        description=f"network of cell {identity.cell}",
        linked_vpc_network=gcp.networkconnectivity.SpokeLinkedVpcNetworkArgs(
            uri=vpc.link,
            # Addresses of Kubernetes services mean something inside the cluster only; told to the hub, no other cell
            # could use them again.
            exclude_export_ranges=[request.ranges.services],
        ),
        labels=labels(identity.tags),
        opts=parent.child(provider, after=enabled),
    )
    path = hub.id if hub else pulumi.Output.from_input(wanted.id or "")
    todo = _of_new(request, vpc, new) if new else _of_theirs(request, vpc, wanted.id or "")
    return {"id": path, "attachment": spoke.id, "state": spoke.state, "instructions": todo}


def _new(
    parent: Component,
    provider: pulumi.ProviderResource,
    identity: Identity,
    new: NewHub,
    enabled: Sequence[pulumi.Resource],
) -> gcp.networkconnectivity.Hub:
    hub = gcp.networkconnectivity.Hub(
        f"{identity.cell}-hub",
        project=identity.account,
        name=names.cell_resource(identity.cell),
        description=f"transit hub made by cell {identity.cell}",
        preset_topology="MESH",
        # Private links are consumed by one network each, and their providers count connections.
        export_psc=False,
        labels=labels(identity.tags),
        opts=parent.child(provider, protect=identity.production, after=enabled),
    )
    if new.shared_with:
        gcp.networkconnectivity.Group(
            f"{identity.cell}-hub-group",
            project=identity.account,
            hub=hub.id,
            name=GROUP,
            auto_accept=gcp.networkconnectivity.GroupAutoAcceptArgs(auto_accept_projects=sorted(new.shared_with)),
            labels=labels(identity.tags),
            opts=parent.child(provider),
        )
    return hub


def _path(identity: Identity) -> str:
    return f"projects/{identity.account}/locations/global/hubs/{names.cell_resource(identity.cell)}"


def _of_new(request: NetworkRequest, vpc: Vpc, new: NewHub) -> list[str]:
    """What those who share the hub do, each in a project of their own."""
    identity, hub = request.identity, _path(request.identity)
    if not new.shared_with:
        return []
    return [
        f"gcloud network-connectivity hubs groups add-iam-policy-binding {GROUP} --project={identity.account} "
        f"--hub={names.cell_resource(identity.cell)} --role=roles/networkconnectivity.groupUser "
        "--member=WHO-RUNS-THE-NEXT",
        *(
            f"gcloud network-connectivity spokes linked-vpc-network create SPOKE --project={project} --global "
            f"--hub={hub} --vpc-network=projects/{project}/global/networks/NETWORK"
            for project in sorted(new.shared_with)
        ),
        *resolving(request, vpc, "PROJECT", "NETWORK"),
    ]


def _of_theirs(request: NetworkRequest, vpc: Vpc, hub: str) -> list[str]:
    """What the owners of the hub do; spokes of the hub's own project are accepted by themselves."""
    identity, owner = request.identity, paths.project(hub)
    accept = (
        f"gcloud network-connectivity hubs accept-spoke {paths.last(hub)} --project={owner} "
        f"--spoke=projects/{identity.account}/locations/global/spokes/{names.cell_resource(identity.cell)}"
    )
    theirs = [] if owner == identity.account else [accept]
    return [*theirs, *resolving(request, vpc, "PROJECT", "NETWORK")]
