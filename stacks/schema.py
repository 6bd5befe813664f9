"""JSON Schemas of the fleet files, generated from the models, for editors and for CI of other tools.

Owns      `fleet/*.schema.json`: one a kind, and one a service for the service owners' files.
Refuses   to be a second source of truth: a test compares what is committed with what this makes.

A file may leave to a profile or to a service's defaults whatever those supply, so the schemas of layered files say
nothing about required keys outside of lists and variants; `fleet validate`, which sees all layers, does.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components import catalog
from components.model import Json
from stacks.spec import MODELS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> Mapping[str, Json]:
    """File name -> schema, for every generated schema in `fleet/`."""
    made: dict[str, Json] = {}
    for kind in ("cell", "cluster", "app"):
        made[f"{kind}.schema.json"] = _partial(MODELS[kind].model_json_schema(), f"a {kind} of the fleet")
    made["fleet.schema.json"] = _titled(MODELS["fleet"].model_json_schema(), "the fleet")
    made["profile.schema.json"] = _profile()
    for key, entry in catalog.services().items():
        made[f"{key}.service.schema.json"] = _service(catalog.spec_of(entry).model_json_schema(), key)
    return made


def write(root: Path, check: bool = False) -> list[str]:
    """Write the schemas that differ from what `root/fleet` holds, or with `check` only name them. Stale ones count."""
    changed = []
    wanted = {name: json.dumps(schema, indent=2, sort_keys=True) + "\n" for name, schema in schemas().items()}
    for name, text in wanted.items():
        path = root / "fleet" / name
        if not path.is_file() or path.read_text("utf-8") != text:
            changed.append(f"fleet/{name}")
            if not check:
                path.write_text(text, "utf-8")
    for path in sorted((root / "fleet").glob("*.schema.json")):
        if path.name not in wanted:
            changed.append(f"fleet/{path.name}")
            if not check:
                path.unlink()
    return changed


def _titled(schema: Json, title: str) -> Json:
    return {"$schema": DIALECT, **schema, "title": title}


def _partial(schema: Json, title: str) -> Json:
    """The schema without required keys wherever a lower layer may supply them."""
    source: Json = schema.get("$defs", {})
    defs: Json = dict(source)
    body = _loosen({k: v for k, v in schema.items() if k != "$defs"}, source, defs)
    return _titled({**body, "$defs": _used(body, defs)}, title)


def _loosen(node: Any, source: Json, defs: Json) -> Any:
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        if source[name].get("x-merge") == "replace":
            return node
        loose = f"{name}.layered"
        if loose not in defs:
            defs[loose] = {}  # set first: a model may contain itself
            defs[loose] = _loosen(source[name], source, defs)
        return {**node, "$ref": f"#/$defs/{loose}"}
    out = {key: value for key, value in node.items() if key != "required"}
    for key in ("properties", "patternProperties"):
        if key in out:
            out[key] = {name: _loosen(value, source, defs) for name, value in out[key].items()}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in out:
            out[key] = [_loosen(value, source, defs) for value in out[key]]
    if "additionalProperties" in out:
        out["additionalProperties"] = _loosen(out["additionalProperties"], source, defs)
    return out


def _used(body: Json, defs: Json) -> Json:
    """Only the definitions that `body` reaches."""
    found: set[str] = set()
    todo: list[Any] = [body]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo.extend(node)
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            if name in defs and name not in found:
                found.add(name)
                todo.append(defs[name])
            todo.extend(node.values())
    return {name: defs[name] for name in sorted(found)}


def _hoist(schema: Json, prefix: str, defs: Json) -> Json:
    """Move a schema's definitions into `defs` under `prefix`, and return the schema that refers to them there."""
    text = json.dumps({k: v for k, v in schema.items() if k not in {"$schema", "$defs", "title"}})
    inner = json.dumps(schema.get("$defs", {}))
    renamed = inner.replace('"#/$defs/', f'"#/$defs/{prefix}.')
    defs.update({f"{prefix}.{name}": value for name, value in json.loads(renamed).items()})
    moved: Json = json.loads(text.replace('"#/$defs/', f'"#/$defs/{prefix}.'))
    return moved


def _profile() -> Json:
    schema = MODELS["profile"].model_json_schema()
    defs: Json = {}
    cases = []
    for kind in ("cell", "cluster", "app"):
        values = _hoist(_partial(MODELS[kind].model_json_schema(), kind), kind, defs)
        cases.append({"if": {"properties": {"kind": {"const": kind}}}, "then": {"properties": {"values": values}}})
    return _titled({**schema, "allOf": cases, "$defs": defs}, "a profile of the fleet")


def _service(spec: Json, key: str) -> Json:
    schema = MODELS["service"].model_json_schema()
    defs: Json = {}
    values = _hoist(_partial(spec, key), key, defs)
    properties = {
        **schema["properties"],
        "defaults": {**schema["properties"]["defaults"], **values},
        "rings": {**schema["properties"]["rings"], "additionalProperties": values},
    }
    return _titled({**schema, "properties": properties, "$defs": defs}, f"the owner's file of the service {key}")
