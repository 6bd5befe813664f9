"""`make demo`: the example fleet, previewed and applied on three clouds in the sandbox.

Owns      the order of the commands that a newcomer would type, each shown before it runs.
Refuses   shortcuts: it runs the same `fleet` command as everyone, on the same files.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLEET = Path(sys.executable).parent / "fleet"


def step(*arguments: str) -> None:
    """Show a command and run it; stop the demo where it fails."""
    sys.stdout.write(f"\n$ fleet {' '.join(arguments)}\n")
    sys.stdout.flush()
    code = subprocess.run([FLEET, *arguments], cwd=ROOT, check=False).returncode  # noqa: S603 (our own command)
    if code != 0:
        sys.stdout.write(f"\nthe demo stopped: `fleet {' '.join(arguments)}` ended with exit code {code}\n")
        raise SystemExit(code)


def main() -> None:
    """Run the demo. The sandbox is left running, so that a person can look at what there is."""
    began = time.monotonic()
    step("validate")
    step("sandbox", "start")
    step("preview", "--all")
    step("up", "--all", "--yes")
    sys.stdout.write(
        f"\nThe demo took {time.monotonic() - began:.0f} s. Nothing left this machine: the sandbox was the clouds.\n"
        "Look around:   fleet status · fleet sandbox ls · fleet render kafka.payments-prod\n"
        "Change it:     edit a file in fleet/, then fleet preview <stack>\n"
        "Run it again:  make demo says that nothing changes. Clean up: make clean\n"
        f"(`fleet` is {FLEET.relative_to(ROOT) if FLEET.is_relative_to(ROOT) else FLEET})\n"
    )


if __name__ == "__main__":
    main()
