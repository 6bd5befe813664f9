"""Judges one value by what Kafka says of its key.

Owns      types, limits, words, and the few validators of Kafka that are more than that (`JUDGES`).
Refuses   validators that only Kafka itself can run: those are `opaque` in the table, and any text passes here.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from components.config.keys import Key
from components.model import Scalar

_BITS = {"short": 15, "int": 31, "long": 63}
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_DURATION = re.compile(
    r"[+-]?P(?=[+-]?\d|T[+-]?[\d.])([+-]?\d+D)?(T(?=[+-]?\d)([+-]?\d+H)?([+-]?\d+M)?([+-]?\d+([.,]\d{0,9})?S)?)?", re.I
)
_THROTTLED = re.compile(r"\*|(\d+:\d+)?")


def _is_regular_expression(text: str) -> bool:
    # Java has a few spellings that Python lacks; what they stand for does not matter here.
    plain = re.sub(r"\\[pP]\{[^}]*\}|\\[hHRXGz]", "x", re.sub(r"\\Q.*?(\\E|$)", "x", text))
    plain = re.sub(r"\\k<(\w+)>", r"(?P=\1)", re.sub(r"\(\?<([A-Za-z])", r"(?P<\1", plain))
    try:
        re.compile(plain)
    except re.error:
        return False
    return True


def _throttled(text: str) -> bool:
    words = [word.strip() for word in text.split(",")]
    return all(_THROTTLED.fullmatch(word) for word in words) and ("*" not in words or len(words) == 1)


JUDGES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "throttled-replicas": (_throttled, "* or pairs like 0:101,1:102 (partition:broker)"),
    "regular-expression": (_is_regular_expression, "a regular expression"),
    "no-control-characters": (lambda text: not re.search(r"[\x00-\x1f\x7f-\x9f]", text), "no control characters"),
}
"""Judge -> whether it takes a text, and what it would take."""

_PREFIXED: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "by_duration:": (
        lambda text: bool(_DURATION.fullmatch(text)) and not text.startswith("-"),
        "by_duration:PT1H (an ISO 8601 duration)",
    ),
}


def _shown(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"


def _interval(least: float | None, most: float | None) -> str:
    return f"{'any' if least is None else _shown(least)} to {'any' if most is None else _shown(most)}"


def mistyped(value: Scalar, key: Key) -> str:
    """What type of value is wanted in place of `value`; empty where it has it."""
    if key.type == "boolean":
        return "" if isinstance(value, bool) else "true, false"
    if key.type in _BITS:
        return "an integer" if isinstance(value, bool) or not isinstance(value, int) else ""
    if key.type == "double":
        return "a number" if isinstance(value, bool) or not isinstance(value, int | float) else ""
    if isinstance(value, str):
        return ""
    return "a text: words with commas between them" if key.type == "list" else "a text: put it in quotes"


def _number(value: float, key: Key) -> str:
    if key.ranges:
        if any(low <= value <= high for low, high in key.ranges):
            return ""
        return ", ".join(_shown(low) if low == high else _interval(low, high) for low, high in key.ranges)
    bits = _BITS.get(key.type)
    least = key.least if key.least is not None else -(2**bits) if bits else None
    most = key.most if key.most is not None else 2**bits - 1 if bits else None
    if not math.isfinite(value) or (least is not None and value < least) or (most is not None and value > most):
        return _interval(least, most)
    return ""


def _words(words: list[str], key: Key) -> str:
    if key.not_empty and not words:
        return ", ".join(key.values) or "at least one word"
    if key.unique and len(set(words)) < len(words):
        return "each word once"
    if key.gapless and "" in words:
        return "no empty word between commas"
    if key.most_items is not None and len(words) > key.most_items:
        return f"at most {key.most_items} words"
    return _among(words, key)


def _among(words: list[str], key: Key) -> str:
    """The words that there are; empty where each of `words` is one of them."""
    if not key.values:
        return ""
    known = {value.lower() for value in key.values} if key.ignore_case else set(key.values)
    if all((word.lower() if key.ignore_case else word) in known or _prefixed(word, key) for word in words):
        return ""
    return ", ".join((*key.values, *(_PREFIXED[prefix][1] for prefix in key.prefixes)))


def _prefixed(word: str, key: Key) -> bool:
    """Whether a word is one of the key's prefixes with the right thing behind it."""
    return any(word.startswith(prefix) and _PREFIXED[prefix][0](word[len(prefix) :]) for prefix in key.prefixes)


def _text(value: str, key: Key) -> str:
    stripped = value.strip()
    if key.type == "list":
        wrong = _words([word.strip() for word in stripped.split(",")] if stripped else [], key)
    elif key.type == "class" and not _CLASS.fullmatch(stripped):
        return "the name of a Java class"
    elif key.not_empty and not stripped:
        return "a text that is not empty"
    else:
        wrong = _among([word.strip() for word in stripped.split(",")] if key.several else [stripped], key)
    if wrong or key.judge not in JUDGES:
        return wrong
    takes, form = JUDGES[key.judge]
    return "" if takes(stripped) else form


@lru_cache(maxsize=65536, typed=True)  # typed: True is no 1 here
def allowed(value: Scalar, key: Key) -> str:
    """What would be accepted in place of `value`; empty where it is accepted."""
    if wrong := mistyped(value, key):
        return wrong
    if isinstance(value, bool):
        return ""
    return _text(value, key) if isinstance(value, str) else _number(value, key)
