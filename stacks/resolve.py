"""Service defaults of the ring, profile, file: three layers become one mapping. The only merge in the repository.

Owns      the merge rule, and the way back from a value to the file that supplied it.
Refuses   inheritance between profiles, lists that merge, and deletion by `null` (the reader refuses that).

The rule, whole: mappings merge key by key; anything else replaces; a field whose model says `x-merge: replace` (a
variant, such as a size) is one value even though it is a mapping.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from components.model import Json
from stacks.read import Document

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Layer:
    """What one file supplies to a resolved mapping.

    values  a mapping of the document
    at      where in the resolved mapping `values` goes
    source  where in the document `values` stands
    title   for people: `file`, `profile critical`, `kafka defaults`, `kafka ring prod`
    """

    document: Document
    values: Json
    title: str
    at: Path = ()
    source: Path = ()


@dataclass(frozen=True)
class Resolved:
    """One mapping, each value knowing where it came from. `layers` are lowest first; the last is the file itself."""

    data: Json
    layers: tuple[Layer, ...]

    @property
    def file(self) -> str:
        """The file that declares the thing."""
        return self.layers[-1].document.file

    def origin(self, path: Path) -> tuple[Layer, Path]:
        """The layer that supplied the value at `path`, and the value's path in that layer's document.

        Where no layer has the whole path, the highest one with the longest part of it: a missing key is told at the
        mapping that lacks it, in the file that a person would edit.
        """
        best, length = self.layers[-1], -1
        for layer in reversed(self.layers):
            found = _depth(layer, path)
            if found > length:
                best, length = layer, found
        return best, best.source + path[len(best.at) :]

    def position(self, path: Path, key: bool = False) -> tuple[str, int, int]:
        """file, line, column (1-based) of the value at `path`, or of its key."""
        layer, inside = self.origin(path)
        return (layer.document.file, *layer.document.position(inside, key))


def _depth(layer: Layer, path: Path) -> int:
    """How many elements of `path` the layer supplies: 0 for any path, -1 where the layer is beside it."""
    shared = min(len(layer.at), len(path))
    if layer.at[:shared] != path[:shared]:
        return -1
    if len(path) < len(layer.at):
        return 0
    here: Any = layer.values
    for depth, part in enumerate(path[len(layer.at) :]):
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            return len(layer.at) + depth
    return len(path)


def resolve(layers: Collection[Layer], whole: Collection[Path] = ()) -> Resolved:
    """Merge `layers`, lowest first. `whole` are the paths whose value is replaced as one."""
    kept = tuple(layer for layer in layers if layer.values)
    if len(kept) <= 1:
        only = kept or tuple(layers)[-1:]
        return Resolved(_nested(only[0]), only)
    return Resolved(reduce(lambda low, high: _merge(low, _nested(high), whole, ()), kept, {}), kept)


def _nested(layer: Layer) -> Json:
    return reduce(lambda inner, key: {str(key): inner}, reversed(layer.at), layer.values)


def _merge(low: Mapping[str, Any], high: Mapping[str, Any], whole: Collection[Path], here: Path) -> Json:
    merged = dict(low)
    for key, value in high.items():
        under, path = merged.get(key), (*here, key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = _merge(under, value, whole, path) if both and path not in whole else value  # type: ignore[arg-type]
    return merged
