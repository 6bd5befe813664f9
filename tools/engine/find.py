"""Whether a Pulumi CLI is good enough, and where one may be.

Owns      the least version and the check of a binary.
Refuses   network.
"""

import os
import re
import subprocess
from pathlib import Path

VERSION = "3.250.0"
"""What is built and installed: known to be served by module proxies and the one that everything here was run on."""
LEAST = (3, 250, 0)
_SECONDS = 20


class EngineError(Exception):
    """No engine could be had; the text says what to do."""


def fault(path: Path) -> str:
    """Why that CLI will not do, or nothing."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        ran = subprocess.run(  # noqa: S603 - the binary whose fitness is the question
            [path, "version"], capture_output=True, text=True, timeout=_SECONDS, env=environment, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not start: {error}"
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", ran.stdout.strip())
    if ran.returncode or not found:
        return f"`pulumi version` ended with code {ran.returncode} and said {ran.stdout.strip()[:80]!r}"
    version = tuple(int(part) for part in found.groups())
    if version < LEAST or version[0] != LEAST[0]:
        return f"it is version {ran.stdout.strip()}, and {'.'.join(map(str, LEAST))} or a later 3.x is needed"
    return ""
