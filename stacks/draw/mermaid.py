"""A drawing as Mermaid text, which Git hosts show inside of Markdown.

Owns      ids, quoting and shapes.
Refuses   Mermaid's own markup in words from files: quotes, brackets and ampersands become entities, and a line end is
          spelled out, for a line could end the block of Markdown that the picture stands in.
"""

import re

from stacks.draw.drawing import Drawing
from stacks.draw.svg import COLOURS
from stacks.tell.problems import printable


def mermaid(drawing: Drawing) -> str:
    """The picture as a flowchart from left to right."""
    names = {box.id: f"b{n}_{re.sub(r'[^A-Za-z0-9]', '_', box.id)}" for n, box in enumerate(drawing.boxes)}
    framed = {name for frame in drawing.frames for name in frame.boxes}
    shown = {
        box.id: f'{names[box.id]}["{"<br/>".join((f"<b>{_quoted(box.title)}</b>", *map(_quoted, box.lines)))}"]'
        for box in drawing.boxes
    }
    lines = ["flowchart LR"]
    lines += (f"  {shown[box.id]}" for box in drawing.boxes if box.id not in framed)
    for n, frame in enumerate(drawing.frames):
        lines.append(f'  subgraph f{n}["{_quoted(frame.title)}"]')
        lines += (f"    {shown[name]}" for name in frame.boxes)
        lines.append("  end")
    for arrow in drawing.arrows:
        line = "-.->" if arrow.dashed else "-->"
        label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {names[arrow.start]} {line}{label} {names[arrow.end]}")
    for kind, (fill, border) in sorted(COLOURS.items()):
        mine = [names[box.id] for box in drawing.boxes if box.kind == kind]
        if mine:
            lines.append(f"  classDef {kind} fill:{fill},stroke:{border},color:#111827")
            lines.append(f"  class {','.join(mine)} {kind}")
    return "\n".join(lines) + "\n"


_ENTITIES = {ord(character): f"#{ord(character)};" for character in '&"<>[]{}|`#;\\'}


def _quoted(text: str) -> str:
    return printable(text).translate(_ENTITIES)
