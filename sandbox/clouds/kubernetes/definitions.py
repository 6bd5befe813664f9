"""The schema inside a CustomResourceDefinition: whether it is one, and a structural one.

Owns      the keywords of Kubernetes' JSON schemas with their types, to any depth. Kubernetes' own published schema
          leaves what is below `items` and `additionalProperties` open, where most of a CRD is.
Refuses   CEL's types and cost: rules of a CRD are compiled when an object is judged by them (`cel.py`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted, items
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]

COLUMNS = ("boolean", "date", "integer", "number", "string")
TYPES = ("array", "boolean", "integer", "number", "object", "string")
_EXTENSION = "x-kubernetes-"
_TEXTS = frozenset(
    {
        *("$ref", "$schema", "description", "format", "id", "pattern", "title", "type"),
        *(f"{_EXTENSION}list-type", f"{_EXTENSION}map-type"),
    }
)
_FLAGS = frozenset(
    {
        *("exclusiveMaximum", "exclusiveMinimum", "nullable", "uniqueItems"),
        *(f"{_EXTENSION}embedded-resource", f"{_EXTENSION}int-or-string", f"{_EXTENSION}preserve-unknown-fields"),
    }
)
_COUNTS = frozenset({"maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"})
_NUMBERS = frozenset({"maximum", "minimum", "multipleOf"})
_NAMES = frozenset({"required", f"{_EXTENSION}list-map-keys"})
_BRANCHES = frozenset({"allOf", "anyOf", "oneOf"})
_LISTS = _BRANCHES | {"enum", f"{_EXTENSION}validations"}
_MAPS = frozenset({"definitions", "dependencies", "patternProperties", "properties"})
_OTHERS = frozenset({"additionalItems", "additionalProperties", "default", "example", "externalDocs", "items", "not"})
_KNOWN = _TEXTS | _FLAGS | _COUNTS | _NUMBERS | _NAMES | _LISTS | _MAPS | _OTHERS


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) or one is UNKNOWN for one in value)


_FORMS: Sequence[tuple[frozenset[str], Callable[[Any], bool], str]] = (
    (_TEXTS, lambda value: isinstance(value, str), "a text"),
    (_FLAGS, lambda value: isinstance(value, bool), "true or false"),
    (_COUNTS, lambda value: _is_number(value) and float(value).is_integer(), "a whole number"),
    (_NUMBERS, _is_number, "a number"),
    (_NAMES, _are_texts, "a list of texts"),
    (_LISTS, lambda value: isinstance(value, list | tuple), "a list"),
    (_MAPS, lambda value: isinstance(value, Mapping), "a mapping"),
)
_FORM = {key: (fits, name) for keys, fits, name in _FORMS for key in keys}


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of the schemas of a CRD's versions."""
    for index, version in enumerate(items(at(body, "spec", "versions"))):
        path: Path = ("spec", "versions", index, "schema", "openAPIV3Schema")
        if (schema := at(version, "schema", "openAPIV3Schema")) is not None:
            yield from _schema(schema, path, "the root")
        for number, column in enumerate(items(version.get("additionalPrinterColumns"))):
            if isinstance(kind := column.get("type"), str) and kind not in COLUMNS:
                where = ("spec", "versions", index, "additionalPrinterColumns", number, "type")
                yield _wrong(where, f'Invalid value: "{kind}": must be one of {", ".join(COLUMNS)}')


def _wrong(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def _schema(schema: Any, path: Path, of: str) -> Iterator[Refusal]:
    """`of` is what must have a type to be structural; empty inside a branch, whose types stand outside it."""
    if schema is UNKNOWN:
        return
    if not isinstance(schema, Mapping):
        yield _wrong(path, f"Invalid value: a schema is a mapping, {schema!r} was given")
        return
    for key, value in schema.items():
        if key not in _KNOWN:
            yield Refusal(
                "crd", "unknown-field", f".{dotted((*path, key))}: field not declared in schema", (*path, key)
            )
        elif value is None or value is UNKNOWN:
            continue
        elif why := _mistyped(key, value):
            yield _wrong((*path, key), f"Invalid value: {why}, {str(value)[:80]!r} was given")
        else:
            yield from _inside(key, value, (*path, key), bool(of))
    if of:
        yield from _structural(schema, path, of)


def _mistyped(key: str, value: Any) -> str:
    """What is needed instead; empty where the value fits its keyword."""
    fits, name = _FORM.get(key, (lambda _value: True, ""))
    return "" if fits(value) else f"{name} is needed"


def _inside(key: str, value: Any, path: Path, structural: bool) -> Iterator[Refusal]:
    if key == "type" and value not in TYPES:
        named = ", ".join(f'"{one}"' for one in TYPES)
        yield _wrong(path, f'Unsupported value: "{value}": supported values: {named}')
    elif key == "pattern":
        try:
            re.compile(value)
        except re.error as error:
            yield _wrong(path, f'Invalid value: "{value}": must be a valid regular expression, but isn\'t: {error}')
    elif key in _MAPS:
        for name, inner in value.items():
            yield from _schema(inner, (*path, name), "specified object fields" if structural else "")
    elif key in _BRANCHES:
        for index, inner in enumerate(value):
            yield from _schema(inner, (*path, index), "")
    elif key == "items" or (key == "additionalProperties" and not isinstance(value, bool)):
        yield from _schema(value, path, "specified array items" if structural else "")
    elif key == "not":
        yield from _schema(value, path, "")
    elif key == "x-kubernetes-validations":
        for index, rule in enumerate(items(value)):
            if not rule.get("rule"):
                yield _wrong((*path, index, "rule"), "Required value: rule is not specified")


def _structural(schema: Mapping[str, Any], path: Path, of: str) -> Iterator[Refusal]:
    free = schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields")
    if not schema.get("type") and not free:
        yield _wrong((*path, "type"), f"Required value: must not be empty for {of}")
    elif schema.get("type") and schema.get("x-kubernetes-int-or-string"):
        yield _wrong((*path, "type"), "Invalid value: must be empty if x-kubernetes-int-or-string is true")
    kinds = [branch.get("type") for branch in items(schema.get("anyOf"))]
    if schema.get("x-kubernetes-int-or-string") and any(kinds) and kinds != ["integer", "string"]:
        yield _wrong((*path, "anyOf"), "Forbidden: of x-kubernetes-int-or-string, must be an integer or a string")
    if schema.get("type") == "array" and schema.get("items") is None:
        yield _wrong((*path, "items"), "Required value: must be specified")
    if schema.get("properties") and schema.get("additionalProperties") not in (None, False):
        yield _wrong((*path, "additionalProperties"), "Forbidden: additionalProperties and properties are exclusive")
