"""A fleet file that was read: its text, its values, and where each value stands.

Owns      positions of values and keys.
Refuses   to compute positions before someone asks: they are needed for files with a mistake only, and cost more
          than reading does.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One fleet file. `file` is relative to the root of the repository, with `/`."""

    file: str
    text: str
    data: dict[str, Any]

    def position(self, path: Path, key: bool = False) -> tuple[int, int]:
        """1-based line and column of the value (with `key`, of the key) at `path`.

        Where the path does not exist: of the key of its nearest ancestor that does, so that a missing key is
        reported where it has to be added. The root is line 1, column 1 then.
        """
        node, name = self._root, None
        for step in path:
            found = _step(node, step)
            if found is None:
                return _mark(name) if name is not None else (1, 1)
            name, node = found
        return _mark(name if key and name is not None else node)

    @cached_property
    def _root(self) -> yaml.Node:
        loader = yaml.CSafeLoader(self.text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        assert node is not None  # noqa: S101 - an empty file never becomes a document
        return node


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _mark(node: yaml.Node) -> tuple[int, int]:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
