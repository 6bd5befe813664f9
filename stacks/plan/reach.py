"""How far a change may reach: from the changed files to every file whose stacks have to be compared.

Owns      the way from a file to those that follow from it, as far as something that they see of it differs.
Refuses   to decide what is affected: it may read too much, never too little; renditions are compared afterwards.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from stacks import request
from stacks.fleet import Fleet
from stacks.plan.half import Half, kind, same, stem
from stacks.read.tree import MAIN

SEEN_SETTINGS = frozenset(("name", "dns_domain", "public_dns_domain", "platform_team", "offered_as_a_service"))
"""Keys of `fleet.yaml` that flow into stacks. A test holds them against the code, and another against every edit."""

Search = Callable[[Collection[str], Collection[str]], set[str]]
"""`(names, files)`: those of the files that may name one of the names."""


@dataclass
class Reach:
    """Both revisions, read as far as the change may reach. `touched` are the files whose stacks are compared."""

    before: Half
    after: Half
    search: Search
    touched: set[str] = field(default_factory=set)
    whole: bool = False
    fleets: tuple[Fleet, Fleet] | None = None

    def follow(self, changed: Collection[str], whole: bool = False) -> tuple[Fleet, Fleet]:
        """Read from `changed` files on, until nothing more can differ; everything where `whole`."""
        self.touched = {file for file in changed if self._differs(file)}
        self.whole = whole or any(self._everywhere(file) for file in self.touched)
        asked: set[str] = set()
        while not self.whole:
            fleets = self._fleets()
            if fleets[0].settings is None:
                # The base says nothing of itself, so every stack is new.
                self.whole = True
                break
            fresh = self.touched - asked
            asked |= fresh
            names = {stem(file) for file in fresh if self._seen(file, file in changed, fleets)}
            more = self._naming(names) if names else set()
            if more <= self.touched:
                return fleets
            self.touched |= more
        self.touched |= self.before.all | self.after.all
        return self._fleets()

    def _fleets(self) -> tuple[Fleet, Fleet]:
        if self.whole:
            return self.before.fleet(None), self.after.fleet(None)
        return (
            self.before.fleet(self.before.closure(self.touched)),
            self.after.fleet(self.after.closure(self.touched)),
        )

    def _differs(self, file: str) -> bool:
        """Whether a changed file says something else: neither its form nor its comments count."""
        there = file in self.before.all, file in self.after.all
        if not all(there):
            return any(there)
        before, after = self.before.shared(file), self.after.shared(file)
        return before is None or after is None or not same(before, after)

    def _everywhere(self, file: str) -> bool:
        """Whether it is `fleet.yaml`, and differs in what every stack may see."""
        if file != MAIN:
            return False
        before, after = (half.document(MAIN) for half in (self.before, self.after))
        if after is None:
            return False  # that is an error, and no plan comes of it
        return before is None or any(not same(before.data.get(key), after.data.get(key)) for key in SEEN_SETTINGS)

    def _seen(self, file: str, changed: bool, fleets: tuple[Fleet, Fleet]) -> bool:
        """Whether what others see of a file may differ. Of a changed one it may: laws look at those around it too."""
        what = kind(file)
        if what in ("", "apps"):
            return False
        if changed or what in ("profiles", "services"):
            return True
        told = _cell if what == "cells" else _cluster
        before, after = (told(fleet, stem(file)) for fleet in fleets)
        return before != after

    def _naming(self, names: Collection[str]) -> set[str]:
        """Files of the new revision that name one of `names`; what only the old one has is changed itself."""
        found = self.search(names, self.after.all)
        wanted = set(names)
        return {
            file for file in found if self.after.document(file) is None or not wanted.isdisjoint(self.after.words(file))
        }


def _cell(fleet: Fleet, name: str) -> str:
    cell = fleet.cells.get(name)
    return "" if cell is None else repr((cell.protected, request.place(fleet, cell)))


def _cluster(fleet: Fleet, name: str) -> str:
    """What an app or another cluster can see of a cluster, as text: what its services are built from."""
    cluster = fleet.clusters.get(name)
    if cluster is None:
        return ""
    if not fleet.stands(cluster):
        return repr(cluster.spec)
    return repr([request.service(fleet, cluster, key)[1] for key in sorted(cluster.services)]) + _cell(fleet, name)
