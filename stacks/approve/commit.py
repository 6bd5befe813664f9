"""Which commit a preview was of.

Owns      its name in the approved plan.
Refuses   to matter: what decides at an apply are digests, for a merge makes another commit of the same content.
"""

from pathlib import Path

from stacks.plan.git import Git, RevisionError
from stacks.plan.revision import CODE, DATA, WORKTREE


def commit(root: Path) -> str:
    """The commit that lies here, `worktree` where files differ from it, nothing where Git knows nothing."""
    try:
        git = Git.at(root)
        if git.ask("status", "--porcelain", "--untracked-files=all", "--", DATA, *CODE):
            return WORKTREE
        return git.commit("HEAD") or WORKTREE
    except RevisionError:
        return ""
