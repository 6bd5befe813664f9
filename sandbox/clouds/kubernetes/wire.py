"""Between Pulumi's wire form of Kubernetes objects and the objects themselves.

Owns      the renaming of `x_kubernetes_…` keys, whole numbers that arrive as floats, and the search for UNKNOWN.
Refuses   to judge.
"""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.contract import UNKNOWN, Refusal

_SCHEMA_KEY = re.compile(r"^x_kubernetes_[a-z_]+$")


def has_unknown(value: Any) -> bool:
    """Whether UNKNOWN is anywhere in `value`."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(item) for item in value)
    return False


def crd_schema(value: Any) -> Any:
    """A schema with the API server's key names; Pulumi's SDKs can't spell hyphens and send underscores instead."""
    if isinstance(value, Mapping):
        return {
            (
                key.replace("_", "-")
                if _SCHEMA_KEY.match(key)
                else {"_ref": "$ref", "_schema": "$schema"}.get(key, key)
            ): (crd_schema(item))
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [crd_schema(item) for item in value]
    return value


def whole(value: Any) -> Any:
    """`value` with whole floats as integers: the wire has only doubles, the API server reads `3`."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [whole(item) for item in value]
    return value


def dotted(path: tuple[str | int, ...]) -> str:
    """`spec.kafka.listeners[0].port`; a key with a dot in it is written as the API server does: `config[a.b]`."""
    text = ""
    for part in path:
        if isinstance(part, int) or "." in part or "/" in part:
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def law(code: str, path: tuple[str | int, ...], why: str) -> Refusal:
    """A refusal of the operator's own, at a path of the object."""
    return Refusal("law", code, f"{dotted(path)}: {why}", path)


def at(value: Any, *path: str) -> Any:
    """The value at `path`, None where there is none or it is UNKNOWN."""
    for part in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return None if value is UNKNOWN else value


def items(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list; nothing where it is no list (the schema says so elsewhere)."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []
