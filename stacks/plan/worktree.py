"""The fleet files of the work tree, as what differs from a commit and that commit for the rest.

Owns      a listing that does not walk the folders: Git has compared them already.
Refuses   to look at files that Git says are the same: in a sparse checkout they need not even be there.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stacks.plan.pair import FileChange
from stacks.plan.tree import Tree
from stacks.read import FleetFiles, Result, listed, read

_ODD = "000000"
"""In place of a mode of Git, for what it has none: a pipe, a socket."""


@dataclass
class Worktree:
    """A Store over `base` and the changes since."""

    base: Tree
    changes: Iterable[FileChange]

    @property
    def root(self) -> Path:
        """The root of the repository."""
        return self.base.root

    @cached_property
    def _touched(self) -> frozenset[str]:
        return frozenset(name for each in self.changes for name in (each.before, each.after) if name)

    @cached_property
    def _files(self) -> FleetFiles:
        before = {name: mode for name, (mode, _) in self.base.entries.items()}
        after = dict(before)
        for name in self._touched:
            if not name.startswith("fleet/") and name != "fleet":
                continue
            mode = self._mode(name)
            after.pop(name, None)
            if mode:
                after[name] = mode if before.get(name, "")[:3] != mode[:3] else before[name]
        return self.base.files() if after == before else listed(sorted(after.items()))

    def _mode(self, name: str) -> str:
        try:
            found = os.lstat(self.root / name).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return ""
        if stat.S_ISLNK(found):
            return "120000"
        return "100644" if stat.S_ISREG(found) else _ODD

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return self._files

    def read(self, file: str) -> Result:
        """One of them, or everything that is wrong with its text."""
        if file in self._touched or file not in self.base.entries:
            return read(self.root, file)
        return self.base.read(file)
