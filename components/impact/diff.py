"""What differs between two sets of Kubernetes objects, property by property.

Owns      which elements of two lists are the same one: by their natural key, so that an inserted element is one change.
Refuses   to judge what a change does (`judge.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.impact.contract import MISSING, ObjectChange, Path, objects
from components.services.contract import Manifest

KEYS = (
    *("name", "id", "mode", "mountPath", "containerPort", "port", "alert", "record", "secretName", "topologyKey"),
    "source.alias",
)
"""Properties by which Kubernetes and Strimzi tell the elements of a list apart, in the order of trying."""

PROTECTION = ("protect",)
"""In place of a path: whether the engine protects the object. No Kubernetes object has such a property."""


def changes(before: Sequence[Manifest], after: Sequence[Manifest]) -> tuple[ObjectChange, ...]:
    """Every property that differs, objects in the order of their stack; what is gone comes last."""
    old, new = objects(before), objects(after)
    found: list[ObjectChange] = []
    for key, manifest in new.items():
        was = old.get(key)
        if was is None:
            found.append(ObjectChange(*key, manifest.role, (), MISSING, manifest.body))
            continue
        for path, left, right in differences(was.body, manifest.body):
            found.append(ObjectChange(*key, manifest.role, path, left, right))
        if was.protect is not manifest.protect:
            found.append(ObjectChange(*key, manifest.role, PROTECTION, was.protect, manifest.protect))
    for key, manifest in old.items():
        if key not in new:
            found.append(ObjectChange(*key, manifest.role, (), manifest.body, MISSING))
    return tuple(found)


def differences(old: Any, new: Any, at: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Paths at which two values differ, as deep as both sides have the same shape."""
    left, right = children(old, new), children(new, old)
    if old is MISSING or new is MISSING or not left or not right or _turned(old, left, right):
        if old is MISSING or new is MISSING or text(old) != text(new):
            yield at, old, new
        return
    for key in [*left, *(key for key in right if key not in left)]:
        yield from differences(left.get(key, MISSING), right.get(key, MISSING), (*at, key))


def _turned(old: Any, left: Mapping[str | int, Any], right: Mapping[str | int, Any]) -> bool:
    """Whether elements that both lists have stand in another order: to a pod that is another pod."""
    return not isinstance(old, Mapping) and [key for key in left if key in right] != [
        key for key in right if key in left
    ]


def children(value: Any, beside: Any = MISSING) -> dict[str | int, Any]:
    """The parts of a value by name; nothing where it is one value. `beside`: a list with the same natural key."""
    if isinstance(value, Mapping):
        return {str(key): inner for key, inner in value.items()} if isinstance(beside, Mapping | type(MISSING)) else {}
    if not isinstance(value, list | tuple):
        return {}
    other = beside if isinstance(beside, list | tuple) else ()
    key = _key((value, other))
    return {_name(element, key): element for element in value} if key else {}


def _name(element: Any, key: str) -> str:
    """What tells an element from the others of its list by this key; empty where it has none."""
    here: Any = element
    for part in key.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return str(here) if isinstance(here, str | int) else ""


def _key(sides: Sequence[Sequence[Any]]) -> str:
    """The first key that every element of both lists has, and none twice."""
    for key in KEYS if any(sides) else ():
        names = [[_name(element, key) for element in side] for side in sides]
        if all(all(side) and len(set(side)) == len(side) for side in names):
            return key
    return ""


def leaves(value: Any, at: Path = ()) -> Iterator[Path]:
    """The paths of all single values inside one; its own path where it has no parts."""
    inside = children(value) if value is not MISSING else {}
    if not inside:
        yield at
    for key, inner in inside.items():
        yield from leaves(inner, (*at, key))


def text(value: Any) -> str:
    """The value as JSON: to Python `True == 1 == 1.0`, and to Kafka not."""
    return json.dumps(value, sort_keys=True, default=dict)
