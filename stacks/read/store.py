"""Where fleet files are: on the disk, or in anything else that lists them and gives their bytes.

Owns      the protocol of such a place, and the disk as one.
Refuses   a second way of judging text: every place reads by `read_text`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stacks.read.file import Result, read
from stacks.read.tree import FleetFiles, files


class Store(Protocol):
    """A place with a fleet. File names are relative to the root of the repository, with `/`."""

    @property
    def root(self) -> Path:
        """The root of the repository that it belongs to."""
        ...

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        ...

    def read(self, file: str) -> Result:
        """One of them, or everything that is wrong with its text."""
        ...


@dataclass(frozen=True)
class Disk:
    """The files as they lie below `root`."""

    root: Path

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return files(self.root)

    def read(self, file: str) -> Result:
        """One of them, or everything that is wrong with its text."""
        return read(self.root, file)
