"""The schema of an `ApiModel`, whichever cloud published it, and how to find one's way in it.

Owns      choosing the reader by source, following `$ref`, and the rule by which a wire name finds an API member.
Refuses   guessing beyond that rule: what it does not find is unmapped, and told as such by sandbox/api/coverage.py.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from sandbox.api import aws, azure, gcp
from sandbox.cache import remembered
from sandbox.contract import ApiModel

Schema = Mapping[str, Any]

_READERS: Mapping[str, ModuleType] = {"botocore": aws, "discovery": gcp, "azure-mgmt": azure}


class ApiSchema:
    """One root schema; nodes are plain mappings inside it."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self._members: dict[int, Mapping[str, str]] = {}

    def resolve(self, node: Schema) -> Schema:
        """A node itself, where it was only referred to."""
        while "$ref" in node:
            node = self.root["$defs"][node["$ref"].rpartition("/")[2]]
        return node

    def member(self, node: Schema, wire: str) -> str | None:
        """The member of an object that a wire name means.

        Case and separators don't count, so `vpcId` finds `VpcId`; where nothing has the same letters, neither does the
        plural: `securityGroup` finds `SecurityGroups`, `policies` finds `Policy`.
        """
        known = self._members.get(id(node))
        if known is None:
            known = _foldings(node.get("properties", {}))
            self._members[id(node)] = known
        folded = fold(wire)
        return known.get(folded) or known.get("~" + singular(folded))

    def at(self, path: str) -> Schema | None:
        """The node at a dotted path of API names (`[]` for list items); None where the model has no such place."""
        node: Schema | None = self.root
        for part in re.findall(r"\[\]|[^.\[\]]+", path):
            node = self._step(self.resolve(node), part) if node is not None else None
        return None if node is None else self.resolve(node)

    @staticmethod
    def _step(node: Schema, part: str) -> Schema | None:
        if part == "[]":
            items: Schema | None = node.get("items")
            return items
        found: Schema | None = node.get("properties", {}).get(part)
        if found is None and isinstance(node.get("additionalProperties"), Mapping):
            found = node["additionalProperties"]
        return found


def fold(name: str) -> str:
    """A name without case and separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def singular(folded: str) -> str:
    """A folded name without the ending of a plural."""
    if folded.endswith("ies"):
        return folded[:-3] + "y"
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded


def _foldings(members: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for member in members:
        found[fold(member)] = member
        found.setdefault("~" + singular(fold(member)), member)
    return found


@functools.cache
def _load(source: str, service: str, shape: str) -> ApiSchema:
    if source not in _READERS:
        raise LookupError(f"'{source}' is no source of API models: allowed are {', '.join(_READERS)}")
    reader = _READERS[source]
    return ApiSchema(
        remembered(
            (_distribution(source, service),),
            str(reader.__file__),
            f"{service}:{shape}",
            lambda: reader.schema(service, shape),
        )
    )


def _distribution(source: str, service: str) -> str:
    """Name of the package that a model is read from."""
    if source == "azure-mgmt":
        return "-".join(service.split(".")[:3])
    return {"botocore": "botocore", "discovery": "google-api-python-client"}[source]


def load(model: ApiModel) -> ApiSchema:
    """The schema that judges a type."""
    return _load(model.source, model.service, model.shape)
