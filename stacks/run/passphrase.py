"""The passphrase that encrypts secrets in states, as a file: never an argument, never in a child's environment.

Owns      where the file is, and making one for a laptop's own state.
Refuses   inventing a passphrase for shared state: two machines with two passphrases cannot read each other's secrets.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stacks.run.settings import RunSettings

VARIABLE = "PULUMI_CONFIG_PASSPHRASE"


def passphrase_file(settings: "RunSettings", environment: Mapping[str, str]) -> Path:
    """The file to hand to engines; written once (mode 0600) where the state is this repository's own."""
    from stacks.run.settings import SettingsError

    if given := environment.get(f"{VARIABLE}_FILE"):
        path = Path(given).expanduser().absolute()
        if not path.is_file():
            raise SettingsError(f"{VARIABLE}_FILE is {given!r}, and there is no such file")
        return path
    if VARIABLE in environment:
        # The engine takes a variable too, but every process of this user can read another's environment.
        path = settings.scratch / "passphrase-from-environment"
        _write(path, environment[VARIABLE])
        return path
    if not settings.local or not settings.backend_directory("").is_relative_to(settings.scratch):
        raise SettingsError(
            f"state is shared ({settings.state_root}) and no passphrase is given; "
            f"set {VARIABLE}_FILE, or use a key service by KAFKA_FLEET_SECRETS_PROVIDER"
        )
    path = settings.scratch / "passphrase"
    if not path.exists():
        _write(path, secrets.token_urlsafe(32))
    return path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
