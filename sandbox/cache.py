"""What was once read from a vendor's packages, kept on disk: importing them takes seconds and hundreds of megabytes.

Owns      one JSON file per type or schema, in a folder named after what it was made from.
Refuses   to outlive its sources: another version of the package or another reader is another folder.
"""

import contextlib
import functools
import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any


def folder() -> Path:
    """The project's cache folder: KAFKA_FLEET_CACHE, else `kafka-fleet` in XDG_CACHE_HOME, else in ~/.cache."""
    named = os.environ.get("KAFKA_FLEET_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kafka-fleet"


@functools.cache
def _shelf(distributions: tuple[str, ...], reader: str) -> Path:
    """A folder that only this reader uses with these versions of its packages."""
    made_by = hashlib.blake2b(Path(reader).read_bytes(), digest_size=8).hexdigest()
    versions = "-".join(f"{name}-{version(name)}" for name in distributions)
    return folder() / "sandbox" / f"{versions}-{made_by}"


def remembered(distributions: tuple[str, ...], reader: str, key: str, read: Callable[[], Any]) -> Any:
    """What `read` gives, from the disk where it was read before. `reader` is the source file of what reads it."""
    name = hashlib.blake2b(key.encode(), digest_size=6).hexdigest()
    safe = "".join(letter if letter.isalnum() else "-" for letter in key)[-80:]
    file = _shelf(distributions, reader) / f"{safe}-{name}.json"
    with contextlib.suppress(OSError, ValueError):
        return json.loads(file.read_text(encoding="utf-8"))
    found = read()
    # A cache that cannot be written is only slower.
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        temporary.write_text(json.dumps(found, separators=(",", ":")), encoding="utf-8")
        temporary.replace(file)
    return found
