"""Who CI is in Azure: an identity that reads, one that changes, and a role for a person who deletes.

Owns      the identities, whom they trust, and their roles of single operations.
Refuses   client secrets; Owner and Contributor; subjects with a wildcard, which Azure does not know.
"""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import authorization, managedidentity

from components.bootstrap.azure import actions
from components.bootstrap.azure.names import guid
from components.bootstrap.azure.state import State
from components.bootstrap.base import BootstrapComponent

_AUDIENCE = "api://AzureADTokenExchange"


def build(owner: BootstrapComponent, state: State) -> Mapping[str, managedidentity.UserAssignedIdentity]:
    """The identities by name."""
    request = owner.request
    whole, group = f"/subscriptions/{request.account}", state.group.id
    found = {}
    for role, subjects in (("preview", request.trust.preview), ("apply", request.trust.apply)):
        found[role] = managedidentity.UserAssignedIdentity(
            role,
            resource_name_=owner.name(f"ci-{role}", 128),
            resource_group_name=state.group.name,
            location=request.region,
            tags=request.tags,
            opts=owner.kept(),
        )
        _trusts(owner, state, role, found[role], subjects)
    reads = _role(owner, "read", whole, actions.READ)
    changes = _role(owner, "change", whole, actions.CHANGE)
    gives = _role(owner, "give", whole, actions.GIVES)
    _role(owner, "delete", whole, actions.LOSES_DATA)
    opens = _role(owner, "read-state", whole, (), (actions.STATE_READ, *actions.KEY_READ))
    begins = _role(owner, "begin-state", whole, (), (actions.STATE_ADD,))
    writes = _role(owner, "write-state", whole, (), (*actions.STATE_WRITE, *actions.KEY_WRITE))
    for role, given, on, condition in (
        ("preview", reads, whole, ""),
        ("preview", opens, group, ""),
        ("preview", begins, group, _LAYOUT),
        ("apply", reads, whole, ""),
        ("apply", changes, whole, ""),
        # Whoever may give any role has every role.
        ("apply", gives, whole, actions.only_roles_of_cells()),
        ("apply", writes, group, ""),
    ):
        name, definition = given
        authorization.RoleAssignment(
            f"{role}-{name}",
            role_assignment_name=guid(owner, f"{role}/{name}"),
            role_definition_id=definition.id,
            scope=on,
            principal_id=found[role].principal_id,
            principal_type="ServicePrincipal",
            condition=condition or None,
            condition_version="2.0" if condition else None,
            opts=owner.plain(),
        )
    return found


_LAYOUT = (
    f"((!(ActionMatches{{'{actions.STATE_ADD}'}})) OR "
    "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] "
    "StringLike '*/.pulumi/meta.yaml'))"
)
"""Written once for each cell, before its first preview; it says which layout the state has and nothing else."""


def _trusts(
    owner: BootstrapComponent,
    state: State,
    role: str,
    identity: managedidentity.UserAssignedIdentity,
    subjects: Sequence[str],
) -> None:
    before: list[pulumi.Resource] = []
    for number, subject in enumerate(subjects):
        if "*" in subject:
            pulumi.log.warn(f"{role}: Azure takes no wildcard, so jobs of subject {subject} cannot sign in")
            continue
        made = managedidentity.FederatedIdentityCredential(
            f"{role}-forge-{number}",
            federated_identity_credential_resource_name=f"forge-{number}",
            resource_name_=identity.name,
            resource_group_name=state.group.name,
            issuer=owner.request.trust.issuer,
            subject=subject,
            audiences=[_AUDIENCE],
            # Azure refuses two writes of credentials of one identity at the same time.
            opts=owner.kept(*before),
        )
        before = [made]


def _role(
    owner: BootstrapComponent, name: str, scope: str, on: Sequence[str], data: Sequence[str] = ()
) -> tuple[str, authorization.RoleDefinition]:
    return name, authorization.RoleDefinition(
        f"{name}-role",
        role_definition_id=guid(owner, f"role/{name}"),
        role_name=owner.name(f"ci-{name}", 128),
        description=f"CI of the fleet {owner.request.fleet}: {name}",
        scope=scope,
        assignable_scopes=[scope],
        permissions=[authorization.PermissionArgs(actions=list(on), data_actions=list(data))],
        opts=owner.plain(),
    )
