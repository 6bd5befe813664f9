"""A copy of the example fleet in another folder, where runs, states and a sandbox leave this repository alone.

Owns      what such a copy consists of: the fleet's files, the project file, and the one program.
Refuses   a copy of the code: the program finds its fleet beside itself and imports everything from here.
"""

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
