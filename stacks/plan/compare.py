"""Renditions of both revisions, side by side.

Owns      which stacks are compared, and what makes one affected: another rendition, or none on one side.
Refuses   to say why (`causes`), and what it means.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from stacks.fleet import Fleet
from stacks.plan import versions as providers
from stacks.plan.pair import Side
from stacks.rendition import Rendition
from stacks.rendition import make as rendering
from stacks.stack import Stack

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Versions:
    """Versions of providers on both sides, by provider."""

    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def differing(self) -> frozenset[str]:
        """The providers that are others than before."""
        return providers.differing(self.before, self.after)

    def stamp(self, rendered: Rendition, side: Mapping[str, str]) -> Rendition:
        """The rendition with the versions that differ, as one side has them."""
        return providers.stamped(rendered, side, self.differing)


@dataclass
class Found:
    """Affected stacks by name, each with its old and new side, and what could not be rendered.

    forced  all of them were taken, for they could not be compared
    middle  what the new code makes of the old files, by stack, where another process was asked
    """

    sides: dict[str, tuple[Side | None, Side | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    forced: bool = False
    middle: dict[str, Rendition] = field(default_factory=dict)


def compare(before: Fleet, after: Fleet, files: Collection[str], versions: Versions, progress: Progress) -> Found:
    """Compare the stacks that `files` declare, in either revision. The code that runs renders both."""
    found = Found()
    old, new = (_chosen(fleet, files) for fleet in (before, after))
    names = sorted(old.keys() | new.keys())
    for number, name in enumerate(names):
        if number and number % 500 == 0:
            progress(f"{number} of {len(names)} stacks compared")
        was, now = old.get(name), new.get(name)
        if was and now and not versions.differing and _same_request(before, was, after, now):
            continue
        first = _side(before, was, "before", found) if was else None
        second = _side(after, now, "after", found) if now else None
        if versions.differing:
            first = _stamped(first, versions, versions.before)
            second = _stamped(second, versions, versions.after)
        if first and second and first.rendition.digest == second.rendition.digest:
            continue
        if first or second:
            found.sides[name] = (first, second)
    return found


def _chosen(fleet: Fleet, files: Collection[str]) -> Mapping[str, Stack]:
    return {
        name: stack for name, stack in fleet.stacks.items() if stack.file in files and rendering.stands(fleet, stack)
    }


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


def _stamped(side: Side | None, versions: Versions, of: Mapping[str, str]) -> Side | None:
    return side and Side(side.fleet, side.stack, versions.stamp(side.rendition, of))
