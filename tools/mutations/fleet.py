"""Makes the state that mutations are drawn from: the example fleet, applied in a sandbox of its own.

Owns      the copy of the fleet, its sandbox's life, and the run of the `fleet` command, as a person would type it.
Refuses   the repository's own `.fleet`: nothing here touches what a person has there.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools.fleet_copy import copy_fleet
from tools.mutations.requests import RequestsError


def applied(folder: Path) -> Path:
    """Copy the example fleet into `folder`, apply all of it, and give the folder of the sandbox's state."""
    copy_fleet(folder)
    _fleet(folder, "sandbox", "start")
    try:
        _fleet(folder, "up", "--all", "--yes")
    finally:
        _fleet(folder, "sandbox", "stop")
    return folder / ".fleet" / "sandbox"


def _fleet(folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "FLEET_"))}
    command = [str(Path(sys.executable).parent / "fleet"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise RequestsError(f"`fleet {' '.join(arguments)}` ended with exit code {done.returncode}:\n{said}")
