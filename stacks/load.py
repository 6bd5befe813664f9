"""From a folder to a Fleet: every file read, resolved, validated and checked.

Owns      `load`, and that all problems of all files come out of one run.
Refuses   work of its own: `gather` validates file by file, `check` judges across files.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stacks import check
from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.problem import Problem
from stacks.read import Disk


def load(root: Path) -> Fleet:
    """Read, resolve, validate and check `root/fleet`. Never raises for what a file says: see `Fleet.problems`."""
    with no_collection():
        return checked(gather(Disk(root)))


def checked(fleet: Fleet) -> Fleet:
    """The fleet with what the laws say of it. A fleet of some files is told less by them, never more."""
    found: list[Problem] = list(fleet.problems)
    for law in check.LAWS:
        found.extend(law(fleet))
    return replace(fleet, problems=tuple(sorted(set(found))))


@contextmanager
def no_collection() -> Iterator[None]:
    """Loading makes millions of objects that all stay: looking for garbage among them is a third of the time.

    Frozen, they are not looked through later either. What is dropped is freed all the same, by its count.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
