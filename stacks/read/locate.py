"""From a pydantic error to a place in the file.

Owns      the mapping of pydantic's `loc` to a path of keys and indexes.
Refuses   to need the model: `loc` also holds names of union members and validators, which are no keys of the file.
"""

from typing import Any

from stacks.read.document import Document, Path

# Errors about the key itself, not about its value.
_KEY_ERRORS = frozenset(("extra_forbidden", "invalid_key"))


def path_of(data: Any, loc: tuple[str | int, ...]) -> tuple[Path, bool]:
    """The path that `loc` stands for in `data`, and whether it means the key and not the value.

    Steps that are not in the data (a tag of a union, the name of a validator) are left out where a later step is
    found; a last step that is not there stays, for a missing key is named by it.
    """
    path: list[str | int] = []
    here = data
    missing: str | int | None = None
    for step in loc:
        if step == "[key]":
            return tuple(path), True
        if _has(here, step):
            here = here[step]
            path.append(step)
            missing = None
        else:
            missing = step
    if missing is not None:
        path.append(missing)
    return tuple(path), False


def locate(document: Document, loc: tuple[str | int, ...], kind: str = "") -> tuple[int, int]:
    """1-based line and column for a pydantic error with `loc` and type `kind`."""
    path, key = path_of(document.data, loc)
    return document.position(path, key=key or kind in _KEY_ERRORS)


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)
