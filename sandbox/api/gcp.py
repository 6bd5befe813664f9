"""Google Cloud's own API models, as JSON Schema: the discovery documents that ship with google-api-python-client.

Owns      reading one document and turning the schemas that one reaches into `$defs`.
Refuses   the client: only its data files are read, and never a network.
"""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

_KEPT = ("type", "enum", "pattern", "minimum", "maximum", "format", "readOnly")
_CREATES = (".insert", ".create", ".add")


@functools.lru_cache(maxsize=16)
def _document(service: str) -> Mapping[str, Any]:
    path = Path(str(files("googleapiclient"))) / "discovery_cache" / "documents" / f"{service}.json"
    if not path.exists():
        raise LookupError(f"google-api-python-client has no discovery document '{service}'")
    document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


@functools.cache
def schema(service: str, shape: str) -> Schema:
    """The schema of a resource (`Subnetwork` in `compute.v1`), with `$defs` for what it reaches."""
    schemas = _document(service)["schemas"]
    if shape not in schemas:
        raise LookupError(f"the discovery document {service} has no schema '{shape}'")
    found: dict[str, Schema] = {}
    _reach(schemas, shape, found)
    return {**found[shape], "$defs": found}


def _reach(schemas: Mapping[str, Any], name: str, found: dict[str, Schema]) -> Schema:
    if name not in found:
        found[name] = {}  # the place is taken first: schemas refer to one another in circles
        found[name] = _convert(schemas, schemas[name], found)
    return {"$ref": f"#/$defs/{name}"}


def _convert(schemas: Mapping[str, Any], given: Mapping[str, Any], found: dict[str, Schema]) -> Schema:
    if "$ref" in given:
        reference = _reach(schemas, given["$ref"], found)
        return {"readOnly": True} if given.get("readOnly") else reference
    result: Schema = {key: given[key] for key in _KEPT if key in given}
    for bound in ("minimum", "maximum"):
        if bound in result:
            result[bound] = float(result[bound])  # discovery documents write numbers as text
    if "items" in given:
        result["items"] = _convert(schemas, given["items"], found)
    if "additionalProperties" in given:
        result["additionalProperties"] = _convert(schemas, given["additionalProperties"], found)
    if "properties" in given:
        result["properties"] = {key: _convert(schemas, one, found) for key, one in given["properties"].items()}
        result["required"] = [key for key, one in given["properties"].items() if _required(one)]
    return result


def _required(given: Mapping[str, Any]) -> bool:
    """Google says for which methods a member is required; the ones that make a thing are meant here."""
    return any(method.endswith(_CREATES) for method in given.get("annotations", {}).get("required", []))
