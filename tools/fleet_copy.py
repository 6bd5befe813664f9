"""A copy of the example fleet in another folder, where runs, states and a sandbox leave this repository alone.

Owns      what such a copy consists of: the fleet's files, the project file, and the one program; the environment in
          which `fleet` works on it.
Refuses   a copy of the code: the program finds its fleet beside itself and imports everything from here.
"""

import os
import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def copy_fleet(to: Path) -> Path:
    """Make the copy in the folder `to`, which must be empty; returns it."""
    shutil.copytree(REPOSITORY / "fleet", to / "fleet")
    shutil.copy(REPOSITORY / "Pulumi.yaml", to)
    (to / "stacks").mkdir()
    shutil.copy(REPOSITORY / "stacks" / "__main__.py", to / "stacks")
    return to


def environment(*, once: bool = False) -> dict[str, str]:
    """This process's, without what leads `fleet` elsewhere. `once`: state is written once, at the end of each run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "FLEET_"))}
    return kept | ({"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"} if once else {})
