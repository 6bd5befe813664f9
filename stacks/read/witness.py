"""A second opinion on text that only the exact path could judge.

Owns      the rule that a fleet file means the same to every YAML parser: what libyaml takes and a YAML 1.2 parser
          refuses, or reads otherwise, is refused.
Refuses   text that was not accepted before: limits on size, depth and aliases are kept elsewhere.
"""

import re
from typing import Any

import yaml_rs

from stacks.problem import Problem

_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)")


def disagreement(file: str, text: str, data: dict[str, Any]) -> list[Problem]:
    """A problem where another parser does not read `data` in `text`."""
    try:
        other = yaml_rs.loads(text, parse_datetime=False)
    except ValueError as error:
        words = str(error)
        found = _PLACE.search(words)
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        why = words.strip().splitlines()[-1].lower()
        return [
            Problem(
                file,
                line,
                column,
                "parsers-disagree",
                f"some YAML parsers refuse this: {why}",
                "",
                "write it in another way",
            )
        ]
    if same(data, other):
        return []
    message = "some YAML parsers read other values in this file"
    return [Problem(file, 1, 1, "parsers-disagree", message, "", "quote values that are not plain words or numbers")]


def same(left: Any, right: Any) -> bool:
    """Equal in value, in type and in the order of keys, to any depth."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)
