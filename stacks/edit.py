"""Edits of fleet files that change the lines they mean and no others.

Owns      setting a value, adding a key or a list item, removing a key; every comment and all spacing stay.
Refuses   edits that would lose a comment, touch a file that is not valid, or not read back as what was asked for. A
          round-trip emitter writes the whole file anew (lists move, long lines are folded), so text is cut and
          pasted by the parser's positions here, and the result is read again before anyone gets it.
"""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import yaml

from stacks.problem import Problem
from stacks.read import Document, read_text
from stacks.read.scalars import resolve

Path = tuple[str | int, ...]
Value = str | int | float | bool | list[Any] | dict[str, Any]

# Text that can stand without quotes, in brackets too.
_PLAIN = re.compile(r"[A-Za-z_/0-9](?:[A-Za-z0-9_./@+-]|(?<=[A-Za-z0-9)]) (?=[A-Za-z0-9(])|:(?=[A-Za-z0-9/]))*")
_LINES = (yaml.MappingNode, yaml.SequenceNode)


class _RefusedError(Exception):
    def __init__(self, message: str, hint: str = "edit the file by hand", at: yaml.Node | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.at = message, hint, at


def set_value(text: str, path: Path, value: Value, file: str = "") -> str | Problem:
    """`text` with `value` at `path`, which has to exist."""

    def change(document: Document) -> tuple[str, Any]:
        wanted = copy.deepcopy(document.data)
        _holder(wanted, path)[path[-1]] = value
        parent, node = _find(document, path[:-1]), _find(document, path)
        return _replace(text, parent, node, value), wanted

    return _edit(text, file, path, change)


def add_key(text: str, path: Path, value: Value, file: str = "") -> str | Problem:
    """`text` with the key `path[-1]`, which must not exist, behind the last key of its mapping."""

    def change(document: Document) -> tuple[str, Any]:
        wanted = copy.deepcopy(document.data)
        holder = _holder(wanted, path, new=True)
        if not isinstance(holder, dict) or not isinstance(path[-1], str):
            raise _RefusedError(f"{_say(path[:-1])} is no mapping", "name a mapping")
        if path[-1] in holder:
            raise _RefusedError(f"{_say(path)} is already there", "set its value instead", _find(document, path))
        holder[path[-1]] = value
        return _append(text, _find(document, path[:-1]), value, path[-1]), wanted

    return _edit(text, file, path, change)


def add_item(text: str, path: Path, value: Value, file: str = "") -> str | Problem:
    """`text` with `value` as the last item of the list at `path`."""

    def change(document: Document) -> tuple[str, Any]:
        wanted = copy.deepcopy(document.data)
        found = _holder(wanted, path)[path[-1]]
        if not isinstance(found, list):
            raise _RefusedError(f"{_say(path)} is no list", "name a list", _find(document, path))
        found.append(value)
        return _append(text, _find(document, path), value, None), wanted

    return _edit(text, file, path, change)


def remove_key(text: str, path: Path, file: str = "") -> str | Problem:
    """`text` without the key at `path` and its value."""

    def change(document: Document) -> tuple[str, Any]:
        wanted = copy.deepcopy(document.data)
        holder = _holder(wanted, path)
        parent, node = _find(document, path[:-1]), _find(document, path)
        if len(holder) == 1:
            raise _RefusedError(f"{_say(path)} is all that its mapping or list holds", "remove the whole", node)
        del holder[path[-1]]
        return _cut(text, parent, node), wanted

    return _edit(text, file, path, change)


def _edit(text: str, file: str, path: Path, change: Callable[[Document], tuple[str, Any]]) -> str | Problem:
    document = read_text(file, text.encode())
    if not isinstance(document, Document):
        return document[0]
    line, column = document.position(path)
    try:
        result, wanted = change(document)
        _verify(file, path, result, wanted)
    except _RefusedError as refused:
        if refused.at is not None:
            line, column = (number + 1 for number in _start(refused.at))
        return Problem(file, line, column, "cannot-edit", refused.message, "", refused.hint)
    return result


def _verify(file: str, path: Path, result: str, wanted: Any) -> None:
    again = read_text(file, result.encode())
    if not isinstance(again, Document) or again.data != wanted:
        raise _RefusedError(f"the edit of {_say(path)} would not read back as what was asked for")


def _holder(data: Any, path: Path, new: bool = False) -> Any:
    """What directly holds the last step of `path`."""
    if not path:
        raise _RefusedError("the whole file cannot be edited", "name a key")
    for depth, step in enumerate(path):
        known = step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))
        if depth == len(path) - 1 and (known or new):
            return data
        if not known:
            raise _RefusedError(f"there is no {_say(path[: depth + 1])}", "name what exists")
        data = data[step]
    raise AssertionError(path)


def _find(document: Document, path: Path) -> yaml.Node:
    node = yaml.compose(document.text, yaml.CSafeLoader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[step]
    assert node is not None  # noqa: S101 - a document has a root
    return node


def _replace(text: str, parent: yaml.Node, node: yaml.Node, value: Value) -> str:
    start, end = _offset(text, _start(node)), _offset(text, _end(node))
    flow = _flow(parent) or (_flow(node) and isinstance(node, _LINES) and isinstance(value, (list, dict)))
    old = text[start:end]
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        raise _RefusedError("a text of several lines cannot be replaced", at=node)
    if "#" in _without_quotes(old) and "\n" in old:
        raise _RefusedError("there is a comment inside the value that would be replaced", at=node)
    if flow or not isinstance(value, (list, dict)) or not value:
        fresh = _flow_text(value)
        if isinstance(node, _LINES) and not _flow(node):
            # The value stood below its key; one line stands behind it.
            start = len(text[:start].rstrip(" \n"))
            fresh = f" {fresh}"
        return text[:start] + fresh + text[end:]
    if isinstance(parent, yaml.SequenceNode):
        raise _RefusedError("an item of a list cannot become a mapping or list", at=node)
    indent = _start(parent)[1] + 2
    lines = _block(value, indent)
    if isinstance(node, _LINES) and not _flow(node):
        first = _offset(text, (_start(node)[0], 0))
        return text[:first] + lines.rstrip("\n") + text[end:]
    rest = text[end:].split("\n", 1)
    below = rest[1] if len(rest) > 1 else ""
    return text[:start].rstrip(" ") + rest[0].rstrip(" ") + "\n" + lines + below


def _append(text: str, holder: yaml.Node, value: Value, key: str | None) -> str:
    assert isinstance(holder, _LINES)  # noqa: S101 - the callers have looked
    label = f"{_scalar(key)}: " if key is not None else ""
    if _flow(holder):
        at = _offset(text, _last(holder)) if holder.value else _offset(text, _start(holder)) + 1
        return text[:at] + (", " if holder.value else "") + label + _flow_text(value) + text[at:]
    column = _start(holder)[1]
    if not text.endswith("\n"):
        text += "\n"
    end_row, end_column = _last(holder)
    at = _offset(text, (end_row if end_column == 0 else end_row + 1, 0))
    if key is None:
        fresh = " " * column + f"- {_flow_text(value)}\n"
    elif isinstance(value, (list, dict)) and value:
        fresh = " " * column + f"{_scalar(key)}:\n" + _block(value, column + 2)
    else:
        fresh = " " * column + label + _flow_text(value) + "\n"
    return text[:at] + fresh + text[at:]


def _cut(text: str, parent: yaml.Node, node: yaml.Node) -> str:
    if _flow(parent) or not isinstance(parent, yaml.MappingNode):
        raise _RefusedError("only keys of a mapping with a line for each key can be removed", at=node)
    key = next(name for name, value in parent.value if value is node or _start(value) == _start(node))
    row, column = _start(key)
    end_row, end_column = _last(node)
    first, after = _offset(text, (row, 0)), _offset(text, (end_row if end_column == 0 else end_row + 1, 0))
    if text[first : first + column].strip(" "):
        raise _RefusedError("the key stands behind a '-'", at=key)
    return text[:first] + text[after:]


def _start(node: yaml.Node) -> tuple[int, int]:
    mark = node.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _end(node: yaml.Node) -> tuple[int, int]:
    mark = node.end_mark
    return _last(node) if isinstance(node, _LINES) and not _flow(node) else (mark.line, mark.column) if mark else (0, 0)


def _last(node: yaml.Node) -> tuple[int, int]:
    """The end of the last value inside: libyaml ends a block where the next thing starts, behind comments."""
    if isinstance(node, yaml.MappingNode) and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value:
        return _end(node.value[-1])
    return (node.end_mark.line, node.end_mark.column) if node.end_mark else (0, 0)


def _flow(node: yaml.Node) -> bool:
    return isinstance(node, _LINES) and bool(node.flow_style)


def _offset(text: str, place: tuple[int, int]) -> int:
    at = 0
    for _ in range(place[0]):
        found = text.find("\n", at)
        if found < 0:
            return len(text)
        at = found + 1
    return min(at + place[1], len(text))


def _without_quotes(text: str) -> str:
    return re.sub(r"'[^'\n]*'|\"(?:[^\"\\\n]|\\.)*\"", "", text)


def _scalar(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) is not None and resolve(value) == value
        return value if plain else json.dumps(value, ensure_ascii=False)
    return f"{value:f}" if isinstance(value, float) and "e" in repr(value) else repr(value)


def _flow_text(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow_text(item)}' for key, item in value.items())}}}"
    return _scalar(value)


def _block(value: list[Any] | dict[str, Any], indent: int) -> str:
    """Lines of a value, one for each key or item; what is nested in an item stands in brackets."""
    space = " " * indent
    if isinstance(value, list):
        return "".join(f"{space}- {_flow_text(item)}\n" for item in value)
    lines = ""
    for key, item in value.items():
        if isinstance(item, (list, dict)) and item:
            lines += f"{space}{_scalar(key)}:\n{_block(item, indent + 2)}"
        else:
            lines += f"{space}{_scalar(key)}: {_flow_text(item)}\n"
    return lines


def _say(path: Path) -> str:
    return f"'{'.'.join(map(str, path))}'"
