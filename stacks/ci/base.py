"""From which commit on an apply has something to do.

Owns      the last commit whose apply succeeded, as the forge's deployments tell it.
Refuses   the commit before the push as an answer where there is a better one: an apply that failed, was rejected or
          was dropped from a queue is then made good by the next.
"""

from pathlib import Path

from stacks.ci.error import CiError
from stacks.ci.forge import Forge
from stacks.plan.git import Git

_LOOK = 30


def base(root: Path, forge: Forge | None, environment: str, before: str) -> str:
    """A commit's id. `before` is used where nothing was ever applied, and without a forge."""
    git = Git.at(root)
    head = git.commit("HEAD")
    if head is None:
        raise CiError("this clone has no commit")
    for number, commit in enumerate(forge.applied(environment) if forge else ()):
        if number >= _LOOK:
            break
        if git.commit(commit) is None:
            continue  # of a branch that is gone
        if _in(git, head, commit):
            return head  # a later commit was applied already
        if _in(git, commit, head):
            return commit
    found = git.commit(before) if before.strip("0") else None
    if found is None or not _in(git, found, head):
        raise CiError(
            "nothing was applied before, so there is no commit to compare with",
            "the first time, apply by hand: `fleet up --all`; or say --before COMMIT",
        )
    return found


def _in(git: Git, commit: str, other: str) -> bool:
    """Whether `commit` is a part of `other`'s history."""
    return not git.ask("rev-list", "--max-count=1", commit, f"^{other}")
