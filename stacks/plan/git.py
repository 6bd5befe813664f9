"""Git, asked by running it: argument lists, no shell, nothing of the caller's environment that changes its answers.

Owns      the process, its environment, and the error that a person sees where Git cannot answer.
Refuses   to write into the repository; names that Git could take for an option or an expression.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_TRACE",
)
"""What a hook of Git leaves in the environment, or a person, that makes it speak of another repository or otherwise."""

_SETTINGS = ("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "color.ui=false")

# A name as people and CI systems write it, and what follows it: `origin/main`, `v1.2`, `HEAD~2`, `main@{1}`.
_NAME = re.compile(r"[A-Za-z0-9_][\w./+#%=,-]*(?:@\{[\w -]+\})?(?:[~^][0-9]*)*|@")


class RevisionError(Exception):
    """Two revisions cannot be compared. `hint` is what to run or to change."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Git:
    """A repository. `root` is the folder that holds `fleet/`, `prefix` its path inside of the work tree (`""`, `a/b/`).

    folder  where Git keeps the repository's own files
    """

    root: Path
    prefix: str
    folder: Path
    shallow: bool

    @classmethod
    def at(cls, root: Path) -> "Git":
        """The repository that `root` lies in."""
        asked = ("--show-prefix", "--absolute-git-dir", "--is-shallow-repository", "--is-inside-work-tree")
        code, out, said = _run(root, ["rev-parse", *asked], {})
        if code:
            if "dubious ownership" in said:
                raise RevisionError(
                    f"Git does not trust the repository at {root}: it belongs to another user",
                    f"git config --global --add safe.directory {root}",
                )
            raise RevisionError(
                f"{root} is not in a Git repository", "run it in a clone: a change is what differs between two commits"
            )
        prefix, folder, shallow, inside = os.fsdecode(out).removesuffix("\n").split("\n")
        if inside != "true":
            raise RevisionError(f"{root} lies in Git's own folder", "run it in the work tree of a clone")
        return cls(root, prefix, Path(folder), shallow == "true")

    def ask(self, *arguments: str, environment: Mapping[str, str] | None = None, good: Sequence[int] = (0,)) -> bytes:
        """What Git writes. RevisionError with Git's own words where it ends with another code than the `good` ones."""
        code, out, said = _run(self.root, arguments, environment or {})
        if code not in good:
            last = said.strip().splitlines()[-1:] or [f"exit code {code}"]
            raise RevisionError(
                f"git {arguments[0]} failed: {_plain(last[0])}", "run the same command by hand to see why"
            )
        return out

    def commit(self, name: str) -> str | None:
        """The full id of a commit, or None where there is none of that name here. RevisionError for what is no name."""
        return self.commits(name)[name]

    def commits(self, *names: str) -> dict[str, str | None]:
        """The same for several at once."""
        for name in names:
            if not _NAME.fullmatch(name) or ".." in name:
                raise RevisionError(f"{_plain(name)!r} is no name of a commit", "a branch, a tag or a commit's id")
        asked = "".join(f"{name}^{{commit}}\n" for name in names)
        code, out, said = _run(self.root, ["cat-file", "--batch-check"], {}, asked.encode())
        if code:
            raise RevisionError(f"git cat-file failed: {_plain(said.strip())}", "git fsck")
        told = [line.split(" ") for line in out.decode(errors="replace").splitlines()]
        return {
            name: line[0] if len(line) == 3 and line[1] == "commit" else None
            for name, line in zip(names, told, strict=True)
        }

    @contextmanager
    def talking(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of Git that answers line by line, ended at the end."""
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            _command(arguments),
            cwd=self.root,
            env=_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def _command(arguments: Sequence[str]) -> list[str]:
    return ["git", "--no-pager", "--literal-pathspecs", *_SETTINGS, *arguments]


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _LOCAL and not key.startswith("GIT_TRACE")}
    fixed = {"LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat"}
    return {**kept, **fixed, **more}


def _run(root: Path, arguments: Sequence[str], more: Mapping[str, str], given: bytes = b"") -> tuple[int, bytes, str]:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            _command(arguments), cwd=root, env=_environment(more), input=given, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        if not root.is_dir():
            raise RevisionError(f"there is no folder {root}", "change to a clone of the fleet repository") from error
        raise RevisionError("Git is not installed", "install git 2.30 or newer") from error
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def _plain(text: str) -> str:
    """Text of a stranger on one line, without what moves a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:200]
