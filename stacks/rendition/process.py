"""`python -m stacks.rendition.process FOLDER [verdicts]`: every stack of the fleet in FOLDER, one JSON object a line.

Owns      the form in which one revision's code tells another what it makes of a fleet, and what its policies say of it.
Refuses   to stop at a stack that cannot be rendered: it says so and goes on. The last line is the number of stacks, so
          that an output that was cut off is not taken for a whole one.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.read import Disk
from stacks.rendition import make as rendering
from stacks.rendition.rendition import Item, Rendition
from stacks.stack import Stack

Verdict = tuple[str, ...]
"""Policy, level, type and name of the resource, message."""


@dataclass(frozen=True)
class Told:
    """A stack, with its rendition or why there is none, and the verdicts where they were asked for."""

    stack: Stack
    rendition: Rendition | None
    error: str = ""
    verdicts: frozenset[Verdict] = frozenset()


def tell(fleet: Fleet, judged: bool = False) -> Iterator[Told]:
    """Every stack that stands."""
    for stack in fleet.stacks.values():
        if not rendering.stands(fleet, stack):
            continue
        try:
            rendered = rendering.rendition(fleet, stack)
            yield Told(stack, rendered, verdicts=verdicts(fleet, stack, rendered) if judged else frozenset())
        except Exception as error:  # noqa: BLE001 - told to the one who asked, for this stack
            yield Told(stack, None, f"{type(error).__name__}: {error}")


def verdicts(fleet: Fleet, stack: Stack, rendered: Rendition) -> frozenset[Verdict]:
    """What the policies say of a stack."""
    from stacks import judge

    return frozenset(
        (each.policy, each.level, each.type, each.name, each.message) for each in judge.verdicts(fleet, stack, rendered)
    )


def write(told: Iterable[Told]) -> Iterator[str]:
    """A line a stack, and the end."""
    number = 0
    for each in told:
        number += 1
        line: dict[str, Any] = {"stack": asdict(each.stack), "error": each.error, "verdicts": sorted(each.verdicts)}
        if each.rendition is not None:
            line["items"] = {key: asdict(item) for key, item in each.rendition.items.items()}
            line["beside"] = dict(each.rendition.beside)
        yield json.dumps(line, default=str)
    yield json.dumps({"stacks": number})


class CutOffError(Exception):
    """An output without its end, or that is none."""


def read(lines: Iterable[str]) -> Iterator[Told]:
    """The stacks of such an output. CutOffError at a missing end."""
    number = 0
    for line in lines:
        try:
            told = json.loads(line)
            if "items" not in told and "stack" not in told:
                if told["stacks"] != number:
                    raise CutOffError(f"{number} stacks of {told['stacks']}")
                return
            stack = Stack(**{**told["stack"], "after": tuple(told["stack"]["after"])})
            items = {key: Item(**_item(item)) for key, item in told.get("items", {}).items()}
            rendered = None if told["error"] else Rendition(stack.name, items, told["beside"])
            yield Told(stack, rendered, told["error"], frozenset(tuple(each) for each in told["verdicts"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CutOffError(f"a line that is no stack: {line[:80]!r}") from error
        number += 1
    raise CutOffError(f"no end after {number} stacks")


def _item(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "after": tuple(told["after"]), "ignore": tuple(told["ignore"])}


if __name__ == "__main__":
    for each in write(tell(gather(Disk(Path(sys.argv[1]))), judged="verdicts" in sys.argv[2:])):
        sys.stdout.write(f"{each}\n")
