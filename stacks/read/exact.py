"""The exact path: events of a YAML parser become values, and everything that is not allowed gets its position.

Owns      the rules for fleet files beyond YAML's own grammar: no anchors, aliases, tags, merge keys, directives,
          second documents, duplicate keys, keys that are not text, null values, ambiguous values.
Refuses   recursion: a hostile file nests as deeply as it likes, and is told so.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from stacks.problem import Problem
from stacks.read import syntax
from stacks.read.characters import MOST, classify, forbidden
from stacks.read.fast import DEEPEST, VALUES
from stacks.read.scalars import Refusal, resolve, short

_REFUSED = object()


class _EnoughError(Exception):
    """The rest of the file would only repeat the mistake that was found."""


@dataclass
class _Open:
    """A mapping or list that is not closed yet."""

    value: dict[str, Any] | list[Any]
    flow: bool
    indent: int
    first: dict[str, int] = field(default_factory=dict)
    key: Any = None
    has_key: bool = False
    is_key: bool = False


def parse(file: str, text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The values of `text` and all that is wrong with it; the values mean nothing when there is a problem."""
    reader = _Reader(file, text)
    try:
        reader.run()
    except _EnoughError:
        pass
    except yaml.MarkedYAMLError as error:
        # What the file holds as a whole cannot be said when it breaks off.
        reader.problems = [problem for problem in reader.problems if problem.code != "not-a-mapping"]
        reader.problems.append(syntax.explain(file, text, error))
    except yaml.reader.ReaderError as error:
        reader.problems.append(syntax.unreadable(file, text, error))
    return reader.data, reader.problems


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self.data: dict[str, Any] = {}
        self.stack: list[_Open] = []
        self.count = 0
        self.documents = 0

    def run(self) -> None:
        parser = yaml.CSafeLoader(self.text)
        try:
            while (event := parser.get_event()) is not None:
                self._event(event)
        finally:
            parser.dispose()
        if self.documents == 0:
            self._say(None, "empty-file", "the file holds no values", "a mapping", "fill it, or remove the file")

    def _event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event)
        elif isinstance(event, yaml.AliasEvent):
            self._say(
                event,
                "alias",
                f"'*{short(event.anchor or '')}' is an alias",
                "",
                "write the value out; what files share goes into a profile",
            )
            self._put(_REFUSED, event)
        elif isinstance(event, yaml.ScalarEvent):
            self._node(event)
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._node(event)
            self._start(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if event.version or event.tags:
            self._say(event, "directive", "the file has a YAML directive", "", "remove the line that starts with '%'")
        if self.documents > 1:
            # That the first one holds nothing is no news then.
            self.problems = [problem for problem in self.problems if problem.code != "empty-file"]
            self._say(
                event,
                "second-document",
                "a second document starts here",
                "one document a file",
                "move it into a file of its own",
            )
            raise _EnoughError

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self.count += 1
        if self.count > VALUES:
            self._say(
                event,
                "too-many-values",
                f"the file has more than {VALUES} values",
                f"up to {VALUES} values",
                "split it",
            )
            raise _EnoughError
        if event.anchor is not None:
            self._say(
                event,
                "anchor",
                f"'&{short(event.anchor)}' is an anchor",
                "",
                "remove it; what files share goes into a profile",
            )
        if event.tag is not None:
            self._say(
                event, "tag", f"'{short(event.tag)}' is a tag", "", "remove it; quote a value that has to be text"
            )

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text: str = event.value
        if not event.style:
            self._plain(event, text)
            return
        bad = forbidden(text)
        if bad is not None:
            code, why = classify(bad)
            self._say(event, code, f"the value holds character U+{ord(bad):04X}, which {why}", "", "remove the escape")
        self._put(text, event)

    def _plain(self, event: yaml.ScalarEvent, text: str) -> None:
        above = self.stack[-1] if self.stack else None
        if above is not None and above.flow and _end_row(event) != _begin(event)[0]:
            self._say(
                event,
                "missing-comma",
                f"'{short(text)}' runs over the end of the line",
                "",
                "put a comma at the end of the line, or quote the value",
            )
        if above is None:
            self._put(text, event)
        elif isinstance(above.value, dict) and not above.has_key:
            self._plain_key(event, text)
        else:
            value = resolve(text)
            if isinstance(value, Refusal):
                self._say(event, value.code, value.message, value.allowed, value.hint)
                self._put(_REFUSED, event)
            else:
                self._put(value, event)

    def _plain_key(self, event: yaml.ScalarEvent, text: str) -> None:
        if text == "<<":
            self._say(
                event,
                "merge-key",
                "'<<' is a merge key",
                "",
                "write the keys out; what files share goes into a profile",
            )
            self._put(_REFUSED, event)
            return
        value = resolve(text)
        if isinstance(value, str):
            self._put(value, event)
            return
        given = f"key '{short(text)}' is no text to some YAML parsers" if text else "the key is empty"
        hint = f'quote it: "{short(text)}"' if text else "write the key in front of the ':'"
        self._say(event, "non-string-key", given, "", hint)
        self._put(text, event)

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.stack) >= DEEPEST:
            self._say(
                event,
                "too-deep",
                f"values are nested more than {DEEPEST} deep",
                f"up to {DEEPEST} levels",
                "flatten it",
            )
            raise _EnoughError
        mapping = isinstance(event, yaml.MappingStartEvent)
        above = self.stack[-1] if self.stack else None
        if above is not None and above.flow and mapping and self._at(event) != "{":
            self._say(
                event, "implicit-pair", "a key and a value stand in a list without braces", "", "write {key: value}"
            )
        is_key = above is not None and isinstance(above.value, dict) and not above.has_key
        if is_key:
            self._say(event, "non-string-key", "the key is a mapping or a list", "text", "write the key as text")
        line = self._line(_begin(event)[0])
        indent = len(line) - len(line.lstrip(" "))
        if above is not None and above.flow:
            indent = above.indent
        self.stack.append(_Open({} if mapping else [], bool(event.flow_style), indent, is_key=is_key))

    def _end(self, event: yaml.Event) -> None:
        closed = self.stack.pop()
        self._put(_REFUSED if closed.is_key else closed.value, event)

    def _put(self, value: Any, event: yaml.Event) -> None:
        """Give `value` to the mapping, list or file that it stands in."""
        if not self.stack:
            self._root(value, event)
            return
        above = self.stack[-1]
        if above.flow and not isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._indentation(above, event)
        if isinstance(above.value, list):
            above.value.append(value)
        elif above.has_key:
            if above.key is not _REFUSED:
                above.value[above.key] = value
            above.has_key = False
        else:
            above.key, above.has_key = value, True
            if value is not _REFUSED:
                self._unique(above, value, event)

    def _unique(self, above: _Open, key: str, event: yaml.Event) -> None:
        line = _begin(event)[0] + 1
        before = above.first.setdefault(key, line)
        if before != line or key in above.value:
            self._say(
                event,
                "duplicate-key",
                f"key '{short(key)}' stands twice: in line {before} and in line {line}",
                "",
                "remove one of the two",
            )

    def _indentation(self, above: _Open, event: yaml.Event) -> None:
        # YAML 1.2 refuses this and libyaml does not; a forgotten bracket looks the same.
        line, column = _begin(event)
        text = self._line(line)
        if column <= above.indent and column < len(text) and not text[:column].strip(" "):
            self._say(
                event,
                "flow-indentation",
                "the value is inside brackets but not indented more than the line with the opening bracket",
                "",
                "indent it, or close the bracket in the line before",
            )

    def _root(self, value: Any, event: yaml.Event) -> None:
        if isinstance(value, dict):
            self.data = value
            if not value:
                self._say(event, "empty-file", "the file holds no values", "a mapping", "fill it, or remove the file")
            return
        if value == "" and isinstance(event, yaml.ScalarEvent) and not event.style:
            self._say(event, "empty-file", "the file holds no values", "a mapping", "fill it, or remove the file")
            return
        kind = "a list" if isinstance(value, list) else "one value"
        hint = "put a space after the ':'" if isinstance(value, str) and ":" in value else "write key: value"
        line = 1 if isinstance(value, list) else None
        self._say(event, "not-a-mapping", f"the file holds {kind}", "a mapping: lines of key: value", hint, line=line)

    def _at(self, event: yaml.Event) -> str:
        row, column = _begin(event)
        return self._line(row)[column : column + 1]

    def _line(self, row: int) -> str:
        # The parser places the end of a file without a last line break in the line after it.
        return self.lines[row] if row < len(self.lines) else ""

    def _say(
        self, event: yaml.Event | None, code: str, message: str, allowed: str, hint: str, *, line: int | None = None
    ) -> None:
        row, column = (0, 0) if event is None else _begin(event)
        if line is not None:
            row, column = line - 1, 0
        self.problems.append(Problem(self.file, row + 1, column + 1, code, message, allowed, hint))
        if len(self.problems) >= MOST:
            raise _EnoughError


def _begin(event: yaml.Event) -> tuple[int, int]:
    """0-based line and column."""
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _end_row(event: yaml.Event) -> int:
    return event.end_mark.line if event.end_mark else 0
