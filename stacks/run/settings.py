"""Where and how the engine works: one frozen record that every run is given.

Owns      the state root and each cell's backend in it, the secrets provider, the engine's path, the sandbox's address.
Refuses   starting anything: `environment.py` turns this into a child's environment, `engine.py` starts it.
Identity  the backend of a stack is `<state root>/<cell>`; changing that rule loses every state.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field

SCHEMES = ("file", "s3", "gs", "azblob")
STATE_VARIABLE = "KAFKA_FLEET_STATE"
SECRETS_VARIABLE = "KAFKA_FLEET_SECRETS_PROVIDER"
SECRETS_PROVIDERS = ("passphrase", "awskms://…", "azurekeyvault://…", "gcpkms://…", "hashivault://…")


class SettingsError(Exception):
    """A setting that cannot work; the text says what to change."""


class RunSettings(BaseModel):
    """How the stock engine is run over the fleet of one repository."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path = Field(description="The repository: holds `Pulumi.yaml` and `fleet/`; the program is told this path.")
    program: Path = Field(description="The one Pulumi program, executed in this process for each stack.")
    state_root: str = Field(description="URL under which each cell has a backend of its own, named like the cell.")
    secrets_provider: str = Field(
        default="passphrase",
        description="What encrypts secrets in states: `passphrase`, or a key service's URL (0.16 s less a stack).",
    )
    passphrase_file: Path | None = Field(
        default=None, description="The file that every engine process reads the passphrase from."
    )
    engine: Path = Field(description="The Pulumi CLI.")
    sandbox: str = Field(
        default="",
        description="`PULUMI_DEBUG_PROVIDERS` of a running sandbox; engines then get no cloud credentials at all.",
    )
    jobs: int = Field(default=2, ge=1, description="Stacks worked on at the same time.")
    parallel: int = Field(default=16, ge=1, description="Resources of one stack worked on at the same time.")

    @property
    def scratch(self) -> Path:
        """Everything that runs write beside the state: disposable, ignored by Git."""
        return self.root / ".fleet"

    @property
    def local(self) -> bool:
        """Whether checkpoints are files here, which can be read without asking the engine."""
        return urlsplit(self.state_root).scheme == "file"

    def backend(self, cell: str) -> str:
        """The backend that holds a cell, its clusters' services and their apps."""
        parts = urlsplit(self.state_root)
        return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{cell}"))

    def backend_directory(self, cell: str) -> Path:
        """The directory behind `backend` where `local`."""
        return Path(urlsplit(self.backend(cell)).path)


def load_settings(
    root: Path,
    engine: Path,
    *,
    backend: str = "",
    secrets_provider: str = "",
    sandbox: str = "",
    jobs: int = 2,
    environment: Mapping[str, str] = os.environ,
) -> RunSettings:
    """Settings of a repository. `backend` and `secrets_provider` are fleet/fleet.yaml's; the environment wins."""
    from stacks.run.passphrase import passphrase_file

    root = root.resolve()
    settings = RunSettings(
        root=root,
        program=root / "stacks" / "__main__.py",
        state_root=_state_root(root, environment.get(STATE_VARIABLE, "") or backend),
        secrets_provider=_secrets_provider(environment.get(SECRETS_VARIABLE, "") or secrets_provider),
        engine=engine,
        sandbox=sandbox,
        jobs=jobs,
    )
    if settings.secrets_provider != "passphrase":
        return settings
    return settings.model_copy(update={"passphrase_file": passphrase_file(settings, environment)})


def _state_root(root: Path, url: str) -> str:
    if not url:
        return (root / ".fleet" / "state").as_uri()
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES or not rest:
        raise SettingsError(
            f"the state's backend is {url!r}, which is no place for state "
            f"(allowed: {', '.join(f'{one}://…' for one in SCHEMES)})"
        )
    # Relative to the repository: the engine would take it as relative to each stack's work folder.
    return url if scheme != "file" or rest.startswith("/") else (root / rest).as_uri()


def _secrets_provider(value: str) -> str:
    known = tuple(provider.removesuffix("…") for provider in SECRETS_PROVIDERS)
    if not value:
        return "passphrase"
    if value != "passphrase" and not value.startswith(known[1:]):
        raise SettingsError(
            f"{SECRETS_VARIABLE} is {value!r}, which the engine does not have (allowed: {', '.join(SECRETS_PROVIDERS)})"
        )
    return value
