"""How many secrets came out, by which door in, by which way out and in which encoding.

Owns      one run of the trial in a process of its own, whose screen is watched too, and the table of what was found.
Refuses   to believe a way out that nothing came out of: an empty text proves nothing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.canaries.secret import ENCODINGS, Canary
from tools.canaries.trial import DOORS

SCREEN = "stdout and stderr"


@dataclass(frozen=True)
class Findings:
    """`hits` holds (door, way out, encoding); `ways` how many characters came out by each way."""

    hits: tuple[tuple[str, str, str], ...]
    ways: Mapping[str, int]

    def table(self) -> str:
        """Markdown: doors by ways out, then encodings."""
        ways = list(self.ways)
        lines = [f"| door in | {' | '.join(ways)} |", f"| --- |{' ---: |' * len(ways)}"]
        for door in DOORS:
            counts = (sum(hit[:2] == (door, way) for hit in self.hits) for way in ways)
            lines.append(f"| {door} | {' | '.join(map(str, counts))} |")
        by_encoding = (f"{name} {sum(hit[2] == name for hit in self.hits)}" for name in ENCODINGS)
        looked = f"{len(DOORS)} doors in × {len(ways)} ways out × {len(ENCODINGS)} encodings"
        return "\n".join(lines) + f"\n\n{looked}: {len(self.hits)} hits ({', '.join(by_encoding)})\n"


def findings() -> Findings:
    """Run the trial once, with secrets that were never used before."""
    canaries = {door: Canary(door) for door in DOORS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "canaries.json").write_text(json.dumps({door: one.token for door, one in canaries.items()}))
        command = [sys.executable, "-m", "tools.canaries.inside", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
        told: dict[str, str] = {}
        if done.returncode == 0:
            told = json.loads((folder / "told.json").read_text("utf-8"))
    if not told:
        raise RuntimeError(f"the trial did not end well: {done.stderr[-2000:]}")
    told[SCREEN] = done.stdout + done.stderr
    hits = [
        (door, way, encoding)
        for way, text in told.items()
        for door, canary in canaries.items()
        for encoding in canary.found(text)
    ]
    return Findings(tuple(hits), {way: len(text) for way, text in told.items()})
