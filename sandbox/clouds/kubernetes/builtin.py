"""Judges built-in objects by Kubernetes' own published schemas (the strict ones that `kubernetes-validate` bundles).

Owns      the validators, one a kind, made when first needed, and messages in the API server's words.
Refuses   what schemas can't say: see `workloads.py` for the few semantic rules.
"""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from sandbox.clouds.kubernetes.admission import lists, nothings
from sandbox.clouds.kubernetes.wire import dotted, has_unknown, whole
from sandbox.contract import UNKNOWN, Refusal

VERSION = "1.34"
_QUANTITY = r"^[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$"


def _read(version: str, name: str) -> Any:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    return json.loads((folder / name).read_text("utf-8"))


@cache
def _contents(version: str) -> Any:
    contents = _read(version, "_definitions.json")
    # The published schema lets any string pass as a quantity; the API server parses it.
    contents["$defs"]["io.k8s.apimachinery.pkg.api.resource.Quantity"] = {
        "type": ["string", "number"],
        "pattern": _QUANTITY,
    }
    return contents


@cache
def _definitions(version: str) -> Any:
    from referencing import Registry, Resource

    resource: Resource[Any] = Resource.from_contents(_contents(version))
    return resource @ Registry()


@cache
def _validator(version: str, api_version: str, kind: str) -> Any:
    """The validator of a kind, None where Kubernetes has no such kind."""
    from jsonschema.validators import Draft202012Validator

    suffix = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    try:
        schema = _read(version, f"{kind.lower()}-{suffix}.json")
    except FileNotFoundError:
        return None
    groups = [
        f"{group['group']}/{group['version']}".lstrip("/")
        for group in schema.get("x-kubernetes-group-version-kind", [])
    ]
    return Draft202012Validator(schema, registry=_definitions(version)) if api_version in groups else None


@cache
def _metadata_validator(version: str) -> Any:
    from jsonschema.validators import Draft202012Validator

    reference = "https://kubernetes.io/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
    return Draft202012Validator({"$ref": reference}, registry=_definitions(version))


def check_metadata(metadata: Any, version: str = VERSION) -> Iterator[Refusal]:
    """Refusals of the `metadata` of any object, whoever defines its kind."""
    for error in _metadata_validator(version).iter_errors(_without_nulls(whole(metadata))):
        if not has_unknown(error.instance):
            yield from _told(error, ("metadata",))


def exists(api_version: str, kind: str, version: str = VERSION) -> bool:
    """Whether Kubernetes itself has the kind."""
    return _validator(version, api_version, kind) is not None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(item) for item in value]
    return value


def _told(error: Any, below: tuple[str, ...] = ()) -> Iterator[Refusal]:
    path = (*below, *error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        for key in sorted(error.instance.keys() - error.schema.get("properties", {}).keys()):
            yield Refusal(
                "crd", "unknown-field", f".{dotted((*path, key))}: field not declared in schema", (*path, key)
            )
    elif error.validator == "required":
        for key in (key for key in error.validator_value if key not in error.instance):
            yield Refusal("crd", "Invalid", f"{dotted((*path, key))}: Required value", (*path, key))
    else:
        yield Refusal("crd", "Invalid", f"{dotted(path)}: Invalid value: {error.message}", path)


_REMEMBERED = 1024
_known: OrderedDict[tuple[str, bytes], tuple[Refusal, ...]] = OrderedDict()
_lock = Lock()


def check(body: Mapping[str, Any], version: str = VERSION) -> tuple[Refusal, ...]:
    """Refusals of a built-in object, as far as it is known.

    Verdicts are remembered by content: a Strimzi CRD takes 0.1 s to judge, and the engine asks twice an apply.
    """
    text = json.dumps(body, sort_keys=True, default=repr)
    key = (version, hashlib.sha256(text.encode()).digest())
    with _lock:
        found = _known.get(key)
    if found is None:
        found = tuple(_check(body, version))
        with _lock:
            _known[key] = found
            if len(_known) > _REMEMBERED:
                _known.popitem(last=False)
    return found


def _check(body: Mapping[str, Any], version: str) -> Iterator[Refusal]:
    validator = _validator(version, str(body.get("apiVersion")), str(body.get("kind")))
    seen: set[tuple[tuple[str | int, ...], str]] = set()
    for error in sorted(
        validator.iter_errors(_without_nulls(whole(body))), key=lambda error: list(map(str, error.path))
    ):
        if error.validator in {"type", "enum", "pattern"} and error.instance is UNKNOWN:
            continue
        if error.validator in {"oneOf", "anyOf", "not"} and has_unknown(error.instance):
            continue
        for refusal in _told(error):
            if (refusal.path, refusal.code) not in seen:
                seen.add((refusal.path, refusal.code))
                yield refusal
    yield from nothings(body)
    yield from lists(validator.schema, _contents(version)["$defs"], body)
