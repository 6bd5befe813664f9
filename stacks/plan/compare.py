"""Renditions of both revisions, side by side.

Owns      which stacks are compared, and what makes one affected: another rendition, or none on one side.
Refuses   to say why (`through`), and what it means.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from stacks import rendering
from stacks.fleet import Fleet
from stacks.plan.pair import Side
from stacks.rendition import Rendition
from stacks.stack import Stack

Progress = Callable[[str], None]


@dataclass
class Found:
    """Affected stacks by name, each with its old and new side, and what could not be rendered."""

    sides: dict[str, tuple[Side | None, Side | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def compare(before: Fleet, after: Fleet, files: Collection[str], progress: Progress) -> Found:
    """Compare the stacks that `files` declare, in one revision or the other."""
    found = Found()
    old, new = (_chosen(fleet, files) for fleet in (before, after))
    names = sorted(old.keys() | new.keys())
    for number, name in enumerate(names):
        if number and number % 500 == 0:
            progress(f"{number} of {len(names)} stacks compared")
        was, now = old.get(name), new.get(name)
        if was and now and _same_request(before, was, after, now):
            continue
        first = _side(before, was, "before", found) if was else None
        second = _side(after, now, "after", found) if now else None
        if first and second and first.rendition.digest == second.rendition.digest:
            continue
        if first or second:
            found.sides[name] = (first, second)
    return found


def _chosen(fleet: Fleet, files: Collection[str]) -> Mapping[str, Stack]:
    return {name: stack for name, stack in fleet.stacks.items() if stack.file in files and stands(fleet, stack)}


def stands(fleet: Fleet, stack: Stack) -> bool:
    """Whether enough of what a stack follows from is valid to render it."""
    if fleet.settings is None:
        return False
    if stack.kind == "cell":
        from components import catalog

        return fleet.cells[stack.cell].spec.cloud in catalog.clouds()
    return fleet.stands(fleet.clusters[stack.cluster])


def _same_request(before: Fleet, was: Stack, after: Fleet, now: Stack) -> bool:
    try:
        return rendering.asked(before, was) == rendering.asked(after, now)
    except Exception:  # noqa: BLE001 - told by `_side`, with the stack's name
        return False


def _side(fleet: Fleet, stack: Stack, when: str, found: Found) -> Side | None:
    try:
        return Side(fleet, stack, rendering.rendition(fleet, stack))
    except Exception as error:  # noqa: BLE001 - what a broken file makes of a service's code is told, not raised
        found.notes.append(
            f"{stack.name} cannot be rendered as it is {when} the change: {type(error).__name__}: {error}"
        )
        return None


def rendered(fleet: Fleet, files: Collection[str] | None = None) -> Iterator[tuple[Stack, Rendition]]:
    """Every stack that stands, or those of some files."""
    for stack in fleet.stacks.values():
        if (files is None or stack.file in files) and stands(fleet, stack):
            yield stack, rendering.rendition(fleet, stack)
