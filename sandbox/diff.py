"""What changed between two sets of inputs.

Owns      the changed paths, their kinds, and which of them replace the resource.
Refuses   opinions on equality: both sides are normalised first, and what then differs is a change.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import UNKNOWN

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    """One leaf that differs. `kind` is `ADD`, `DELETE` or `UPDATE`."""

    path: Where
    kind: str
    replaces: bool = False
    hides: bool = False

    @property
    def dotted(self) -> str:
        """The path in the engine's spelling."""
        return dotted(self.path)


def dotted(path: Where) -> str:
    """`a.b[0]["c.d"]`, as the engine spells property paths."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z_$][\w$-]*", part):
            text += f".{part}" if text else part
        else:
            text += '["' + part.replace('"', '\\"') + '"]'
    return text


def changes(
    old: Mapping[str, Any], new: Mapping[str, Any], immutable: Iterable[str] = (), ignore: Iterable[str] = ()
) -> list[Change]:
    """Every difference, leaf by leaf; `immutable` and `ignore` are dotted paths (`[]` or an index for list items)."""
    frozen = [_parts(path) for path in immutable]
    ignored = [_parts(path) for path in ignore]
    found = []
    for change in _walk(old, new, ()):
        generic = tuple("[]" if isinstance(part, int) else part for part in change.path)
        if any(_below(generic, one) for one in ignored):
            continue
        # A whole object that is not known yet may hide a changed immutable property: a preview says the worse.
        replaces = any(_below(generic, one) or (change.hides and _below(one, generic)) for one in frozen)
        found.append(Change(change.path, change.kind, replaces))
    return found


def _parts(path: str) -> tuple[str, ...]:
    text = re.sub(r'\["((?:[^"\\]|\\.)*)"\]', lambda match: "\0" + match[1].replace(".", "\1"), path)
    text = re.sub(r"\[(?:\d+|\*)?\]", "\0[]", text).replace("\0", ".")
    return tuple(part.replace("\1", ".") for part in text.split(".") if part)


def _below(path: tuple[str, ...], root: tuple[str, ...]) -> bool:
    return _without_items(path)[: len(_without_items(root))] == _without_items(root)


def _without_items(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in path if part != "[]")


def _walk(old: Any, new: Any, path: Where) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _member(old, new, key, (*path, key))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index in range(max(len(old), len(new))):
            if index >= len(old):
                yield from _leaves(new[index], (*path, index), "ADD")
            elif index >= len(new):
                yield from _leaves(old[index], (*path, index), "DELETE")
            else:
                yield from _walk(old[index], new[index], (*path, index))
    elif _differ(old, new):
        yield Change(path, "UPDATE", hides=new is UNKNOWN)


def _member(old: Mapping[str, Any], new: Mapping[str, Any], key: str, path: Where) -> Iterator[Change]:
    if key not in old:
        yield from _leaves(new[key], path, "ADD")
    elif key not in new:
        yield from _leaves(old[key], path, "DELETE")
    else:
        yield from _walk(old[key], new[key], path)


def _leaves(value: Any, path: Where, kind: str) -> Iterator[Change]:
    """A thing that comes or goes is told by its leaves: an immutable property may be one of them."""
    if isinstance(value, Mapping) and value:
        for key in sorted(value):
            yield from _leaves(value[key], (*path, key), kind)
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index), kind)
    else:
        yield Change(path, kind)


def _differ(old: Any, new: Any) -> bool:
    if old is UNKNOWN or new is UNKNOWN:
        return True
    # 1 and 1.0 are one number on the wire, while 1 and true are equal in Python alone.
    same_kind = type(old) is type(new) or (_number(old) and _number(new))
    return not same_kind or bool(old != new)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
