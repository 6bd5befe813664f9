"""`python -m tools.moto_witness`: what the sandbox and moto say to the same requests.

With `--state FOLDER` what a sandbox has accepted is replayed: every cell that was applied there.
"""

import argparse
import sys
from pathlib import Path

from sandbox.store import FILE, Store
from tools.moto_witness.cells import FORMS, cell
from tools.moto_witness.compare import CALLS, WitnessError, good, replay, wrong
from tools.moto_witness.differences import CELLS, GOOD, WRONG
from tools.moto_witness.moto_side import Moto
from tools.moto_witness.table import markdown


def main() -> int:
    """Print the tables; 1 where the good program itself was refused."""
    parser = argparse.ArgumentParser(prog="python -m tools.moto_witness", description=__doc__)
    parser.add_argument("--state", type=Path, help="folder of a sandbox whose AWS resources are replayed instead")
    state = parser.parse_args().state
    if state is not None:
        return _state(state)
    try:
        print("## The good program\n")
        print(markdown(good(), GOOD))
        for form in FORMS:
            print(f"## A cell's own program: {form}\n")
            with Moto(CALLS) as moto:
                print(markdown(replay(cell(form), moto), CELLS))
        print("## Wrong requests on top of the good program\n")
        print(markdown(wrong(), WRONG))
    except WitnessError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _state(folder: Path) -> int:
    if not (folder / FILE).exists():
        print(f"'{folder}' holds no sandbox: give the folder that `fleet sandbox status` names", file=sys.stderr)
        return 1
    store = Store(folder)
    records = [row.record for row in store.rows("cloud = ?", ("aws",))]
    store.connection().close()
    with Moto(CALLS) as moto:
        print(markdown(replay(records, moto), CELLS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
