"""The home directory that engines are given: the user's plugins, and no place for logs.

Owns      `.fleet/engine-home/`.
Refuses   the engine's automatic logs: each run writes every property of every resource to `$PULUMI_HOME/logs` (16 MB
          for one cell, encrypted), which is half of the engine's processor time and a copy of what a company hides.

There is no switch for them; an engine that finds no folder `logs` and cannot make one goes on without.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stacks.run.settings import RunSettings


def engine_home(settings: RunSettings) -> Path:
    """Where it is."""
    return settings.scratch / "engine-home"


def prepare_home(settings: RunSettings, environment: Mapping[str, str] = os.environ) -> None:
    """Make it, once. Plugins are those of the user's own home, which is where `pulumi plugin install` puts them."""
    home = engine_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    # A file where the engine wants a folder.
    (home / "logs").touch()
    theirs = Path(environment.get("PULUMI_HOME") or "~/.pulumi").expanduser().absolute() / "plugins"
    # The engine installs missing plugins through the link, which must not lead nowhere then.
    theirs.mkdir(parents=True, exist_ok=True)
    link = home / "plugins"
    if link.is_symlink() and link.readlink() != theirs:
        link.unlink()
    with suppress(FileExistsError):
        link.symlink_to(theirs)
