"""`python -m tools.reports FOLDER`: reports for 1, 50 and 5,000 changed stacks: their sizes, times and pictures.

Owns      the table that docs/report.md repeats.
Refuses   a browser as a condition: without Chromium there are no pictures, and the rest is the same.
"""

import argparse
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from stacks.pull import comment, notes
from stacks.pull.document import Pull
from stacks.pull.gather import pull
from stacks.pull.page import page
from stacks.pull.parts import size
from stacks.tell.problems import write
from tools.reports import browser, made

SIZES = (1, 50, 5000)
LINK = "https://ci.example/run/1"


def _notes(format: str) -> Callable[[Pull], str]:
    def written(given: Pull) -> str:
        stream = StringIO()
        write(notes.problems(given), format, stream)
        return stream.getvalue()

    return written


FORMS: dict[str, Callable[[Pull], str]] = {
    "comment.md": lambda given: comment.comment(given, LINK),
    "summary.md": lambda given: comment.summary(given, LINK),
    "report.html": lambda given: page(given, LINK),
    "report.json": lambda given: given.model_dump_json(indent=2, exclude_none=True),
    "report.sarif": _notes("sarif"),
    "annotations.txt": _notes("github"),
}


def main() -> None:
    """Write them, and say how large they are and how long that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write("| stacks | file | bytes | characters | seconds |\n| --- | --- | --- | --- | --- |\n")
    for stacks in SIZES:
        planned = made.plan(stacks)
        report = pull(planned, [made.preview(planned)])
        for name, form in FORMS.items():
            started = time.perf_counter()
            text = form(report)
            took = time.perf_counter() - started
            (folder / f"{stacks}-{name}").write_text(text, "utf-8")
            sys.stdout.write(f"| {stacks:,} | {name} | {size(text):,} | {len(text):,} | {took:.2f} |\n")
        shown = browser.rendered((folder / f"{stacks}-comment.md").read_text("utf-8"))
        (folder / f"{stacks}-comment.html").write_text(shown, "utf-8")
    if command := browser.found():
        _photograph(command, folder)


def _photograph(command: str, folder: Path) -> None:
    for stacks in SIZES:
        for name in ("report", "comment"):
            for device, shape in (("desktop", browser.DESKTOP), ("phone", browser.PHONE)):
                picture = folder / f"{stacks}-{name}-{device}.png"
                took = browser.photograph(command, folder / f"{stacks}-{name}.html", picture, shape)
                sys.stdout.write(f"{picture.name}: {took:.1f} s with the browser's start\n")
    dark = folder / "50-report-dark.png"
    browser.photograph(command, folder / "50-report.html", dark, browser.DESKTOP, dark=True)


if __name__ == "__main__":
    main()
