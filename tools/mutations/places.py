"""What the vendors' published models say of one place in a resource's inputs.

Owns      finding a wire path in the SDK's types, in the cloud's API model and in Kubernetes' schemas.
Refuses   to know better: a place that no model has is unknown, whatever its name suggests.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.api.schema import load
from sandbox.api.translate import generic, translate
from sandbox.clouds.kubernetes import builtin
from sandbox.contract import Properties, Record
from sandbox.models import clouds
from sandbox.sdk.types import ANY, resource_type
from tools.strimzi import folder

Path = tuple[str | int, ...]
_BOUNDS = ("enum", "minimum", "maximum")


@dataclass(frozen=True)
class Place:
    """One place, by the models that know it.

    required  some model says that it must be given
    free      it is a key of a map whose keys are the user's own
    enum      the values that a model lists; empty where none does
    bounded   a model other than the SDK lists the values, or says from where to where they go; a pattern or a length
              is no word for a value: `vpc-1` has the form of an id and is none
    known     a model other than the SDK has the place
    sdk       the SDK's type of it, None where the SDK has no such place
    repeats   it is a list of which the API server says that items need not differ
    """

    required: bool = False
    free: bool = False
    enum: tuple[Any, ...] = ()
    bounded: bool = False
    known: bool = False
    sdk: Any = None
    repeats: bool = False


def place(record: Record, inputs: Properties, path: Path) -> Place:
    """What is known of the place `path` of these inputs."""
    sdk, required, free = _sdk(record.type, path)
    node, schema_required, schema_free = _schema(record, inputs, path)
    enum = _enum(sdk) or (tuple(node.get("enum") or ()) if node else ())
    return Place(
        required=required or schema_required,
        free=free or schema_free,
        enum=enum,
        bounded=bool(node) and any(key in (node or {}) for key in _BOUNDS),
        known=node is not None,
        sdk=sdk,
        repeats=node is not None and record.type.startswith("kubernetes:") and _atomic(node),
    )


def _enum(sdk: Any) -> tuple[Any, ...]:
    if isinstance(sdk, Mapping) and "enum" in sdk:
        return tuple(sdk["enum"])
    if isinstance(sdk, Mapping) and "union" in sdk:
        return tuple(value for one in sdk["union"] for value in _enum(one))
    return ()


def _atomic(node: Mapping[str, Any]) -> bool:
    """Kubernetes: a list is atomic unless it says that it is a set or a map."""
    return str(node.get("x-kubernetes-list-type", "atomic")) == "atomic"


def _sdk(token: str, path: Path) -> tuple[Any, bool, bool]:
    """Type, whether required, and whether it is a key of a free map."""
    cloud = clouds()[token.partition(":")[0]]
    kind = resource_type(cloud.sdk, token)
    if kind is None:
        return None, False, False
    at: Any = {"object": kind.root}
    required = free = False
    for part in path:
        at = _plainest(at)
        required = free = False
        if not isinstance(at, Mapping):
            return (ANY, False, at == ANY) if at == ANY else (None, False, False)
        ((form, inner),) = at.items()
        if form == "object" and isinstance(part, str):
            required = part in kind.shapes[inner].required
            at = kind.shapes[inner].properties.get(part)
        elif form == "map":
            at, free = inner, True
        elif form == "list" and isinstance(part, int):
            at = inner
        else:
            return None, False, False
    return at, required, free


def _plainest(at: Any) -> Any:
    if isinstance(at, Mapping) and "union" in at:
        return next((one for one in at["union"] if isinstance(one, Mapping) and "enum" not in one), at["union"][0])
    return at


def _schema(record: Record, inputs: Properties, path: Path) -> tuple[Mapping[str, Any] | None, bool, bool]:
    """Node of the API model or of Kubernetes' schema, whether required there, whether a free key there."""
    cloud = clouds()[record.type.partition(":")[0]]
    model = cloud.find(record.type, inputs)
    if record.type.startswith("kubernetes:"):
        # Pulumi spells the extensions of a CRD's schema with underscores.
        spelt = tuple(_spelt(part) for part in path)
        return _walk(_kubernetes(record.type), spelt)
    if model is None or model.api is None or model.api.rename.get(generic(path)) == "":
        return None, False, False
    schema = load(model.api)
    translated = translate(model.api, schema, inputs)
    api = next((api for api, wire in translated.origins.items() if wire == path), None)
    if api is None:
        return None, False, False
    return _walk((schema.root, schema.root), api)


def _spelt(part: str | int) -> str | int:
    return part.replace("_", "-") if isinstance(part, str) and part.startswith("x_kubernetes_") else part


def _resolved(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def _walk(
    start: tuple[Mapping[str, Any], Mapping[str, Any]] | None, path: Path
) -> tuple[Mapping[str, Any] | None, bool, bool]:
    if start is None:
        return None, False, False
    root, node = start
    required = free = False
    for part in path:
        node = _resolved(root, node)
        required = free = False
        if isinstance(part, int):
            node = node.get("items") or {}
        elif part in node.get("properties", {}):
            required = part in (node.get("required") or ())
            node = node["properties"][part]
        elif isinstance(node.get("additionalProperties"), Mapping):
            node, free = node["additionalProperties"], True
        elif node.get("x-kubernetes-preserve-unknown-fields"):
            return {}, False, True
        else:
            return None, False, False
    return _resolved(root, node), required, free


@functools.cache
def _kubernetes(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Definitions and schema of a kind: Kubernetes' own, or that of Strimzi's CRD."""
    _, version, kind = token.split(":", 2)
    version = version.removeprefix("core/")
    definitions: Mapping[str, Any] = builtin._read(builtin.VERSION, "_definitions.json")
    validator = builtin._validator(builtin.VERSION, version, kind)
    if validator is not None:
        return definitions, validator.schema
    for crd in json.loads((folder() / "crds.json").read_text("utf-8")):
        spec = crd["spec"]
        if spec["names"]["kind"] == kind and f"{spec['group']}/" in version:
            schema = spec["versions"][0]["schema"]["openAPIV3Schema"]
            meta = {"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
            return definitions, {**schema, "properties": {**schema["properties"], "metadata": meta}}
    return None
