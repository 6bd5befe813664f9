"""The fast path: what nearly every good fleet file looks like, read by a Rust parser.

Owns      the grammar of text that all YAML parsers read in the same way, and the check of what came out.
Refuses   to judge: text outside of the grammar is not wrong, it goes to `exact`, which knows the rules and positions.
"""

import re
from typing import Any

import yaml_rs

DEEPEST = 32
VALUES = 16_384
"""Keys, values, mappings and lists of a file."""

# Letters beside ASCII that no parser treats as a break, a space or a direction.
_LETTERS = "\u00a1-\u00ac\u00ae-\u0377\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
_COMMENT = rf"#[ -~{_LETTERS}]*+"
_REST = rf"(?:(?<=\ ){_COMMENT})?+\n"
_END = rf"\ *+{_REST}"

# Words that some parsers take for no text, and the letters that start them: only those are looked at twice.
_RESERVED = r"(?i:true|false|null|yes|no|on|off|y|n)"
_CLEAR, _SUSPECT = "a-eg-mp-su-xzA-EG-MP-SU-XZ_", "tTfFnNyYoO"
_WORD = r"(?:true|false)"
_NUMBER = r"(?:0|-?[1-9][0-9]{0,17}+|-?(?:0|[1-9][0-9]{0,14}+)\.[0-9]{1,15}+)"
# Addresses, versions and amounts with a unit begin with a digit and are text to every parser.
_DIGITS = r"(?:[0-9]++(?:\.[0-9]++){2,}+(?:/[0-9]{1,2}+)?+|[1-9][0-9]*+[GMKTPghkmps]i?+[a-z]*+)"
_DOUBLE, _SINGLE = rf'"[ !#-\[\]-~{_LETTERS}]*+"', rf"'[ -&(-~{_LETTERS}]*+'"
_RUN = rf'[!"$-9;-~\ {_LETTERS}]*+'
_TEXT = rf"{_RUN}(?::(?=[!-~]){_RUN})*+{_REST}"

_FLOW_TEXT = rf"(?:[{_CLEAR}/]|(?!{_RESERVED}[\ ,\]}}])[{_SUSPECT}])[A-Za-z0-9_./\-]*+"
_ITEM = rf"(?:{_FLOW_TEXT}|{_DOUBLE}|{_SINGLE}|{_WORD}|{_NUMBER}|{_DIGITS})(?=\ *+[,\]}}])"
_NAME = r"[A-Za-z0-9_.\-]*+:"
_KEY = rf"(?:[{_CLEAR}]|(?!{_RESERVED}:)[{_SUSPECT}]){_NAME}"
_LIST = rf"\[\ *+(?:{_ITEM}\ *+(?:,\ *+{_ITEM}\ *+)*+)?+\]"
_PAIR = rf"{_KEY}\ ++(?:{_ITEM}|{_LIST})"
_MAP = rf"\{{\ *+(?:{_PAIR}\ *+(?:,\ *+{_PAIR}\ *+)*+)?+\}}"

# Alternatives start with different characters and stand in the order of how often they are met: this is half of the
# time that reading takes beside the parser itself.
_VALUE = (
    rf"(?:[{_CLEAR}/{_LETTERS}]{_TEXT}|(?=[0-9\-])(?:{_NUMBER}|{_DIGITS}){_END}|{_DOUBLE}{_END}|{_LIST}{_END}"
    rf"|(?=[{_SUSPECT}])(?:{_WORD}{_END}|(?!{_RESERVED}[\ \n]){_TEXT})|{_MAP}{_END}|{_SINGLE}{_END})"
)
_AFTER = rf"(?:\ ++{_VALUE}|{_END})"
_LINE = (
    rf"\ *+(?:[{_CLEAR}]{_NAME}{_AFTER}|(?=[{_SUSPECT}])(?!{_RESERVED}:){_NAME}{_AFTER}"
    rf"|(?:-\ ++)++(?:{_KEY}{_AFTER}|{_VALUE})|(?:{_COMMENT})?+\n)"
)
_FILE = re.compile(rf"(?:{_LINE})*+")

_LEAVES = frozenset((str, int, float, bool))


def parse(text: str) -> dict[str, Any] | None:
    """The values of `text`, or nothing where the exact path has to look at it."""
    if not text.endswith("\n") or _FILE.fullmatch(text) is None:
        return None
    try:
        data = yaml_rs.loads(text, parse_datetime=False)
    except ValueError:
        return None
    if type(data) is not dict or not data or not _complete(data):
        return None
    # A value takes a character at least, so that most files need no counting.
    return data if len(text) < VALUES or _count(data) <= VALUES else None


def _complete(data: dict[str, Any]) -> bool:
    """No null and nothing nested too deeply. Keys are text: the grammar has no others."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for node in level:
            for value in node.values() if type(node) is dict else node:
                kind = type(value)
                if kind in _LEAVES:
                    continue
                if kind is not dict and kind is not list:
                    return False
                below.append(value)
        if not below:
            return True
        level = below
    return False


def _count(value: Any) -> int:
    """Keys, values, mappings and lists. The depth is known to be small."""
    if type(value) is dict:
        return 1 + len(value) + sum(map(_count, value.values()))
    return 1 + sum(map(_count, value)) if type(value) is list else 1
