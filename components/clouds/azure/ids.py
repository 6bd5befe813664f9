"""Azure names and ids that more than one resource of a cell must agree on.

Owns      the resource group's name, zone numbers, names in Azure's narrower alphabets, ids of built-in roles.
Refuses   Pulumi: every name here is known before anything exists.
Identity  each function names a cloud resource: a changed result replaces it.
"""

import re
import uuid

from components import names
from components.clouds.contract import Identity

ROLES = {
    "dns-zone-contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
    "key-vault-crypto-service-encryption-user": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    "key-vault-crypto-user": "12338af0-0e69-4776-bea7-57ae8d297424",
    "managed-identity-operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "network-contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "private-dns-zone-contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
}
"""Azure's built-in roles; their ids are the same in every tenant."""

_NAMESPACE = uuid.UUID("8f0d4c0e-5f0b-5c43-9d2f-6b1f8a3a7c11")


def resource_group(identity: Identity) -> str:
    """The one resource group that holds the cell."""
    return names.cell_resource(identity.cell, limit=90)


def node_resource_group(identity: Identity) -> str:
    """The group that AKS has for itself: nodes, load balancers, and what those use."""
    return names.cell_resource(identity.cell, "nodes", limit=80)


def zone_number(zone: str) -> str:
    """Azure's own name of a zone: `1` of `westeurope-1`."""
    return zone.rpartition("-")[2]


def zones(identity: Identity) -> tuple[str, ...]:
    """The cell's zones in the order in which everything zonal is made."""
    return tuple(sorted(identity.zones))


def vault(identity: Identity) -> str:
    """Name of the key vault: 3 to 24 characters, no two hyphens in a row, unique in all of Azure."""
    return re.sub("-+", "-", names.globally_unique(identity.cell, identity.account, 24))


def storage_account(identity: Identity, role: str) -> str:
    """Name of a storage account: 3 to 24 lower-case letters and digits, unique in all of Azure."""
    return names.globally_unique(f"{identity.cell}-{role}", identity.account, 24).replace("-", "")


def role_definition(subscription: str, role: str) -> str:
    """Id of a built-in role, in the form that Azure returns: with the subscription of what the role is on."""
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"


def role_assignment(identity: Identity, role: str, purpose: str) -> str:
    """Name of a role assignment. It must be a GUID, so it is one that depends on nothing but the cell and the use."""
    return str(uuid.uuid5(_NAMESPACE, f"{identity.account}/{identity.cell}/{role}/{purpose}"))
