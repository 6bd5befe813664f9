"""Finding what one changed file affects, in fleets of growing size, next to `git diff --name-only` of the same change.

Owns      generated fleets in repositories of their own, one edit of each kind, and the interleaved measurements.
Refuses   a verdict: it prints times and ratios, and what was affected, so that nobody measures a plan of nothing.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from stacks.plan.affected import affected
from tools.affected.world import World
from tools.bench.validation import generate

SIZES = (10, 1_000, 10_000)
"""Clusters. Beside every 20 stands a cell, beside each four apps."""

_ROOT = Path(__file__).resolve().parent.parent.parent
_COLD = "import sys, pathlib; from stacks.plan.affected import affected; affected(pathlib.Path(sys.argv[1]))"

_EDITS = {
    "an app": ("fleet/apps/team/app-00003.yaml", "cleanup.policy: delete", "cleanup.policy: compact"),
    "a cluster": ("fleet/clusters/team/cluster-00003.yaml", "size: { name: dev }", "size: { name: small }"),
    "a cell": ("fleet/cells/cell-00000.yaml", "most_per_zone: 60", "most_per_zone: 58"),
}


def measure(pairs: int, sizes: tuple[int, ...] = SIZES) -> None:
    """Print a line for each size and kind of file."""
    _say(" clusters   files  changed    affected  git diff  in process     cold   ratio")
    for clusters in sizes:
        with tempfile.TemporaryDirectory(prefix="kafka-fleet-bench-plan-") as folder:
            world = World(Path(folder))
            generate(world.root, clusters * 5)
            (world.root / "Pulumi.yaml").write_text("name: kafka-fleet\n")
            world.git("init", "--quiet", "-b", "main")
            base = world.commit("a fleet")
            world.git("gc", "--quiet")
            files = sum(1 for _ in (world.root / "fleet").rglob("*.yaml"))
            for what, (file, old, new) in _EDITS.items():
                path = world.root / file
                path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
                _row(world, what, pairs, f"{clusters:>9} {files:>7}")
                world.back_to(base)


def _row(world: World, what: str, pairs: int, head: str) -> None:
    found = len(affected(world.root).pairs)
    ways: dict[str, Callable[[], object]] = {
        "diff": lambda: world.git("diff", "--name-only", "main"),
        "warm": lambda: affected(world.root),
        "cold": lambda: subprocess.run([sys.executable, "-c", _COLD, str(world.root)], cwd=_ROOT, check=True),  # noqa: S603
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(pairs):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - began) * 1000)
    diff, warm, cold = (statistics.median(times[name]) for name in ways)
    ratio = statistics.median(a / b for a, b in zip(times["warm"], times["diff"], strict=True))
    _say(f"{head}  {what:<10}{found:>9}{diff:>7.0f} ms{warm:>9.0f} ms{cold:>6.0f} ms{ratio:>7.1f}x")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
