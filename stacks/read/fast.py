"""The fast path: what nearly every good fleet file looks like, read by a Rust parser.

Owns      the grammar of text that all YAML parsers read in the same way, and the check of what came out.
Refuses   to judge: text outside of the grammar is not wrong, it goes to `exact`, which knows the rules and positions.
"""

import re
from typing import Any

import yaml_rs

DEEPEST = 32

# Letters beside ASCII that no parser treats as a break, a space or a direction.
_LETTERS = "\u00a1-\u00ac\u00ae-\u0377\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
_COMMENT = rf"#[ -~{_LETTERS}]*+"
_REST = rf"(?:(?<=\ ){_COMMENT})?+\n"
_END = rf"\ *+{_REST}"
_RESERVED = r"(?i:true|false|null|yes|no|on|off|y|n)"
_WORD = r"(?:true|false)"
_NUMBER = r"(?:0|-?[1-9][0-9]{0,17}+|-?(?:0|[1-9][0-9]{0,14}+)\.[0-9]{1,15}+)"
# Addresses, versions and amounts with a unit begin with a digit and are text to every parser.
_DIGITS = r"(?:[0-9]++(?:\.[0-9]++){2,}+(?:/[0-9]{1,2}+)?+|[1-9][0-9]*+[GMKTPghkmps]i?+[a-z]*+)"
_QUOTED = rf"""(?:"[ !#-\[\]-~{_LETTERS}]*+"|'[ -&(-~{_LETTERS}]*+')"""
_TEXT = rf'[!"$-9;-~\ {_LETTERS}]*+'
_PLAIN = rf"(?!{_RESERVED}[\ \n])[A-Za-z_/{_LETTERS}]{_TEXT}(?::(?=[!-~]){_TEXT})*+"
_KEY = rf"(?!{_RESERVED}:)[A-Za-z_][A-Za-z0-9_.\-]*+:"

_FLOW_TEXT = rf"(?!{_RESERVED}[\ ,\]}}])[A-Za-z_/][A-Za-z0-9_./\-]*+"
_ITEM = rf"(?:{_QUOTED}|{_WORD}|{_NUMBER}|{_DIGITS}|{_FLOW_TEXT})(?=\ *+[,\]}}])"
_PAIR = rf"{_KEY}\ ++{_ITEM}"
_LIST = rf"\[\ *+(?:{_ITEM}\ *+(?:,\ *+{_ITEM}\ *+)*+)?+\]"
_MAP = rf"\{{\ *+(?:{_PAIR}\ *+(?:,\ *+{_PAIR}\ *+)*+)?+\}}"

_VALUE = rf"(?:{_PLAIN}{_REST}|(?:{_QUOTED}|{_WORD}|{_NUMBER}|{_DIGITS}|{_LIST}|{_MAP}){_END})"
_LINE = rf"\ *+(?:(?:{_COMMENT})?+\n|(?:-\ ++)*+{_KEY}(?:\ ++{_VALUE}|{_END})|(?:-\ ++)++{_VALUE})"
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
    return data if type(data) is dict and data and _complete(data) else None


def _complete(data: dict[str, Any]) -> bool:
    """No null, no key that is not text, nothing nested too deeply."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                values: Any = node.values()
                for key in node:
                    if type(key) is not str:
                        return False
            else:
                values = node
            for value in values:
                if type(value) in _LEAVES:
                    continue
                if type(value) is not dict and type(value) is not list:
                    return False
                below.append(value)
        if not below:
            return True
        level = below
    return False
