"""Judges an Avro schema as Avro's specification has it: types, names, fields, symbols, and defaults of simple types.

Owns      what makes a JSON value an Avro schema.
Refuses   logical types (readers ignore those that they do not know) and whether two schemas are compatible.
"""

import re
from collections.abc import Iterator
from typing import Any

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FULL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")

_DEFAULTS: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "int": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "bytes": (str,),
    "string": (str,),
    "array": (list,),
    "map": (dict,),
    "record": (dict,),
    "enum": (str,),
    "fixed": (str,),
}


def wrong(schema: Any) -> Iterator[str]:
    """Every reason for which `schema` is no Avro schema; none where it is one."""
    yield from _schema(schema, "", {})


def _full(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _schema(schema: Any, namespace: str, named: dict[str, str]) -> Iterator[str]:
    """`named` are the named types so far and their kinds; it grows."""
    if isinstance(schema, str):
        if schema not in PRIMITIVES and _full(schema, namespace) not in named and schema not in named:
            yield f"type '{schema}' is not defined before it is used"
    elif isinstance(schema, list):
        yield from _union(schema, namespace, named)
    elif isinstance(schema, dict):
        yield from _complex(schema, namespace, named)
    else:
        yield f"{schema!r} is no type"


def _union(branches: list[Any], namespace: str, named: dict[str, str]) -> Iterator[str]:
    if not branches:
        yield "a union has no branches"
    seen: set[str] = set()
    for branch in branches:
        if isinstance(branch, list):
            yield "a union stands directly in a union"
            continue
        yield from _schema(branch, namespace, named)
        kind = _kind(branch, namespace, named)
        label = _full(str(branch.get("name")), namespace) if isinstance(branch, dict) and "name" in branch else kind
        if isinstance(branch, str) and branch not in PRIMITIVES:
            label = _full(branch, namespace)
        if label in seen:
            yield f"a union has '{label}' twice"
        seen.add(label)


def _complex(schema: dict[str, Any], namespace: str, named: dict[str, str]) -> Iterator[str]:
    kind = schema.get("type")
    if kind in ("record", "error", "enum", "fixed"):
        yield from _named(schema, str(kind), namespace, named)
    elif kind in ("array", "map"):
        part = "items" if kind == "array" else "values"
        if part not in schema:
            yield f"a type '{kind}' has no '{part}'"
        else:
            yield from _schema(schema[part], namespace, named)
    elif kind is None:
        yield "a type has no 'type'"
    else:
        yield from _schema(kind, namespace, named)


def _named(schema: dict[str, Any], kind: str, namespace: str, named: dict[str, str]) -> Iterator[str]:
    name = schema.get("name")
    if not isinstance(name, str) or not _FULL_NAME.fullmatch(name):
        yield f"{name!r} is no name of a type '{kind}'"
        return
    inner = str(schema.get("namespace", namespace))
    full = _full(name, inner)
    if full in named:
        yield f"'{full}' is defined twice"
    named[full] = kind
    if kind in ("record", "error"):
        yield from _fields(schema, full, full.rpartition(".")[0], named)
    elif kind == "enum":
        yield from _symbols(schema, full)
    elif not isinstance(schema.get("size"), int) or isinstance(schema.get("size"), bool) or schema["size"] < 0:
        yield f"fixed '{full}' has no size"


def _symbols(schema: dict[str, Any], full: str) -> Iterator[str]:
    symbols = schema.get("symbols")
    if not isinstance(symbols, list) or not all(isinstance(s, str) and _NAME.fullmatch(s) for s in symbols):
        yield f"enum '{full}' has no list of symbols"
    elif len(set(symbols)) != len(symbols):
        yield f"enum '{full}' has a symbol twice"
    elif "default" in schema and schema["default"] not in symbols:
        yield f"the default of enum '{full}' is none of its symbols"


def _fields(schema: dict[str, Any], full: str, namespace: str, named: dict[str, str]) -> Iterator[str]:
    fields = schema.get("fields")
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        yield f"record '{full}' has no list of fields"
        return
    seen: set[str] = set()
    for field in fields:
        name = field.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield f"{name!r} is no name of a field of '{full}'"
            continue
        if name in seen:
            yield f"record '{full}' has the field '{name}' twice"
        seen.add(name)
        if "type" not in field:
            yield f"field '{name}' of '{full}' has no type"
            continue
        yield from _schema(field["type"], namespace, named)
        yield from _default(field, namespace, named, f"field '{name}' of '{full}'")


def _kind(schema: Any, namespace: str, named: dict[str, str]) -> str:
    if isinstance(schema, dict):
        inner = schema.get("type")
        return _kind(inner, namespace, named) if isinstance(inner, dict | list) else str(inner)
    if isinstance(schema, str):
        return named.get(_full(schema, namespace), named.get(schema, schema))
    return "union"


def _default(field: dict[str, Any], namespace: str, named: dict[str, str], what: str) -> Iterator[str]:
    if "default" not in field:
        return
    given, kind = field["default"], field["type"]
    kinds = [_kind(one, namespace, named) for one in (kind if isinstance(kind, list) else [kind])]
    for one in kinds:
        fits = _DEFAULTS.get(one)
        if fits is None or (isinstance(given, fits) and not (isinstance(given, bool) and bool not in fits)):
            return
    yield f"the default of {what} is {given!r}, which is none of {', '.join(kinds)}"
