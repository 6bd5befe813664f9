"""Which files of code differ in what they do, and whether stacks are made by them.

Owns      the comparison of syntax trees and of data files, and the modules that rendering a stack can load.
Refuses   to judge what a difference does: both codes are run.
"""

import ast
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Source = Callable[[str], bytes | None]
"""A file of one revision by its path; None where it is not there."""

ENTRY = "stacks/rendition/process.py"
_BESIDE = (".md", ".pyi", "py.typed")
_ALWAYS = ("components/", "tools/strimzi/")
"""Loaded by name, from strings in the catalog: all of it may make stacks."""


@dataclass(frozen=True)
class Code:
    """Changed files that may make another thing of the same fleet."""

    making: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether every stack has to be looked at."""
        return bool(self.making or self.policies)


def changed(files: Iterable[str], before: Source, after: Source, named: Callable[[str], bool]) -> Code:
    """Those of the changed `files` that do something else than before.

    named  whether some code has a text like this in it: a Python file whose name it has may be read as text, and then
           its comments count too
    """
    differing = [
        file
        for file in files
        if (old := before(file)) != (new := after(file))
        and (_differs(file, old, new) or (file.endswith(".py") and named(file.rpartition("/")[2])))
    ]
    loaded = _loaded(after)
    return Code(
        making=tuple(file for file in differing if file.startswith(_ALWAYS) or file in loaded),
        policies=tuple(file for file in differing if file.startswith("policies/")),
    )


def _differs(file: str, before: bytes | None, after: bytes | None) -> bool:
    if file.endswith(_BESIDE):
        return False
    if before is None or after is None:
        return True
    form = _FORMS.get(file.rpartition(".")[2])
    try:
        return form is None or form(before) != form(after)
    except (SyntaxError, ValueError):
        return True


def _tree(text: bytes) -> str:
    """The syntax tree without places and docstrings."""
    tree = _parsed(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _documented(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def _parsed(text: bytes) -> ast.Module:
    try:
        return ast.parse(text)
    except SystemError:
        # Python before 3.11.8 and 3.12.2 counts depth for all parses at once (gh-106905). The garbage collector may run
        # another in the middle of ours: that of a traceback which is written because a task was dropped.
        return ast.parse(text)


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def _data(text: bytes) -> str:
    return json.dumps(json.loads(text), sort_keys=True)


_FORMS: dict[str, Callable[[bytes], str]] = {"py": _tree, "json": _data}


def _loaded(source: Source) -> set[str]:
    """The files below `stacks/` that rendering a stack imports.

    One revision is enough: where the other imported more, the file that did so differs, and is in this one.
    """
    found: set[str] = set()
    todo = [ENTRY]
    while todo:
        file = todo.pop()
        if file in found or (text := source(file)) is None:
            continue
        found.add(file)
        try:
            todo += _imports(_parsed(text))
        except (SyntaxError, ValueError):
            continue
    return found


def _imports(tree: ast.AST) -> list[str]:
    named: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            named += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    parts = [name.replace(".", "/") for name in named if name.startswith("stacks")]
    folders = {"/".join(part.split("/")[:depth]) for part in parts for depth in range(1, part.count("/") + 2)}
    return [f"{folder}{end}" for folder in sorted(folders) for end in (".py", "/__init__.py")]
