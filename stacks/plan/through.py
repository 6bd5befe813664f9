"""Through what a change reaches a stack: files of the fleet, code, versions of providers.

Owns      the order of these, and the experiment that tells code from data: the new code over the old files.
Refuses   to name a change of code as a cause where the old files become the same by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stacks.fleet import Fleet
from stacks.plan.causes import Causes
from stacks.plan.code import Code
from stacks.plan.compare import Versions
from stacks.plan.document import Through
from stacks.plan.pair import Side
from stacks.plan.versions import LOCK, used
from stacks.rendition import Rendition
from stacks.rendition import make as rendering
from stacks.stack import Stack

MOST = 20
_OF_ONE = {"service": "components/services/", "cell": "components/clouds/"}
"""Folders with one folder for each service and each cloud: what is below another's does not concern a stack."""


@dataclass(frozen=True)
class Ways:
    """Everything that differs between the revisions, to be asked about one stack after the other.

    here    the code that runs is that of the new revision, or of both
    middle  where it is not: what the new code makes of the old files
    forced  the base's code did not run: it counts as a cause for every stack
    """

    causes: Causes
    code: Code
    versions: Versions
    fleets: tuple[Fleet, Fleet]
    here: bool
    middle: Mapping[str, Rendition]
    forced: bool = False

    def of(self, old: Side | None, new: Side | None) -> tuple[Through, ...]:
        """How the change reaches a stack that was found to be affected."""
        stacks = old.stack if old else None, new.stack if new else None
        if old is None or new is None:
            return self.causes.of(self.fleets, *stacks) or tuple(self._codes(stacks[1] or stacks[0]))
        if not self.code.making:
            return (*self.causes.of(self.fleets, *stacks), *self._versions(new.rendition))
        middle = self._middle(old.stack) if self.here else self.middle.get(old.stack.name)
        by_code = self.forced or middle is None or self._before(middle) != old.rendition.digest
        by_data = middle is None or self._after(middle) != new.rendition.digest
        return (
            *(self.causes.of(self.fleets, *stacks) if by_data else ()),
            *(self._codes(new.stack) if by_code else ()),
            *self._versions(new.rendition),
        )

    def _middle(self, stack: Stack) -> Rendition | None:
        """What the new code makes of the old files; None where they are not good enough for it."""
        fleet = self.fleets[0]
        known = fleet.stacks.get(stack.name)
        if known is None or not rendering.stands(fleet, known):
            return None
        try:
            return rendering.rendition(fleet, known)
        except Exception:  # noqa: BLE001 - an experiment: the old files need not suit the new code
            return None

    def _before(self, rendered: Rendition) -> str:
        return self.versions.stamp(rendered, self.versions.before).digest

    def _after(self, rendered: Rendition) -> str:
        return self.versions.stamp(rendered, self.versions.after).digest

    def _codes(self, stack: Stack | None) -> Iterator[Through]:
        files = self.code.making
        if stack is not None and len(files) > 1:
            files = tuple(file for file in files if self._concerns(stack, file)) or files
        for file in files[:MOST]:
            yield Through(kind="code", file=file)

    def _concerns(self, stack: Stack, file: str) -> bool:
        for kind, folder in _OF_ONE.items():
            inside = file.removeprefix(folder).partition("/")
            if file.startswith(folder) and inside[1]:
                return kind == stack.kind and inside[0] in (stack.service, self._cloud(stack))
        return stack.kind == "app" or not file.startswith("components/apps/")

    def _cloud(self, stack: Stack) -> str:
        cell = self.fleets[1].cells.get(stack.cell) or self.fleets[0].cells.get(stack.cell)
        return cell.spec.cloud if cell else ""

    def _versions(self, rendered: Rendition) -> Iterator[Through]:
        for token in used(rendered, self.versions.differing):
            change = f"pulumi-{token} {self.versions.before[token]} to {self.versions.after[token]}"
            yield Through(kind="versions", file=LOCK, what=change)
