"""What a company needs in a cloud before its first cell, as far as it can be said without Pulumi.

Owns      the entry record of a cloud's bootstrap, whom it trusts, and what the program tells afterwards.
Refuses   cells: the bootstrap is one stack a cloud, made once, by a person who may do everything there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Trust:
    """Who at the forge may become which role.

    issuer   URL of the forge's tokens
    preview  subjects that may read, each exact or (with `*` at its end) a beginning
    apply    subjects that may change, always exact
    """

    issuer: str
    preview: tuple[str, ...]
    apply: tuple[str, ...]


@dataclass(frozen=True)
class BootstrapRequest:
    """What a bootstrap is built from.

    account, region  where the state, its key and the roles are
    tenant, number   Azure's tenant, Google's project number; empty elsewhere
    accounts         accounts, projects or subscriptions of the fleet's cells in this cloud
    principals       roles of the cells (`access` in their files) that CI takes on inside of Kubernetes
    keep_days        how long an old version of a state cannot be deleted by anybody
    """

    fleet: str
    account: str
    region: str
    tenant: str
    number: str
    trust: Trust
    accounts: tuple[str, ...] = ()
    keep_days: int = 30
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bootstrap:
    """Entry record: `components/bootstrap/<cloud>/__init__.py` holds one as `ENTRY`.

    program      `module:Class`, a component: `(name, BootstrapRequest, provider)`, its `outputs` hold `state_backend`,
                 `state_encryption`, `preview` and `apply`
    provider     `module:function`: `(name, BootstrapRequest) -> pulumi.ProviderResource`, pinned to the account
    needs        parameters beside account and region that the cloud needs: `tenant`, `number`
    audience     `(account, number) -> str`: for whom the forge's token is
    environment  `(SignIn) -> Mapping[str, str]`: what makes the cloud's SDKs and tools use the token
    """

    name: str
    program: str
    provider: str
    needs: tuple[str, ...]
    audience: Callable[["SignIn"], str]
    environment: Callable[["SignIn"], Mapping[str, str]]


@dataclass(frozen=True)
class SignIn:
    """One job's way into a cloud.

    who     the role, service account or client id
    token   a file with the forge's token, renewed while the job runs
    folder  a private folder for files that the SDKs want
    """

    account: str
    region: str
    tenant: str
    number: str
    who: str
    role: str
    token: Path
    folder: Path
