"""Which stacks a change affects: those whose rendition differs between the two revisions.

Owns      the order of the steps: which revisions, how far the change reaches, what differs, through what.
Refuses   the engine, checkouts, and judgement of what was found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stacks.fleet import Fleet
from stacks.load import checked, no_collection
from stacks.plan import code, names, policies, revision, versions
from stacks.plan.causes import Causes
from stacks.plan.code import Code
from stacks.plan.codes import Codes
from stacks.plan.compare import Found, Progress, Versions, compare
from stacks.plan.git import Git
from stacks.plan.half import Half
from stacks.plan.leaves import leaves, own
from stacks.plan.pair import Comparison, Leaf, Pair, Revisions, Side
from stacks.plan.reach import Reach
from stacks.plan.through import Ways
from stacks.plan.tree import Tree
from stacks.plan.worktree import Worktree


def affected(
    root: Path, base: str | None = None, head: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Comparison:
    """Compare the fleet at `head` (the work tree where none is given) with that where it parts from `base`.

    Raises RevisionError where there are not two revisions to compare. What is wrong with the files of the head is in
    `after.problems`: no plan is to be made of such a comparison. Where `fleet.yaml` is one of them, there are no pairs.
    `progress` is told what takes long, in words.
    """
    git = Git.at(root)
    compared = revision.revisions(git, revision.ends(git, base, head))
    with Tree(git, compared.base) as old, Tree(git, compared.head) as new, no_collection():
        fresh = None if compared.head == revision.WORKTREE else new
        return _Comparing(git, compared, old, fresh, progress).run()


@dataclass(frozen=True)
class _Comparing:
    git: Git
    compared: Revisions
    old: Tree
    new: Tree | None
    progress: Progress

    def run(self) -> Comparison:
        """All steps."""
        different = self._code()
        locks = Versions(
            versions.providers(self._before(versions.LOCK)), versions.providers(self._after(versions.LOCK))
        )
        first = Half(self.old)
        second = Half(self.new or Worktree(self.old, self.compared.files), like=first)
        reach = Reach(first, second, partial(names.search, self.old))
        known = reach.before.all | reach.after.all
        changed = frozenset(name for each in self.compared.files for name in (each.before, each.after) if name in known)
        before, after = reach.follow(changed, whole=different.everywhere or bool(locks.differing))
        after = checked(after)
        notes = _of_base(before)
        if after.settings is None:
            # Broken or missing, and told by `after.problems`; without it every stack would seem to be gone.
            return Comparison(self.compared, before, after, whole=reach.whole, notes=notes)
        codes = Codes(self.git, self.old, self.new, locks, self.progress)
        found: Found
        if different.making:
            found = codes.compare(before, after)
        else:
            found = compare(before, after, reach.touched, locks, self.progress)
        causes = Causes(reach.before, reach.after, changed & reach.touched, frozenset(reach.touched))
        here = codes.here or not different.making
        ways = Ways(causes, different, locks, (before, after), here, found.middle, found.forced)
        pairs = {name: _pair(ways, *sides) for name, sides in found.sides.items()}
        if different.policies:
            pairs = policies.added(pairs, codes.verdicts(before, found), different.policies, (before, after))
        return Comparison(self.compared, before, after, pairs, reach.whole, (*notes, *found.notes))

    def _code(self) -> Code:
        files = [
            name
            for each in self.compared.files
            for name in dict.fromkeys((each.before, each.after))
            if name and not name.startswith(f"{revision.DATA}/")
        ]
        return code.changed(files, self._before, self._after, self._named) if files else Code()

    def _before(self, file: str) -> bytes | None:
        return self.old.source(file)

    def _after(self, file: str) -> bytes | None:
        if self.new is not None:
            return self.new.source(file)
        try:
            return (self.git.root / file).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def _named(self, name: str) -> bool:
        at = [self.new.commit] if self.new else []
        forms = ("-e", f'"{name}"', "-e", f"'{name}'")
        return bool(self.git.ask("grep", "-l", "-F", *forms, *at, "--", "stacks", "components", good=(0, 1)))


def _of_base(before: Fleet) -> Sequence[str]:
    if not before.errors:
        return ()
    return (
        f"the base has {len(before.errors)} errors of its own, the first is {before.errors[0]}: "
        "what is not valid there counts as new",
    )


def _pair(ways: Ways, old: Side | None, new: Side | None) -> Pair:
    differing: tuple[Leaf, ...] = ()
    if old and new and old.stack.name in old.fleet.stacks and new.stack.name in new.fleet.stacks:
        differing = leaves(new.stack, own(old.fleet, old.stack), own(new.fleet, new.stack))
    return Pair(old, new, ways.of(old, new), differing)
