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
        """Mode and object of each fleet file."""
        return self.listed(FOLDER)

    def listed(self, *paths: str) -> dict[str, tuple[str, str]]:
        """Mode and object of each file at or below some paths."""
        at = [f"{self.git.prefix}{path}" for path in paths]
        out = self.git.ask("ls-tree", "-r", "-z", "--full-tree", self.commit, "--", *at)
        found = {}
        for line in os.fsdecode(out).split("\0"):
            if line:
                told, _, name = line.partition("\t")
                mode, _, thing = told.split(" ")
                found[name.removeprefix(self.git.prefix)] = (mode, thing)
        return found

    @cached_property
    def _files(self) -> FleetFiles:
        return listed((name, mode) for name, (mode, _) in self.entries.items())

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return self._files

    def read(self, file: str) -> Result:
        """One of them, or everything that is wrong with its text."""
        return read_text(file, self.content(file))

    def content(self, file: str) -> bytes:
        """The content of a fleet file that the listing names."""
        return self.thing(self.entries[file][1], file)

    def source(self, file: str) -> bytes | None:
        """The content of any file; None where the commit has none of that name."""
        return self._answer(f"{self.commit}:{self.git.prefix}{file}")

    def thing(self, name: str, file: str) -> bytes:
        """The content of an object; `file` is for the error."""
        found = self._answer(name)
        if found is None:
            raise RevisionError(
                f"Git has no content of {file} at {self.commit[:12]}: the clone is partial or damaged",
                "git fetch origin",
            )
        return found

    def _answer(self, asked: str) -> bytes | None:
        if "\n" in asked:
            return None
        process = self._talking()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        process.stdin.write(os.fsencode(asked) + b"\n")
        process.stdin.flush()
        told = process.stdout.readline().rsplit(b" ", 2)
        if len(told) != 3 or not told[2].strip().isdigit():
            return None
        text = process.stdout.read(int(told[2]))
        process.stdout.read(1)
        return text if told[1] == b"blob" else None

    def _talking(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = self._open.enter_context(self.git.talking("cat-file", "--batch"))
        return self._process
