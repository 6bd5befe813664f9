"""What CI may do in Azure, operation by operation.

Owns      what reads, what makes or changes, what loses data, and which roles may be given on.
Refuses   operations that return keys, secrets or content.
Source    learn.microsoft.com/azure/role-based-access-control/permissions, for the resource types of
          components/clouds/azure (general knowledge, 2026-11; no subscription was asked).
"""

from components.clouds.azure import ids

_KINDS = (
    "Microsoft.Authorization/roleAssignments", "Microsoft.Compute/diskEncryptionSets",
    "Microsoft.ContainerService/managedClusters", "Microsoft.ContainerService/managedClusters/agentPools",
    "Microsoft.ContainerService/managedClusters/maintenanceConfigurations", "Microsoft.Insights/diagnosticSettings",
    "Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults/keys", "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", "Microsoft.Network/dnsZones",
    "Microsoft.Network/dnsZones/A", "Microsoft.Network/dnsZones/NS", "Microsoft.Network/loadBalancers",
    "Microsoft.Network/natGateways", "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/networkWatchers/flowLogs", "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/A", "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "Microsoft.Network/privateEndpoints", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "Microsoft.Network/privateLinkServices", "Microsoft.Network/publicIPAddresses",
    "Microsoft.Network/publicIPPrefixes", "Microsoft.Network/routeTables", "Microsoft.Network/virtualHubs",
    "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections", "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/virtualNetworks/subnets", "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
    "Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/managementPolicies",
)  # fmt: skip
_KEEPS_DATA = frozenset(
    {
        "Microsoft.Compute/diskEncryptionSets", "Microsoft.ContainerService/managedClusters",
        "Microsoft.ContainerService/managedClusters/agentPools", "Microsoft.KeyVault/vaults",
        "Microsoft.KeyVault/vaults/keys", "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Network/dnsZones",
        "Microsoft.Network/natGateways", "Microsoft.Network/privateDnsZones", "Microsoft.Network/publicIPAddresses",
        "Microsoft.Network/publicIPPrefixes", "Microsoft.Network/virtualHubs", "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/virtualNetworks/subnets", "Microsoft.Resources/subscriptions/resourceGroups",
        "Microsoft.Storage/storageAccounts",
    }
)  # fmt: skip
_GIVEN = "Microsoft.Authorization/roleAssignments"

READ = tuple(f"{kind}/read" for kind in _KINDS)
CHANGE = (
    *(f"{kind}/write" for kind in _KINDS if kind != _GIVEN),
    *(f"{kind}/delete" for kind in _KINDS if kind != _GIVEN and kind not in _KEEPS_DATA
      and not kind.startswith("Microsoft.KeyVault/vaults/keys")),
    "Microsoft.Compute/diskEncryptionSets/read",
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    "Microsoft.Network/natGateways/join/action",
    "Microsoft.Network/networkSecurityGroups/join/action",
    "Microsoft.Network/privateLinkServices/privateEndpointConnectionsApproval/action",
    "Microsoft.Network/publicIPAddresses/join/action",
    "Microsoft.Network/publicIPPrefixes/join/action",
    "Microsoft.Network/routeTables/join/action",
    "Microsoft.Network/virtualNetworks/join/action",
    "Microsoft.Network/virtualNetworks/peer/action",
    "Microsoft.Network/virtualNetworks/subnets/join/action",
)  # fmt: skip
LOSES_DATA = tuple(sorted(f"{kind}/delete" for kind in _KEEPS_DATA if not kind.endswith("/vaults/keys")))
"""What only the role for a person has."""

GIVES = ("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete")

STATE_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
STATE_ADD = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"
STATE_WRITE = (
    STATE_READ,
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
)
"""Not `deleteBlobVersion`: old versions stay, whoever of CI asks."""
KEY_READ = ("Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/decrypt/action")
KEY_WRITE = (*KEY_READ, "Microsoft.KeyVault/vaults/keys/encrypt/action")


def only_roles_of_cells() -> str:
    """A condition on role assignments: the roles that components/clouds/azure give, and no other."""
    names = ", ".join(sorted(ids.ROLES.values()))
    parts = [
        f"((!(ActionMatches{{'{action}'}})) OR (@{source}[{_GIVEN}:RoleDefinitionId] "
        f"ForAnyOfAnyValues:GuidEquals {{{names}}}))"
        for action, source in zip(GIVES, ("Request", "Resource"), strict=True)
    ]
    return " AND ".join(parts)
