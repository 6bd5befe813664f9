"""Which two revisions are compared, and which files differ between them.

Owns      the base where none is given, the merge base, shallow clones, the list of changed files with renames.
Refuses   to fetch: what is missing is told with the command that gets it. Git's own errors end here as RevisionError.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stacks.plan.git import Git, RevisionError
from stacks.plan.pair import FileChange, Revisions, Status

WORKTREE = "worktree"
DATA = "fleet"
CODE = ("stacks", "components", "tools/strimzi", "policies", "uv.lock", "pyproject.toml")
"""Beside `fleet/`, what may decide what a stack becomes."""

_ALIKE = 70
"""Percent of a file's content that stays where its name changes, for Git to see the one in the other."""
_MOST_PAIRS = 2000
_NONE_HERE = "0" * 40
_KINDS: dict[str, Status] = {"A": "added", "D": "removed", "M": "modified", "T": "modified"}


@dataclass(frozen=True)
class Ends:
    """The commits. `head` is empty where the work tree counts; `tip` is what was asked for as the base."""

    base: str
    head: str
    tip: str
    notes: tuple[str, ...] = ()


def ends(git: Git, base: str | None, head: str | None, environment: Mapping[str, str] | None = None) -> Ends:
    """The commits of both sides: the merge base of `base` and the head, and the head."""
    here = git.commit("HEAD")
    if here is None:
        raise RevisionError("nothing is committed here yet", "commit the fleet once: a plan compares two commits")
    top = here
    if head is not None:
        found = git.commit(head)
        if found is None:
            raise _missing(git, head, "head")
        top = found
    name, tip = _base(git, base, os.environ if environment is None else environment)
    common = git.ask("merge-base", "--all", tip, top, good=(0, 1)).decode().split()
    shown = "" if head is None else top
    if not common:
        if not git.shallow:
            raise RevisionError(
                f"'{name}' and {head or 'HEAD'} have no commit in common", "name a base that this branch came from"
            )
        if tip != name:
            raise RevisionError(
                f"this clone is shallow, and where '{name}' and {head or 'HEAD'} part is not in it",
                "git fetch --unshallow (in CI: a checkout with fetch-depth: 0), or give the base as a full commit id",
            )
        note = f"the clone is shallow: compared with commit {tip[:12]} itself, as given, and not with a merge base"
        return Ends(tip, shown, tip, (note,))
    notes = []
    if len(common) > 1:
        notes.append(f"there are {len(common)} merge bases: compared with {common[0][:12]}")
    if git.shallow:
        notes.append(f"the clone is shallow: {common[0][:12]} is the merge base in the history that is here")
    return Ends(common[0], shown, tip, tuple(notes))


def _base(git: Git, given: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """The base's name and commit: as given, as the CI system says, else the branch that everything is merged into."""
    if given is not None:
        found = git.commit(given)
        if found is None:
            raise _missing(git, given, "base")
        return given, found
    for wanted in (environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"), environment.get("GITHUB_BASE_REF")):
        if wanted:
            for name in (f"origin/{wanted}", wanted):
                if found := git.commit(name):
                    return name, found
            raise _missing(git, wanted, "base")
    for name, found in git.commits("origin/HEAD", "origin/main", "origin/master", "main", "master").items():
        if found:
            return name, found
    raise RevisionError(
        "there is nothing to compare with: no origin/HEAD, main or master here", "name the base: --base REF"
    )


def _missing(git: Git, name: str, side: str) -> RevisionError:
    branch = name.removeprefix("origin/")
    fetch = f"git fetch --no-tags origin {branch}:refs/remotes/origin/{branch}"
    if len(name) == len(_NONE_HERE) and set(name) <= set("0123456789abcdef"):
        fetch = f"git fetch --no-tags origin {name}"
    shallow = " of this shallow clone" if git.shallow else ""
    return RevisionError(f"there is no commit '{name}' ({side}) in the history{shallow}", fetch)


def revisions(git: Git, both: Ends) -> Revisions:
    """The changed files: all of `fleet/`, and of the code and the lock what decides what a stack becomes."""
    with _index(git, both) as environment:
        between = [both.base] if not both.head else [both.base, both.head]
        out = git.ask(
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--ignore-submodules=none",
            f"--find-renames={_ALIKE}%",
            f"-l{_MOST_PAIRS}",
            *between,
            "--",
            DATA,
            *CODE,
            environment=environment,
        )
    return Revisions(both.base, both.head or WORKTREE, tuple(sorted(_changes(out), key=_order)), both.notes)


def _order(change: FileChange) -> tuple[str, str]:
    return change.after or change.before, change.before


def _changes(raw: bytes) -> Iterator[FileChange]:
    parts = iter(os.fsdecode(raw).split("\0"))
    for head in parts:
        if not head:
            continue
        letter = head.rsplit(" ", 1)[1][0]
        first = next(parts)
        if letter in "RC":
            second = next(parts)
            if letter == "C" or _folder(first) != _folder(second):
                # A cluster never becomes an app, however alike their files are.
                if letter == "R":
                    yield FileChange(first, "", "removed")
                yield FileChange("", second, "added")
            else:
                yield FileChange(first, second, "renamed")
            continue
        status = _KINDS.get(letter, "modified")
        yield FileChange("" if status == "added" else first, "" if status == "removed" else first, status)


def _folder(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[:2])


@contextmanager
def _index(git: Git, both: Ends) -> Iterator[Mapping[str, str]]:
    """An environment in which files that Git was not told of count too: in a copy of the index, where it is."""
    untracked = [] if both.head else _untracked(git)
    if not untracked:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-index-") as folder:
        copy = Path(folder) / "index"
        if (git.folder / "index").is_file():
            shutil.copy(git.folder / "index", copy)
        environment = {"GIT_INDEX_FILE": str(copy)}
        for first in range(0, len(untracked), 500):
            some = untracked[first : first + 500]
            git.ask("add", "--intent-to-add", "--force", "--", *some, environment=environment)
        yield environment


def _untracked(git: Git) -> list[str]:
    """Files of the work tree that are not in the index: below `fleet/` the ignored ones too, for they are read."""
    listing = ("ls-files", "-z", "--others")
    found = git.ask(*listing, "--", DATA) + git.ask(*listing, "--exclude-standard", "--", *CODE)
    # What ends in a slash is a repository inside of this one.
    return [name for name in os.fsdecode(found).split("\0") if name and not name.endswith("/")]
