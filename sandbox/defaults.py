"""Tags and labels that a provider instance gives to everything that it makes.

Owns      merging them into the inputs at Check, so that changing them on the provider is a change of every resource.
Refuses   to overrule the resource: what it says itself wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2

from sandbox import wire
from sandbox.contract import UNKNOWN, CloudModel
from sandbox.sdk.types import resource_type


@dataclass(frozen=True)
class _Rule:
    """`config` is the place in the provider's configuration; `proof` the output that only takers of defaults have."""

    config: tuple[str, ...]
    inputs: tuple[str, ...]
    proof: str


_RULES: Mapping[str, _Rule] = {
    # pulumi-aws merges into `tags` at Check as well (provider/tags.go).
    "aws": _Rule(("defaultTags", "tags"), ("tags",), "tagsAll"),
    # Google's provider keeps `labels` and merges into `effectiveLabels`; to a preview it is the same change.
    "gcp": _Rule(("defaultLabels",), ("labels", "resourceLabels"), "effectiveLabels"),
}


def merged(
    model: CloudModel, token: str, config: Mapping[str, Any], news: struct_pb2.Struct
) -> tuple[struct_pb2.Struct, wire.Plain]:
    """The inputs with the provider's defaults, as a struct and unwrapped."""
    plain = wire.read(news)
    rule = _RULES.get(model.provider)
    given = _at(config, rule.config) if rule else {}
    kind = resource_type(model.sdk, token) if given else None
    if rule is None or kind is None or rule.proof not in kind.outputs:
        return news, plain
    taker = next((name for name in rule.inputs if name in kind.shapes[kind.root].properties), None)
    own = plain.values.get(taker, {}) if taker else UNKNOWN
    if taker is None or not isinstance(own, Mapping):
        return news, plain
    values = {**plain.values, taker: {**given, **own}}
    changed = struct_pb2.Struct()
    changed.CopyFrom(news)
    changed.fields[taker].CopyFrom(wire.write({taker: values[taker]}, plain.secrets).fields[taker])
    return changed, wire.Plain(values, plain.secrets)


def _at(config: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    value: Any = config
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
