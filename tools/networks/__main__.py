"""`python -m tools.networks`: the matrix of network architectures, applied and traced in a sandbox of its own."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.networks import fleet
from tools.networks.matrix import FailedError, Matrix


def _table(matrix: Matrix) -> str:
    """The matrix as Markdown: a line for each square."""
    lines = [
        "| cloud | reachability | fan-out | what | resources of cell and cluster | 3 brokers | 6 brokers |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for pair in fleet.pairs():
        start = f"| {pair.cloud} | {pair.reachability} | {pair.fan_out} |"
        if pair.refused is not None:
            lines.append(f"{start} refused: {pair.refused.why}; nearest: `{pair.refused.nearest}` | | | |")
            continue
        found = matrix.found[pair.cluster]
        counts = f"{matrix.resources[f'cell.{pair.cell}']} + {matrix.resources[f'kafka.{pair.cluster}']}"
        traces = " | ".join(_trace(found.traces.get(brokers)) for brokers in (3, 6))
        lines.append(f"{start} built | {counts} | {traces} |")
    return "\n".join(lines) + "\n"


def _trace(told: tuple[int, int, str] | None) -> str:
    if told is None:
        return "not traced"
    reached, of, why = told
    return f"{reached} of {of} reached" + (f": {why}" if reached < of else "")


def main() -> int:
    """Run it; exit code 1 where something that is built is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="An empty folder to work in. By default a temporary one.")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-networks-") as temporary:
        matrix = Matrix(arguments.folder or Path(temporary) / "fleet")
        try:
            with matrix.running():
                matrix.apply()
                matrix.trace(3)
                matrix.scale()
                matrix.trace(6)
        except FailedError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(_table(matrix))
    told = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in matrix.seconds.items())
    sys.stdout.write(f"\n{told}; {time.monotonic() - began:.0f} s in all\n")
    reached = all(r == of for found in matrix.found.values() for r, of, _ in found.traces.values())
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
