"""Judges configuration keys and values by Kafka's own tables, generated from its classes (tools/kafka_config).

Owns      whether a key exists in a Kafka version, of which type its value is, and within which limits.
Refuses   what the operator forbids (`forbidden.py`) and what is unwise (`rules.py`).
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from components.finding import Finding
from components.model import Scalar

_BITS = {"short": 15, "int": 31, "long": 63}


@dataclass(frozen=True)
class Key:
    """One key as Kafka defines it. `mode`: `read-only` needs a roll of the brokers, anything else does not."""

    type: str
    mode: str
    least: float | None
    most: float | None
    values: tuple[str, ...]
    versions: tuple[str, ...]


@cache
def table(kind: str) -> Mapping[str, Key]:
    """Kafka's keys of one kind: `topic` or `broker`."""
    rows = json.loads((Path(__file__).parent / "tables" / f"{kind}.json").read_text("utf-8"))["keys"]
    return {
        name: Key(
            type=row["type"],
            mode=row["mode"],
            least=row.get("min"),
            most=row.get("max"),
            values=tuple(row.get("values", ())),
            versions=tuple(row.get("versions", ())),
        )
        for name, row in rows.items()
    }


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The known key that `name` is most likely meant to be, or nothing."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), "")


def _number(value: Scalar, key: Key) -> str:
    whole = key.type in _BITS
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return f"a{'n integer' if key.type != 'double' else ' number'}"
    bits = _BITS.get(key.type)
    least = key.least if key.least is not None else -(2**bits) if bits else None
    most = key.most if key.most is not None else 2**bits - 1 if bits else None
    if (least is not None and value < least) or (most is not None and value > most):
        return f"{'any' if least is None else f'{least:g}'} to {'any' if most is None else f'{most:g}'}"
    return ""


def _text(value: Scalar, key: Key) -> str:
    if not isinstance(value, str):
        return "a text" if key.type != "list" else "a text: words with commas between them"
    given = [word.strip() for word in value.split(",")] if key.type == "list" else [value]
    if key.values and any(word not in key.values for word in given):
        return ", ".join(key.values)
    return ""


@lru_cache(maxsize=65536, typed=True)  # typed: True is no 1 here
def allowed(value: Scalar, key: Key) -> str:
    """What would be accepted in place of `value`; empty where it is accepted."""
    if key.type == "boolean":
        return "" if isinstance(value, bool) else "true, false"
    if key.type in ("short", "int", "long", "double"):
        return _number(value, key)
    return _text(value, key)


def check(config: Mapping[str, Scalar], kind: str, version: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Keys that Kafka `version` does not have, and values that it would not take."""
    keys = table(kind)
    for name, value in config.items():
        where = (*path, name)
        key = keys.get(name)
        if key is None:
            near = nearest(name, keys)
            yield Finding(
                f"unknown-{kind}-config",
                where,
                f"kafka has no {kind} configuration '{name}'",
                hint=f"did you mean '{near}'?" if near else "remove it",
            )
        elif key.versions and version not in key.versions:
            yield Finding(
                f"unknown-{kind}-config",
                where,
                f"kafka {version} has no {kind} configuration '{name}'",
                f"with {', '.join(key.versions)}",
            )
        elif right := allowed(value, key):
            yield Finding(f"bad-{kind}-config", where, f"'{name}' is {value!r}, which kafka refuses", right)
