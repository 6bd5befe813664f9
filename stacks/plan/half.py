"""One of the two revisions while it is read: every file at most once, and which files a file names.

Owns      the memory of what was read, the names that files have, and the files that a thing follows from.
Refuses   names that are put together: what a file refers to stands in it whole, as a key or a text of its own (a law of
          the contract of services: one that built names from parts could not be followed).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.read import Document, FleetFiles, Result, Store

_SHARED = {"services": ("defaults", "rings"), "profiles": ("kind", "values")}
"""Of files that flow into others: the parts that do. Limits and exceptions are laws, and change no stack."""


def kind(file: str) -> str:
    """Folder of a file's kind, e.g. `clusters`; empty for `fleet.yaml`."""
    parts = file.split("/")
    return parts[1] if len(parts) > 2 else ""


def stem(file: str) -> str:
    """The name that a file declares."""
    return file.rpartition("/")[2].removesuffix(".yaml")


def same(one: Any, other: Any) -> bool:
    """Whether two values are one in YAML and JSON. To Python `True == 1 == 1.0`; to Kafka they are not."""
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class Half:
    """A Store that remembers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Result] = {}
        self._closures: dict[str, frozenset[str]] = {}

    @property
    def root(self) -> Path:
        """The root of the repository."""
        return self._store.root

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return self._listing

    @cached_property
    def _listing(self) -> FleetFiles:
        return self._store.files()

    @cached_property
    def all(self) -> frozenset[str]:
        """Every fleet file."""
        return frozenset(self._listing.all())

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """Files by name: cells, clusters and profiles. Nobody refers to apps, and the other files are always read."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in (*self._listing.cells, *self._listing.clusters, *self._listing.profiles):
            found[stem(file)].append(file)
        return found

    @cached_property
    def _apps(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for file in self._listing.apps:
            found[stem(file)].append(file)
        return found

    def read(self, file: str) -> Result:
        """One of the files, or everything that is wrong with its text."""
        if file not in self._read:
            self._read[file] = self._store.read(file)
        return self._read[file]

    def document(self, file: str) -> Document | None:
        """A file that is there and can be read."""
        if file not in self.all:
            return None
        found = self.read(file)
        return found if isinstance(found, Document) else None

    def shared(self, file: str) -> Any:
        """What of a file flows into stacks, as plain data; None where it is not there or not readable."""
        document = self.document(file)
        if document is None:
            return None
        keys = _SHARED.get(kind(file))
        return document.data if keys is None else {key: document.data.get(key) for key in keys}

    def words(self, file: str) -> Iterator[str]:
        """Every text in what flows from a file into stacks, keys too."""
        return _words(self.shared(file)) if kind(file) else iter(())

    def closure(self, files: Iterable[str]) -> set[str]:
        """The files that `files` follow from, themselves, and those that could claim their names."""
        found = {self._listing.main, *self._listing.services} if self._listing.main else set(self._listing.services)
        todo = []
        for file in files:
            twins = self._apps if kind(file) == "apps" else self._named
            todo += [twin for twin in twins.get(stem(file), ()) if kind(twin) == kind(file)]
        todo += [file for file in (*files, *found) if file in self.all]
        seen: set[str] = set()
        while todo:
            file = todo.pop()
            if file in seen:
                continue
            seen.add(file)
            for word in self.words(file):
                todo += [other for other in self._named.get(word, ()) if other not in seen]
        return found | seen

    def fleet(self, only: Iterable[str] | None) -> Fleet:
        """The fleet of some files, or of all."""
        return gather(self, None if only is None else frozenset(only))


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)
