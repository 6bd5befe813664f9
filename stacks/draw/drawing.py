"""What a picture consists of, whatever it is written as.

Owns      boxes in columns and bands, frames around them, arrows between them.
Refuses   coordinates: a picture reads from left (clients) to right (clusters), and the writer lays it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["client", "join", "entry", "cluster", "subnet", "cell", "hub", "dns"]


@dataclass(frozen=True)
class Box:
    """One thing. `title` and `lines` are plain text; `column` counts from the left, `band` from the top."""

    id: str
    kind: Kind
    title: str
    lines: Sequence[str] = ()
    column: int = 0
    band: int = 0


@dataclass(frozen=True)
class Frame:
    """A border around boxes: a network, a cell. Its boxes are those of a rectangle of columns in one band."""

    title: str
    boxes: Sequence[str]
    kind: Literal["network", "kubernetes"] = "network"


@dataclass(frozen=True)
class Arrow:
    """Who connects to what. `dashed`: by agreement of two sides, such as a peering or an accepted endpoint."""

    start: str
    end: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Drawing:
    """One picture. `notes` are told below it."""

    title: str
    boxes: Sequence[Box]
    frames: Sequence[Frame] = ()
    arrows: Sequence[Arrow] = ()
    notes: Sequence[str] = field(default=())
