"""Inputs against the vendor's SDK types.

Owns      refusing what the SDK cannot express: unknown property, wrong type, missing required, value of a closed enum.
Refuses   opinions: an enum that the SDK leaves open is open here, and laws of the cloud stand elsewhere.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.contract import UNKNOWN, Refusal
from sandbox.sdk.types import ANY, ResourceType, Type

Where = tuple[str | int, ...]

_KINDS = {"str": "a string", "int": "an integer", "float": "a number", "bool": "true or false", "asset": "an asset"}


def judge(kind: ResourceType, inputs: Mapping[str, Any]) -> list[Refusal]:
    """Everything in `inputs` that the SDK's types do not have."""
    return list(_Judge(kind).object(kind.root, inputs, ()))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The right name that a wrong one most likely meant: other spelling of the same words, else the closest."""
    names = list(known)
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    for candidate in names:
        if re.sub(r"[^a-z0-9]", "", candidate.lower()) == folded:
            return candidate
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return close[0] if close else None


def shown(value: Any) -> str:
    """A value for a message, cut where it is long."""
    try:
        text = json.dumps(value, default=str)
    except ValueError:
        text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


class _Judge:
    def __init__(self, kind: ResourceType) -> None:
        self.kind = kind

    def object(self, name: str, value: Any, where: Where) -> Iterator[Refusal]:
        shape = self.kind.shapes[name]
        if not isinstance(value, Mapping):
            yield self._wrong(value, where, "an object with " + ", ".join(sorted(shape.properties)[:8]))
            return
        for key, item in value.items():
            expected = shape.properties.get(key)
            if expected is None:
                yield self._unknown(key, shape.properties, (*where, key))
            else:
                yield from self.value(expected, item, (*where, key))
        for key in sorted(shape.required - value.keys()):
            place = f" of '{_dotted(where)}'" if where else ""
            yield Refusal(
                "sdk",
                "missing-required-property",
                f"required property '{key}'{place} is missing in {self.kind.token}: add it",
                (*where, key),
            )

    def value(self, expected: Type, value: Any, where: Where) -> Iterator[Refusal]:
        if expected == ANY or value is UNKNOWN:
            return
        if isinstance(expected, str):
            if not _scalar_fits(expected, value):
                yield self._wrong(value, where, _KINDS[expected])
            return
        ((form, inner),) = expected.items()
        if form == "object":
            yield from self.object(inner, value, where)
        elif form == "union":
            yield from self._union(inner, value, where)
        elif form == "enum":
            if value not in inner:
                yield self._enum(value, inner, where)
        else:
            yield from self._items(form, inner, value, where)

    def _items(self, form: str, inner: Type, value: Any, where: Where) -> Iterator[Refusal]:
        items: Iterable[tuple[str | int, Any]]
        if form == "list" and isinstance(value, list | tuple):
            items = enumerate(value)
        elif form == "map" and isinstance(value, Mapping):
            items = value.items()
        else:
            yield self._wrong(value, where, "a list" if form == "list" else "a mapping")
            return
        for key, item in items:
            yield from self.value(inner, item, (*where, key))

    def _union(self, members: list[Type], value: Any, where: Where) -> Iterator[Refusal]:
        best: list[Refusal] | None = None
        for member in members:
            refusals = list(self.value(member, value, where))
            if not refusals:
                return
            # A refusal deeper inside says that the member was the right one and something in it is wrong.
            if best is None or _depth(refusals) > _depth(best):
                best = refusals
        yield from best or ()

    def _unknown(self, key: str, known: Mapping[str, Type], where: Where) -> Refusal:
        close = nearest(key, known)
        hint = f": did you mean '{close}'?" if close else f": allowed are {', '.join(sorted(known)[:12])}"
        place = f" of '{_dotted(where[:-1])}'" if len(where) > 1 else ""
        return Refusal("sdk", "unknown-property", f"unknown property '{key}'{place} in {self.kind.token}{hint}", where)

    def _wrong(self, value: Any, where: Where, expected: str) -> Refusal:
        message = f"'{_dotted(where)}' of {self.kind.token} is {shown(value)}: it must be {expected}"
        return Refusal("sdk", "wrong-type", message, where)

    def _enum(self, value: Any, allowed: list[Any], where: Where) -> Refusal:
        close = nearest(str(value), [str(one) for one in allowed])
        hint = f"; did you mean '{close}'?" if close else ""
        listed = ", ".join(str(one) for one in allowed[:24])
        message = f"'{_dotted(where)}' of {self.kind.token} is {shown(value)}: allowed are {listed}{hint}"
        return Refusal("sdk", "value-not-allowed", message, where)


def _dotted(where: Where) -> str:
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _depth(refusals: list[Refusal]) -> int:
    return min(len(one.path) for one in refusals)


def _scalar_fits(expected: str, value: Any) -> bool:
    if expected == "asset":
        return isinstance(value, Mapping)
    if expected == "str":
        return isinstance(value, str)
    if expected == "bool":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return expected == "float" or float(value).is_integer()
