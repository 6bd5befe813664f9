"""The part of `make demo` that shows a pull request: an edit, what it will do, and one that may not be made.

Owns      a scratch repository with a copy of the example fleet, and the edits.
Refuses   to touch the files of this repository, and the engine: a plan needs none.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.fleet_copy import copy_fleet

CLUSTER = "fleet/clusters/payments/payments-prod.yaml"
EDITS = (
    ("A team keeps its messages for two days", CLUSTER, "retention_hours: 24", "retention_hours: 48"),
    ("Somebody removes a production cluster", CLUSTER, "", ""),
)
"""What a person did, the file, the text that goes, and what comes in its place; a file without a text is removed."""


def change(show: Callable[[str], None], fleet: Path) -> bool:
    """Plan each edit in a scratch repository; False where a plan is not what it must be."""
    if shutil.which("git") is None:
        show("No change is planned: git is not installed")
        return True
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-demo-") as folder:
        root = Path(folder) / "fleet"
        root.mkdir()
        copy_fleet(root)
        _git(root, "init", "--quiet", "--initial-branch", "main")
        _git(root, "add", "--all")
        _git(root, "commit", "--quiet", "--message", "The fleet as it is")
        return all(_planned(show, fleet, root, *edit) for edit in EDITS)


def _planned(show: Callable[[str], None], fleet: Path, root: Path, what: str, file: str, old: str, new: str) -> bool:
    path = root / file
    show(f"{what} ({file}{f': {old} → {new}' if old else ''}):\n\n$ fleet plan --base main")
    if old:
        path.write_text(path.read_text().replace(old, new))
    else:
        path.unlink()
    done = subprocess.run(  # noqa: S603 - our own command
        [fleet, "plan", "--base", "main"], cwd=root, capture_output=True, text=True, check=False
    )
    show(done.stdout + done.stderr)
    _git(root, "checkout", "--quiet", "--", ".")
    return done.returncode == (0 if old else 3)


def _git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True)  # noqa: S603, S607 - our own arguments
