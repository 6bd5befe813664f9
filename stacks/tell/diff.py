"""What changes, property by property, for a person who reviews it.

Owns      the text of `--diff`.
Refuses   secrets (they arrive masked) and resources that stay as they are.
"""

from rich.console import Console
from rich.text import Text

from stacks.run.outcome import Outcome, PropertyChange
from stacks.tell.counting import COLORS, SIGNS, is_root, kind
from stacks.tell.problems import printable


def write_diff(outcome: Outcome, console: Console) -> None:
    """Every resource of one stack that changes, with what changes in it."""
    changed = [one for one in outcome.resources if not is_root(one) and kind(one) != "same"]
    if not changed:
        return
    console.print(Text(f"\n{outcome.stack}", "bold"))
    for one in changed:
        name = kind(one)
        console.print(Text(f"  {SIGNS[name]} {printable(one.name)}  {one.type}", COLORS[name]), soft_wrap=True)
        if one.lifts_protection:
            console.print(Text("      its protection against deletion ends", "red"))
        for change in one.changes:
            console.print(Text(f"      {_line(change)}"), soft_wrap=True)


def _line(change: PropertyChange) -> str:
    path = printable(change.path)
    old, new = (printable(value) if value is not None else "" for value in (change.old, change.new))
    forces = "  (replaces)" if change.kind.endswith("-replace") else ""
    if change.kind.startswith("add"):
        return f"{path}: + {new}{forces}"
    if change.kind.startswith("delete"):
        return f"{path}: - {old}{forces}"
    return f"{path}: {old or '?'} → {new or '?'}{forces}"
