"""One of the two revisions while it is read: every file at most once, and which files a file names.

Owns      the memory of what was read, the names that files have, and the files that a thing follows from.
Refuses   names that are put together: what a file refers to stands in it whole, as a key or a text of its own (a law of
          the contract of services: one that built names from parts could not be followed).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from components.model import Spec
from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.read import Document, FleetFiles, Result, Store
from stacks.spec import ProfileSpec, ServiceSpec

_SHARED: Mapping[str, tuple[type[Spec], tuple[str, ...]]] = {
    "services": (ServiceSpec, ("defaults", "rings")),
    "profiles": (ProfileSpec, ("kind", "values")),
}
"""Of files that flow into others: their model, and the parts that do. Limits and exceptions change no stack."""


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


@dataclass(frozen=True)
class _Index:
    """A listing by names."""

    listing: FleetFiles

    @cached_property
    def all(self) -> frozenset[str]:
        """Every file."""
        return frozenset(self.listing.all())

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Cells, clusters and profiles. Nobody refers to apps, and the other files are always read."""
        return _by_name((*self.listing.cells, *self.listing.clusters, *self.listing.profiles))

    @cached_property
    def apps(self) -> dict[str, list[str]]:
        """Apps."""
        return _by_name(self.listing.apps)


def _by_name(files: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        found[stem(file)].append(file)
    return found


class Half:
    """A Store that remembers."""

    def __init__(self, store: Store, like: "Half | None" = None) -> None:
        """`like`: another half, whose index is taken where it has the same listing."""
        self._store = store
        self._like = like
        self._read: dict[str, Result] = {}

    @property
    def root(self) -> Path:
        """The root of the repository."""
        return self._store.root

    def files(self) -> FleetFiles:
        """All fleet files, and what is wrong with their places."""
        return self._index.listing

    @cached_property
    def _index(self) -> _Index:
        listing = self._store.files()
        if self._like is not None and self._like.files() is listing:
            return self._like._index
        return _Index(listing)

    @property
    def all(self) -> frozenset[str]:
        """Every fleet file."""
        return self._index.all

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
        """What of a file flows into stacks, as plain data; None where it is not there or not readable.

        Neither does anything flow from a file that its model refuses, for whatever part of it.
        """
        document = self.document(file)
        if document is None:
            return None
        if kind(file) not in _SHARED:
            return document.data
        model, keys = _SHARED[kind(file)]
        return {key: document.data.get(key) for key in keys} if _valid(model, document) else None

    def words(self, file: str) -> Iterator[str]:
        """Every text in what flows from a file into stacks, keys too."""
        return _words(self.shared(file)) if kind(file) else iter(())

    def closure(self, files: Iterable[str]) -> set[str]:
        """The files that `files` follow from, themselves, and those that could claim their names."""
        listing = self._index.listing
        found = {listing.main, *listing.services} if listing.main else set(listing.services)
        todo = []
        for file in files:
            twins = self._index.apps if kind(file) == "apps" else self._index.named
            todo += [twin for twin in twins.get(stem(file), ()) if kind(twin) == kind(file)]
        todo += [file for file in (*files, *found) if file in self.all]
        seen: set[str] = set()
        while todo:
            file = todo.pop()
            if file in seen:
                continue
            seen.add(file)
            for word in self.words(file):
                todo += [other for other in self._index.named.get(word, ()) if other not in seen]
        return found | seen

    def fleet(self, only: Iterable[str] | None) -> Fleet:
        """The fleet of some files, or of all."""
        return gather(self, None if only is None else frozenset(only))


def _valid(model: type[Spec], document: Document) -> bool:
    try:
        model.model_validate(document.data)
    except ValidationError:
        return False
    return True


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
