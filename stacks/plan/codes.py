"""Two codes over two fleets: each revision's code renders its own files, and the renditions are compared.

Owns      which of the two codes is the one that runs here, and what is said where the base's does not run.
Refuses   to look for a cause (`causes`).
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from stacks import rendering
from stacks.fleet import Fleet
from stacks.plan.compare import Found, Progress, Versions
from stacks.plan.elsewhere import OtherCodeError, elsewhere
from stacks.plan.git import Git, RevisionError
from stacks.plan.pair import Side
from stacks.plan.tree import Tree
from stacks.rendition import Rendition
from stacks.stack import Stack

Made = Mapping[str, tuple[Stack, Rendition | str]]


@dataclass(frozen=True)
class Codes:
    """Two commits with different code; `new` is None for the work tree."""

    git: Git
    old: Tree
    new: Tree | None
    versions: Versions
    progress: Progress

    @property
    def here(self) -> bool:
        """Whether the code that runs is the new one."""
        return self.new is None and Path(rendering.__file__).resolve().parent.parent == self.git.root.resolve()

    def compare(self, before: Fleet, after: Fleet) -> Found:
        """All stacks of both revisions."""
        found = Found()
        self.progress("the code differs: both revisions are rendered whole, each by its own")
        with ExitStack() as runs:
            first, failed = None, ""
            try:
                first = runs.enter_context(elsewhere(self.git, self.old))
            except OtherCodeError as error:
                failed = str(error)
            new = self._new(runs, after)
            old: Made = {}
            try:
                old = {stack.name: (stack, made) for stack, made in first.stacks()} if first else {}
            except OtherCodeError as error:
                failed = str(error)
        if failed:
            found.notes.append(
                f"the base's code could not render the base's files ({failed}): every stack counts as affected, and "
                "what it was is what the new code makes of the old files"
            )
            old = dict(self._mine(before))
            found.forced = True
        for name in sorted(old.keys() | new.keys()):
            self._pair(found, name, (before, old.get(name)), (after, new.get(name)))
        return found

    def _new(self, runs: ExitStack, after: Fleet) -> Made:
        if self.here:
            return dict(self._mine(after))
        try:
            return {
                stack.name: (stack, made) for stack, made in runs.enter_context(elsewhere(self.git, self.new)).stacks()
            }
        except OtherCodeError as error:
            raise RevisionError(
                f"the code of the change does not run: {error}", "run `fleet validate` with it"
            ) from error

    def _mine(self, fleet: Fleet) -> Iterator[tuple[str, tuple[Stack, Rendition | str]]]:
        for number, stack in enumerate(fleet.stacks.values()):
            if number and number % 500 == 0:
                self.progress(f"{number} of {len(fleet.stacks)} stacks rendered")
            if rendering.stands(fleet, stack):
                try:
                    yield stack.name, (stack, rendering.rendition(fleet, stack))
                except Exception as error:  # noqa: BLE001 - told with the stack's name, as the other process does
                    yield stack.name, (stack, f"{type(error).__name__}: {error}")

    def _pair(
        self,
        found: Found,
        name: str,
        was: tuple[Fleet, tuple[Stack, Rendition | str] | None],
        now: tuple[Fleet, tuple[Stack, Rendition | str] | None],
    ) -> None:
        sides = [
            self._side(found, when, fleet, made, versions)
            for when, (fleet, made), versions in (
                ("before", was, self.versions.before),
                ("after", now, self.versions.after),
            )
        ]
        first, second = sides
        same = first and second and first.rendition.digest == second.rendition.digest
        if (first or second) and (found.forced or not same):
            found.sides[name] = (first, second)

    def _side(
        self,
        found: Found,
        when: str,
        fleet: Fleet,
        made: tuple[Stack, Rendition | str] | None,
        versions: Mapping[str, str],
    ) -> Side | None:
        if made is None:
            return None
        stack, rendered = made
        if isinstance(rendered, str):
            found.notes.append(f"{stack.name} cannot be rendered as it is {when} the change: {rendered}")
            return None
        return Side(fleet, stack, self.versions.stamp(rendered, versions))
