"""Text that has to fit: parts that lose rows at their end, and say which.

Owns      how much room each part gets: those that come first as much as they need, those after them at least a line.
Refuses   cutting inside of a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_SLACK = 40
"""By which the line about what is left out may be longer than if all were left out: its numbers differ."""


@dataclass(frozen=True)
class Part:
    """A table or a list.

    items  what its rows are about
    show   from an item to its row; not asked about items for which there is no room
    left   from the number of rows that are shown to what stands in place of the others; asked only if there are any
    share  of all room, at most; what it does not need is left to those after it
    """

    items: Sequence[Any]
    show: Callable[[Any], str] = str
    head: str = ""
    tail: str = ""
    left: Callable[[int], str] = lambda _shown: ""
    share: float = 1.0


def fit(parts: Sequence[Part], room: int) -> str:
    """The parts one after the other in at most `room` bytes of UTF-8, provided that their frames fit at all."""
    given = [part for part in parts if part.items]
    frames = [size(part.head) + size(part.tail) + size(part.left(0)) + _SLACK for part in given]
    texts: list[str] = []
    free = room - sum(frames)
    for part in given:
        rows = _rows(part, min(free, int(room * part.share)))
        texts += [part.head, *rows, part.left(len(rows)) if len(rows) < len(part.items) else "", part.tail]
        free -= sum(map(size, rows))
    return "".join(texts)


def _rows(part: Part, free: int) -> list[str]:
    rows: list[str] = []
    for item in part.items:
        row = part.show(item)
        free -= size(row)
        if free < 0:
            break
        rows.append(row)
    return rows


def size(text: str) -> int:
    """In bytes of UTF-8; limits in characters are kept by it too."""
    return len(text.encode("utf-8", errors="replace"))
