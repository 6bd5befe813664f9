"""Other networks that are peered with a cell's, one by one.

Owns      our end, with rights in the other project also theirs, and what their people must do where we have none.
Refuses   custom routes either way: a peer's default route or VPN must not become the cell's; and requests, which GCP
          does not have: a peering is active once both ends stand.
"""

from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import names
from components.base import Component
from components.cell.network_spec import Peering
from components.clouds.contract import Identity, NetworkRequest
from components.clouds.gcp import paths
from components.clouds.gcp.labels import labels
from components.clouds.gcp.vpc import Vpc
from components.clouds.gcp.zones import visible_to


def peerings(
    parent: Component, provider: pulumi.ProviderResource, request: NetworkRequest, vpc: Vpc
) -> dict[str, dict[str, Any]]:
    """Make every peering, one after the other: a network takes one change of its peerings at a time."""
    told: dict[str, dict[str, Any]] = {}
    before: list[pulumi.Resource] = [*vpc.after]
    for name, peering in sorted(request.spec.peerings.items()):
        cell = request.identity.cell
        ours = _end(
            parent,
            provider,
            f"{cell}-peering-{name}",
            names.cell_resource(cell, name),
            vpc.link,
            paths.link(peering.network),
            before,
        )
        before, told[name] = [ours], {"id": ours.id, "state": ours.state}
        if peering.side == "both":
            before.append(_theirs(parent, provider, request, vpc, name, peering, ours))
        else:
            told[name]["instructions"] = _instructions(request, vpc, peering)
    return told


def _end(
    parent: Component,
    provider: pulumi.ProviderResource,
    logical: str,
    physical: str,
    network: pulumi.Input[str],
    other: pulumi.Input[str],
    after: list[pulumi.Resource],
) -> gcp.compute.NetworkPeering:
    return gcp.compute.NetworkPeering(
        logical,
        name=physical,
        network=network,
        peer_network=other,
        export_custom_routes=False,
        import_custom_routes=False,
        export_subnet_routes_with_public_ip=False,
        import_subnet_routes_with_public_ip=False,
        stack_type="IPV4_ONLY",
        opts=parent.child(provider, after=after),
    )


def _theirs(
    parent: Component,
    provider: pulumi.ProviderResource,
    request: NetworkRequest,
    vpc: Vpc,
    name: str,
    peering: Peering,
    ours: gcp.compute.NetworkPeering,
) -> pulumi.Resource:
    """Their end, and a zone in their network whose questions are answered in ours."""
    identity, role = request.identity, f"peering-{name}"
    there = _provider(parent, identity, role, peering) if peering.principal else provider
    physical, network = names.cell_resource(identity.cell), paths.link(peering.network)
    end = _end(parent, there, f"{identity.cell}-{role}-theirs", physical, network, vpc.link, [ours])
    if not peering.dns:
        return end
    allowed: list[pulumi.Resource] = [end]
    if peering.principal:
        allowed.append(
            gcp.projects.IAMMember(
                f"{identity.cell}-{role}-dns-role",
                project=identity.account,
                role="roles/dns.peer",
                member=f"serviceAccount:{peering.principal}",
                opts=parent.child(provider),
            )
        )
    gcp.dns.ManagedZone(
        f"{identity.cell}-{role}-dns",
        project=paths.project(peering.network),
        name=physical,
        dns_name=f"{request.private_dns_zone}.",
        description=f"names of cell {identity.cell}, answered in its network",
        visibility="private",
        private_visibility_config=visible_to(network),
        peering_config=gcp.dns.ManagedZonePeeringConfigArgs(
            target_network=gcp.dns.ManagedZonePeeringConfigTargetNetworkArgs(network_url=vpc.link)
        ),
        labels=labels(identity.tags),
        opts=parent.child(there, after=allowed),
    )
    return end


def _provider(parent: Component, identity: Identity, role: str, peering: Peering) -> gcp.Provider:
    """The provider that acts in their project, as the principal that they gave us."""
    return gcp.Provider(
        f"{identity.cell}-{role}-provider",
        project=paths.project(peering.network),
        region=identity.region,
        zone=min(identity.zones),
        impersonate_service_account=peering.principal,
        default_labels=labels(identity.tags),
        add_pulumi_attribution_label=False,
        user_project_override=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _instructions(request: NetworkRequest, vpc: Vpc, peering: Peering) -> list[str]:
    identity = request.identity
    theirs, their_network = paths.project(peering.network), paths.last(peering.network)
    physical = names.cell_resource(identity.cell)
    made = [
        f"gcloud compute networks peerings create {physical} --project={theirs} --network={their_network} "
        f"--peer-project={identity.account} --peer-network={vpc.name} --stack-type=IPV4_ONLY",
    ]
    return made + (resolving(request, vpc, theirs, their_network) if peering.dns else [])


def resolving(request: NetworkRequest, vpc: Vpc, project: str, network: str) -> list[str]:
    """What makes the cell's names resolve in another network: first a right that we give, then their zone."""
    identity = request.identity
    return [
        f"gcloud projects add-iam-policy-binding {identity.account} --role=roles/dns.peer --member=WHO-RUNS-THE-NEXT",
        f"gcloud dns managed-zones create {names.cell_resource(identity.cell)} --project={project} "
        f"--dns-name={request.private_dns_zone}. --description=kafka-cell-{identity.cell} --visibility=private "
        f"--networks={network} --target-project={identity.account} --target-network={vpc.name}",
    ]
