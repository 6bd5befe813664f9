"""Which stacks a change affects: those whose rendition differs between the two revisions.

Owns      the order of the steps: which revisions, how far the change reaches, what differs, through what.
Refuses   the engine, checkouts, and judgement of what was found.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from stacks.fleet import Fleet
from stacks.load import checked, no_collection
from stacks.plan import names, revision
from stacks.plan.compare import compare
from stacks.plan.git import Git
from stacks.plan.half import Half
from stacks.plan.leaves import leaves, own
from stacks.plan.pair import Comparison, Pair, Revisions, Side
from stacks.plan.reach import Reach
from stacks.plan.through import Causes
from stacks.plan.tree import Tree
from stacks.read import Disk


def affected(
    root: Path, base: str | None = None, head: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> Comparison:
    """Compare the fleet at `head` (the work tree where none is given) with that where it parts from `base`.

    Raises RevisionError where there are not two revisions to compare. What is wrong with the files of the head is in
    `after.problems`: no plan is to be made of such a comparison. Where `fleet.yaml` is one of them, there are no pairs.
    """
    git = Git.at(root)
    compared = revision.revisions(git, revision.ends(git, base, head))
    with Tree(git, compared.base) as old, Tree(git, compared.head) as new, no_collection():
        fresh = None if compared.head == revision.WORKTREE else new
        before, after = Half(old), Half(fresh or Disk(root))

        def search(wanted: Collection[str], files: Collection[str]) -> set[str]:
            return names.search(git, fresh, wanted, files)

        return _compared(compared, Reach(before, after, search), progress)


def _compared(compared: Revisions, reach: Reach, progress: Callable[[str], None]) -> Comparison:
    notes = list(compared.notes)
    known = reach.before.all | reach.after.all
    changed = {name for each in compared.files for name in (each.before, each.after) if name in known}
    before, after = reach.follow(changed)
    after = checked(after)
    if after.settings is None:
        # Broken or missing, and told by `after.problems`; without it every stack would seem to be gone.
        return Comparison(compared, before, after, whole=reach.whole, notes=notes)
    if before.errors:
        notes.append(
            f"the base has {len(before.errors)} errors of its own, the first is {before.errors[0]}: "
            "what is not valid there counts as new"
        )
    found = compare(before, after, reach.touched, progress)
    causes = Causes(reach.before, reach.after, frozenset(changed & reach.touched), frozenset(reach.touched))
    pairs = {name: _pair((before, after), sides, causes) for name, sides in found.sides.items()}
    return Comparison(compared, before, after, pairs, reach.whole, (*notes, *found.notes))


def _pair(fleets: tuple[Fleet, Fleet], sides: tuple[Side | None, Side | None], causes: Causes) -> Pair:
    old, new = sides
    through = causes.of(fleets, old.stack if old else None, new.stack if new else None)
    differing = leaves(new.stack, own(old.fleet, old.stack), own(new.fleet, new.stack)) if old and new else ()
    return Pair(old, new, through, differing)
