"""Who writes the records of load balancers: external-dns, with rights to the cell's own zone.

Owns      its identity, what that may do, and the values of its chart.
Refuses   secrets: the pod's own token is exchanged for one of Azure's (workload identity).

An external-dns speaks to one kind of zone: in a public cell it writes the public zone, in any other the private one.
It finds a zone by listing those of a resource group, so it may read that group.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import containerservice, managedidentity

from components import names
from components.base import Component
from components.clouds.azure import identities, ids
from components.clouds.azure.dns import Zone
from components.clouds.azure.network import of_azure
from components.clouds.azure.spec import AzureSpec
from components.clouds.resources import KubernetesRequest

SUBJECT = "system:serviceaccount:external-dns:external-dns"
_LABEL = {"azure.workload.identity/use": "true"}


def build(
    owner: Component,
    request: KubernetesRequest,
    spec: AzureSpec,
    cluster: containerservice.ManagedCluster,
    provider: pulumi.ProviderResource,
) -> Mapping[str, Any]:
    """Make the identity; returns the values."""
    identity, zones = request.identity, of_azure(request.network).zones
    zone = zones.public or zones.private
    who = managedidentity.UserAssignedIdentity(
        f"{identity.cell}-dns-identity",
        resource_name_=names.cell_resource(identity.cell, "dns", limit=128),
        resource_group_name=ids.resource_group(identity),
        location=identity.region,
        tags=identity.tags,
        opts=owner.child(provider, after=request.network.ready),
    )
    managedidentity.FederatedIdentityCredential(
        f"{identity.cell}-dns-federation",
        federated_identity_credential_resource_name=names.cell_resource(identity.cell, "external-dns", limit=120),
        resource_name_=who.name,
        resource_group_name=ids.resource_group(identity),
        issuer=cluster.oidc_issuer_profile.apply(lambda profile: (profile.issuer_url if profile else None) or ""),
        subject=SUBJECT,
        audiences=["api://AzureADTokenExchange"],
        opts=owner.child(provider),
    )
    for role, purpose, scope in (
        ("dns-zone-contributor" if zones.public else "private-dns-zone-contributor", "dns-writes-zone", zone.id),
        ("reader", "dns-lists-zones", zone.group_id),
    ):
        identities.grant(
            owner,
            request,
            provider,
            role=role,
            purpose=purpose,
            scope=scope,
            principal=who.principal_id,
            subscription=zone.subscription,
        )
    return _values("azure" if zones.public else "azure-private-dns", spec, zone, who.client_id)


def _values(kind: str, spec: AzureSpec, zone: Zone, client_id: pulumi.Output[str]) -> Mapping[str, Any]:
    """Of the chart: the login by label and annotation, and the file that says where the zone is. Nothing is secret."""
    return {
        "provider": {"name": kind},
        "serviceAccount": {
            "labels": dict(_LABEL),
            "annotations": {"azure.workload.identity/client-id": client_id},
        },
        "podLabels": dict(_LABEL),
        "secretConfiguration": {
            "enabled": True,
            "mountPath": "/etc/kubernetes",
            "data": {
                "azure.json": pulumi.Output.json_dumps(
                    {
                        "resourceGroup": zone.group,
                        "subscriptionId": zone.subscription,
                        "tenantId": spec.tenant_id,
                        "useWorkloadIdentityExtension": True,
                    },
                    sort_keys=True,
                )
            },
        },
    }
