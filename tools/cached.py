"""The project's cache outside of the tree, and folders in it that are whole or not there.

Owns      where the cache is, how a folder gets into it (by one process at a time, filled beside it, moved in), and the
          manifest by which a folder is known to be what was put there.
Refuses   to know what is in a folder: who obtains it says whether it is whole.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seal(place: Path, source: str, objects: Mapping[str, str]) -> None:
    """Write a full folder's manifest: where it came from, what each file hashes to, and each object in them."""
    files = {path.name: _digest(path) for path in sorted(place.iterdir())}
    manifest = {"source": source, "files": files, "objects": dict(objects)}
    (place / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def sealed(place: Path, objects: Mapping[str, str]) -> bool:
    """Whether a folder still is what was put there, for the objects' checksums of today."""
    try:
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        if manifest["objects"] != dict(objects):
            return False
        return all(_digest(place / name) == digest for name, digest in manifest["files"].items())
    except (OSError, ValueError, KeyError):
        return False
