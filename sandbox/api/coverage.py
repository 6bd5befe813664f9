"""Which properties of a type the cloud's API model judges, and which nothing there knows.

Owns      the static comparison of the SDK's inputs with the API model, to any depth.
Refuses   silence: a property without a place is `unmapped` until its model renames it, or says '' (another judges it).
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.api.judge import judgeable
from sandbox.api.schema import ApiSchema, Schema, load
from sandbox.contract import ApiModel, TypeModel
from sandbox.models import clouds
from sandbox.sdk.types import ResourceType, Type, resource_type

_DEEPEST = 12


@dataclass(frozen=True)
class Coverage:
    """Wire paths by who judges them. `broken` are renames and constants that lead nowhere in the API's model."""

    token: str
    judged: tuple[str, ...]
    unmapped: tuple[str, ...]
    elsewhere: tuple[str, ...]
    broken: tuple[str, ...]
    unreadable_patterns: tuple[str, ...]


def coverage(sdk: str, model: TypeModel) -> Coverage:
    """Compare one type. A type without an API model, or one that the SDK does not know, has nothing judged."""
    kind = resource_type(sdk, model.token)
    if kind is None or model.api is None:
        return Coverage(model.token, (), (), (), (), ())
    schema = load(model.api)
    walker = _Walker(model.api, schema, kind)
    walker.object(kind.root, schema.resolve(schema.root), "", frozenset())
    return Coverage(
        token=model.token,
        judged=tuple(sorted(walker.judged)),
        unmapped=tuple(sorted(walker.unmapped)),
        elsewhere=tuple(sorted(walker.elsewhere)),
        broken=tuple(sorted(_broken(model.api, schema))),
        unreadable_patterns=tuple(sorted(walker.unreadable)),
    )


def _broken(api: ApiModel, schema: ApiSchema) -> Iterator[str]:
    for wire, target in api.rename.items():
        if target and schema.at(target) is None:
            yield f"rename {wire} -> {target}"
    for constant in api.constants:
        if schema.at(constant) is None:
            yield f"constant {constant}"


class _Walker:
    def __init__(self, api: ApiModel, schema: ApiSchema, kind: ResourceType) -> None:
        self.api, self.schema, self.kind = api, schema, kind
        self.judged: set[str] = set()
        self.unmapped: set[str] = set()
        self.elsewhere: set[str] = set()
        self.unreadable: set[str] = set()

    def object(self, name: str, node: Schema, path: str, above: frozenset[str]) -> None:
        if name in above or len(above) > _DEEPEST:
            return  # a type that contains itself has been compared one level up
        for wire, expected in self.kind.shapes[name].properties.items():
            here = f"{path}.{wire}" if path else wire
            target = self.api.rename.get(here)
            if target == "":
                self.elsewhere.add(here)
                continue
            self.value(expected, self._node(node, wire, target), here, above | {name})

    def _node(self, node: Schema, wire: str, target: str | None) -> Schema | None:
        if target is not None:
            return self.schema.at(target)
        member = self.schema.member(node, wire)
        if member is not None:
            return self.schema.resolve(node["properties"][member])
        extra = node.get("additionalProperties")
        return self.schema.resolve(extra) if isinstance(extra, dict) else None

    def value(self, expected: Type, node: Schema | None, path: str, above: frozenset[str]) -> None:
        form: str
        inner: Type
        form, inner = next(iter(expected.items())) if isinstance(expected, dict) else (expected, None)
        if form == "union":
            objects = [one for one in inner if isinstance(one, dict) and "object" in one]
            self.value(objects[0] if objects else "str", node, path, above)
        elif form == "object":
            if node is not None and node.get("type") == "array":
                node = self.schema.resolve(node["items"])
            self.object(inner, node if node is not None else {}, path, above)
        elif form == "list" and f"{path}[]" in self.api.rename:
            target = self.api.rename[f"{path}[]"]
            if target == "":
                self.elsewhere.add(f"{path}[]")
            else:
                self.value(inner, self.schema.at(target), f"{path}[]", above)
        elif form == "list" and (node is None or node.get("type") == "array"):
            self.value(inner, self.schema.resolve(node["items"]) if node else None, f"{path}[]", above)
        elif node is None or (form == "list") != (node.get("type") == "array"):
            self.unmapped.add(path)
        else:
            self.judged.add(path)
            if "pattern" in node and not judgeable(node["pattern"]):
                self.unreadable.add(f"{path}: {node['pattern']}")


def unmapped() -> list[str]:
    """Every property of every modelled type that its API model ought to judge and has no place for."""
    return [
        f"{token} {path}"
        for _provider, cloud in sorted(clouds().items())
        for token, model in sorted(cloud.types.items())
        for path in coverage(cloud.sdk, model).unmapped
    ]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in unmapped()))
