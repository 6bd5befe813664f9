"""Who the cell's machinery is towards Azure, and what it may do there.

Owns      the identities of control plane, nodes and disk encryption, and the making of role assignments.
Refuses   roles on the subscription or the resource group: each role is on the one thing that needs it. Only to read,
          and only external-dns, which lists the zones of a group (dns_writer.py).
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, managedidentity

from components import names
from components.base import Component
from components.clouds.azure import ids
from components.clouds.resources import KubernetesRequest


@dataclass(frozen=True)
class Identities:
    """`control` runs the cluster, `kubelet` the nodes, `disks` reads their key; `grants` come before the cluster."""

    control: managedidentity.UserAssignedIdentity
    kubelet: managedidentity.UserAssignedIdentity
    disks: managedidentity.UserAssignedIdentity
    grants: tuple[authorization.RoleAssignment, ...]


def grant(
    owner: Component,
    request: KubernetesRequest,
    provider: pulumi.ProviderResource,
    *,
    role: str,
    purpose: str,
    scope: pulumi.Input[str],
    principal: pulumi.Input[str],
    protect: bool = False,
    subscription: str | None = None,
) -> authorization.RoleAssignment:
    """Give `principal` a built-in role on `scope`; `purpose` tells two grants of one role apart.

    subscription  that of `scope`; by default the cell's own
    """
    identity = request.identity
    return authorization.RoleAssignment(
        f"{identity.cell}-{purpose}",
        role_assignment_name=ids.role_assignment(identity, role, purpose),
        role_definition_id=ids.role_definition(subscription or identity.account, role),
        scope=scope,
        principal_id=principal,
        # Without it Azure looks the principal up, and one made a second ago is not found yet.
        principal_type="ServicePrincipal",
        opts=owner.child(provider, protect=protect),
    )


def build(owner: Component, request: KubernetesRequest, provider: pulumi.ProviderResource) -> Identities:
    """The identities and what the control plane may do to network and nodes."""
    identity = request.identity

    def made(role: str) -> managedidentity.UserAssignedIdentity:
        return managedidentity.UserAssignedIdentity(
            f"{identity.cell}-{role}-identity",
            resource_name_=names.cell_resource(identity.cell, role, limit=128),
            resource_group_name=ids.resource_group(identity),
            location=identity.region,
            tags=identity.tags,
            opts=owner.child(provider, protect=identity.production, after=request.network.ready),
        )

    control, kubelet, disks = made("control"), made("kubelet"), made("disks")
    grants = (
        # Load balancers join the subnets, and the route table is the cell's own.
        grant(
            owner,
            request,
            provider,
            role="network-contributor",
            purpose="control-joins-network",
            scope=request.network.id,
            principal=control.principal_id,
        ),
        grant(
            owner,
            request,
            provider,
            role="managed-identity-operator",
            purpose="control-assigns-kubelet",
            scope=kubelet.id,
            principal=control.principal_id,
        ),
    )
    return Identities(control, kubelet, disks, grants)
