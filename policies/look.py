"""Looking into a resource whose values may not be known yet.

Owns      the ways in which rules read plain data: a value that is not known is neither right nor wrong.
Refuses   raising: a rule never fails on a resource of an unexpected shape, it finds nothing there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from policies.contract import UNKNOWN, Later, Verdict


def look(node: Any, *path: str | int) -> Any:
    """The value at a path; None where there is none, UNKNOWN where it or what it stands in is not known."""
    for part in path:
        if node is UNKNOWN:
            return UNKNOWN
        if isinstance(node, Mapping) and isinstance(part, str):
            node = node.get(part)
        elif isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            return None
    return node


def items(node: Any, *path: str | int) -> Sequence[Any]:
    """The list at a path, empty where there is none; a list that is not known is one unknown item."""
    found = look(node, *path)
    if found is UNKNOWN:
        return (UNKNOWN,)
    return found if isinstance(found, list | tuple) else ()


def names(node: Any, *path: str | int) -> list[Any]:
    """The list at a path as words that can be compared; what is not known stays so."""
    return [one if one is UNKNOWN else str(one) for one in items(node, *path)]


def unsure(value: Any) -> bool:
    """Whether something in a value, or the value itself, is not known yet."""
    if isinstance(value, Mapping):
        return any(unsure(inner) for inner in value.values())
    return any(unsure(inner) for inner in value) if isinstance(value, list | tuple) else value is UNKNOWN


def expect(what: str, value: Any, right: bool, wrong: str) -> Iterator[Verdict]:
    """The verdict on one value: nothing where it is `right`, `wrong` with the value, or that it is known later."""
    if value is UNKNOWN:
        yield later(what)
    elif not right:
        yield f"{what} is {shown(value)}: {wrong}"


def later(what: str) -> Later:
    """That a value has to wait for the apply."""
    return Later(f"{what} is known after the apply, and is judged then")


def shown(value: Any) -> str:
    """A value for a message."""
    if value is None:
        return "not set"
    value = whole(value)
    return json.dumps(value, default=str, sort_keys=True) if isinstance(value, bool | dict | list) else f"'{value}'"


def yes(value: Any) -> bool:
    """Whether a flag is on; providers also write flags as words."""
    return value is True or value == "true"


def number(value: Any) -> float | None:
    """A number, also from the text in which Kafka's settings may stand; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None


def at_least(value: Any, least: float) -> bool:
    """Whether it is a number that is not smaller."""
    found = number(value)
    return found is not None and found >= least


def matches(value: str, patterns: Iterable[str]) -> bool:
    """Whether any shell pattern matches."""
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def document(value: Any) -> Any:
    """The document in a property that holds JSON as text; UNKNOWN stays so, what is no JSON is None."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def kind(resource_type: str) -> str:
    """The last part of a type token: `Kafka` of `kubernetes:kafka.strimzi.io/v1:Kafka`."""
    return resource_type.rpartition(":")[2].rpartition("/")[2]


def object_name(props: Mapping[str, Any]) -> str:
    """`namespace/name` of a Kubernetes object, as people look for it."""
    namespace, name = look(props, "metadata", "namespace"), look(props, "metadata", "name")
    return f"{namespace}/{name}" if isinstance(namespace, str) and namespace else str(name)


def whole(value: Any) -> Any:
    """The value with whole numbers as such: the engine hands on every number with a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: whole(inner) for key, inner in value.items()}
    return [whole(inner) for inner in value] if isinstance(value, list) else value
