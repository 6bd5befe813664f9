"""What another revision's code makes of a fleet: run in a process of its own, over files of its own.

Owns      the folder of that code, kept by what is in it, and the process with its output.
Refuses   to run anything in this process, and to take an output without its end.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stacks.plan.git import Git, RevisionError
from stacks.plan.tree import Tree
from stacks.rendition.process import CutOffError, Told, read
from stacks.today import VARIABLE, today

PARTS = ("stacks", "components", "policies", "tools", "kafka_fleet", "Pulumi.yaml")
_KEPT = 6
"""Revisions whose code stays in the cache."""


class OtherCodeError(Exception):
    """The code of the other revision could not be run, in its own words."""


class Elsewhere:
    """One run. Started at once; `stacks` waits for it."""

    def __init__(self, code: Path, data: Path, scratch: Path, judged: bool) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPATH": str(code), VARIABLE: today().isoformat()}
        self._out, self._said = scratch / "out", scratch / "said"
        with self._out.open("wb") as out, self._said.open("wb") as said:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-m", "stacks.rendition.process", str(data), *(["verdicts"] if judged else [])],
                cwd=code,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=said,
            )

    def stacks(self) -> Iterator[Told]:
        """What it says of each stack. OtherCodeError where the code does not run to its end."""
        if self.process.wait():
            last = self._said.read_text("utf-8", "replace").strip().splitlines()[-1:]
            raise OtherCodeError(last[0][:300] if last else f"it ended with exit code {self.process.returncode}")
        try:
            with self._out.open(encoding="utf-8") as lines:
                yield from read(lines)
        except CutOffError as error:
            raise OtherCodeError(str(error)) from error


@contextmanager
def elsewhere(git: Git, code_of: Tree | None, data_of: Tree | None, *, judged: bool = False) -> Iterator[Elsewhere]:
    """The code of one commit over the data of one, or those of the work tree. OtherCodeError where there is no code.

    judged  ask its policies too
    """
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-elsewhere-") as folder:
        scratch = Path(folder)
        code = git.root if code_of is None else _code(git, code_of)
        data = git.root if data_of is None else _data(data_of, scratch / "data")
        run = Elsewhere(code, data, scratch, judged)
        try:
            yield run
        finally:
            if run.process.poll() is None:
                run.process.kill()
                run.process.wait()


def _data(tree: Tree, to: Path) -> Path:
    for file, (mode, _) in tree.entries.items():
        if mode.startswith("100"):
            _write(to, file, tree.content(file))
    return to


def _code(git: Git, tree: Tree) -> Path:
    listed = {name: entry for name, entry in tree.listed(*PARTS).items() if entry[0].startswith("100")}
    if not listed:
        raise OtherCodeError("there is none in that commit")
    told = "".join(f"{name} {mode} {thing}\n" for name, (mode, thing) in sorted(listed.items()))
    cache = git.root / ".fleet" / "cache" / "code"
    place = cache / hashlib.sha256(told.encode()).hexdigest()[:32]
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="fresh-", dir=cache))
        for name, (_, thing) in listed.items():
            _write(fresh, name, tree.thing(thing, name))
        try:
            fresh.rename(place)
        except OSError:  # somebody else was faster
            shutil.rmtree(fresh)
        _forget(cache, place)
    place.touch()
    return place


def _write(folder: Path, name: str, text: bytes) -> None:
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise RevisionError(f"the tree has a file '{name}', which lies outside of it", "have a look at that commit")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text)


def _forget(cache: Path, kept: Path) -> None:
    old = sorted((each for each in cache.iterdir() if each != kept), key=lambda each: -each.stat().st_mtime)
    for each in old[_KEPT - 1 :]:
        shutil.rmtree(each, ignore_errors=True)
