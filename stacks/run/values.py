"""Property values on their way out: looked up by path, masked, and short enough to be read.

Owns      what counts as a secret beside what the engine marks itself.
Refuses   showing anything else than plain values: large ones are named, not printed.
"""

import json
import re
from typing import Any

from components.marks import SIGNATURE, UNKNOWNS

MASK = "[secret]"
UNKNOWN = "<known after apply>"
_SENSITIVE = re.compile(
    r"passw|passphrase|secret(?!s?provider)|token|private.?key|kubeconfig|credential|sasl.?jaas", re.I
)
_LONGEST = 200
_STEP = re.compile(r'\.?([^.\["\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]')


class Absent:
    """There is no value at that path."""


ABSENT = Absent()


def lookup(value: Any, path: str) -> Any:
    """The value at a property path such as `spec.config["log.dirs"][0]`, or ABSENT."""
    for plain, quoted, index in _STEP.findall(path):
        if isinstance(value, dict) and (quoted or plain) in value:
            value = value[quoted or plain]
        elif isinstance(value, list) and index and int(index) < len(value):
            value = value[int(index)]
        else:
            return ABSENT
    return value


def mask(value: Any, key: str = "") -> Any:
    """The value without secrets and without the engine's own marks."""
    if value is not None and key and _SENSITIVE.search(key) and not isinstance(value, bool | int):
        return MASK
    if isinstance(value, dict):
        if SIGNATURE in value:
            return MASK if "ciphertext" in value or "plaintext" in value else f"<{value.get('urn') or 'asset'}>"
        return {name: mask(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [mask(one, key) for one in value]
    if isinstance(value, str) and value in UNKNOWNS:
        return UNKNOWN
    return value


def veiled(value: Any, other: Any) -> Any:
    """The value, secret wherever `other` is: what turns into a secret was hardly meant to be read before."""
    if value is ABSENT or value is None:
        return value
    if mask(other) == MASK:
        return MASK
    if isinstance(value, dict) and isinstance(other, dict):
        return {key: veiled(one, other.get(key)) for key, one in value.items()}
    if isinstance(value, list) and isinstance(other, list):
        # Items have no names: one secret among them may be any of them.
        return MASK if any(mask(one) == MASK for one in other) else _veiled_items(value, other)
    return value


def _veiled_items(values: list[Any], others: list[Any]) -> list[Any]:
    return [veiled(one, others[n] if n < len(others) else None) for n, one in enumerate(values)]


def shown(path: str, value: Any) -> str | None:
    """The value as short JSON, or None where it is absent; named where it is secret or too large to help."""
    if value is ABSENT or value is None:
        return None
    if _SENSITIVE.search(path):
        return MASK
    plain = mask(value)
    text = plain if plain in (MASK, UNKNOWN) else json.dumps(plain, sort_keys=True, ensure_ascii=False)
    if len(text) > _LONGEST:
        return f"<{len(text)} characters>"
    return text
