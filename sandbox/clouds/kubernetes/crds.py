"""The kinds that CRDs define.

Owns      the index from (apiVersion, kind) to schema and scope, and the judgement of one object by it.
Refuses   versions that aren't served, and conversion between versions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clouds.kubernetes import schema as structural
from sandbox.clouds.kubernetes import third_party
from sandbox.clouds.kubernetes.wire import at, crd_schema, dotted, items
from sandbox.contract import Refusal

_IMPLICIT = ("apiVersion", "kind", "metadata")
_INSTALLED: dict[tuple[str, str], "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind that exists because a CRD does."""

    api_version: str
    kind: str
    group: str
    namespaced: bool
    schema: Mapping[str, Any]
    replicas: tuple[str, ...] = ()
    """Where its count stands, if the API can scale it."""


class Crds:
    """Custom resource definitions, by what they define."""

    def __init__(self, definitions: Iterable[Mapping[str, Any]] = ()) -> None:
        self._kinds: dict[tuple[str, str], Kind] = {}
        for definition in definitions:
            for kind in _kinds(definition):
                self._kinds[kind.api_version, kind.kind] = kind

    def own(self, api_version: str, kind: str) -> Kind | None:
        """The kind, where one of these defines and serves it."""
        return self._kinds.get((api_version, kind))

    def find(self, api_version: str, kind: str) -> Kind | None:
        """The kind, where a CRD defines and serves it: one of these, else one that is in every cluster."""
        if (own := self.own(api_version, kind)) is not None:
            return own
        return _installed(api_version, kind)


def _installed(api_version: str, kind: str) -> Kind | None:
    """A kind that somebody else has installed."""
    key = (api_version, kind)
    if key not in _INSTALLED and (found := third_party.find(api_version.partition("/")[0], kind)) is not None:
        _INSTALLED.update({(one.api_version, one.kind): one for one in _kinds(found)})
    return _INSTALLED.get(key)


def _kinds(definition: Mapping[str, Any]) -> Iterator[Kind]:
    group, name = at(definition, "spec", "group"), at(definition, "spec", "names", "kind")
    for version in items(at(definition, "spec", "versions")):
        # Only the schema is renamed, and only where Pulumi sent it: the walk over 330 KB costs 10 ms.
        schema = at(version, "schema", "openAPIV3Schema")
        if isinstance(schema, Mapping) and version.get("served"):
            namespaced = at(definition, "spec", "scope") == "Namespaced"
            yield Kind(
                f"{group}/{version['name']}", str(name), str(group), namespaced, crd_schema(schema), _replicas(version)
            )


def _replicas(version: Mapping[str, Any]) -> tuple[str, ...]:
    path = at(version, "subresources", "scale", "specReplicasPath")
    return tuple(path.strip(".").split(".")) if isinstance(path, str) else ()


def check(kind: Kind, body: Mapping[str, Any], old: Mapping[str, Any] | None) -> Iterator[Refusal]:
    """Refusals of a custom object; metadata is judged elsewhere, and `status` is the operator's."""
    properties = kind.schema.get("properties", {})
    if isinstance(spec := properties.get("spec"), Mapping) and isinstance(body.get("spec"), Mapping):
        # The API server fills in defaults before it judges: rules rely on them.
        body = {**body, "spec": structural.defaulted(spec, body["spec"])}
        old = {**old, "spec": structural.defaulted(spec, old.get("spec"))} if old else old
    implicit = {key: {"x-kubernetes-preserve-unknown-fields": True} for key in _IMPLICIT}
    root = {**kind.schema, "properties": {**properties, **implicit}}
    yield from structural.check(root, body, (), old)
    count = at(body, *kind.replicas) if kind.replicas else None
    if isinstance(count, int | float) and count < 0:
        message = f"{dotted(kind.replicas)}: Invalid value: {count:g}: should be a non-negative integer"
        yield Refusal("crd", "Invalid", message, kind.replicas)
