"""The trial in a process of its own: `python -m tools.canaries.inside FOLDER` with the canaries in it.

Owns      handing the secrets in and the texts out by files, so that the screen holds nothing but what leaks.
"""

import json
import sys
from pathlib import Path

from tools.canaries.secret import Canary
from tools.canaries.trial import trial


def main() -> None:
    """Run it, and write what came out."""
    folder = Path(sys.argv[1])
    tokens = json.loads((folder / "canaries.json").read_text("utf-8"))
    told = trial(folder / "fleet", {door: Canary(door, token) for door, token in tokens.items()})
    (folder / "told.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
