"""Errors of YAML's own grammar, said to a person.

Owns      the translation of libyaml's messages into what was probably meant, at the place to mend.
Refuses   to guess beyond the line: where nothing better is known, the parser's own words are given.
"""

import re

import yaml

from stacks.problem import Problem
from stacks.read.characters import place
from stacks.read.scalars import short

_NO_SPACE = re.compile(r" *(?:- +)*[A-Za-z_][A-Za-z0-9_.-]*:[^ \n]")


def explain(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:  # noqa: PLR0911, PLR0912 - a table of cases
    """What is wrong where the parser stopped."""
    here = _place(error.problem_mark or error.context_mark)
    opened = _place(error.context_mark or error.problem_mark)
    said, context = error.problem or "", error.context or ""
    lines = [*text.split("\n"), ""]
    line = lines[min(here[0], len(lines)) - 1]

    def say(code: str, message: str, hint: str, at: tuple[int, int] = here, allowed: str = "") -> Problem:
        return Problem(file, *at, code, message, allowed, hint)

    if "flow sequence" in context or "flow mapping" in context:
        bracket, close = ("[", "]") if "sequence" in context else ("{", "}")
        what = f"'{bracket}' of line {opened[0]}, column {opened[1]} is not closed, or a comma is missing"
        return say("unclosed-bracket", what, f"add ',' or '{close}' before this place")
    if "quoted scalar" in context and "end of stream" in said:
        return say("unclosed-quote", "the quote that opens here is never closed", "add the closing quote", opened)
    if "quoted scalar" in context and ("escape" in said or "hexdecimal" in said):
        hint = "write \\\\ for a backslash, or use single quotes"
        return say("bad-escape", "the value has a backslash that starts no known escape", hint)
    if "could not find expected ':'" in said:
        whole = lines[opened[0] - 1]
        given = short(whole.strip())
        if _NO_SPACE.match(whole):
            return say("missing-space", f"'{given}' has no space after the ':'", "write key: value", opened)
        return say("missing-colon", f"'{given}' is neither a key with a ':' nor a value", "write key: value", opened)
    if "mapping values are not allowed" in said:
        before = lines[here[0] - 2] if here[0] > 1 else ""
        if _NO_SPACE.match(before) and _indent(before) == _indent(line):
            # Without its space it was the beginning of a value that goes on in this line.
            at = (here[0] - 1, _indent(before) + 1)
            return say("missing-space", f"'{short(before.strip())}' has no space after the ':'", "write key: value", at)
        hint = "quote the value, or check the indentation of this line"
        return say("nested-colon", "a ':' in this place would start a mapping inside a value", hint)
    if "did not find expected key" in said or "did not find expected '-' indicator" in said:
        if line[: here[1] - 1].strip(" "):
            given = short(line[here[1] - 1 :].strip())
            return say("text-after-value", f"'{given}' stands behind a value that is complete", "quote the whole value")
        if line.lstrip(" ").startswith(":"):
            return say("non-string-key", "the key is empty", "write the key in front of the ':'")
        return say("bad-indentation", *_stray(lines[: here[0] - 1], line), allowed=_levels(lines[: here[0] - 1]))
    if "expected <document start>" in said:
        what, hint = "there are lines after the end of the document", "remove the line '...'"
        return say("second-document", what, hint, allowed="one document a file")
    if "block sequence entries are not allowed" in said:
        hint = "put '- ' at the start of a line of its own"
        return say("misplaced-item", "a list item cannot start here", hint)
    if "did not find expected node content" in said:
        given = line[here[1] - 1 : here[1]]
        if not given:
            return say("unclosed-bracket", "the file ends inside brackets", "add the closing bracket")
        return say("unopened-bracket", f"'{given}' closes nothing that is open", "remove it, or quote the value")
    if "cannot start any token" in said:
        given = line[here[1] - 1 : here[1]]
        return say("reserved-character", f"a value cannot start with '{given}'", "quote the value")
    if "undefined tag handle" in said:
        return say("tag", "the value has a tag", "remove it; quote a value that has to be text")
    words = " ".join(part for part in (context, said) if part)
    return say("syntax-error", words, "check the indentation and the quotes around this place")


def _place(mark: object) -> tuple[int, int]:
    return getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1


def _stray(above: list[str], line: str) -> tuple[str, str]:
    """What to say of a line that belongs to nothing above it, and how to mend it."""
    given, indent = short(line.strip()), _indent(line)
    if indent in _open(above):
        message = f"'{given}' does not go with the lines above it that are indented by {indent}, too"
        return message, "indent it by two more spaces, or start it with '- ' if they are items"
    message = f"'{given}' is indented by {indent} and does not line up with the lines above it"
    return message, "indent it like the lines that it belongs to"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _levels(above: list[str]) -> str:
    return f"indentation by {' or '.join(map(str, sorted(_open(above))))}"


def _open(above: list[str]) -> set[int]:
    """The indentations at which a line could go on after the lines above it."""
    found: set[int] = set()
    least: int | None = None
    for line in reversed(above):
        text, indent = line.lstrip(" "), _indent(line)
        if not text or text.startswith("#") or (least is not None and indent >= least):
            continue
        least = indent
        found.add(indent)
        if text.startswith("- "):
            found.add(indent + 2)
    return found


def unreadable(file: str, text: str, error: yaml.reader.ReaderError) -> Problem:
    """A character that the parser itself does not take."""
    line, column = place(text, min(int(error.position or 0), len(text)))
    return Problem(
        file, line, column, "control-character", "the file holds a character that cannot stand in text", "", "remove it"
    )
