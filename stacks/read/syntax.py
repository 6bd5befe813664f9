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
_NO_COLON = re.compile(r" *(?:- +)*[^ #\n:][^:\n]*$")


def explain(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:  # noqa: PLR0911 - a table of cases
    """What is wrong where the parser stopped."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    start = error.context_mark
    said, context = error.problem or "", error.context or ""
    lines = text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""

    def say(message: str, hint: str, at: tuple[int, int] = (line, column)) -> Problem:
        return Problem(file, at[0], at[1], "syntax-error", message, "", hint)

    opened = (start.line + 1, start.column + 1) if start else (line, column)
    if "flow sequence" in context or "flow mapping" in context:
        bracket, close = ("[", "]") if "sequence" in context else ("{", "}")
        return say(
            f"'{bracket}' of line {opened[0]}, column {opened[1]} is not closed, or a comma is missing",
            f"add ',' or '{close}' before this place",
        )
    if "quoted scalar" in context and "end of stream" in said:
        return say("the quote that opens here is never closed", "add the closing quote", opened)
    if "quoted scalar" in context and "escape" in said:
        return say(
            "the value has a backslash that starts no known escape",
            "write \\\\ for a backslash, or use single quotes",
        )
    if "could not find expected ':'" in said:
        given = lines[opened[0] - 1].strip() if opened[0] <= len(lines) else ""
        if _NO_SPACE.match(lines[opened[0] - 1]):
            return say(f"'{short(given)}' has no space after the ':'", "write key: value", opened)
        return say(f"'{short(given)}' is neither a key with a ':' nor a value", "write key: value", opened)
    if "mapping values are not allowed" in said:
        return say(
            "a second ':' in this place would start a mapping inside a value",
            "quote the value, or check the indentation of this line",
        )
    if "did not find expected key" in said or "did not find expected '-' indicator" in said:
        return say(
            f"'{short(here.strip())}' does not line up with the lines that it belongs to",
            f"indent it like line {opened[0]}, by {opened[1] - 1} spaces",
        )
    if "block sequence entries are not allowed" in said:
        return say("a list item cannot start here", "put '- ' at the start of a line of its own")
    if "block mapping" in context and "did not find" in said:
        return say(
            f"'{short(here.strip())}' does not belong to the mapping of line {opened[0]}", "check the indentation"
        )
    if "cannot start any token" in said:
        given = here[column - 1 : column]
        return say(f"a value cannot start with '{given}'", "quote the value")
    if "undefined tag handle" in said:
        return Problem(
            file, line, column, "tag", "the value has a tag", "", "remove it; quote a value that has to be text"
        )
    if "undefined alias" in said:
        return Problem(file, line, column, "alias", "the value is an alias", "", "write the value out")
    words = " ".join(part for part in (context, said) if part)
    return say(words, "check the indentation and the quotes around this place")


def unreadable(file: str, text: str, error: yaml.reader.ReaderError) -> Problem:
    """A character that the parser itself does not take."""
    line, column = place(text, min(int(error.position or 0), len(text)))
    return Problem(
        file, line, column, "control-character", "the file holds a character that cannot stand in text", "", "remove it"
    )
