"""`python -m stacks.rendered FOLDER`: every stack of the fleet in FOLDER, one JSON object a line.

Owns      the form in which one revision's code tells another what it makes of a fleet.
Refuses   to stop at a stack that cannot be rendered: it says so and goes on. The last line is the number of stacks, so
          that an output that was cut off is not taken for a whole one.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stacks import rendering
from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.read import Disk
from stacks.rendition import Item, Rendition
from stacks.stack import Stack


def write(fleet: Fleet) -> Iterator[str]:
    """A line a stack."""
    number = 0
    for stack in fleet.stacks.values():
        if not rendering.stands(fleet, stack):
            continue
        number += 1
        told: dict[str, Any] = {"stack": asdict(stack)}
        try:
            rendered = rendering.rendition(fleet, stack)
            told["items"] = {key: asdict(item) for key, item in rendered.items.items()}
            told["beside"] = dict(rendered.beside)
        except Exception as error:  # noqa: BLE001 - told to the one who asked, for this stack
            told["error"] = f"{type(error).__name__}: {error}"
        yield json.dumps(told, default=str)
    yield json.dumps({"stacks": number})


class CutOffError(Exception):
    """An output without its end, or that is none."""


def read(lines: Iterable[str]) -> Iterator[tuple[Stack, Rendition | str]]:
    """The stacks of such an output, each with its rendition or why there is none. CutOffError at a missing end."""
    number = 0
    for line in lines:
        try:
            told = json.loads(line)
            if "stacks" in told:
                if told["stacks"] != number:
                    raise CutOffError(f"{number} stacks of {told['stacks']}")
                return
            stack = Stack(**{**told["stack"], "after": tuple(told["stack"]["after"])})
            if "error" in told:
                yield stack, str(told["error"])
            else:
                items = {key: Item(**_item(item)) for key, item in told["items"].items()}
                yield stack, Rendition(stack.name, items, told["beside"])
        except (ValueError, KeyError, TypeError) as error:
            raise CutOffError(f"a line that is no stack: {line[:80]!r}") from error
        number += 1
    raise CutOffError(f"no end after {number} stacks")


def _item(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "after": tuple(told["after"]), "ignore": tuple(told["ignore"])}


if __name__ == "__main__":
    for each in write(gather(Disk(Path(sys.argv[1])))):
        sys.stdout.write(f"{each}\n")
