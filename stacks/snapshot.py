"""The fleet of one run: read once, the same for every stack of it, whatever happens to the files meanwhile.

Owns      the loaded Fleet of this process.
Refuses   to look again: a run that saw two states of the files would apply a mixture that nobody reviewed.
"""

from functools import cache
from pathlib import Path

from stacks.fleet import Fleet
from stacks.load import load


@cache
def snapshot(root: Path) -> Fleet:
    """The fleet at `root`, loaded at the first call."""
    return load(root)
