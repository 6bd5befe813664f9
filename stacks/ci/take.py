"""A change's data, laid over the base's code.

Owns      which parts of a change count as data, and how they get here: as Git's objects, byte by byte.
Refuses   everything in `fleet/` that is no plain file with a plain name: links, submodules, executables, Git's own
          dot-files (they carry filters), files and trees out of proportion. None of the change's code is run, and
          nothing is written outside of `fleet/`.

A pull request's code would otherwise read the clouds with the pipeline's role before anybody looked at it.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from stacks.ci.error import CiError
from stacks.plan.git import Git

DATA = "fleet/"
HARMLESS = re.compile(r"docs/.*|[^/]*\.md", re.DOTALL)
"""Read by people alone: a change of these asks nobody for leave and is not taken either."""
_PLAIN = re.compile(r"(?!\.)[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_ENTRY = re.compile(r"(?P<mode>\d{6}) (?P<kind>\w+) (?P<id>[0-9a-f]{40,64}) +(?P<size>\d+|-)\t(?P<path>.*)", re.DOTALL)
_MOST_BYTES = 1_000_000
_MOST_FILES = 200_000


@dataclass(frozen=True)
class Taken:
    """`tree`: whose code is to be run, `base` or `change`; `code`: the paths that make it the change's."""

    tree: str
    files: int = 0
    code: tuple[str, ...] = ()


def take(base: Path, change: Path, commit: str) -> Taken:
    """Put the `fleet/` of `commit` (a commit of the clone `change`) into `base`, and commit it there.

    A change that touches more than data is left where it is: somebody must approve its code first.
    """
    ours, theirs = Git.at(base), Git.at(change)
    here, there = ours.commit("HEAD"), theirs.commit(commit)
    if here is None or there is None:
        raise CiError(f"commit {commit} is not in {change}", "fetch the whole history: `fetch-depth: 0`")
    if ours.ask("status", "--porcelain", "--untracked-files=no"):
        raise CiError(f"{base} has changes of its own", "start from a fresh checkout")
    touched = _names(theirs, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", here, there)
    code = tuple(sorted(path for path in touched if not path.startswith(DATA) and not HARMLESS.fullmatch(path)))
    if code:
        return Taken("change", code=code)
    files = _files(theirs, there)
    shutil.rmtree(base / DATA)
    for path, content in files.items():
        target = base / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    ours.ask("add", "--all", "--force", "--", "fleet")
    author = ("-c", "user.name=fleet", "-c", "user.email=fleet@localhost", "-c", "core.hooksPath=/dev/null")
    ours.ask(*author, "-c", "commit.gpgSign=false", "commit", "--quiet", "--allow-empty", "-m", f"Data of {there}")
    return Taken("base", len(files))


def _names(git: Git, *arguments: str) -> list[str]:
    return [name.decode(errors="replace") for name in git.ask(*arguments).split(b"\0") if name]


def _files(git: Git, commit: str) -> dict[str, bytes]:
    """Path -> content of every file below `fleet/`, all of them plain."""
    faults, wanted = [], {}
    entries = _names(git, "ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", "fleet")
    if not entries:
        raise CiError(f"commit {commit} has no fleet/", "an empty fleet is an error and never a plan")
    if len(entries) > _MOST_FILES:
        raise CiError(f"commit {commit} has {len(entries)} files in fleet/ (at most {_MOST_FILES})")
    for entry in entries:
        found = _ENTRY.fullmatch(entry)
        if found is None:
            raise CiError(f"git ls-tree said {entry!r}")
        if fault := _fault(found):
            faults.append(f"{_shown(found['path'])} is {fault}")
        else:
            wanted[found["path"]] = found["id"]
    if faults:
        rest = f" (and {len(faults) - 10} more)" if len(faults) > 10 else ""
        raise CiError(f"the change is not taken: {'; '.join(faults[:10])}{rest}", "fleet/ holds plain files alone")
    return _contents(git, wanted)


def _fault(entry: re.Match[str]) -> str:
    if entry["mode"] != "100644":
        kinds = {"120000": "a symbolic link", "160000": "a submodule", "100755": "an executable file"}
        return kinds.get(entry["mode"], f"of mode {entry['mode']}")
    parts = entry["path"].split("/")
    if parts[0] != "fleet" or len(parts) < 2 or not all(_PLAIN.fullmatch(part) for part in parts):
        return "no plain name (letters, digits, '.', '_' and '-', not starting with '.')"
    if int(entry["size"]) > _MOST_BYTES:
        return f"of {entry['size']} bytes (at most {_MOST_BYTES})"
    return ""


def _contents(git: Git, wanted: dict[str, str]) -> dict[str, bytes]:
    found = {}
    with git.talking("cat-file", "--batch") as process:
        if process.stdin is None or process.stdout is None:
            raise CiError("git cat-file does not talk")
        for path, id_ in wanted.items():
            process.stdin.write(f"{id_}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) != 3 or head[1] != b"blob":
                raise CiError(f"{path} is not in the clone", "fetch the whole history: `fetch-depth: 0`")
            found[path] = process.stdout.read(int(head[2]))
            process.stdout.read(1)
    return found


def _shown(path: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in path)[:120]
