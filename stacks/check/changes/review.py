"""A change as its laws see it: both fleets, the files between them, and the day.

Owns      which thing of the old fleet is which of the new one, and what ends: files that go, sections that go.
Refuses   to judge.
Identity  a thing is its kind and its name (an app's with its cluster's), never its folder: moving a file to another
          team's folder moves ownership and leaves every stack where it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from components.lifecycle import Retirable, Retirement
from stacks.fleet import App, Cell, Cluster, Fleet
from stacks.plan.pair import FileChange
from stacks.resolve import Path, Resolved
from stacks.spec import Deletion

Kind = Literal["cell", "cluster", "app"]
Thing = Cell | Cluster | App

_DEPTH: Mapping[str, tuple[Kind, int]] = {"cells": ("cell", 3), "clusters": ("cluster", 4), "apps": ("app", 4)}


def kind_of(file: str) -> Kind | None:
    """What a fleet file declares, if it is one whose going ends a stack."""
    parts = PurePosixPath(file).parts
    if len(parts) < 3 or parts[0] != "fleet" or parts[1] not in _DEPTH or not parts[-1].endswith(".yaml"):
        return None
    kind, depth = _DEPTH[parts[1]]
    return kind if len(parts) == depth else None


@dataclass(frozen=True)
class Ending:
    """A file that was there and is not any more, and whose thing no other file declares.

    thing    as it was; None where its last version was not valid, or was not read
    renamed  the file that has its content now; empty where there is none
    """

    kind: Kind
    name: str
    file: str
    thing: Thing | None
    renamed: str = ""


@dataclass(frozen=True)
class Tombstone:
    """A retirement, and what it is about. `what` is for people, `path` where it stands in `resolved`."""

    what: str
    resolved: Resolved
    path: Path
    retirement: Retirement

    @property
    def day(self) -> date:
        """Since when."""
        return date.fromisoformat(self.retirement.since)


@dataclass(frozen=True)
class Review:
    """A change under review. The fleets hold at least what the change touches; `files` are all that differ."""

    before: Fleet
    after: Fleet
    files: tuple[FileChange, ...]
    today: date

    @cached_property
    def limits(self) -> Deletion:
        """How much may go and how soon: the stricter of both revisions, so that no change loosens its own limits."""
        found = [fleet.settings.deletion for fleet in (self.before, self.after) if fleet.settings is not None]
        return Deletion(
            waiting_days=max((each.waiting_days for each in found), default=Deletion().waiting_days),
            most_per_change=min((each.most_per_change for each in found), default=Deletion().most_per_change),
        )

    @cached_property
    def cells(self) -> Mapping[str, tuple[Cell, Cell]]:
        """Cells that are in both, by name; inline ones too."""
        return {
            name: (old, self.after.cells[name]) for name, old in self.before.cells.items() if name in self.after.cells
        }

    @cached_property
    def clusters(self) -> Mapping[str, tuple[Cluster, Cluster]]:
        """Clusters that are in both, by name."""
        new = self.after.clusters
        return {name: (old, new[name]) for name, old in self.before.clusters.items() if name in new}

    @cached_property
    def apps(self) -> Mapping[tuple[str, str], tuple[App, App]]:
        """Apps that are in both, by cluster and name."""
        return {key: (old, self.after.apps[key]) for key, old in self.before.apps.items() if key in self.after.apps}

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """Every file whose going ends something, by name."""
        return tuple(sorted(self._endings(), key=lambda each: each.file))

    def _endings(self) -> Iterator[Ending]:
        arrived = {change.after for change in self.files if change.after and change.after != change.before}
        for change in self.files:
            kind = kind_of(change.before)
            if kind is None or change.after == change.before:
                continue
            name = PurePosixPath(change.before).stem
            thing = self._thing(kind, name, change.before)
            if self._stands(kind, name, thing, arrived):
                continue
            renamed = change.after if kind_of(change.after) == kind else self._alike(kind, thing, arrived)
            yield Ending(kind, name, change.before, thing, renamed)

    def _thing(self, kind: Kind, name: str, file: str) -> Thing | None:
        if kind == "cell":
            return self.before.cells.get(name)
        if kind == "cluster":
            return self.before.clusters.get(name)
        return next((app for app in self.before.apps.values() if app.resolved.file == file), None)

    def _stands(self, kind: Kind, name: str, thing: Thing | None, arrived: set[str]) -> bool:
        """Whether another file declares the same thing now: it was moved."""
        here = [file for file in arrived if kind_of(file) == kind and PurePosixPath(file).stem == name]
        if kind == "cell":
            return bool(here) or name in self.after.cells
        if kind == "app" and isinstance(thing, App):
            theirs = [app.spec.cluster for app in self.after.apps.values() if app.resolved.file in here]
            # A file that is not valid is told for itself.
            return thing.spec.cluster in theirs if theirs else bool(here)
        return bool(here)

    def _alike(self, kind: Kind, thing: Thing | None, arrived: set[str]) -> str:
        """A new file of the same kind that says the same, whether Git calls it a rename or not."""
        if thing is None:
            return ""
        said = thing.resolved.layers[-1].values
        new: Mapping[Kind, Iterable[Thing]] = {
            "cell": self.after.cells.values(),
            "cluster": self.after.clusters.values(),
            "app": self.after.apps.values(),
        }
        alike = (
            other.resolved.file
            for other in new[kind]
            if other.resolved.file in arrived and other.resolved.layers[-1].values == said
        )
        return next(alike, "")


def retirement_of(thing: Thing) -> Retirement | None:
    """The tombstone of a thing; an inline cell has its cluster's."""
    return thing.spec.retirement if isinstance(thing.spec, Retirable) else None
