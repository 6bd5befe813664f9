"""The fleet files of a commit, read from Git's objects: nothing is checked out.

Owns      one listing of the tree, and one process that gives the bytes of its blobs.
Refuses   what the disk refuses: links, submodules, and everything else that is no regular file.
"""

import os
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType

from stacks.plan.git import Git, RevisionError
from stacks.read import FleetFiles, Result, listed, read_text
from stacks.read.tree import FOLDER


@dataclass
class Tree:
    """The fleet of one commit. A context manager: it holds a process while it is read."""

    git: Git
    commit: str
    _open: ExitStack = field(default_factory=ExitStack)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def root(self) -> Path:
        """The root of the repository."""
        return self.git.root

    def __enter__(self) -> "Tree":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()
        self._process = None

    @cached_property
    def entries(self) -> dict[str, tuple[str, str]]:
        """Mode and object by file."""
        path = f"{self.git.prefix}{FOLDER}"
        out = self.git.ask("ls-tree", "-r", "-z", "--full-tree", self.commit, "--", path)
        found = {}
        for line in os.fsdecode(out).split("\0"):
            if line:
                told, _, name = line.partition("\t")
                mode, _, thing = told.split(" ")
                found[name.removeprefix(self.git.prefix)] = (mode, thing)
        return found

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return listed((name, mode) for name, (mode, _) in self.entries.items())

    def read(self, file: str) -> Result:
        """One of them, or everything that is wrong with its text."""
        return read_text(file, self.content(file))

    def content(self, file: str) -> bytes:
        """The content of a file that the listing names."""
        _, thing = self.entries[file]
        process = self._talking()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        process.stdin.write(f"{thing}\n".encode())
        process.stdin.flush()
        told = process.stdout.readline().split()
        if len(told) != 3:
            raise RevisionError(
                f"Git has no content of {file} at {self.commit[:12]}: the clone is partial or damaged",
                "git fetch origin",
            )
        text = process.stdout.read(int(told[2]))
        process.stdout.read(1)
        return text

    def _talking(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = self._open.enter_context(self.git.talking("cat-file", "--batch"))
        return self._process
