"""AWS's own API models, as JSON Schema: what botocore's `service-2.json` says of an operation's input.

Owns      reading one service's newest model and turning the shapes that an operation reaches into `$defs`.
Refuses   botocore's client: only its data files are read, and never a network.
"""

import functools
import gzip
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

_SCALARS = {
    "string": "string",
    "character": "string",
    "timestamp": "string",
    "blob": "string",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
}


@functools.lru_cache(maxsize=16)
def _service(name: str) -> Mapping[str, Any]:
    folder = Path(str(files("botocore"))) / "data" / name
    if not folder.is_dir():
        raise LookupError(f"botocore has no service '{name}'")
    newest = max(path for path in folder.iterdir() if path.is_dir())
    packed = newest / "service-2.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (newest / "service-2.json").read_bytes()
    model: Mapping[str, Any] = json.loads(text)
    return model


@functools.cache
def schema(service: str, shape: str) -> Schema:
    """The schema of an operation's input (`CreateSubnet`), or of a shape by its own name."""
    model = _service(service)
    operation = model["operations"].get(shape)
    root = operation["input"]["shape"] if operation and "input" in operation else shape
    if root not in model["shapes"]:
        raise LookupError(f"botocore's {service} has neither an operation with input nor a shape '{shape}'")
    found: dict[str, Schema] = {}
    _reach(model["shapes"], root, found)
    return {**found[root], "$defs": found}


def _reach(shapes: Mapping[str, Any], name: str, found: dict[str, Schema]) -> Schema:
    if name not in found:
        found[name] = {}  # the place is taken first: shapes refer to one another in circles
        found[name] = _convert(shapes, shapes[name], found)
    return {"$ref": f"#/$defs/{name}"}


def _convert(shapes: Mapping[str, Any], shape: Mapping[str, Any], found: dict[str, Schema]) -> Schema:
    kind = shape["type"]
    if kind == "structure":
        members = {name: _reach(shapes, member["shape"], found) for name, member in shape["members"].items()}
        return {"type": "object", "properties": members, "required": shape.get("required", [])}
    if kind == "list":
        result: Schema = {"type": "array", "items": _reach(shapes, shape["member"]["shape"], found)}
        return result | _bounds(shape, "minItems", "maxItems")
    if kind == "map":
        return {
            "type": "object",
            "additionalProperties": _reach(shapes, shape["value"]["shape"], found),
            "propertyNames": _reach(shapes, shape["key"]["shape"], found),
        } | _bounds(shape, "minProperties", "maxProperties")
    result = {"type": _SCALARS[kind]} | {key: shape[key] for key in ("enum", "pattern") if key in shape}
    if kind == "string":
        return result | _bounds(shape, "minLength", "maxLength")
    return result | (_bounds(shape, "minimum", "maximum") if result["type"] in ("integer", "number") else {})


def _bounds(shape: Mapping[str, Any], least: str, most: str) -> Schema:
    return {name: shape[key] for key, name in (("min", least), ("max", most)) if key in shape}
