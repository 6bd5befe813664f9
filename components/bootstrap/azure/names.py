"""Azure names of a bootstrap, in Azure's narrower alphabets.

Owns      the group's name, names that are unique in all of Azure, and GUIDs of roles and assignments.
Refuses   Pulumi: every name here is known before anything exists.
Identity  a changed result replaces a resource.
"""

import uuid

from components import names
from components.bootstrap.base import BootstrapComponent

_NAMESPACE = uuid.UUID("52b1e6f0-58c8-5b7c-8ad1-4f5a2f2f0c55")


def group(owner: BootstrapComponent) -> str:
    """The resource group that holds the bootstrap."""
    return owner.name("bootstrap", 90)


def plain(owner: BootstrapComponent, role: str) -> str:
    """Up to 24 letters and digits, the same in all of Azure for nobody else."""
    request = owner.request
    return (
        f"kf{request.fleet.replace('-', '')[:10]}{role[:5]}{names.digest(f'{request.account}/{request.fleet}/{role}')}"
    )


def guid(owner: BootstrapComponent, what: str) -> str:
    """A GUID that depends on nothing but the fleet and the use."""
    return str(uuid.uuid5(_NAMESPACE, f"{owner.request.account}/{owner.request.fleet}/{what}"))
