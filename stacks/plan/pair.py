"""One affected stack as it was and as it will be.

Owns      the types between finding what is affected and judging what that means.
Refuses   to find or to judge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from stacks.fleet import Fleet
from stacks.plan.document import Through
from stacks.rendition import Rendition
from stacks.resolve import Path
from stacks.stack import Stack

Status = Literal["added", "modified", "removed", "renamed"]


@dataclass(frozen=True)
class FileChange:
    """One file that differs between the revisions. `before` and `after` are its names; empty where it is not there."""

    before: str
    after: str
    status: Status


@dataclass(frozen=True)
class Revisions:
    """What is compared. Commits are full ids; `head` is `worktree` where uncommitted files count."""

    base: str
    head: str
    files: tuple[FileChange, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """One value of a stack's resolved document that differs.

    path  from the root of the resolved mapping, e.g. ("services", "kafka", "version")
    old, new  `components.impact.contract.MISSING` where that side has none
    file, line, column  of the value in the layer that supplied it, on the side that has it (the new one first)
    layer  title of that layer: `file`, `profile critical`, `kafka defaults`, `kafka ring prod`
    """

    path: Path
    old: Any
    new: Any
    file: str
    line: int
    column: int
    layer: str


@dataclass(frozen=True)
class Side:
    """A stack in one of the revisions. `fleet` holds at least everything that the stack follows from."""

    fleet: Fleet
    stack: Stack
    rendition: Rendition


@dataclass(frozen=True)
class Pair:
    """An affected stack: absent before where it is new, absent after where it is gone, both of two names if renamed."""

    before: Side | None
    after: Side | None
    through: tuple[Through, ...]
    leaves: tuple[Leaf, ...] = ()

    @property
    def one(self) -> Side:
        """The side that exists; the new one first."""
        side = self.after or self.before
        assert side is not None  # noqa: S101 - a pair has at least one
        return side


@dataclass(frozen=True)
class Comparison:
    """Both revisions, as far as they were read, and every affected stack by its (new) name.

    before, after  fleets that hold what the change touches, and all that it follows from; not always the whole fleet
    whole          both are whole
    """

    revisions: Revisions
    before: Fleet
    after: Fleet
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    whole: bool = False
    notes: Sequence[str] = ()
