"""How AWS gives back what it was given: sets in one order, documents in one spelling, defaults filled in.

Owns      the building blocks of every type's `normalize`; each is idempotent.
Refuses   lists whose order means something (block devices, instance types).
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.contract import UNKNOWN, Properties

Step = Callable[[dict[str, Any]], None]


def normal(*steps: Step) -> Callable[[Properties], Properties]:
    """Apply the steps to a copy, one after the other."""

    def apply(inputs: Properties) -> Properties:
        copied = _copy(inputs)
        for step in steps:
            step(copied)
        return dict(copied)

    return apply


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list | tuple) else value


def _holder(inputs: dict[str, Any], path: str) -> tuple[dict[str, Any] | None, str]:
    """The mapping that holds the last key of a dotted path; None where something on the way is missing."""
    *way, last = path.split(".")
    at: Any = inputs
    for key in way:
        at = at.get(key) if isinstance(at, dict) else None
    return (at if isinstance(at, dict) else None), last


def sets(*paths: str) -> Step:
    """Lists that are sets: order and repetition carry no meaning."""

    def step(inputs: dict[str, Any]) -> None:
        for path in paths:
            holder, key = _holder(inputs, path)
            if holder is None or not isinstance(holder.get(key), list):
                continue
            unique = {_order(item): item for item in holder[key] if item is not UNKNOWN}
            unknown = [item for item in holder[key] if item is UNKNOWN]
            holder[key] = [unique[order] for order in sorted(unique)] + unknown

    return step


def _order(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=str)


def defaults(**values: Any) -> Step:
    """What AWS sets where nothing was said. A key with two underscores goes into a mapping that is there."""

    def step(inputs: dict[str, Any]) -> None:
        for key, value in values.items():
            holder, last = _holder(inputs, key.replace("__", "."))
            if holder is not None and holder.get(last) is None:
                holder[last] = value

    return step


def documents(*paths: str) -> Step:
    """JSON texts, compared by meaning: spaces and the order of keys are not kept."""

    def step(inputs: dict[str, Any]) -> None:
        for path in paths:
            holder, key = _holder(inputs, path)
            if holder is None or not isinstance(holder.get(key), str):
                continue
            try:
                holder[key] = json.dumps(json.loads(holder[key]), sort_keys=True, separators=(",", ":"))
            except ValueError:
                continue  # a law says what is wrong with it

    return step


def ranges(*paths: str) -> Step:
    """EC2 clears the bits to the right of a prefix: 10.0.0.18/16 becomes 10.0.0.0/16."""

    def step(inputs: dict[str, Any]) -> None:
        for path in paths:
            holder, key = _holder(inputs, path)
            if holder is None or not isinstance(holder.get(key), str) or "/" not in holder[key]:
                continue
            try:
                holder[key] = str(ipaddress.IPv4Network(holder[key], strict=False))
            except ValueError:
                continue  # a law says what is wrong with it

    return step


def domain(path: str) -> Step:
    """Route 53 keeps names in lower case; the provider shows them without the final dot."""

    def step(inputs: dict[str, Any]) -> None:
        if isinstance(inputs.get(path), str):
            inputs[path] = inputs[path].lower().rstrip(".")

    return step


def without_empty(*keys: str) -> Step:
    """Empty lists and mappings that AWS does not give back."""

    def step(inputs: dict[str, Any]) -> None:
        for key in keys:
            if inputs.get(key) in ([], {}, None):
                inputs.pop(key, None)

    return step
