"""Properties as the engine sends them, and as judges read them.

Owns      protobuf structs to plain values and back: unknowns become UNKNOWN, secrets are unwrapped and remembered.
Refuses   to change what the engine sent: a Check answers with the very struct that it got, so nothing is lost there.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2

from sandbox.contract import UNKNOWN

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the wire's marker of a secret, not one
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_ON_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Path = tuple[str, ...]
"""Keys from the root; it ends before the first list, so that sorting a list never moves a secret into the open."""


@dataclass(frozen=True)
class Plain:
    """Unwrapped properties. They are shared between calls: whoever changes them copies them first."""

    values: dict[str, Any]
    secrets: frozenset[Path] = frozenset()


@dataclass
class _Reader:
    secrets: set[Path] = field(default_factory=set)

    def value(self, value: struct_pb2.Value, path: Path, in_list: bool) -> Any:
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            text = value.string_value
            return UNKNOWN if text == UNKNOWN_ON_WIRE else text
        if kind == "struct_value":
            return self._mapping(value.struct_value.fields, path, in_list)
        if kind == "list_value":
            return [self.value(item, path, True) for item in value.list_value.values]
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        if kind == "bool_value":
            return value.bool_value
        return None

    def _mapping(self, fields: Any, path: Path, in_list: bool) -> Any:
        if SIGNATURE not in fields:
            return self.fields(fields, path, in_list)
        signature = fields[SIGNATURE].string_value
        if signature in (SECRET, OUTPUT):
            if signature == SECRET or ("secret" in fields and fields["secret"].bool_value):
                self.secrets.add(path)
            # An output value without `value` is one that is not known yet.
            return self.value(fields["value"], path, in_list) if "value" in fields else UNKNOWN
        if signature == RESOURCE:
            return self.value(fields["id"], path, in_list) if "id" in fields else fields["urn"].string_value
        return {key: self.value(item, path, True) for key, item in fields.items()}  # assets and archives

    def fields(self, fields: Any, path: Path, in_list: bool) -> dict[str, Any]:
        result = {}
        for key, item in fields.items():
            read = self.value(item, path if in_list else (*path, key), in_list)
            if read is not None:  # the engine and every vendor treat null as absent
                result[key] = read
        return result


def read(struct: struct_pb2.Struct) -> Plain:
    """Unwrap the properties of one resource."""
    reader = _Reader()
    values = reader.fields(struct.fields, (), False)
    return Plain(values, frozenset(reader.secrets))


def digest(struct: struct_pb2.Struct) -> bytes:
    """Hash of the properties: equal structs have equal digests, so that judging the same twice costs nothing."""
    return hashlib.blake2b(struct.SerializeToString(deterministic=True), digest_size=16).digest()


def _write(value: Any, path: Path, secrets: Iterable[Path], in_list: bool) -> struct_pb2.Value:
    if not in_list and path in secrets:
        fields = {
            SIGNATURE: struct_pb2.Value(string_value=SECRET),
            "value": _write(value, path, (), True),
        }
        return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))
    if isinstance(value, Mapping):
        items = {
            key: _write(item, path if in_list else (*path, key), secrets, in_list)
            for key, item in value.items()
            if item is not None
        }
        return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=items))
    if isinstance(value, Sequence) and not isinstance(value, str):
        listed = [_write(item, path, secrets, True) for item in value]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=listed))
    return _scalar(value, path)


def _scalar(value: Any, path: Path) -> struct_pb2.Value:
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=UNKNOWN_ON_WIRE)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    raise TypeError(f"'{type(value).__name__}' cannot go on the wire, at {'.'.join(path)}")


def write(values: Mapping[str, Any], secrets: Iterable[Path] = ()) -> struct_pb2.Struct:
    """Wrap the properties of one resource; the values at `secrets` are marked as secret."""
    hidden = frozenset(secrets)
    if () in hidden:
        hidden = frozenset((key,) for key in values)
    return _write(values, (), hidden, False).struct_value


def secret_texts(values: Any, secrets: Iterable[Path]) -> set[str]:
    """Every string at or below a secret path: what must not stand in a message."""
    found: set[str] = set()
    for path in secrets:
        value = values
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        _texts(value, found)
    return found


def _texts(value: Any, found: set[str]) -> None:
    if isinstance(value, str) and value:
        found.add(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            _texts(item, found)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _texts(item, found)


def has_unknown(value: Any) -> bool:
    """Whether anything inside is not known yet."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(has_unknown(item) for item in value)
    return False
