"""Tabs: YAML refuses them as indentation, allows them elsewhere, and nobody sees which is which.

Owns      the rule: a tab may stand in a comment, nowhere else.
Refuses   to stop the reading of the file, unless a tab stands where the indentation is decided.
"""

import yaml

from stacks.problem import Problem
from stacks.read.characters import MOST


def inspect(file: str, text: str) -> tuple[str, list[Problem], bool]:
    """The text with a space for every tab, a problem for every tab outside comments, and whether one indents."""
    if "\t" not in text:
        return text, [], False
    mended = text.replace("\t", " ")
    comments = _comments(mended)
    problems: list[Problem] = []
    indents = False
    for row, line in enumerate(text.split("\n")):
        comment = comments.get(row + 1, len(line) + 1)
        at = -1
        while (at := line.find("\t", at + 1, comment)) >= 0:
            leading = not line[:at].strip(" \t-") and bool(line[at:].strip())
            indents = indents or leading
            problems.append(_tab(file, row + 1, at + 1, leading))
            if len(problems) == MOST:
                return mended, problems, indents
    return mended, problems, indents


def _tab(file: str, line: int, column: int, leading: bool) -> Problem:
    if leading:
        return Problem(file, line, column, "tab", "the line is indented by a tab", "spaces", "indent with spaces")
    hint = "use a space, or \\t in double quotes"
    return Problem(file, line, column, "tab", "a tab stands between or in values", "spaces", hint)


def _comments(text: str) -> dict[int, int]:
    """Column at which the comment of a line starts, for lines that have one outside of any value."""
    lines = text.split("\n")
    found: dict[int, int] = {}
    ends = [(0, 0)]
    scanner = yaml.CSafeLoader(text)
    try:
        while (token := scanner.get_token()) is not None:
            _gap(lines, ends[-1], (token.start_mark.line, token.start_mark.column), found)
            ends.append((token.end_mark.line, token.end_mark.column))
    except yaml.YAMLError:
        # What follows a mistake has no tokens; only lines that are a comment as a whole are taken for one there.
        _gap(lines, (ends[-1][0] + 1, 0), (len(lines), 0), found)
    finally:
        scanner.dispose()
    return found


def _gap(lines: list[str], start: tuple[int, int], end: tuple[int, int], found: dict[int, int]) -> None:
    for row in range(start[0], min(end[0] + 1, len(lines))):
        begin = start[1] if row == start[0] else 0
        stop = end[1] if row == end[0] else len(lines[row])
        gap = lines[row][begin:stop]
        if (at := gap.find("#")) >= 0 and not gap[:at].strip():
            found.setdefault(row + 1, begin + at + 1)
