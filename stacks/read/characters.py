"""The characters of a fleet file, before anyone asks what they mean.

Owns      encoding, size, and characters that a person cannot see or that reverse what they see.
Refuses   to stop at the first: each is replaced by one harmless character, so that the rest of the file is read too.
"""

import re
from itertools import islice

from stacks.problem import Problem

LARGEST = 64 * 1024
MOST = 100

# Ends of line that YAML 1.1 knows and YAML 1.2 does not are here too: parsers would count lines differently.
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\x85\u00a0\u00ad\u1680\u180e\u2000-\u200d\u2028\u2029\u202f\u205f-\u2064\u3000\ufeff\U000e0000-\U000e007f"
_BAD = re.compile(rf"[{_CONTROL}{_BIDI}{_UNSEEN}]|\r(?!\n)")
_CLASSES = (
    ("bidi-character", re.compile(f"[{_BIDI}]"), "changes the direction in which the line is shown"),
    ("invisible-character", re.compile(f"[{_UNSEEN}]"), "looks like a space or like nothing"),
    ("control-character", re.compile("."), "cannot stand in text"),
)


def decode(file: str, raw: bytes) -> str | Problem:
    """The text, or why these bytes are not text."""
    if len(raw) > LARGEST:
        return Problem(
            file,
            1,
            1,
            "too-large",
            f"the file has {len(raw)} bytes" if len(raw) <= LARGEST * 16 else "the file is far too large",
            f"up to {LARGEST} bytes",
            "split it, or look for content that does not belong into a fleet file",
        )
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        line, column = place(before, len(before))
        hint = (
            "save it as UTF-8 without a byte order mark"
            if raw[:2] in (b"\xff\xfe", b"\xfe\xff")
            else "save it as UTF-8"
        )
        return Problem(
            file, line, column, "not-utf-8", f"byte 0x{raw[error.start]:02x} is not UTF-8 text", "UTF-8", hint
        )


def place(text: str, index: int) -> tuple[int, int]:
    """1-based line and column of `index`."""
    start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - start + 1


def inspect(file: str, text: str) -> tuple[str, list[Problem]]:
    """The text with every forbidden character replaced by one harmless one, and what was forbidden.

    Nothing moves: positions in the result are positions in the file.
    """
    problems = [_forbidden(file, text, match.start()) for match in islice(_BAD.finditer(text), MOST)]
    return (_BAD.sub(" ", text) if problems else text), problems


def bom(file: str) -> Problem:
    """A byte order mark at the start of the file."""
    message = "the file starts with a byte order mark (U+FEFF)"
    return Problem(file, 1, 1, "bom", message, "", "save it as UTF-8 without a byte order mark")


def forbidden(text: str) -> str | None:
    """The first forbidden character of a value (a quoted value can spell one as an escape)."""
    match = _BAD.search(text)
    return match.group() if match else None


def classify(character: str) -> tuple[str, str]:
    """Code and reason for one forbidden character."""
    return next((code, why) for code, pattern, why in _CLASSES if pattern.match(character) or code == _CLASSES[-1][0])


def _forbidden(file: str, text: str, index: int) -> Problem:
    line, column = place(text, index)
    code, why = classify(text[index])
    return Problem(
        file, line, column, code, f"character U+{ord(text[index]):04X} {why}", "", "remove it, or type a plain space"
    )
