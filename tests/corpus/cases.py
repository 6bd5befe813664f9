"""The malformed corpus: its format and its reader.

A case is one edit of the good fleet in `base/`, and every error that follows from it:

    # what a person did
    @ fleet/cells/aws-prod.yaml
      region: eu-west-1
    + ‸region: eu-west-2
    = duplicate-key stands twice

`@` names a file. Lines that start with two spaces stand in the file already, `- ` removes one, `+ ` adds one; together
they are one place of the file, and the lines of the base in it occur once. `‸` (not part of the text) is where an
error is expected; each has its `=` line, in order: the code, then words that the error says. `= 3:1 code words` is the
same for a place that cannot be marked. In added lines `\\xff` is a byte, `\\u{202e}` a character, `\\{9*text}` a
repetition. Whole files: `! rename A B`, `! delete A`, `! create A`, `! link A B`, `! pipe A`, `! folder A`.
"""

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
BASE = HERE / "base"
MARK = "‸"
TODAY = "2026-12-01"
"""The day on which all of it is judged: credentials and exceptions end on days."""
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})|\\u\{([0-9a-f]+)\}|\\\{([0-9]+)\*([^}]*)\}")


@dataclass(frozen=True, order=True)
class Expected:
    """One error: where, which, and words of it."""

    file: str
    line: int
    column: int
    code: str
    words: str = field(compare=False)


@dataclass
class Section:
    """What a case says about one file: lines as (sign, text)."""

    file: str
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Case:
    """One edit and what follows from it."""

    title: str
    sections: list[Section] = field(default_factory=list)
    orders: list[list[str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """For pytest: the code and the title."""
        first = next(text for section in self.sections for sign, text in section.lines if sign == "=")
        return f"{re.sub(r'^[0-9]+:[0-9]+ ', '', first).split(' ')[0]}: {self.title}"

    @property
    def code(self) -> str:
        """The code that the case is about."""
        return self.id.split(":")[0]

    def apply(self, root: Path) -> list[Expected]:
        """Make the edit below `root`, a copy of the base; the errors that are expected now."""
        for order, *names in self.orders:
            _order(order, [root / name for name in names])
        return sorted(expected for section in self.sections for expected in _edit(root / section.file, section))

    def codes(self) -> set[str]:
        """Every code that is expected."""
        said = (text for section in self.sections for sign, text in section.lines if sign == "=")
        return {re.sub(r"^[0-9]+:[0-9]+ ", "", text).split(" ")[0] for text in said}


def load() -> list[Case]:
    """All cases."""
    cases: list[Case] = []
    for path in sorted((HERE / "bad").glob("*.txt")):
        for line in path.read_text().split("\n"):
            sign, text = line[:1], line[2:]
            if sign == "#":
                cases.append(Case(text))
            elif sign == "!":
                cases[-1].orders.append(text.split(" "))
            elif sign == "@":
                cases[-1].sections.append(Section(text))
            elif line:
                assert sign in "+-= ", f"{path.name}: {line}"
                cases[-1].sections[-1].lines.append((sign, text))
    return cases


def _order(order: str, paths: list[Path]) -> None:
    if order == "rename":
        paths[1].parent.mkdir(parents=True, exist_ok=True)
        paths[0].rename(paths[1])
    elif order == "delete":
        shutil.rmtree(paths[0]) if paths[0].is_dir() else paths[0].unlink()
    elif order == "create":
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        paths[0].touch()
    elif order == "link":
        paths[0].symlink_to(os.path.relpath(paths[1], paths[0].parent))
    elif order == "pipe":
        os.mkfifo(paths[0])
    elif order == "folder":
        paths[0].mkdir(parents=True)
    else:
        raise ValueError(order)


def _edit(path: Path, section: Section) -> list[Expected]:
    old = [text.replace(MARK, "") for sign, text in section.lines if sign in " -"]
    new = [(sign, text) for sign, text in section.lines if sign in " +"]
    said = [text for sign, text in section.lines if sign == "="]
    start = 0
    if new or old:
        lines = path.read_bytes().split(b"\n")
        wanted = [text.encode() for text in old]
        starts = (
            [n for n in range(len(lines) - len(wanted) + 1) if lines[n : n + len(wanted)] == wanted] if old else [0]
        )
        assert len(starts) == 1, f"{section.file}: {old} is there {len(starts)} times"
        start = starts[0]
        lines[start : start + len(old)] = [_bytes(text.replace(MARK, "")) for _, text in new]
        path.write_bytes(b"\n".join(lines))
    marks = [(start + n + 1, column) for n, (_, text) in enumerate(new) for column in _columns(text)]
    found = []
    for text in said:
        place = re.match(r"([0-9]+):([0-9]+) ", text)
        line, column = (int(place[1]), int(place[2])) if place else marks.pop(0)
        code, _, words = text[place.end() if place else 0 :].partition(" ")
        found.append(Expected(section.file, line, column, code, words))
    assert not marks, f"{section.file}: a mark without its '=' line"
    return found


def _columns(text: str) -> list[int]:
    """Where the marks of a line stand, without the marks themselves."""
    parts = text.split(MARK)
    return [len("".join(parts[: n + 1])) + 1 for n in range(len(parts) - 1)]


def _bytes(text: str) -> bytes:
    def spell(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 16)])
        if match[2]:
            return chr(int(match[2], 16)).encode()
        return match[4] * int(match[3])

    return _ESCAPE.sub(spell, text.encode())
