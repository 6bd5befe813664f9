"""`make bench`: every figure that the product claims about its own speed, next to its baseline in the same run.

Owns      the order of the measurements and the real fleet that they are made on.
Refuses   a verdict: it prints ratios and what they were divided by; a strayed control is printed as void.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox import control
from stacks.load import load
from stacks.run.many import Request, run_many
from stacks.run.settings import load_settings
from tools.bench.engine import Bench, ratios, whole_fleet
from tools.bench.paired import Ratio
from tools.bench.plan import measure as measure_plan
from tools.bench.validation import measure as measure_validation
from tools.engine import engine
from tools.fleet_copy import copy_fleet

CLUSTER = "kafka.payments-prod"


@contextmanager
def sandboxed(jobs: int) -> Iterator[Bench]:
    """A copy of the example fleet in a sandbox of its own, not applied yet."""
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-bench-") as folder:
        root = copy_fleet(Path(folder))
        state = root / ".fleet" / "sandbox"
        control.start(state)
        try:
            settings = load_settings(root, engine(), sandbox=control.debug_providers(state), jobs=jobs, environment={})
            stacks = dict(load(root).stacks)
            yield Bench(settings, stacks, tuple(stacks))
        finally:
            control.stop(state)


def apply_all(bench: Bench) -> float:
    """Seconds that applying the whole fleet from nothing takes."""
    began = time.perf_counter()
    report = run_many(Request("up", bench.chosen, bench.fleet), bench.settings)
    failed = [one.stack for one in report.outcomes if not one.good]
    if failed:
        raise RuntimeError(f"not applied: {', '.join(failed)}")
    return time.perf_counter() - began


def main() -> int:
    """Measure; 1 where a control strayed, so that somebody looks at the machine first."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "plan"), default="all", help="only this part")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()

    measure_plan(arguments.pairs)
    if arguments.part == "plan":
        return 0
    measure_validation(arguments.files, 3)
    with sandboxed(1) as bench:
        _say(f"the example fleet from nothing, --jobs 1: {apply_all(bench):.1f} s for {len(bench.chosen)} stacks")
    noisy = False
    with sandboxed(2) as bench:
        _say(f"the example fleet from nothing, --jobs 2: {apply_all(bench):.1f} s for {len(bench.chosen)} stacks")
        one_stack = Bench(bench.settings, bench.fleet, (CLUSTER,))
        _say(f"one unchanged cluster stack, {CLUSTER}:")
        for ratio in (*ratios(one_stack, arguments.pairs), *whole_fleet(bench, 3)):
            noisy |= _told(ratio)
    return int(noisy)


def _told(ratio: Ratio) -> bool:
    void = ratio.name.startswith("control") and not ratio.quiet
    _say(f"  {ratio.line()}{'  VOID: the control strays by more than 5 %' if void else ''}")
    return void


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
