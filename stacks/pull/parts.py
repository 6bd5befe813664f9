"""Text that has to fit: parts that lose rows at their end, and say which.

Owns      how much room each part gets: those that come first as much as they need, those after them at least a line.
Refuses   cutting inside of a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

_SLACK = 40
"""By which the line about what is left out may be longer than if all were left out: its numbers differ."""


@dataclass(frozen=True)
class Part:
    """A table or a list.

    left   from the number of rows that are shown to what stands in place of the others; asked only if there are any
    share  of all room, at most; what it does not need is left to those after it
    """

    rows: Sequence[str]
    head: str = ""
    tail: str = ""
    left: Callable[[int], str] = lambda _shown: ""
    share: float = 1.0


def fit(parts: Sequence[Part], room: int) -> str:
    """The parts one after the other in at most `room` bytes of UTF-8, provided that their frames fit at all."""
    given = [part for part in parts if part.rows]
    frames = [size(part.head) + size(part.tail) + size(part.left(0)) + _SLACK for part in given]
    texts: list[str] = []
    free = room - sum(frames)
    for part in given:
        shown = _shown(part, min(free, int(room * part.share)))
        rows = "".join(part.rows[:shown])
        texts += [part.head, rows, part.left(shown) if shown < len(part.rows) else "", part.tail]
        free -= size(rows)
    return "".join(texts)


def _shown(part: Part, free: int) -> int:
    return sum(total <= free for total in accumulate(map(size, part.rows)))


def size(text: str) -> int:
    """In bytes of UTF-8; limits in characters are kept by it too."""
    return len(text.encode("utf-8", errors="replace"))
