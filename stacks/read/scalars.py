"""What an unquoted value means, and which unquoted values mean different things to different YAML parsers.

Owns      the reading of plain scalars: `true`, `false`, decimal integers, decimal fractions, else text.
Refuses   whatever YAML 1.1, YAML 1.2 or a person would read in two ways: `NO`, `0777`, `1:30`, `1_000`, `1e3`, dates.
"""

import re
from dataclasses import dataclass

INTEGER = re.compile(r"0|-?[1-9][0-9]*")
FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
LARGEST = 2**63 - 1

_WORDS = {"true": True, "false": False}

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOLEAN = re.compile(r"true|false|yes|no|on|off|y|n", re.IGNORECASE)
_TRUE = frozenset(("true", "yes", "on", "y"))

# In this order: the first that matches the whole value names the mistake.
_TRAPS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("octal", re.compile(r"[-+]?0o?[0-7_]+"), "is octal to some YAML parsers and decimal to others"),
    ("octal", re.compile(r"[-+]?0[0-9_]+(?:\.[0-9_]*)?"), "starts with a zero, which some YAML parsers read as octal"),
    ("hexadecimal", re.compile(r"[-+]?0[xX][0-9a-fA-F_]+|[-+]?0[bB][01_]+"), "is a number in hexadecimal or binary"),
    ("date", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?"), "is a date to some YAML parsers"),
    (
        "sexagesimal",
        re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?"),
        "is a number with base 60 to some YAML parsers",
    ),
    ("non-finite-number", re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "is not a finite number"),
    (
        "underscore-number",
        re.compile(r"[-+]?[0-9]+(?:_[0-9]*)+(?:\.[0-9_]*)?|[-+]?[0-9]*\.[0-9]+_[0-9_]*"),
        "is a number to some YAML parsers and text to others",
    ),
    (
        "exponent",
        re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+"),
        "is a number to some YAML parsers and text to others",
    ),
    (
        "ambiguous-number",
        re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
        "is not written as a plain decimal number",
    ),
)


@dataclass(frozen=True)
class Refusal:
    """Why an unquoted value is refused."""

    code: str
    message: str
    allowed: str
    hint: str


def resolve(text: str) -> str | int | float | bool | Refusal:
    """The value of an unquoted scalar."""
    first = text[:1]
    if not (first.isdigit() or first in "-+.~" or len(text) <= 5):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if INTEGER.fullmatch(text):
        return _integer(text)
    if FRACTION.fullmatch(text) and len(text) <= 40:
        return float(text)
    return _trap(text)


def _integer(text: str) -> int | Refusal:
    # The length first: int() of thousands of digits is slow, and refused by Python itself.
    if len(text) <= 20 and -LARGEST - 1 <= int(text) <= LARGEST:
        return int(text)
    return Refusal(
        "integer-too-large",
        f"{short(text)} does not fit in 64 bits",
        f"-{LARGEST + 1} to {LARGEST}",
        "quote it if it is an identifier and not an amount",
    )


def _trap(text: str) -> str | Refusal:
    if _NULL.fullmatch(text):
        given = f"'{text}'" if text else "an empty value"
        return Refusal("null-value", f"{given} is null, which means nothing here", "", "give a value or remove the key")
    if _BOOLEAN.fullmatch(text):
        word = "true" if text.lower() in _TRUE else "false"
        return Refusal(
            "ambiguous-boolean",
            f"'{text}' is true or false to some YAML parsers and text to others",
            "true, false",
            f'write {word}, or quote it if it is text: "{text}"',
        )
    if text in ("=", "<<"):
        why = f"'{text}' has a meaning of its own to some YAML parsers"
        return Refusal("special-value", why, "", f'quote it: "{text}"')
    for code, pattern, why in _TRAPS:
        if pattern.fullmatch(text):
            return Refusal(code, f"'{short(text)}' {why}", "", _mend(code, text))
    return text


def _mend(code: str, text: str) -> str:
    quoted = f'quote it if it is text: "{short(text)}"'
    if code in ("date", "sexagesimal"):
        return f'quote it: "{short(text)}"'
    if code == "non-finite-number":
        return f"write a number, or {quoted}"
    return f"write a plain decimal number, or {quoted}"


def short(text: str, limit: int = 40) -> str:
    """`text` in one line, cut so that a hostile value cannot fill a screen."""
    line = text.replace("\n", " ")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
