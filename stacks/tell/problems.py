"""Problems, written for a person or a machine.

Owns      five formats: `text` for terminals, `json` for scripts, `github` for annotations on a pull request, `sarif`
          for code scanning, `gitlab` for its code-quality report.
Refuses   to pass on anything that a terminal, a workflow runner or a parser would act upon: file names, values and
          messages come from whoever wrote the pull request.

The JSON object is `{"version": 1, "problems": [{"file", "line", "column", "code", "severity", "message", "allowed",
"hint"}], "errors": n, "warnings": n, "files": n}`. Keys are never removed or given another meaning under version 1.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO
from urllib.parse import quote

from stacks.problem import Problem

FORMATS = ("text", "json", "github", "sarif", "gitlab")

Source = Callable[[str], str | None]
"""From a file's name to its text, for the line that is shown under a problem."""

_WIDE = 160
_NOT_PRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0000-\U000e0fff]"
)
# SARIF reads `[text](link)` and `{0}` in a message as links and arguments.
_SPECIAL = re.compile(r"[\[\]{}\\]")
_LEVELS = ("error", "warning", "note")
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_GITLAB = {"error": "major", "warning": "minor", "note": "info"}
_RED, _YELLOW, _BLUE, _BOLD, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[1m", "\x1b[0m"


def write(
    problems: Iterable[Problem],
    format: str,
    stream: TextIO,
    *,
    source: Source | None = None,
    color: bool = False,
) -> None:
    """Write `problems`, sorted and each once, and how many there are, in one of FORMATS.

    With `source`, `text` also shows the line of each problem and points into it.
    """
    unique = sorted(set(problems))
    if format == "json":
        _json(unique, stream)
    elif format == "github":
        _github(unique, stream)
    elif format == "sarif":
        _sarif(unique, stream)
    elif format == "gitlab":
        _gitlab(unique, stream)
    elif format == "text":
        _text(unique, stream, source or _nothing, color)
    else:
        raise ValueError(f"no format '{format}': there are {', '.join(FORMATS)}")


def summary(problems: Sequence[Problem]) -> str:
    """How many problems there are, in words."""
    if not problems:
        return "no problems"
    errors, warnings, files = _counts(problems)
    parts = [_many(errors, "error")] if errors else []
    parts += [_many(warnings, "warning")] if warnings else []
    notes = len(problems) - errors - warnings
    parts += [_many(notes, "note")] if notes else []
    return f"{' and '.join(parts)} in {_many(files, 'file')}"


def printable(text: str) -> str:
    """`text` in which whatever a terminal would act upon, or not show, is spelled out."""
    return _NOT_PRINTABLE.sub(lambda match: _spell(match.group()), text)


def _spell(character: str) -> str:
    code = ord(character)
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\u{code:04x}")


def _counts(problems: Sequence[Problem]) -> tuple[int, int, int]:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    return errors, warnings, len({problem.file for problem in problems})


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _text(problems: Sequence[Problem], stream: TextIO, source: Source, color: bool) -> None:
    def paint(style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if color else text

    file, lines = "", list[str]()
    for problem in problems:
        if problem.file != file:
            file = problem.file
            lines = (source(file) or "").split("\n")
        style = _RED if problem.severity == "error" else _YELLOW
        place = paint(_BOLD, f"{printable(problem.file)}:{problem.line}:{problem.column}:")
        kind = problem.code if problem.severity == "error" else f"{problem.severity}: {problem.code}"
        stream.write(f"{place} {paint(style, kind)}: {printable(problem.message)}\n")
        if problem.line <= len(lines) and lines[problem.line - 1].strip():
            shown, caret = _snippet(lines[problem.line - 1], problem.column)
            number = str(problem.line)
            stream.write(f"  {paint(_BLUE, number + ' |')} {shown}\n")
            stream.write(f"  {paint(_BLUE, ' ' * len(number) + ' |')} {paint(style, caret)}\n")
        if problem.allowed:
            stream.write(f"  allowed: {printable(problem.allowed)}\n")
        if problem.hint:
            stream.write(f"  hint: {printable(problem.hint)}\n")
    stream.write(f"{summary(problems)}\n")


def _nothing(_file: str) -> None:
    return None


def _snippet(line: str, column: int) -> tuple[str, str]:
    """The part of the line around `column`, and a line that points to it."""
    start = max(0, column - _WIDE // 2) if len(line) > _WIDE else 0
    part = line[start : start + _WIDE].rstrip("\r")
    # One sign for each character: the pointer has to stay under its column.
    shown = _NOT_PRINTABLE.sub(lambda match: " " if match.group() == "\t" else "\ufffd", part)
    token = re.match(r"[\w.-]+|\S?", shown[column - 1 - start :])
    return shown, " " * (column - 1 - start) + "^" * max(1, len(token.group()) if token else 1)


def _json(problems: Sequence[Problem], stream: TextIO) -> None:
    errors, warnings, files = _counts(problems)
    document = {
        "version": 1,
        "problems": [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "severity": problem.severity,
                "message": problem.message,
                "allowed": problem.allowed,
                "hint": problem.hint,
            }
            for problem in problems
        ],
        "errors": errors,
        "warnings": warnings,
        "files": files,
    }
    _dump(document, stream)


def _dump(document: Any, stream: TextIO) -> None:
    # DEL is the one control character that JSON leaves as it is.
    stream.write(json.dumps(document, indent=2).replace("\x7f", "\\u007f") + "\n")


def _github(problems: Sequence[Problem], stream: TextIO) -> None:
    for problem in problems:
        level = _GITHUB.get(problem.severity, "error")
        place = f"file={_property(problem.file)},line={problem.line},col={problem.column}"
        stream.write(f"::{level} {place},title={_property(problem.code)}::{_message(_lines(problem))}\n")
    # The runner shows the first ten annotations of a step; this line says how many there are.
    stream.write(f"{summary(problems)}\n")


def _message(text: str) -> str:
    """Escaped as the runner's own toolkit escapes the data of a command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return _NOT_PRINTABLE.sub(lambda match: _spell(match.group()), escaped)


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _lines(problem: Problem) -> str:
    """All that is said about a problem, each part a line of its own."""
    parts = [problem.message]
    parts += [f"allowed: {problem.allowed}"] if problem.allowed else []
    parts += [f"hint: {problem.hint}"] if problem.hint else []
    return "\n".join(map(printable, parts))


def _sarif(problems: Sequence[Problem], stream: TextIO) -> None:
    codes = sorted({problem.code for problem in problems})
    driver = {
        "name": "kafka-fleet",
        "rules": [{"id": code, "shortDescription": {"text": code.replace("-", " ")}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "the root of the repository"}}},
        "results": [_result(problem, codes.index(problem.code)) for problem in problems],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    _dump(log, stream)


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(problem.file, errors="surrogatepass"), "uriBaseId": "ROOT"},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity if problem.severity in _LEVELS else "error",
        "message": {"text": _SPECIAL.sub(_literal, _lines(problem))},
        "locations": [{"physicalLocation": place}],
        # Without the line: an alert stays the same alert when lines are added above it.
        "partialFingerprints": {"kafkaFleet/v1": _fingerprint(problem)},
    }


def _gitlab(problems: Sequence[Problem], stream: TextIO) -> None:
    found = [
        {
            "description": _lines(problem),
            "check_name": problem.code,
            "fingerprint": _fingerprint(problem),
            "severity": _GITLAB.get(problem.severity, "major"),
            "location": {"path": problem.file, "lines": {"begin": problem.line}},
        }
        for problem in problems
    ]
    _dump(found, stream)


def _literal(match: re.Match[str]) -> str:
    return match.group() * 2 if match.group() in "{}" else "\\" + match.group()


def _fingerprint(problem: Problem) -> str:
    text = f"{problem.file}\0{problem.code}\0{problem.message}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
