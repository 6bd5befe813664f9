"""The project's cache outside of the tree, and folders in it that are whole or not there.

Owns      where the cache is, and how a folder gets into it: by one process at a time, filled beside it, moved in.
Refuses   to know what is in a folder: who obtains it says whether it is whole.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def cache() -> Path:
    """The project's cache folder: KAFKA_FLEET_CACHE, else `kafka-fleet` in XDG_CACHE_HOME, else in ~/.cache."""
    if given := os.environ.get("KAFKA_FLEET_CACHE"):
        return Path(given).expanduser().absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser().absolute() / "kafka-fleet"


def obtained(place: Path, whole: Callable[[], bool], fill: Callable[[Path], None], seconds: float = 600) -> Path:
    """`place`, filled first where it is not whole. Safe to call in parallel; a run that dies leaves no half of it.

    fill     is given a folder that does not exist yet, beside `place`
    seconds  how long another process that fills it is waited for; then filelock's Timeout
    """
    if whole():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.parent / f"{place.name}.lock", timeout=seconds):
        if whole():
            return place
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as work:
            fresh = Path(work) / "new"
            fill(fresh)
            if place.exists():
                place.rename(Path(work) / "old")
            fresh.rename(place)
    return place
