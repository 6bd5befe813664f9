"""What the engine sends of a resource, as plain data, and back.

Owns      the engine's encodings of values that are not known yet, and of secrets.
Refuses   to show a secret to a rule: what a rule sees may end up in its message.
Source    the wire format's signatures: sdk/go/common/resource/plugin/rpc.go of github.com/pulumi/pulumi.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from policies.contract import UNKNOWN

_UNKNOWN = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""One for each type of value that is computed by an apply."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, not one
HIDDEN = "<secret>"
"""What a rule sees of a secret."""


def mapping(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The properties of a resource."""
    return {key: _value(value) for key, value in struct.fields.items()}


def _value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
            return HIDDEN
        return {key: _value(inner) for key, inner in fields.items()}
    if kind == "list_value":
        return [_value(inner) for inner in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWN else value.string_value
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
