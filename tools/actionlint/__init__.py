"""actionlint for this machine: from PATH, from the cache, or built from its pinned Go module (3 s).

Owns      `actionlint()`: the path of a binary that works.
Refuses   to commit binaries: tests judge the generated workflows with it, and nothing else needs it.
"""

import os
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from tools.cached import cache

VERSION = "1.7.12"
_HERE = Path(__file__).parent
_MODULE = "github.com/rhysd/actionlint/cmd/actionlint"


class ActionlintError(Exception):
    """It could not be had; the text says what to do."""


def actionlint() -> Path:
    """A binary that works; built once a machine."""
    if found := shutil.which("actionlint"):
        return Path(found)
    place = cache() / "bin" / f"actionlint-v{VERSION}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.with_suffix(".lock")):
        if not place.is_file():
            _build(place)
    return place


def _build(place: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise ActionlintError(f"no `actionlint` and no `go` on PATH: install actionlint {VERSION}, or Go to build it")
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    command = [go, "build", "-mod=readonly", "-o", str(draft), _MODULE]
    ran = subprocess.run(command, cwd=_HERE, capture_output=True, text=True, check=False)  # noqa: S603 - `go` as found on PATH
    if ran.returncode:
        raise ActionlintError(f"actionlint {VERSION} could not be built: {ran.stderr.strip()[-300:]}")
    draft.replace(place)
