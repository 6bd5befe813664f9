"""Two codes over two fleets: each revision's code renders its own files, and the renditions are compared.

Owns      which of the two codes is the one that runs here, and what is said where the base's does not run.
Refuses   to look for a cause (`causes`).
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from stacks.fleet import Fleet
from stacks.plan.compare import Found, Progress, Versions
from stacks.plan.elsewhere import OtherCodeError, elsewhere
from stacks.plan.git import Git, RevisionError
from stacks.plan.pair import Side
from stacks.plan.tree import Tree
from stacks.rendition import make as rendering
from stacks.rendition.process import Told, tell

Made = Mapping[str, Told]


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
        return self.new is None and Path(rendering.__file__).resolve().parents[2] == self.git.root.resolve()

    def compare(self, before: Fleet, after: Fleet) -> Found:
        """All stacks of both revisions."""
        found = Found()
        self.progress("the code differs: both revisions are rendered whole, each by its own")
        with ExitStack() as runs:
            first, failed = None, ""
            try:
                first = runs.enter_context(elsewhere(self.git, self.old, self.old))
            except OtherCodeError as error:
                failed = str(error)
            new = self._new(runs, after, found)
            old: Made = {}
            try:
                old = {each.stack.name: each for each in first.stacks()} if first else {}
            except OtherCodeError as error:
                failed = str(error)
        if failed:
            found.notes.append(
                f"the base's code could not render the base's files ({failed}): every stack counts as affected, and "
                "what it was is what the new code makes of the old files"
            )
            old = {each.stack.name: each for each in tell(before)}
            found.forced = True
        for name in sorted(old.keys() | new.keys()):
            first_side = self._side(found, "before", before, old.get(name), self.versions.before)
            second_side = self._side(found, "after", after, new.get(name), self.versions.after)
            same = first_side and second_side and first_side.rendition.digest == second_side.rendition.digest
            if (first_side or second_side) and (found.forced or not same):
                found.sides[name] = (first_side, second_side)
        return found

    def _new(self, runs: ExitStack, after: Fleet, found: Found) -> Made:
        if self.here:
            return {each.stack.name: each for each in tell(after)}
        try:
            run = runs.enter_context(elsewhere(self.git, self.new, self.new))
            mixed = runs.enter_context(elsewhere(self.git, self.new, self.old))
            found.middle = {each.stack.name: each.rendition for each in mixed.stacks() if each.rendition}
            return {each.stack.name: each for each in run.stacks()}
        except OtherCodeError as error:
            raise RevisionError(
                f"the code of the change does not run: {error}", "run `fleet validate` with it"
            ) from error

    def _side(
        self, found: Found, when: str, fleet: Fleet, told: Told | None, versions: Mapping[str, str]
    ) -> Side | None:
        if told is None:
            return None
        if told.rendition is None:
            found.notes.append(f"{told.stack.name} cannot be rendered as it is {when} the change: {told.error}")
            return None
        return Side(fleet, told.stack, self.versions.stamp(told.rendition, versions))

    def verdicts(self, before: Fleet, found: Found) -> dict[str, frozenset[str]]:
        """Stacks of the base of which the two policies differ, each with the policies that do: both are asked about the
        old files, so that what the files changed is no change of a policy."""
        self.progress("policies differ: both are asked about every stack")
        try:
            with elsewhere(self.git, self.old, self.old, judged=True) as run, ExitStack() as runs:
                if self.here:
                    new = {each.stack.name: each for each in tell(before, judged=True)}
                else:
                    other = runs.enter_context(elsewhere(self.git, self.new, self.old, judged=True))
                    new = {each.stack.name: each for each in other.stacks()}
                old = {each.stack.name: each for each in run.stacks()}
        except OtherCodeError as error:
            found.notes.append(f"the policies of both revisions could not be compared: {error}")
            return {}
        return {
            name: frozenset(verdict[0] for verdict in differing)
            for name in sorted(old.keys() & new.keys())
            if (differing := old[name].verdicts ^ new[name].verdicts)
        }
