"""A scratch repository with a fleet, to which edits are committed.

Owns      its folder, its commits, and the trees of them as folders for the oracle.
Refuses   anything of the repository that it was copied from.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.fleet_copy import REPOSITORY

_NAMED = (
    "-c",
    "user.name=trial",
    "-c",
    "user.email=trial@example.invalid",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "gc.auto=0",
)


class World:
    """One repository at `root`; `other` is a folder beside it for extracted trees."""

    def __init__(self, root: Path) -> None:
        self.root = root / "repository"
        self._trees = root / "trees"
        self.root.mkdir(parents=True)

    def git(self, *arguments: str) -> str:
        """What Git says."""
        done = subprocess.run(  # noqa: S603 - our own arguments
            ["git", *_NAMED, *arguments],  # noqa: S607 - the machine's Git
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Commit everything that is there."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD")

    def back_to(self, commit: str) -> None:
        """As it was at a commit."""
        self.git("reset", "--quiet", "--hard", commit)
        self.git("clean", "-fdxq", "-e", ".fleet")

    @contextmanager
    def tree(self, commit: str) -> Iterator[Path]:
        """The files of a commit, in a folder of its own."""
        place = self._trees / commit
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        archive = place / "archive.tar"
        self.git("archive", "--format=tar", "-o", str(archive), commit)
        shutil.unpack_archive(archive, place)
        archive.unlink()
        try:
            yield place
        finally:
            shutil.rmtree(place)


def example(folder: Path, clones: int = 0, code: bool = False, cells: Sequence[str] = ()) -> World:
    """A world with the example fleet.

    clones  more clusters with their apps
    code    the code too, for edits that change it
    cells   only these, with what stands on them
    """
    world = World(folder)
    shutil.copytree(REPOSITORY / "fleet", world.root / "fleet")
    if cells:
        _reduce(world.root / "fleet", cells)
    shutil.copy(REPOSITORY / "Pulumi.yaml", world.root)
    (world.root / ".gitignore").write_text(".fleet/\n__pycache__/\n")
    if code:
        for part in ("stacks", "components", "policies", "tools"):
            shutil.copytree(REPOSITORY / part, world.root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for number in range(clones):
        _clone(world.root / "fleet", number)
    world.git("init", "--quiet", "-b", "main")
    world.commit("The example fleet")
    return world


def _reduce(fleet: Path, cells: Sequence[str]) -> None:
    for path in (fleet / "cells").glob("*.yaml"):
        if path.stem not in cells:
            path.unlink()
    for path in (fleet / "clusters").rglob("*.yaml"):
        if not any(f"\ncell: {cell}\n" in path.read_text("utf-8") for cell in cells):
            path.unlink()
    left = {path.stem for path in (fleet / "clusters").rglob("*.yaml")}
    for path in (fleet / "apps").rglob("*.yaml"):
        if not any(f"\ncluster: {cluster}\n" in path.read_text("utf-8") for cluster in left):
            path.unlink()


def _clone(fleet: Path, number: int) -> None:
    clusters = sorted((fleet / "clusters").rglob("*.yaml"))
    source = clusters[number % len(clusters)]
    text = source.read_text("utf-8")
    if "\ncell:\n" in text:
        return
    name = f"{source.stem[:30]}-c{number}"
    (source.parent / f"{name}.yaml").write_text(text, "utf-8")
    for app in sorted((fleet / "apps").rglob("*.yaml")):
        told = app.read_text("utf-8")
        if f"cluster: {source.stem}\n" in told:
            copied = told.replace(f"cluster: {source.stem}\n", f"cluster: {name}\n")
            app.with_name(f"{app.stem[:30]}-c{number}.yaml").write_text(copied, "utf-8")
