"""Judges a value by a structural schema of a CRD, as strictly as an API server with strict field validation.

Owns      unknown fields, types, and every value keyword that structural schemas may hold.
Refuses   `format` other than whole numbers' sizes, embedded resources: no schema in use needs them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes import cel
from sandbox.clouds.kubernetes.wire import dotted
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _integer(value: Any) -> bool:
    return _number(value) and (isinstance(value, int) or value.is_integer())


TYPES = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list | tuple),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _number,
    "integer": _integer,
}


def _invalid(path: Path, value: Any, why: str) -> Refusal:
    shown = (
        f'"{value}"' if isinstance(value, str) else type(value).__name__ if isinstance(value, list | Mapping) else value
    )
    return Refusal("crd", "Invalid", f"{dotted(path)}: Invalid value: {shown}: {why}", path)


def _type(schema: Schema, value: Any, path: Path) -> Refusal | None:
    if schema.get("x-kubernetes-int-or-string"):
        if not (_integer(value) or isinstance(value, str)):
            return _invalid(path, value, f"{dotted(path)} in body must be of type integer or string")
    elif (kind := schema.get("type")) and not TYPES[kind](value):
        return _invalid(path, value, f"{dotted(path)} in body must be of type {kind}")
    return None


def _range(schema: Schema, size: float, keywords: tuple[str, str], words: tuple[str, str, str]) -> Iterator[str]:
    """What is wrong with a length or number: `keywords` are the least and the most, `words` how that is said."""
    least, most = (schema.get(keyword) for keyword in keywords)
    if least is not None and size < least:
        yield f"should {words[0]} {least}{words[2]}"
    if most is not None and size > most:
        yield f"should {words[1]} {most}{words[2]}"


def _bounds(schema: Schema, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if (pattern := schema.get("pattern")) and not re.search(pattern, value):
            yield f"should match '{pattern}'"
        yield from _range(schema, len(value), ("minLength", "maxLength"), ("be at least", "be at most", " chars long"))
    elif _number(value):
        if (bits := {"int32": 31, "int64": 63}.get(schema.get("format", ""))) and not -(2**bits) <= value < 2**bits:
            yield f"must be of type {schema['format']}"
        words = ("be greater than or equal to", "be less than or equal to", "")
        yield from _range(schema, value, ("minimum", "maximum"), words)
    elif isinstance(value, list | tuple):
        yield from _range(schema, len(value), ("minItems", "maxItems"), ("have at least", "have at most", " items"))
    elif isinstance(value, Mapping):
        words = ("have at least", "have at most", " properties")
        yield from _range(schema, len(value), ("minProperties", "maxProperties"), words)


def _twice(schema: Schema, value: list[Any] | tuple[Any, ...], path: Path) -> Iterator[Refusal]:
    """Items that stand twice in a list that is a set, or a map by some keys of its items."""
    kind, seen = schema.get("x-kubernetes-list-type"), set()
    if kind not in ("set", "map"):
        return
    for index, item in enumerate(value):
        if item is UNKNOWN or (kind == "map" and not isinstance(item, Mapping)):
            continue
        keys = schema.get("x-kubernetes-list-map-keys", ())
        mark = json.dumps({key: item.get(key) for key in keys} if kind == "map" else item, default=str, sort_keys=True)
        if mark in seen:
            at = (*path, index)
            yield Refusal("crd", "Duplicate", f"{dotted(at)}: Duplicate value: {mark}", at)
        seen.add(mark)


def _shape(schema: Schema, value: Any, path: Path) -> Iterator[Refusal]:
    """Types, and what a scalar or list may be."""
    if wrong := _type(schema, value, path):
        yield wrong
        return
    if (allowed := schema.get("enum")) and value not in allowed:
        named = ", ".join(f'"{item}"' for item in allowed)
        message = f'{dotted(path)}: Unsupported value: "{value}": supported values: {named}'
        yield Refusal("crd", "Invalid", message, path)
    for why in _bounds(schema, value):
        yield _invalid(path, value, f"{dotted(path)} in body {why}")


def _fits(schema: Schema, value: Any) -> bool:
    """Whether a value fits a value-validation branch (`oneOf`, `anyOf`, …): these don't declare fields."""
    if value is UNKNOWN:
        return True
    if next(_shape(schema, value, ()), None) or next(_combined(schema, value, ()), None):
        return False
    if isinstance(value, Mapping):
        if any(value.get(key) is None for key in schema.get("required", ())):
            return False
        return all(_fits(part, value[key]) for key, part in schema.get("properties", {}).items() if key in value)
    if isinstance(value, list | tuple):
        return all(_fits(schema.get("items", {}), item) for item in value)
    return True


def _combined(schema: Schema, value: Any, path: Path) -> Iterator[Refusal]:
    if (parts := schema.get("oneOf")) and (count := sum(_fits(part, value) for part in parts)) != 1:
        wanted = " or ".join(", ".join(part.get("required", ())) for part in parts)
        yield _invalid(path, value, f"must validate one and only one schema (oneOf: {wanted}), {count} do")
    if (parts := schema.get("anyOf")) and not any(_fits(part, value) for part in parts):
        yield _invalid(path, value, "must validate at least one schema (anyOf)")
    if (parts := schema.get("allOf")) and not all(_fits(part, value) for part in parts):
        yield _invalid(path, value, "must validate all the schemas (allOf)")
    if (part := schema.get("not")) and _fits(part, value):
        yield _invalid(path, value, "must not validate the schema (not)")


def _fields(schema: Schema, value: Mapping[str, Any], path: Path, old: Any) -> Iterator[Refusal]:
    properties = schema.get("properties", {})
    extra = schema.get("additionalProperties")
    for key in schema.get("required", ()):
        if value.get(key) is None:
            yield Refusal("crd", "Invalid", f"{dotted((*path, key))}: Required value", (*path, key))
    for key, item in value.items():
        if item is None:
            continue
        before = old.get(key) if isinstance(old, Mapping) else None
        if key in properties:
            yield from check(properties[key], item, (*path, key), before)
        elif isinstance(extra, Mapping):
            yield from check(extra, item, (*path, key), before)
        elif not extra and not schema.get("x-kubernetes-preserve-unknown-fields"):
            yield Refusal(
                "crd", "unknown-field", f".{dotted((*path, key))}: field not declared in schema", (*path, key)
            )


def check(schema: Schema, value: Any, path: Path = (), old: Any = None) -> Iterator[Refusal]:
    """Everything wrong with `value`; `old` is what stood there before, for transition rules."""
    if value is UNKNOWN or (value is None and schema.get("nullable")):
        return
    wrong = False
    for refusal in _shape(schema, value, path):
        wrong = True
        yield refusal
    yield from () if wrong else _combined(schema, value, path)
    if isinstance(value, Mapping) and schema.get("type", "object") == "object":
        yield from _fields(schema, value, path, old)
    elif isinstance(value, list | tuple) and schema.get("type") == "array":
        yield from _twice(schema, value, path)
        # Items of a plain list can't be matched with the old ones, so their transition rules don't run (as in the API).
        for index, item in enumerate(value):
            yield from check(schema.get("items", {}), item, (*path, index))
    if not wrong and (rules := schema.get("x-kubernetes-validations")):
        yield from cel.check(rules, value, old, path)


def defaulted(schema: Schema, value: Any) -> Any:
    """`value` with the schema's defaults, as the API server stores it."""
    if isinstance(value, Mapping):
        extra = schema.get("additionalProperties")
        properties = schema.get("properties", {})
        filled = {
            key: defaulted(properties.get(key, extra if isinstance(extra, Mapping) else {}), item)
            for key, item in value.items()
        }
        for key, part in properties.items():
            if filled.get(key) is None and "default" in part:
                filled[key] = defaulted(part, part["default"])
        return filled
    if isinstance(value, list | tuple):
        return [defaulted(schema.get("items", {}), item) for item in value]
    return value
