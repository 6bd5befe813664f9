"""A mutation as data, so that it can be drawn, told, frozen in a file and applied again.

Owns      the four edits: set, drop, rename a key, insert into a list.
Refuses   to change the inputs that it is given: applying makes a copy.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Edit:
    """`what` is `set`, `drop`, `rename` (`value` is the new key) or `insert` (`value` comes before that index)."""

    what: str
    path: Path
    value: Any = None


@dataclass(frozen=True)
class Mutation:
    """What is done to one resource. The path of the first edit is where the mutation is said to be."""

    kind: str
    urn: str
    type: str
    edits: tuple[Edit, ...]

    @property
    def path(self) -> Path:
        """Where."""
        return self.edits[0].path


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place inside, mappings and lists included, in an order that only depends on the value."""
    if path:
        yield path, value
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from walk(value[key], (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))


def at(value: Any, path: Path) -> Any:
    """The value at a path; None where there is none."""
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def apply(inputs: Mapping[str, Any], mutation: Mutation) -> dict[str, Any]:
    """Mutated inputs."""
    copied: dict[str, Any] = json.loads(json.dumps(inputs))
    for edit in mutation.edits:
        holder = at(copied, edit.path[:-1])
        last: Any = edit.path[-1]
        if edit.what == "set":
            holder[last] = edit.value
        elif edit.what == "drop":
            del holder[last]
        elif edit.what == "rename":
            holder[edit.value] = holder.pop(last)
        else:
            holder.insert(last, edit.value)
    return copied
