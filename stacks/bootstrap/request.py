"""What a bootstrap is built from: fleet.yaml, and what a person says the first time.

Owns      the parameters, where each comes from, and the stack's name.
Refuses   to guess an account: what is made there is what everything else hangs on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.bootstrap import bootstraps
from components.bootstrap.contract import Bootstrap, BootstrapRequest
from stacks.ci.trust import trust
from stacks.ci_spec import CiSettings, Login
from stacks.fleet import Fleet
from stacks.stack import Stack


class NotSaidError(Exception):
    """A parameter is missing; the text says which, and where to say it."""


@dataclass(frozen=True)
class Asked:
    """One bootstrap: the cloud's entry, the request, and CI's settings as they will be."""

    cloud: str
    entry: Bootstrap
    request: BootstrapRequest
    ci: CiSettings

    @property
    def stack(self) -> Stack:
        """Its stack. The shard has a dot in its name, which no cell's has."""
        name = f"bootstrap.{self.cloud}"
        return Stack(name, "cell", name, "fleet/fleet.yaml", production=True)


def asked(fleet: Fleet, cloud: str, said: Mapping[str, str]) -> Asked:
    """From fleet.yaml's `ci:`, with what was `said` on the command line over it: account, region, repository …"""
    entry = bootstraps().get(cloud)
    if entry is None:
        raise NotSaidError(f"there is no bootstrap of '{cloud}' (allowed: {', '.join(bootstraps())})")
    if fleet.settings is None:
        raise NotSaidError("fleet/fleet.yaml is missing")
    ci = fleet.settings.ci
    known = ci.logins.get(cloud)
    values = known.model_dump() if known else {}
    values |= {key: value for key, value in said.items() if value and key != "repository"}
    repository = said.get("repository") or ci.repository
    missing = [name for name in ("account", "region", *entry.needs) if not values.get(name)]
    missing += [] if repository else ["repository"]
    if missing:
        flags = " ".join(f"--{name} …" for name in missing)
        raise NotSaidError(f"{', '.join(missing)} must be said: give {flags}, or write it into fleet.yaml's `ci:`")
    login = Login.model_validate(values)
    others = {name: one.model_dump() for name, one in ci.logins.items()}
    ci = CiSettings.model_validate(
        {**ci.model_dump(), "repository": repository, "clouds": {**others, cloud: login.model_dump()}}
    )
    cells = [cell for cell in fleet.cells.values() if cell.spec.cloud == cloud]
    request = BootstrapRequest(
        fleet=fleet.settings.name,
        account=login.account,
        region=login.region,
        tenant=login.tenant,
        number=login.number,
        trust=trust(ci),
        accounts=tuple(sorted({cell.spec.account for cell in cells})),
        tags={"fleet": fleet.settings.name, "owner": fleet.settings.platform_team, "purpose": "bootstrap"},
    )
    return Asked(cloud, entry, request, ci)
