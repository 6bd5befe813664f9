"""Where everything of a drawing lies.

Owns      sizes of boxes from their text, columns and bands, borders of frames.
Refuses   overlap: boxes of a column are stacked, bands lie below each other, and a frame encloses only its own boxes
          because these fill a rectangle of columns in their band.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.draw.drawing import Box, Drawing, Frame

CHARACTER, LINE, PAD = 7.0, 16.0, 10.0
"""Width of a character and height of a line of 12-pixel text, with room to spare; distance of text from a border."""
BOLD = 1.12
"""Titles are bold, and that much wider."""
GAP, GUTTER, BORDER = 16.0, 110.0, 22.0
"""Between boxes of a column; between columns (labels of arrows stand there); between a frame and its boxes."""
TITLE = 44.0
WIDEST = 72
"""Characters of a line; longer ones are cut in their middle, where ids differ least."""


@dataclass(frozen=True)
class Area:
    """A rectangle in pixels, from the top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Placed:
    """A drawing with every place."""

    boxes: Mapping[str, Area]
    frames: Mapping[int, Area]
    width: float
    height: float


def short(text: str) -> str:
    """`text` in at most WIDEST characters."""
    half = (WIDEST - 1) // 2
    return text if len(text) <= WIDEST else f"{text[:half]}…{text[-half:]}"


def _size(box: Box) -> tuple[float, float]:
    widest = max(len(short(box.title)) * BOLD, *(len(short(line)) for line in box.lines), 0)
    return widest * CHARACTER + 2 * PAD, (1 + len(box.lines)) * LINE + 2 * PAD


def place(drawing: Drawing) -> Placed:
    """Lay a drawing out, column by column within each band."""
    framed = {box for frame in drawing.frames for box in frame.boxes}
    columns = sorted({box.column for box in drawing.boxes})
    widths = {c: max(_size(box)[0] for box in drawing.boxes if box.column == c) for c in columns}
    left, x = {}, BORDER
    for column in columns:
        left[column] = x
        x += widths[column] + GUTTER
    width = x - GUTTER + 2 * BORDER
    found: dict[str, Area] = {}
    y = TITLE
    for band in sorted({box.band for box in drawing.boxes}):
        stacks = {c: [box for box in drawing.boxes if box.column == c and box.band == band] for c in columns}
        heights = {c: sum(_size(box)[1] + GAP for box in stack) - GAP for c, stack in stacks.items()}
        tallest = max(heights.values())
        inner = any(box.id in framed for stack in stacks.values() for box in stack)
        y += BORDER + LINE if inner else 0
        for column, stack in stacks.items():
            at = y + (tallest - heights[column]) / 2
            for box in stack:
                found[box.id] = Area(left[column], at, widths[column], _size(box)[1])
                at += _size(box)[1] + GAP
        y += tallest + GAP + (BORDER if inner else 0)
    frames = {n: _around(frame, found) for n, frame in enumerate(drawing.frames)}
    right = max((area.right for area in frames.values()), default=0.0)
    return Placed(found, frames, max(width, right + BORDER), y + LINE * (len(drawing.notes) + 1))


def _around(frame: Frame, boxes: Mapping[str, Area]) -> Area:
    areas = [boxes[name] for name in frame.boxes]
    x, top = min(a.x for a in areas) - BORDER, min(a.y for a in areas) - BORDER - LINE
    right = max(*(a.right for a in areas), x + len(frame.title) * BOLD * CHARACTER) + BORDER
    return Area(x, top, right - x, max(a.bottom for a in areas) + BORDER - top)
