"""A resource's inputs as the request that its provider would send to the cloud.

Owns      placing each wire property where the cloud's API has it, and remembering from where each came.
Refuses   to drop anything in silence: what has no place is listed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sandbox.api.schema import ApiSchema, Schema
from sandbox.contract import UNKNOWN, ApiModel

Where = tuple[str | int, ...]
_NOTHING: Schema = {}


@dataclass
class Translated:
    """`document` is the request; `origins` says which wire path each API path came from."""

    document: dict[str, Any] = field(default_factory=dict)
    origins: dict[Where, Where] = field(default_factory=dict)
    unmapped: list[Where] = field(default_factory=list)


def generic(path: Where) -> str:
    """A path as `ApiModel.rename` spells it: dotted, `[]` for list items."""
    text = ""
    for part in path:
        text += "[]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def translate(model: ApiModel, schema: ApiSchema, inputs: Mapping[str, Any]) -> Translated:
    """Place every property."""
    translator = _Translator(model, schema)
    translator.object(inputs, schema.resolve(schema.root), (), ())
    return translator.result


class _Translator:
    def __init__(self, model: ApiModel, schema: ApiSchema) -> None:
        self.rename = model.rename
        self.schema = schema
        self.result = Translated()

    def object(self, value: Mapping[str, Any], node: Schema, wire: Where, api: Where) -> None:
        for key, item in value.items():
            here = (*wire, key)
            target = self.rename.get(generic(here))
            if target == "":
                continue  # said to be judged elsewhere
            if target is not None:
                placed = self.schema.at(target)
                self.value(item, placed if placed is not None else _NOTHING, here, _with_indexes(target, here))
                continue
            member = self.schema.member(node, key)
            if member is not None:
                self.value(item, self.schema.resolve(node["properties"][member]), here, (*api, member))
            elif isinstance(node.get("additionalProperties"), Mapping):
                self.value(item, self.schema.resolve(node["additionalProperties"]), here, (*api, key))
            else:
                self.value(item, _NOTHING, here, (*api, key))

    def value(self, value: Any, node: Schema, wire: Where, api: Where) -> None:
        if isinstance(value, Mapping):
            if node.get("type") == "array":
                # Pulumi's bridges unwrap lists that hold at most one object.
                self.value(value, self.schema.resolve(node["items"]), wire, (*api, 0))
            elif node is _NOTHING or "properties" in node or "additionalProperties" in node:
                if node is not _NOTHING:
                    self._place({}, wire, api)
                self.object(value, node, wire, api)
            else:
                self.result.unmapped.append(wire)
        elif isinstance(value, list | tuple):
            target = self.rename.get(generic(wire) + "[]")
            if target is not None:
                self._items(value, target, wire)
                return
            if node.get("type") not in (None, "array"):
                self.result.unmapped.append(wire)
                return
            if node is not _NOTHING:
                self._place([], wire, api)
            items = self.schema.resolve(node["items"]) if "items" in node else _NOTHING
            for index, item in enumerate(value):
                self.value(item, items, (*wire, index), (*api, index))
        elif node is _NOTHING or (value is not UNKNOWN and node.get("type") in ("object", "array")):
            self.result.unmapped.append(wire)
        else:
            self._place(value, wire, api)

    def _items(self, items: Any, target: str, wire: Where) -> None:
        """A list whose items were given a place of their own."""
        if target == "":
            return  # said to be judged elsewhere
        placed = self.schema.at(target)
        for index, item in enumerate(items):
            here = (*wire, index)
            self.value(item, placed if placed is not None else _NOTHING, here, _with_indexes(target, here))

    def _place(self, value: Any, wire: Where, api: Where) -> None:
        place: Any = self.result.document
        for key, following in pairwise(api):
            place = _child(place, key, [] if isinstance(following, int) else {})
            if place is UNKNOWN:
                return
        last = api[-1]
        if isinstance(last, int):
            _grow(place, last)
            place[last] = value
        elif value in ({}, []) and isinstance(place.get(last), dict | list):
            pass  # another property has already put something there
        else:
            place[last] = value
        self.result.origins[api] = wire


def _child(place: Any, key: str | int, empty: Any) -> Any:
    if isinstance(key, int):
        _grow(place, key)
        if place[key] is None:
            place[key] = empty
        return place[key]
    return place.setdefault(key, empty)


def _grow(items: list[Any], index: int) -> None:
    items.extend([None] * (index + 1 - len(items)))


def _with_indexes(target: str, wire: Where) -> Where:
    """A renamed place, its `[]` filled with the indexes of the wire path.

    Where the place has more of them, a renamed item is the innermost one there (`cidrBlocks[]` -> `Rules[].Ranges[]`),
    and anything else belongs to the outermost (`ingress[].text` -> `Rules[].Ranges[].Text`); the others are item 0.
    """
    names = re.findall(r"\[\]|[^.\[\]]+", target)
    indexes = [part for part in wire if isinstance(part, int)]
    spare = [0] * (names.count("[]") - len(indexes))
    filled = iter(spare + indexes if isinstance(wire[-1], int) else indexes + spare)
    return tuple(next(filled) if name == "[]" else name for name in names)
