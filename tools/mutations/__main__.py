"""`python -m tools.mutations`: draws wrong inputs from real requests and says what share of them is refused."""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sandbox.contract import Record
from tools.mutations import report
from tools.mutations.court import Court
from tools.mutations.draw import draw
from tools.mutations.fleet import applied
from tools.mutations.judged import outcomes
from tools.mutations.report import Report
from tools.mutations.requests import RequestsError, from_state, load, save
from tools.mutations.table import markdown


def run(records: Sequence[Record], seed: int, count: int) -> Report:
    """Judge what was recorded, unmutated and mutated."""
    with _court(records) as court:
        found = outcomes(court, draw(records, seed, count))
        return Report(seed, len(records), len({one.type for one in records}), court.unmutated(), found)


@contextlib.contextmanager
def _court(records: Sequence[Record]) -> Iterator[Court]:
    with tempfile.TemporaryDirectory() as folder:
        court = Court(Path(folder), records)
        try:
            yield court
        finally:
            court.close()


def _requests(state: Path | None, recorded: Path | None) -> list[Record]:
    if recorded is not None:
        return load(recorded)
    if state is not None:
        return from_state(state)
    print("applying the example fleet in a sandbox of its own (about a minute and a half)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return from_state(applied(Path(folder)))


def main() -> int:
    """Run; 0 where every real request is accepted, 1 where one is not or nothing could be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutations", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500, help="how many mutations are drawn")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--state", type=Path, help="state folder of a sandbox (.fleet/sandbox) with a fleet applied")
    source.add_argument("--recorded", type=Path, help="requests that --record wrote")
    parser.add_argument("--output", choices=("text", "json"), default="text")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write the requests to a file and stop")
    parser.add_argument("--table", action="store_true", help="print who judges which type, as Markdown, and stop")
    arguments = parser.parse_args()
    try:
        records = _requests(arguments.state, arguments.recorded)
        if arguments.record:
            save(records, arguments.record)
            print(f"{len(records)} requests written to {arguments.record}", file=sys.stderr)
            return 0
    except (RequestsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if arguments.table:
        with _court(records) as court:
            print(markdown(court), end="")
        return 0
    done = run(records, arguments.seed, arguments.count)
    print(report.as_json(done) if arguments.output == "json" else report.text(done), end="")
    return 1 if done.defects else 0


if __name__ == "__main__":
    sys.exit(main())
