"""`python -m tools.affected --edits 1000 --seed 1`: drawn edits, `affected` next to a brute-force render."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.affected.draw import DATA
from tools.affected.draw_code import CODE
from tools.affected.trial import Trial, table
from tools.affected.world import example


def main() -> int:
    """Run the trial; 1 where a stack was missed or told without cause."""
    parser = argparse.ArgumentParser(prog="python -m tools.affected", description=__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clones", type=int, default=8, help="clusters beside those of the example fleet")
    parser.add_argument("--code", type=int, default=24, help="of the edits, those of the code")
    given = parser.parse_args()
    began = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:7.0f} s  {text}\n")

    with tempfile.TemporaryDirectory(prefix="kafka-fleet-affected-") as folder:
        at = Path(folder)
        rows = Trial(example(at / "data", given.clones), DATA, given.seed, say).run(given.edits - given.code)
        small = example(at / "code", code=True, cells=("aws-euw1-prod",))
        rows |= Trial(small, CODE, given.seed, say, code=True).run(given.code)
    sys.stdout.write(table(rows))
    return int(any(row.missed or row.extra for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
