"""Through which files of the fleet a change reaches a stack.

Owns      the files that a stack follows from and that differ; where there are several, an experiment with each alone.
Refuses   guesses: a file that makes no difference to a stack by itself is named only where none does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as Folder

from components.impact.contract import MISSING
from stacks.fleet import Fleet
from stacks.plan.document import Through, Via
from stacks.plan.half import Half, kind, stem
from stacks.plan.leaves import Difference, differences, is_own
from stacks.plan.reach import SEEN_SETTINGS
from stacks.read import FleetFiles, Result
from stacks.read.tree import MAIN
from stacks.rendition import make as rendering
from stacks.resolve import Path
from stacks.stack import Stack

_KINDS: Mapping[str, Via] = {"cells": "cell", "clusters": "cluster", "services": "service", "profiles": "profile"}
MOST = 20
"""Values of one file that are named."""


@dataclass(frozen=True)
class _Mixed:
    """The old revision with one file of the new one."""

    before: Half
    after: Half
    file: str

    @property
    def root(self) -> Folder:
        return self.before.root

    def files(self) -> FleetFiles:
        return (self.after if self.file not in self.before.all else self.before).files()

    def read(self, file: str) -> Result:
        return (self.after if file == self.file or file not in self.before.all else self.before).read(file)


@dataclass
class Causes:
    """Finds the files for one stack after the other; fleets of experiments are made once.

    changed  the files that say something else
    touched  the files whose stacks are compared
    """

    before: Half
    after: Half
    changed: frozenset[str]
    touched: frozenset[str]
    _mixed: dict[str, Fleet] = field(default_factory=dict)

    def of(self, fleets: tuple[Fleet, Fleet], old: Stack | None, new: Stack | None) -> tuple[Through, ...]:
        """What reaches the stack, its own file first."""
        stack = new or old
        assert stack is not None  # noqa: S101 - the caller has one of them
        files = self._cone(old, new)
        if old is not None and new is not None and len(files) > 1:
            files = [file for file in files if self._alone(fleets[0], old, file)] or files
        own = {each.file for each in (old, new) if each}
        if old is None or new is None:
            files = [file for file in files if file in own] or files
        files.sort(key=lambda file: (file not in own, kind(file), file))
        return tuple(
            each for file in files for each in self._told(stack, file, own, old is not None and new is not None)
        )

    def _cone(self, old: Stack | None, new: Stack | None) -> list[str]:
        found: set[str] = set()
        for half, stack in ((self.before, old), (self.after, new)):
            if stack is not None:
                found |= half.closure([stack.file]) & self.changed
        return sorted(found)

    def _alone(self, before: Fleet, stack: Stack, file: str) -> bool:
        """Whether the old revision with this file of the new one gives the stack another result."""
        if file not in self.after.all or file not in self.before.all:
            return True
        if file not in self._mixed:
            mixed = Half(_Mixed(self.before, self.after, file))
            self._mixed[file] = mixed.fleet(mixed.closure(self.touched))
        fleet = self._mixed[file]
        if stack.name not in fleet.stacks:
            return True
        now = fleet.stacks[stack.name]
        try:
            if rendering.asked(before, stack) == rendering.asked(fleet, now):
                return False
            return stack.kind == "cell" or rendering.rendition(before, stack) != rendering.rendition(fleet, now)
        except Exception:  # noqa: BLE001 - half of a change need not be a whole fleet: then nothing can be said of it
            return True

    def _told(self, stack: Stack, file: str, own: set[str], update: bool) -> Iterator[Through]:
        via: Via = "file" if file in own else "fleet" if file == MAIN else _KINDS.get(kind(file), "file")
        before, after = self.before.document(file), self.after.document(file)
        if before is None or after is None or not update:
            yield Through(kind=via, file=file)
            return
        found = list(differences(before.data, after.data))
        for path, _, new in _relevant(found, stack, file)[:MOST]:
            side = before if new is MISSING else after
            line, _ = side.position(path)
            yield Through(kind=via, file=file, line=line, what=".".join(map(str, path)))


def _relevant(found: list[Difference], stack: Stack, file: str) -> list[Difference]:
    """The differences of a file that concern the stack; all of them where none seems to."""
    return [each for each in found if _concerns(each[0], stack, file)] or found


def _concerns(path: Path, stack: Stack, file: str) -> bool:
    what = kind(file)
    if file == MAIN:
        return path[0] in SEEN_SETTINGS
    if what == "profiles":
        return path[:1] == ("values",) and is_own(stack, path[1:])
    if what == "services":
        return path[:1] in (("defaults",), ("rings",)) and stem(file) in (
            stack.service,
            *([] if stack.service else [stem(file)]),
        )
    return is_own(stack, path) if file == stack.file else True
