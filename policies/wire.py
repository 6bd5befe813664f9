"""What the engine sends of a resource, as plain data, and back.

Owns      the engine's encodings of values that are not known yet, and of secrets.
Refuses   to show a secret to a rule: what a rule sees may end up in its message.
Source    the wire format's signatures: sdk/go/common/resource/plugin/rpc.go of github.com/pulumi/pulumi.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from components.marks import SECRET, SIGNATURE, UNKNOWNS
from policies.contract import UNKNOWN

HIDDEN = "<secret>"
"""What a rule sees of a secret."""


def mapping(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The properties of a resource."""
    return {key: _value(value) for key, value in struct.fields.items()}


def _value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
            return HIDDEN
        return {key: _value(inner) for key, inner in fields.items()}
    if kind == "list_value":
        return [_value(inner) for inner in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
    return None if kind in (None, "null_value") else getattr(value, kind)


def changed(struct: struct_pb2.Struct, before: Mapping[str, Any], after: Mapping[str, Any]) -> struct_pb2.Struct:
    """The properties with what a remedy changed, and everything else as it was sent: secrets and unknowns too."""
    result = struct_pb2.Struct()
    result.CopyFrom(struct)
    _change(result, before, after)
    return result


def _change(struct: struct_pb2.Struct, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for key in before.keys() - after.keys():
        del struct.fields[key]
    for key, value in after.items():
        old = before.get(key)
        if key in before and old == value:
            continue
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            _change(struct.fields[key].struct_value, old, value)
        else:
            struct.update({key: value})
