"""Who CI is in Google Cloud: an account that reads, one that changes, and one for a person that deletes.

Owns      the pool through which the forge's jobs come, the accounts, and their roles of single permissions.
Refuses   keys of accounts; basic roles; a token whose subject is not one of the pipelines' own.
"""

from collections.abc import Iterable, Mapping, Sequence

import pulumi_gcp as gcp

from components.bootstrap.base import BootstrapComponent
from components.bootstrap.gcp import POOL, PROVIDER, permissions, pool
from components.bootstrap.gcp.state import State

_META = 'resource.name.endsWith("/.pulumi/meta.yaml")'


def build(owner: BootstrapComponent, state: State) -> Mapping[str, gcp.serviceaccount.Account]:
    """The accounts by name."""
    request = owner.request
    provider = _pool(owner, state)
    found = {
        role: gcp.serviceaccount.Account(
            role,
            project=request.account,
            account_id=owner.name(f"ci-{role}", 30),
            display_name=f"CI of the fleet {request.fleet}: {role}",
            opts=owner.kept(state.bucket),
        )
        for role in ("preview", "apply", "destroy")
    }
    for role in ("preview", "apply"):
        gcp.serviceaccount.IAMMember(
            f"{role}-forge",
            service_account_id=found[role].name,
            role="roles/iam.workloadIdentityUser",
            member=f"principalSet://iam.googleapis.com/{pool(request.number)}/attribute.role/{role}",
            opts=owner.plain(provider),
        )
    for role, allowed in (
        ("preview", permissions.READ),
        ("apply", permissions.READ | permissions.CHANGE),
        ("destroy", permissions.READ | permissions.LOSES_DATA),
    ):
        _may(owner, role, found[role], allowed)
        _state(owner, role, found[role], state)
    names = ", ".join(f'"{name}"' for name in permissions.GRANTED)
    gcp.projects.IAMMember(
        "apply-grants",
        project=request.account,
        # Whoever may grant any role has every role.
        role="roles/resourcemanager.projectIamAdmin",
        member=found["apply"].member,
        condition=gcp.projects.IAMMemberConditionArgs(
            title="roles-of-cells",
            expression=f'api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly([{names}])',
        ),
        opts=owner.plain(),
    )
    return found


def _pool(owner: BootstrapComponent, state: State) -> gcp.iam.WorkloadIdentityPoolProvider:
    request = owner.request
    made = gcp.iam.WorkloadIdentityPool(
        "forge-pool",
        project=request.account,
        workload_identity_pool_id=POOL,
        display_name=f"Jobs of the fleet {request.fleet}",
        opts=owner.kept(state.bucket),
    )
    preview, apply = _among(request.trust.preview), _among(request.trust.apply)
    # Apply first: where the forge's subjects of the two overlap, the narrower one is meant.
    role = f"{apply} ? 'apply' : ({preview} ? 'preview' : 'none')"
    return gcp.iam.WorkloadIdentityPoolProvider(
        "forge",
        project=request.account,
        workload_identity_pool_id=made.workload_identity_pool_id,
        workload_identity_pool_provider_id=PROVIDER,
        # A subject may be longer than the 127 bytes that Google's has, and who it is follows from the role.
        attribute_mapping={"attribute.role": role, "google.subject": role},
        attribute_condition=f"{apply} || {preview}",
        oidc=gcp.iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri=request.trust.issuer),
        opts=owner.kept(),
    )


def _among(subjects: Sequence[str]) -> str:
    exact = [f"'{one}'" for one in subjects if not one.endswith("*")]
    begins = [f"assertion.sub.startsWith('{one[:-1]}')" for one in subjects if one.endswith("*")]
    tests = [*([f"assertion.sub in [{', '.join(exact)}]"] if exact else []), *begins]
    return f"({' || '.join(tests)})"


def _may(owner: BootstrapComponent, role: str, account: gcp.serviceaccount.Account, allowed: Iterable[str]) -> None:
    request = owner.request
    made = gcp.projects.IAMCustomRole(
        f"{role}-role",
        project=request.account,
        role_id=owner.name(f"ci-{role}", 64).replace("-", "_"),
        title=f"CI of the fleet {request.fleet}: {role}",
        permissions=sorted(allowed),
        opts=owner.plain(account),
    )
    gcp.projects.IAMMember(
        f"{role}-may", project=request.account, role=made.name, member=account.member, opts=owner.plain()
    )


def _state(owner: BootstrapComponent, role: str, account: gcp.serviceaccount.Account, state: State) -> None:
    def grant(name: str, on: str, condition: gcp.storage.BucketIAMMemberConditionArgs | None = None) -> None:
        gcp.storage.BucketIAMMember(
            f"{role}-{name}",
            bucket=state.bucket.name,
            role=f"roles/storage.{on}",
            member=account.member,
            condition=condition,
            opts=owner.plain(),
        )

    reads = role == "preview"
    grant("state", "objectViewer" if reads else "objectUser")
    if reads:
        # Written once for each cell, before its first preview; it says which layout the state has and nothing else.
        only = gcp.storage.BucketIAMMemberConditionArgs(title="layout", expression=_META)
        grant("layout", "objectCreator", only)
    gcp.kms.CryptoKeyIAMMember(
        f"{role}-secrets",
        crypto_key_id=state.secrets.id,
        # The engine opens the secrets of a state before it compares anything, also to preview.
        role="roles/cloudkms.cryptoKeyDecrypter" if reads else "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=account.member,
        opts=owner.plain(),
    )
