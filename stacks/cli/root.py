"""Where the fleet is, and the errors that end every command the same way.

Owns      finding the project's root, loading the fleet, and stopping on problems.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from stacks.cli.exit import Exit
from stacks.fleet import Fleet


def root() -> Path:
    """The nearest folder at or above the working directory that holds Pulumi.yaml and fleet/ (or FLEET_ROOT)."""
    found = nearby()
    if found is not None:
        return found
    return stop(
        f"no Pulumi.yaml at or above {_here()}",
        "change to a clone of the fleet repository, or set FLEET_ROOT",
        Exit.USAGE,
    )


def nearby() -> Path | None:
    """The same for commands that do without a fleet where there is none."""
    here = _here()
    return next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), None)


def _here() -> Path:
    given = os.environ.get("FLEET_ROOT")
    return Path(given).resolve() if given else Path.cwd()


def stop(message: str, hint: str = "", code: Exit = Exit.FAILED) -> NoReturn:
    """End the command with one line on stderr, never a traceback."""
    sys.stderr.write(f"fleet: {message}{f'; {hint}' if hint else ''}\n")
    raise SystemExit(int(code))


def load(at: Path) -> Fleet:
    """The fleet, or the end of the command with every problem in it."""
    from stacks.read import source
    from stacks.snapshot import snapshot
    from stacks.tell.problems import write

    fleet = snapshot(at)
    if fleet.errors:
        write(fleet.problems, "text", sys.stderr, source=source(at), color=sys.stderr.isatty())
        raise SystemExit(int(Exit.PROBLEMS))
    return fleet
